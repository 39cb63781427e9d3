/**
 * What a person sees of a conversation: contents in the order of the chain, folded by rules both sides share.
 * Twin: chat/thread.py, whose rules of order these are. No clock decides.
 */

import { fromBase64, toBase64, type Bytes } from '../bytes.ts'
import type { FileSaid, Open, Text, Unknown } from './contents.ts'
import { sideOf, type Pin } from './pin.ts'
import { ANSWERER, CALLER, other, type Side } from './records.ts'
import { Refusal } from './refusals.ts'
import { commitTo } from './reveal.ts'
import type { Received } from './session.ts'

export const CHANGES_WITHIN = 50

export type Stage = 'hidden' | 'offered' | 'agreed' | 'committed' | 'opened'

/** The reveal as the chain has it. `point`: counter and id of the second offer. */
export interface Reveal {
  offers: readonly Side[]
  point: { counter: number; id: Bytes } | null
  commits: Partial<Record<Side, string>>
  opens: Partial<Record<Side, Open>>
  /** When each opening came, unix seconds as the network says. */
  received: Partial<Record<Side, number>>
  /** Counter and id of the message with which both had opened. */
  opened: { counter: number; id: Bytes } | null
}

const HIDDEN: Reveal = { offers: [], point: null, commits: {}, opens: {}, received: {}, opened: null }

export function stageOf(reveal: Reveal): Stage {
  if (reveal.opened) return 'opened'
  if (Object.keys(reveal.commits).length === 2) return 'committed'
  if (reveal.point) return 'agreed'
  return reveal.offers.length ? 'offered' : 'hidden'
}

/** Whether a decline by this side voids it now: not once the other side has shown who it is. */
export const mayDecline = (reveal: Reveal, side: Side): boolean => !['hidden', 'opened'].includes(stageOf(reveal)) && !reveal.opens[other(side)]

/** What a pin keeps of it: the other side's half. */
function revealOf(pin: Pin): Reveal {
  const side = sideOf(pin)
  const [statement, nonce] = [fromBase64(pin.statement), fromBase64(pin.nonce)]
  return {
    offers: [CALLER, ANSWERER],
    point: { counter: pin.point[0], id: fromBase64(pin.point[1]) },
    commits: { [side]: toBase64(commitTo(statement, nonce)) },
    opens: { [side]: { kind: 'reveal-open', statement: pin.statement, nonce: pin.nonce } },
    received: { [side]: pin.received_at },
    opened: { counter: pin.opened[0], id: fromBase64(pin.opened[1]) },
  }
}

/** Whether the messages, all of them, say what the pin keeps. */
function agrees({ point, opened, opens }: Reveal, pin: Pin): boolean {
  const opening = opens[sideOf(pin)]
  const said = [point, opened].map((one) => one && [one.counter, toBase64(one.id)])
  return JSON.stringify([...said, opening?.statement, opening?.nonce]) === JSON.stringify([pin.point, pin.opened, pin.statement, pin.nonce])
}

/** One message as it is shown. `said`: null when it was withdrawn or its body has been erased. */
export interface Entry {
  counter: number
  side: Side
  mine: boolean
  said: Text | FileSaid | Unknown | Refusal | null
  edited: boolean
  withdrawn: boolean
}

/** What the chain says beside texts: a step of the reveal, shown in its place. */
export interface Event {
  counter: number
  mine: boolean
  step: 'reveal-offer' | 'reveal-decline' | 'reveal-commit' | 'reveal-open'
}

export class Thread {
  entries = new Map<number, Entry>()
  /** Steps of the reveal that counted. */
  events: Event[] = []
  reveal: Reveal = HIDDEN
  read: Partial<Record<Side, number>> = {}
  counter = 0
  pin: Pin | null = null
  /** The pin contradicts the messages. */
  refused: Refusal | null = null
  /** The first message that says nothing any more. */
  #erasedAt: number | null = null

