/** Whether the other side is there and types, as its signals say; after the reveal alone. */

import type { Bytes } from '../bytes.ts'
import type { Session } from './session.ts'
import { GONE, Signals, type Signal } from './signals.ts'
import type { Thread } from './thread.ts'

const now = (): number => Math.floor(Date.now() / 1000)

export class Presence {
  shows = $state<Signal>(GONE)
  #signals = new Signals()

  async take(record: Bytes, session: Session, thread: Thread): Promise<void> {
    await this.#signals.take(record, session, thread, now())
    this.tick()
  }

  /** What was typed has come. */
  said(): void {
    this.#signals.said()
    this.tick()
  }

  /** What the last signal says by now. */
  tick(): void {
    this.shows = this.#signals.shows(now())
  }
}
