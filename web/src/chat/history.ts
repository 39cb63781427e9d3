/** The records of one conversation as the network gave them, each with the time at which it was received. */

import { fromBase64, fromHex, type Bytes } from '../bytes.ts'
import { Refused, Unreachable } from '../network/requests.ts'
import { talks } from '../network/talks.ts'
import { leadsTo, OVERHEAD_BYTES } from './envelope.ts'
import type { Entry } from './thread.ts'

/** A message that was read, id in hex. */
export interface Pinned {
  counter: number
  id: string
}

export interface Stored {
  record: Bytes
  /** ISO; '' where the network does not say. */
  at: string
}

/** A long history is read in pieces, so that the page goes on answering. */
const BREATH_MS = 40

export class History {
  readonly #conversation: string
  #records: Bytes[] = []
  #times: string[] = []

  constructor(conversation: string) {
    this.#conversation = conversation
  }

  get records(): Bytes[] {
    return [...this.#records]
  }

  timeOf(counter: number): string {
    return this.#times[counter - 1] ?? ''
  }

  add({ record, at }: Stored): void {
    this.#records.push(record)
    this.#times.push(at)
  }

  /** All that the network has, one after another. `known`: it leads to the message that this device has verified and pinned, and need not be verified again. */
  async read(genesis: Bytes, pinned: Pinned | null, take: (stored: Stored, known: boolean) => Promise<void>): Promise<void> {
    const found: Stored[] = []
    for (let before = -1; found.length > before; ) {
      before = found.length
      const { messages } = await talks.messages(this.#conversation, before)
      found.push(...messages.map((one) => ({ record: fromBase64(one.record), at: one.received_at })))
    }
    const seen = found.slice(0, pinned?.counter ?? 0).map((one) => one.record)
    const known = pinned && leadsTo(seen, genesis, fromHex(pinned.id)) ? seen.length : 0
    let since = performance.now()
    for (const [at, stored] of found.entries()) {
      if (performance.now() - since > BREATH_MS) {
        await new Promise((resolve) => setTimeout(resolve))
        since = performance.now()
      }
      await take(stored, at < known)
    }
  }

  /** The ciphertext of what this side has withdrawn goes; asked again until it has, for a page may be closed in between. */
  async erase(entries: Iterable<Entry>): Promise<void> {
    for (const entry of entries) {
      const record = this.#records[entry.counter - 1]
      if (!entry.mine || !entry.withdrawn || !record || record.length === OVERHEAD_BYTES) continue
      this.#records[entry.counter - 1] = record.slice(0, OVERHEAD_BYTES)
      await talks.erase(this.#conversation, entry.counter).catch((error: unknown) => {
        if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error
      })
    }
  }
}
