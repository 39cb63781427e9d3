/** What the firm's devices share of one conversation: read up to where, and what is being written. Kept here, and sealed. */

import { fromBase64, toBase64, toHex, type Bytes } from '../bytes.ts'
import { Refused } from '../network/requests.ts'
import { talks } from '../network/talks.ts'
import { keep, recall } from '../vault.ts'
import { NotOpened } from '../keys/seal.ts'
import type { Firm } from './conversing.ts'
import type { Pin } from './pin.ts'
import { draftPlace } from './places.ts'
import type { Point } from './reveal.ts'
import { merge, NOTHING, openState, sealState, type TalkState } from './state.ts'

const DRAFT_HERE_MS = 150
const STATE_MS = 2_000
const TRIES = 5

/** How far this device has read, and the id of each message up to there. */
export interface Reach {
  counter: number
  idAt: (counter: number) => Bytes
}

/** What is kept of a draft here. `told`: what the firm's devices shared of it by then. */
interface Draft {
  text: string
  told: string
}

export class Shared {
  readThrough = $state(0)
  draft = $state('')
  /** The draft as it stands is kept on this device. */
  draftKept = $state(false)
  readonly #conversation: string
  readonly #firm: Firm
  readonly #user: string
  /** Null while nothing has been read here. */
  readonly #reach: () => Reach | null
  /** What the firm keeps does not open here: it counts as nothing read, and is not written over. */
  closed = false
  #state: TalkState = NOTHING
  #version = 0
  #written = false
  #writes: Promise<void> = Promise.resolve()
  #timers: Record<string, ReturnType<typeof setTimeout>> = {}

  constructor(conversation: string, firm: Firm, user: string, reach: () => Reach | null) {
    this.#conversation = conversation
    this.#firm = firm
    this.#user = user
    this.#reach = reach
  }

  get #place(): string {
    return draftPlace(this.#user, this.#conversation)
  }

  /** The last message that some device of the firm has read, id in hex: another history is noticed by it. */
  get pinned(): { counter: number; id: string } {
    return { counter: this.#state.read, id: this.#state.id }
  }

  /** A state as the network has it, of this device or another. Throws NotOpened: a key is wanting. */
  async apply(version: number, sealed: string): Promise<void> {
    if (version <= this.#version) return
    try {
      this.#state = await openState(this.#firm.keys, this.#firm.id, this.#conversation, sealed)
    } catch (error) {
      this.closed ||= error instanceof NotOpened
      throw error
    }
    this.closed = false
    this.#version = version
    this.readThrough = Math.max(this.readThrough, this.#state.read)
  }

  /** The user's draft as the firm's devices share it. */
  get #told(): string {
    return this.#state.drafts[this.#user] ?? ''
  }

  /** What was written here and not told since; else the draft of the user's other device, none where that one has sent it. */
  async recallDraft(): Promise<void> {
    const told = this.#told
    const kept = (await recall<Draft>(this.#place)) ?? { text: told, told }
    const own = kept.text !== kept.told && (kept.told === told || kept.text !== '')
    if (this.draft) return
    this.draft = own ? kept.text : told
    if (this.draft === told) return
    this.#written = true
    this.tellLater()
  }

  /** What is being written: kept here at once, and for the other devices a little later; what was sent is no draft there from now on. */
  write(text: string): void {
    this.draft = text
    this.draftKept = false
    this.#written = true
    this.#later('draft', text ? DRAFT_HERE_MS : 0, () => this.flush())
    this.#later('state', text ? STATE_MS : 0, () => this.#tell())
  }

  /** Keeps the draft on this device: soon after it was typed, and before the page goes away. Where nothing was typed, the other device's stays. */
  async flush(): Promise<void> {
    if (!this.#written) return
    const text = this.draft
    const kept = await keep(this.#place, { text, told: this.#told } satisfies Draft)
    this.draftKept = kept && text === this.draft
  }

  /** Tells the firm's other devices, once things have been quiet for a moment. */
  tellLater(): void {
    this.#later('state', STATE_MS, () => this.#tell())
  }

  #later(name: string, milliseconds: number, act: () => Promise<unknown>): void {
    clearTimeout(this.#timers[name])
    this.#timers[name] = setTimeout(() => void act().catch(() => {}), milliseconds)
  }

  async #tell(): Promise<void> {
    await this.#write((state) => {
      const reach = this.#reach()
      if (!reach) return null
      const read = Math.min(this.readThrough, reach.counter)
      // Of this very message: what has come since, and nobody has looked at yet, is not it.
      const id = toHex(reach.idAt(read))
      // Where nothing was typed here, what the user's other device has typed stays.
      const drafts = this.#written ? (this.draft ? { [this.#user]: this.draft } : {}) : state.drafts
      const wanted = merge(state, { read, id, drafts }, this.#user)
      return JSON.stringify(wanted) === JSON.stringify(state) ? null : wanted
    })
    await this.flush()
  }

  // The reveal: the first statement that is kept for a point stands, and so does the first pin

  get revealed(): Pin | null {
    return this.#state.revealed
  }

  /** What the firm keeps for this point, as far as it is known here. */
  statementAt({ counter, id }: Point): Bytes | null {
    const kept = this.#state.committed
    return kept?.point[0] === counter && kept.point[1] === toBase64(id) ? fromBase64(kept.statement) : null
  }

  /** Keeps what this side commits to at this point; what is to be opened: another device's came first. Null: the firm is at a later point. */
  async commit(point: Point, statement: Bytes): Promise<Bytes | null> {
    const committed = { point: [point.counter, toBase64(point.id)] as const, statement: toBase64(statement) }
    await this.#write((state) => (state.revealed || (state.committed && state.committed.point[0] >= point.counter) ? null : { ...state, committed }))
    return this.statementAt(point)
  }

  /** Keeps a verified reveal for good, and no longer what was committed to; the pin that stands. */
  async pin(revealed: Pin): Promise<Pin> {
    await this.#write((state) => (state.revealed ? null : { ...state, committed: null, revealed }))
    return this.#state.revealed ?? revealed
  }

  /** As the network has it now. */
  async refresh(): Promise<void> {
    const theirs = (await talks.states()).find((one) => one.conversation === this.#conversation)
    await (theirs && this.apply(theirs.version, theirs.sealed))?.catch((error: unknown) => {
      if (!(error instanceof NotOpened)) throw error
    })
  }

  /** One change after another, each of the state as the network has it. Null: there is nothing to change. */
  #write(change: (state: TalkState) => TalkState | null): Promise<void> {
    const done = this.#writes.then(() => this.#writeNow(change))
    this.#writes = done.catch(() => {})
    return done
  }

  async #writeNow(change: (state: TalkState) => TalkState | null): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const replaces = this.#version
      const wanted = change(this.#state)
      if (!wanted || this.closed) return
      try {
        // Another device's state may be taken up while this one is on its way: what was made from the one before replaces that alone.
        const sealed = await sealState(this.#firm.keys[0], this.#firm.id, this.#conversation, wanted)
        const { version } = await talks.putState(this.#conversation, { replaces, sealed })
        if (version <= this.#version) return
        this.#version = version
        this.#state = wanted
        return
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'state-moved') throw error
        await this.refresh()
      }
    }
  }

  stop(): void {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer)
  }
}
