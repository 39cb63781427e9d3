/** What sales says it has done: sealed notes beside the book, taken into the lights by who may change the book. Twin of member/sales_done.py. */

import { fromBase64, fromUtf8, toBase64, utf8, type Bytes } from '../bytes.ts'
import { NotOpened, openWith, seal } from '../keys/seal.ts'
import { network, Refused } from '../network/requests.ts'
import type { Lights } from './credit_file.ts'

/** The task as it was worded then. */
export interface TaskDone {
  id: string
  identifier: string
  task: string
}

const noteName = (firm: string, note: string): string => `vigie/task-done/v1|${firm}|${note}`

export async function sayDone(key: Bytes, firm: string, identifier: string, task: string): Promise<void> {
  const id = crypto.randomUUID()
  const sealed = await seal(key, utf8(JSON.stringify({ identifier, task })), noteName(firm, id))
  await network.tasks.add({ id, sealed: toBase64(sealed) })
}

/** Notes that are not in the lights yet; what none of the keys opens is left out. */
export async function readDone(keys: readonly Bytes[], firm: string): Promise<TaskDone[]> {
  const found = await Promise.all(
    (await network.tasks.done()).map(async ({ id, sealed }) => {
      try {
        return { id, ...(JSON.parse(fromUtf8(await openWith(keys, fromBase64(sealed), noteName(firm, id)))) as Omit<TaskDone, 'id'>) }
      } catch (error) {
        if (error instanceof NotOpened || error instanceof SyntaxError) return null
        throw error
      }
    }),
  )
  return found.filter((one) => one !== null)
}

/** Tasks that are still worded as they were done are done; one that was asked anew since is not. */
export function withDoneNotes(lights: Lights, notes: readonly TaskDone[]): Lights {
  const clients = { ...lights.clients }
  for (const { identifier, task } of notes) {
    const shown = clients[identifier]
    if (shown && shown.task === task) clients[identifier] = { ...shown, done: true }
  }
  return { ...lights, clients }
}

/** They are in the lights now; one that another device erased is gone already. */
export async function eraseDone(notes: readonly TaskDone[]): Promise<void> {
  await Promise.all(
    notes.map(async ({ id }) => {
      try {
        await network.tasks.take(id)
      } catch (error) {
        if (!(error instanceof Refused && error.status === 404)) throw error
      }
    }),
  )
}
