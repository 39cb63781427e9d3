/**
 * The reveal of one conversation on this device: what is kept for the firm's other devices before it counts, and after.
 * Rules of order and twin: member/talk_reveal.py.
 */

import { fromBase64, type Bytes } from '../bytes.ts'
import { Refused, Unreachable } from '../network/requests.ts'
import type { Commit, Open } from './contents.ts'
import { TalkRefused, type Refusal } from './refusals.ts'
import { makeStatement, type Own, type Revealed } from './reveal.ts'
import { contradicted, isLost, keepTo, nextStep, peerOf, pinOf } from './revealing.ts'
import type { Session } from './session.ts'
import type { Shared } from './shared.svelte.ts'
import { stageOf, type Thread } from './thread.ts'

/** What this device can say: of its firm (null: nothing), and who the pinned key holders are. */
export interface Sayer {
  own: () => Promise<Own | null>
  holders: () => Promise<Bytes[]>
}

export class Unveiling {
  readonly #session: Session
  readonly #thread: Thread
  readonly #shared: Shared
  readonly #sayer: Sayer
  /** The last message before which the state was read. */
  #readAt = -1

  constructor(session: Session, thread: Thread, shared: Shared, sayer: Sayer) {
    this.#session = session
    this.#thread = thread
    this.#shared = shared
    this.#sayer = sayer
  }

  /** Before the first message is read, and when the firm's state has changed. Throws TalkRefused for a pin that proves nothing. */
  async begin(): Promise<void> {
    const pin = this.#shared.revealed
    if (pin && !this.#thread.pin) expect(keepTo(this.#thread, this.#session, pin, await this.#sayer.holders()))
  }

  /** After the history was read. Throws TalkRefused where it contradicts the pin. */
  verify(): void {
    expect(contradicted(this.#thread, this.#session))
  }

  /** What the reveal wants next from this side, kept before it is given out, and whether what it committed to is lost. */
  async step(): Promise<{ step: Commit | Open | null; lost: boolean }> {
    if (!['agreed', 'committed'].includes(stageOf(this.#thread.reveal))) return { step: null, lost: false }
    const statement = await this.#statement()
    return { step: nextStep(this.#thread, this.#session, statement), lost: !this.#shared.closed && isLost(this.#thread, this.#session, statement) }
  }

  async #statement(): Promise<Bytes | null> {
    const { point, commits, opens } = this.#thread.reveal
    const { side, link } = this.#session
    if (!point || opens[side]) return null
    const kept = this.#shared.statementAt(point)
    if (kept) return kept
    if (this.#readAt < this.#thread.counter) {
      this.#readAt = this.#thread.counter
      // Another device of the firm may have been first.
      await this.#shared.refresh()
    }
    const theirs = this.#shared.statementAt(point)
    if (theirs || commits[side] !== undefined) return theirs
    const own = await this.#sayer.own()
    return own && this.#shared.commit(point, makeStatement(own, link, side, point))
  }

  /** Who the other side has proved to be; pinned the first time. Null before it has opened. */
  async peer(nowUnix: number): Promise<Revealed | Refusal | null> {
    const holders = await this.#sayer.holders()
    const found = peerOf(this.#thread, this.#session, holders, nowUnix)
    const pin = this.#thread.pin ? null : pinOf(this.#thread, this.#session, holders, nowUnix)
    if (pin) {
      try {
        this.#thread.hold(await this.#shared.pin(pin))
      } catch (error) {
        // The network is away, or does not want it now: whoever opens the conversation next pins it.
        if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error
      }
      expect(this.#thread.refused)
    }
    return found
  }

  /** The root key that this side's opening named, once it is pinned. */
  get ownRoot(): Bytes | null {
    return this.#thread.pin && fromBase64(this.#thread.pin.own_root)
  }
}

function expect(refusal: Refusal | null): void {
  if (refusal) throw new TalkRefused(refusal)
}
