/**
 * What one device still has to say in one conversation: each content is appended once, whatever happens between.
 * Twin: chat/outbox.py, whose rules of order these are. It sends nothing itself.
 */

import { equal, random, toHex, type Bytes } from '../bytes.ts'
import type { Content } from './contents.ts'
import { messageId } from './envelope.ts'
import { Refusal } from './refusals.ts'
import { Seen, type Entropy, type Received, type Session } from './session.ts'

export class Outbox {
  readonly session: Session
  waiting: Content[] = []
  inFlight: Bytes | null = null
  #place = { counter: 0, epoch: 0 }
  /** Every envelope ever sealed for the first content, until it is found in the chain. */
  #sealedIds = new Set<string>()

  constructor(session: Session) {
    this.session = session
  }

  /** What survives a closed page: an envelope that may have been stored is known again. */
  get sealedIds(): string[] {
    return [...this.#sealedIds]
  }

  recall(waiting: readonly Content[], sealedIds: readonly string[]): void {
    this.waiting = [...waiting]
    this.#sealedIds = new Set(sealedIds)
  }

  put(content: Content): void {
    this.waiting.push(content)
  }

  /** The envelope to send now, the same until it is settled. Null: nothing to say. */
  async due(entropy: Entropy = random): Promise<Bytes | Refusal | null> {
    if (!this.inFlight && this.waiting.length) {
      const sealed = await this.session.seal(this.waiting[0]!, entropy)
      if (sealed instanceof Refusal) return sealed
      this.#place = { counter: this.session.counter + 1, epoch: this.session.epoch!.number }
      this.#sealedIds.add(toHex(messageId(sealed)))
      this.inFlight = sealed
    }
    return this.inFlight
  }

  /** A message came from the server; the session's answer, unchanged. */
  async read(record: Bytes, known = false): Promise<Received | Seen | Refusal> {
    const outcome = await this.session.receive(record, known)
    if (!(outcome instanceof Seen) && !(outcome instanceof Refusal)) this.#settle(outcome)
    return outcome
  }

  /** The server says that the message of this id is stored; null when that is not what is in flight. */
  async acknowledged(storedId: Bytes): Promise<Received | null> {
    if (!this.inFlight || !equal(storedId, messageId(this.inFlight))) return null
    const outcome = await this.read(this.inFlight)
    return outcome instanceof Seen || outcome instanceof Refusal ? null : outcome
  }

  /** The session has adopted a newer epoch, or new keys that want one. */
  adopted(): void {
    if (this.session.turned || (this.session.epoch && this.session.epoch.number > this.#place.epoch)) this.inFlight = null
  }

  /** Gives up the content at the front. Only safe before anything sealed for it was sent. */
  drop(): Content | undefined {
    this.inFlight = null
    this.#sealedIds.clear()
    return this.waiting.shift()
  }

  #settle(received: Received): void {
    if (this.#sealedIds.has(toHex(received.id))) this.drop()
    else if (received.counter >= this.#place.counter) this.inFlight = null
    const { content } = received
    if (content && !(content instanceof Refusal) && content.kind === 'reveal-decline') this.#giveUpSteps()
  }

  /** A name must not be said after the other side has declined. */
  #giveUpSteps(): void {
    const isStep = ({ kind }: Content): boolean => kind === 'reveal-commit' || kind === 'reveal-open'
    if (this.waiting[0] && isStep(this.waiting[0])) this.drop()
    this.waiting = this.waiting.filter((one) => !isStep(one))
  }
}
