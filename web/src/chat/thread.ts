/**
 * What a person sees of a conversation: contents in the order of the chain, folded by rules both sides share.
 * Twin: chat/thread.py, whose rules of order these are. No clock decides.
 */

import type { FileSaid, Open, Text, Unknown } from './contents.ts'
import type { Side } from './records.ts'
import { Refusal } from './refusals.ts'
import type { Received } from './session.ts'
import type { Bytes } from '../bytes.ts'

export const CHANGES_WITHIN = 50

export type Stage = 'hidden' | 'offered' | 'agreed' | 'committed' | 'opened'

/** The reveal as the chain has it. `point`: counter and id of the second offer. */
export interface Reveal {
  offers: readonly Side[]
  point: { counter: number; id: Bytes } | null
  commits: Partial<Record<Side, string>>
  opens: Partial<Record<Side, Open>>
}

const HIDDEN: Reveal = { offers: [], point: null, commits: {}, opens: {} }

export function stageOf(reveal: Reveal): Stage {
  if (Object.keys(reveal.opens).length === 2) return 'opened'
  if (Object.keys(reveal.commits).length === 2) return 'committed'
  if (reveal.point) return 'agreed'
  return reveal.offers.length ? 'offered' : 'hidden'
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

  /** The next message of the chain. */
  take(received: Received): void {
    this.counter = received.counter
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

function step(reveal: Reveal, { side, content, counter, id }: Received): Reveal {
  if (content === null || content instanceof Refusal) return reveal
  const stage = stageOf(reveal)
  switch (content.kind) {
    case 'reveal-offer': {
      if (stage !== 'hidden' && stage !== 'offered') return reveal
      const offers = [...new Set([...reveal.offers, side])]
      return { ...HIDDEN, offers, point: offers.length === 2 ? { counter, id } : null }
    }
    case 'reveal-decline':
      return stage === 'offered' || stage === 'agreed' ? HIDDEN : reveal
    case 'reveal-commit':
      return stage === 'agreed' && reveal.commits[side] === undefined
        ? { ...reveal, commits: { ...reveal.commits, [side]: content.commitment } }
        : reveal
    case 'reveal-open':
      return stage === 'committed' && !reveal.opens[side] ? { ...reveal, opens: { ...reveal.opens, [side]: content } } : reveal
    default:
      return reveal
  }
}