  /** The next message of the chain. */
  take(received: Received): void {
    this.counter = received.counter
    if (received.content === null) this.#erasedAt ??= received.counter
    this.#say(received)
    if (received.counter === this.pin?.opened[0]) this.#fill(this.pin, toBase64(received.id))
  }

  /** Keeps to a pin that is verified; the session knows whether its places are this chain's. */
  hold(pin: Pin): void {
    this.pin = pin
    if (this.counter >= pin.opened[0]) this.#fill(pin, pin.opened[1])
  }

  #fill(pin: Pin, id: string): void {
    const whole = this.#erasedAt === null || this.#erasedAt > pin.opened[0]
    if (id !== pin.opened[1] || (whole && !agrees(this.reveal, pin)))
      this.refused = new Refusal('chat-pinned', 'the reveal that the firm keeps is not the one in the messages')
    else this.reveal = revealOf(pin)
  }

  #say(received: Received): void {
    const { counter, side, mine, content } = received
    if (content === null || content instanceof Refusal) {
      this.entries.set(counter, { counter, side, mine, said: content, edited: false, withdrawn: false })
      return
    }
    switch (content.kind) {
      case 'text':
      case 'file':
      case 'unknown':
        this.entries.set(counter, { counter, side, mine, said: content, edited: false, withdrawn: false })
        break
      case 'edit': {
        const before = this.#changeable(received, content.of)
        if (before?.said && !(before.said instanceof Refusal) && before.said.kind === 'text')
          this.entries.set(content.of, { ...before, said: { kind: 'text', text: content.text, sent_at: content.sent_at }, edited: true })
        break
      }
      case 'withdraw': {
        const before = this.#changeable(received, content.of)
        if (before) this.entries.set(content.of, { ...before, said: null, withdrawn: true })
        break
      }
      case 'read':
        if (stageOf(this.reveal) === 'opened' && content.through < counter)
          this.read = { ...this.read, [side]: Math.max(content.through, this.read[side] ?? 0) }
        break
      default: {
        const after = step(this.reveal, received)
        if (after !== this.reveal) this.events.push({ counter, mine, step: content.kind })
        this.reveal = after
      }
    }
  }

  #changeable(received: Received, of: number): Entry | null {
    const entry = this.entries.get(of)
    const allowed = entry && entry.side === received.side && !entry.withdrawn && received.counter - of <= CHANGES_WITHIN
    return allowed ? entry : null
  }

  /** Whether the own message there may be edited or withdrawn by the next message. */
  mayChange(counter: number): boolean {
    const entry = this.entries.get(counter)
    return Boolean(entry?.mine && !entry.withdrawn && this.counter + 1 - counter <= CHANGES_WITHIN)
  }

  /** How many messages of the other side came after the one at `through`. */
  unread(through: number): number {
    return [...this.entries.values()].filter((entry) => entry.counter > through && !entry.mine).length
  }
}

function step(reveal: Reveal, { side, content, counter, id, receivedAt = 0 }: Received): Reveal {
  if (content === null || content instanceof Refusal) return reveal
  const stage = stageOf(reveal)
  switch (content.kind) {
    case 'reveal-offer': {
      if (stage !== 'hidden' && stage !== 'offered') return reveal
      const offers = [...new Set([...reveal.offers, side])]
      return { ...HIDDEN, offers, point: offers.length === 2 ? { counter, id } : null }
    }
    case 'reveal-decline':
      return mayDecline(reveal, side) ? HIDDEN : reveal
    case 'reveal-commit':
      return stage === 'agreed' && reveal.commits[side] === undefined
        ? { ...reveal, commits: { ...reveal.commits, [side]: content.commitment } }
        : reveal
    case 'reveal-open':
      if (stage !== 'committed' || reveal.opens[side]) return reveal
      return {
        ...reveal,
        opens: { ...reveal.opens, [side]: content },
        received: { ...reveal.received, [side]: receivedAt },
        opened: reveal.opens[other(side)] ? { counter, id } : null,
      }
    default:
      return reveal
  }
}
