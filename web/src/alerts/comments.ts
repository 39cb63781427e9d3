/** Comments inside the firm, sealed under its *notes* key and bound to firm, life and their own id. Twin: member/alert_work.py. */

import { fromBase64, fromUtf8, toBase64, utf8 } from '../bytes.ts'
import { openWith, seal } from '../keys/seal.ts'
import { network } from '../network/requests.ts'

export interface Comment {
  id: string
  author: string
  at: string
  text: string
}

export const commentName = (firm: string, life: string, comment: string): string =>
  `vigie/alert-comment/v1|${firm}|${life}|${comment}`

export async function readComments(keys: readonly Uint8Array[], firm: string, life: string, alert: string): Promise<Comment[]> {
  const found = await network.alertWork.comments(alert)
  return Promise.all(
    found.map(async (one) => ({
      id: one.id,
      author: one.author,
      at: one.at,
      text: fromUtf8(await openWith(keys, fromBase64(one.sealed), commentName(firm, life, one.id))),
    })),
  )
}

export async function writeComment(key: Uint8Array, firm: string, life: string, alert: string, text: string): Promise<void> {
  const id = crypto.randomUUID()
  const sealed = await seal(key, utf8(text), commentName(firm, life, id))
  await network.alertWork.comment(alert, { id, sealed: toBase64(sealed) })
}
