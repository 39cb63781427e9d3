/** The firm's follow-ups, read from the book and written back under the next signed head. */

import type { Bytes } from '../bytes.ts'
import { readHead, readSegment } from '../book/book.ts'
import { keysOf } from '../keys/role_keys.ts'
import { network, Refused } from '../network/requests.ts'
import { session } from '../session.svelte.ts'
import { decode, encode, FOLLOW_UPS, merge, NOTHING, type FollowUp, type FollowUps, type Kept, type Note } from './followups.ts'

const TRIES = 5

/** This person holds no key that may sign for the firm. */
export class CannotSign extends Error {}

/** A colleague has written since. */
export class Overtaken extends Error {}

class KeptFollowUps {
  all = $state.raw<FollowUps>({})
  ready = $state(false)
  #digest = ''

  get readable(): boolean {
    return Boolean(session.bundle?.role_keys.ledger)
  }

  of(client: number): Kept {
    return this.all[client] ?? NOTHING
  }

  /** Reads the segment where the book that the page has read names another one. */
  async load(): Promise<void> {
    const digest = session.book?.head?.segments[FOLLOW_UPS] ?? ''
    if (this.readable && digest !== this.#digest) {
      const book = session.book!
      this.all = digest ? decode(await readSegment(session.me!.firm_id!, book.head!, FOLLOW_UPS, this.#keys())) : {}
      this.#digest = digest
    }
    this.ready = true
  }

  /** What it now is. */
  async follow(client: number, followUp: Omit<FollowUp, 'at' | 'by'>): Promise<FollowUp> {
    const written = { ...followUp, at: new Date().toISOString(), by: session.email }
    await this.#write(() => ({ [client]: { followUp: written, notes: [] } }))
    return written
  }

  /** What was before goes over `written`, if that still is what stands. Throws Overtaken. */
  async unfollow(client: number, written: FollowUp, before: Omit<FollowUp, 'at' | 'by'>): Promise<void> {
    await this.#write((now) => {
      const stands = now[client]?.followUp
      if (stands?.at !== written.at || stands.by !== written.by) throw new Overtaken()
      return { [client]: { followUp: { ...before, at: new Date().toISOString(), by: session.email }, notes: [] } }
    })
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

  #keys(): Bytes[] {
    return keysOf(session.bundle!.role_keys, 'ledger')
  }

  /** The change goes over what the book holds now; again where another device was first. */
  async #write(change: (now: FollowUps) => FollowUps): Promise<void> {
    const [{ deviceOf }, { writeSegments }] = await Promise.all([import('../keys/device.ts'), import('../book/saving.ts')])
    const [firm, me] = [session.me!.firm_id!, session.me!]
    const device = await deviceOf(firm, me.user_id!, session.bundle!)
    if (!device) throw new CannotSign()
    for (let tried = 0; ; tried++) {
      await this.load()
      const changed = merge(this.all, change(this.all))
      try {
        const written = await writeSegments(firm, session.book!, new Map([[FOLLOW_UPS, { key: this.#keys()[0]!, bytes: encode(changed) }]]), device)
        session.book = { ...session.book!, ...written }
        this.#digest = written.head.segments[FOLLOW_UPS]!
        this.all = changed
        return
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'book-moved' || tried === TRIES) throw error
        session.book = { ...session.book!, ...readHead(await network.book()) }
      }
    }
  }
}

export const followUps = new KeptFollowUps()
