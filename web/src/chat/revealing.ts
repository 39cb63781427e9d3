/** The mutual reveal, from one firm's side: what to send next, and who the other side has proved to be. Twin: member/revealing.py. */

import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, fromBase64, toBase64, u64le, utf8, type Bytes } from '../bytes.ts'
import type { Commit, Open } from './contents.ts'
import { readPin, type Pin } from './pin.ts'
import { other, type Side } from './records.ts'
import { Refusal } from './refusals.ts'
import { commitTo, readStatement, type Point, type Revealed } from './reveal.ts'
import type { Session } from './session.ts'
import { stageOf, type Thread } from './thread.ts'

const NONCE_BYTES = 32

/** Derived from the conversation's first keys, which every device of the firm has. */
export function nonceOf(session: Session, point: Point): Bytes {
  const info = concat(utf8('vigie/reveal-nonce/v1\0'), u64le(point.counter), point.id)
  return hkdf(sha256, session.firstKeys.toBytes(), session.link.genesis, info, NONCE_BYTES) as Bytes
}

/** What this side sends now. `statement`: what the firm keeps for this point; null where it committed to another: see `isLost`. */
export function nextStep({ reveal }: Thread, session: Session, statement: Bytes | null): Commit | Open | null {
  const { point } = reveal
  if (!point || !statement) return null
  const nonce = nonceOf(session, point)
  const commitment = toBase64(commitTo(statement, nonce))
  const stage = stageOf(reveal)
  if (stage === 'agreed' && reveal.commits[session.side] === undefined) return { kind: 'reveal-commit', commitment }
  if (stage === 'committed' && !reveal.opens[session.side] && reveal.commits[session.side] === commitment)
    return { kind: 'reveal-open', statement: toBase64(statement), nonce: toBase64(nonce) }
  return null
}

/** Whether this side has committed to what none of its devices has any more: it can only begin again. */
export function isLost({ reveal }: Thread, session: Session, statement: Bytes | null): boolean {
  if (stageOf(reveal) !== 'committed' || !reveal.point || reveal.opens[session.side]) return false
  return !statement || reveal.commits[session.side] !== toBase64(commitTo(statement, nonceOf(session, reveal.point)))
}

/** Who the other side is, or why what it showed proves nothing; null before it has opened. */
export const peerOf = (thread: Thread, session: Session, holders: readonly Bytes[], nowUnix: number): Revealed | Refusal | null =>
  who(thread, session, other(session.side), holders, nowUnix)

/** What the firm keeps for good, once both have opened and what both showed is verified. */
export function pinOf(thread: Thread, session: Session, holders: readonly Bytes[], nowUnix: number): Pin | null {
  const { point, opened, opens, received } = thread.reveal
  const side = other(session.side)
  const theirs = who(thread, session, side, holders, nowUnix)
  const ours = who(thread, session, session.side, holders, nowUnix)
  const opening = opens[side]
  if (!point || !opened || !opening || !theirs || theirs instanceof Refusal || !ours || ours instanceof Refusal) return null
  return {
    point: [point.counter, toBase64(point.id)],
    opened: [opened.counter, toBase64(opened.id)],
    statement: opening.statement,
    nonce: opening.nonce,
    received_at: judgedAt(received[side], nowUnix),
    own_root: toBase64(ours.root),
  }
}

/** Has the thread keep to the pin: before the history is read, or after, when it reaches the pin. */
export function keepTo(thread: Thread, session: Session, pin: Pin, holders: readonly Bytes[]): Refusal | null {
  const found = readPin(pin, session.link, other(session.side), holders)
  if (found instanceof Refusal) return found
  thread.hold(pin)
  return thread.refused
}

/** Why the history that was read is not the one that the thread's pin rests on. */
export function contradicted({ pin, refused }: Thread, session: Session): Refusal | null {
  if (!pin || refused) return refused
  const [opened, point] = [pin.opened, pin.point]
  return session.verifyReach(opened[0], fromBase64(opened[1])) ?? session.verifyReach(point[0], fromBase64(point[1]))
}

function who({ reveal }: Thread, session: Session, side: Side, holders: readonly Bytes[], nowUnix: number): Revealed | Refusal | null {
  const opened = reveal.opens[side]
  const commitment = reveal.commits[side]
  if (!opened || commitment === undefined || !reveal.point) return null
  const expected = { link: session.link, side, point: reveal.point, holders, atUnix: judgedAt(reveal.received[side], nowUnix) }
  return readStatement(fromBase64(opened.statement), fromBase64(opened.nonce), fromBase64(commitment), expected)
}

/** When the opening was received, and never later than now, whatever the network says. */
const judgedAt = (receivedAt: number | undefined, nowUnix: number): number => (receivedAt ? Math.min(receivedAt, nowUnix) : nowUnix)
