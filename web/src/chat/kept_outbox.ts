/** An outbox that survives a closed page, in the one tab of a browser that keeps it. */

import { keep, recall } from '../vault.ts'
import type { Content } from './contents.ts'
import { Outbox } from './outbox.ts'
import type { Session } from './session.ts'

interface Kept {
  waiting: Content[]
  sealedIds: string[]
}

export class KeptOutbox extends Outbox {
  readonly #place: string
  /** Whether this tab keeps what is not sent yet. */
  readonly #keeps: Promise<boolean>
  #writing: Promise<void> = Promise.resolve()

  constructor(session: Session, place: string, keeps: Promise<boolean>) {
    super(session)
    this.#place = place
    this.#keeps = keeps
  }

  /** What an earlier page has left. */
  async recallKept(): Promise<void> {
    const kept = (await this.#keeps) ? await recall<Kept>(this.#place) : null
    if (kept) this.recall(kept.waiting, kept.sealedIds)
  }

  /** As it stands; of two at once the newer is kept last. */
  keep(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      if (await this.#keeps) await keep(this.#place, { waiting: [...this.waiting], sealedIds: this.sealedIds } satisfies Kept)
    })
    return this.#writing
  }

  /** Gives up all that waits. Only where the network takes none of it. */
  empty(): Content[] {
    const said = [...this.waiting]
    while (this.waiting.length) this.drop()
    return said
  }
}
