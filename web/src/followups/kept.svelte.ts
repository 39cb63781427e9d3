/** The firm's follow-ups, read as the book now is and written back under the next signed head. */

import { fromUtf8 } from '../bytes.ts'
import { FOLLOW_UPS, readNow, readSegment } from '../book/book.ts'
import { amend } from '../credit/credit.svelte.ts'
import { keysOf } from '../keys/role_keys.ts'
import { session } from '../session.svelte.ts'
import { decode, encode, merge, NOTHING, over, Overtaken, type FollowUp, type FollowUps, type Kept, type Note, type Step } from './followups.ts'

class KeptFollowUps {
  all = $state.raw<FollowUps>({})
  ready = $state(false)
  #digest = ''
  /** What was begun before goes over nothing that was read or written since. */
  #turn = 0

  get readable(): boolean {
    return Boolean(session.bundle?.role_keys.ledger)
  }

  of(client: number): Kept {
    return this.all[client] ?? NOTHING
  }

  /** As the book now is: colleagues may have written since this page read it. */
  async load(): Promise<void> {
    if (this.readable) await session.opened(() => this.#read(++this.#turn, session.me!.firm_id!))
    this.ready = true
  }

  async #read(turn: number, firm: string): Promise<void> {
    const [keys, known] = [keysOf(session.bundle?.role_keys, 'ledger'), this.#digest]
    await readNow(async ({ head }) => {
      const digest = head?.segments[FOLLOW_UPS] ?? ''
      if (digest === known) return
      const all = digest ? decode(fromUtf8(await readSegment(firm, head!, FOLLOW_UPS, keys))) : {}
      if (turn === this.#turn) [this.all, this.#digest] = [all, digest]
    })
  }

  /** What it now is. `begun`: the step that it was written from. Throws Overtaken. */
  async follow(client: number, step: Step, begun: FollowUp | null): Promise<FollowUp> {
    let written: FollowUp
    await this.#write((now) => {
      written = over(now[client]?.followUp ?? null, begun, step, session.email)
      return { [client]: { followUp: written, notes: [] } }
    })
    return written!
  }

  /** `at`: when it was first written, of one that is put back. */
  async note(client: number, text: string, at: string = new Date().toISOString()): Promise<Note> {
    const note = { id: crypto.randomUUID(), at, by: session.email, text }
    await this.#write(() => ({ [client]: { followUp: null, notes: [note] } }))
    return note
  }

  async takeBack(client: number, note: Note): Promise<void> {
    await this.#write(() => ({ [client]: { followUp: null, notes: [{ ...note, text: '', gone: true }] } }))
  }

  /** The change goes over what the book holds now; again where another device was first. Throws NoKey. */
  async #write(change: (now: FollowUps) => FollowUps): Promise<void> {
    try {
      const { text, head } = await amend(FOLLOW_UPS, 'ledger', (now) => {
        const before = now === null ? {} : decode(now)
        return encode(merge(before, change(before)))
      })
      this.#turn++
      this.all = decode(text)
      this.#digest = head!.segments[FOLLOW_UPS]!
    } catch (error) {
      if (error instanceof Overtaken) await this.load().catch(() => {}) // what stands is shown
      throw error
    }
  }
}

export const followUps = new KeptFollowUps()
