/** Comments inside the firm, sealed under its *notes* key and bound to firm, life and their own id. Twin: member/alert_work.py. */

import { fromBase64, fromUtf8, toBase64, utf8 } from '../bytes.ts'
import { NotOpened, openWith, seal } from '../keys/seal.ts'
import type { CommentFacts } from '../network/answers.ts'
import { network } from '../network/requests.ts'

export interface Comment {
  id: string
  author: string
  at: string
  /** null: no key that is here has sealed it for this alert. */
  text: string | null
}

export const commentName = (firm: string, life: string, comment: string): string =>
  `vigie/alert-comment/v1|${firm}|${life}|${comment}`

/** `life`: its alerts, oldest first. One that does not open keeps nobody from the others. */
export async function readComments(keys: readonly Uint8Array[], firm: string, life: readonly string[], alert: string): Promise<Comment[]> {
  const found = await network.alertWork.comments(alert)
  return Promise.all(found.map(async (one) => ({ id: one.id, author: one.author, at: one.at, text: await textOf(keys, firm, life, one) })))
}

/** It was sealed for its own alert, where the writer did not know yet that it continues another. */
async function textOf(keys: readonly Uint8Array[], firm: string, life: readonly string[], one: CommentFacts): Promise<string | null> {
  for (const alert of life) {
    try {
      return fromUtf8(await openWith(keys, fromBase64(one.sealed), commentName(firm, alert, one.id)))
    } catch (error) {
      if (!(error instanceof NotOpened)) throw error
    }
  }
  return null
}

/** The ids of what was written and is not known to have arrived: sent again, it is the same comment. */
const unsure = new Map<string, string>()

export async function writeComment(key: Uint8Array, firm: string, life: string, alert: string, text: string): Promise<void> {
  const what = `${firm} ${alert} ${text}`
  const id = unsure.get(what) ?? crypto.randomUUID()
  unsure.set(what, id)
  const sealed = await seal(key, utf8(text), commentName(firm, life, id))
  await network.alertWork.comment(alert, { id, sealed: toBase64(sealed) })
  unsure.delete(what)
}
