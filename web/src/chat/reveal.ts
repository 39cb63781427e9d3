/**
 * The mutual reveal: who is on the other side, said by a firm's root key about this conversation alone.
 * Layout of a statement and twin: chat/reveal.py; what to send next: revealing.ts.
 */

import { concat, equal, u64le, utf8, type Bytes } from '../bytes.ts'
import { DELEGATION_BYTES, readDelegation, SCOPE } from '../keys/delegation.ts'
import { sign, verify } from '../keys/signing.ts'
import { digest, type Link, type Side } from './records.ts'
import { Refusal } from './refusals.ts'

const VERSION = 1
const HEAD_BYTES = 1 + 1 + 16 + 32 + DELEGATION_BYTES + 2
const NAME_BYTES_MAX = 400
const HOLDERS_MAX = 3

export interface Point {
  counter: number
  id: Bytes
}

/** A firm that has proved to speak. `vouchedBy`: how many of the pinned holders know its root key. */
export interface Revealed {
  firm: Bytes
  name: string
  root: Bytes
  vouchedBy: number
}

/** What this device says of its firm. */
export interface Own {
  device: Bytes
  delegation: Bytes
  firm: Bytes
  root: Bytes
  name: string
  vouchings: readonly { holder: Bytes; signature: Bytes }[]
}

const u16le = (value: number): Bytes => Uint8Array.of(value & 255, value >> 8)

const said = (unsigned: Uint8Array, link: Link, point: Point): Bytes => digest(unsigned, link.genesis, u64le(point.counter), point.id)

export function makeStatement(own: Own, link: Link, side: Side, point: Point): Bytes {
  const name = utf8(own.name)
  if (name.length < 1 || name.length > NAME_BYTES_MAX) throw new RangeError(`a name of ${name.length} bytes; expected 1 to ${NAME_BYTES_MAX}`)
  const vouchings = own.vouchings.flatMap(({ holder, signature }) => [holder, signature])
  const head = concat(Uint8Array.of(VERSION, side), own.firm, own.root, own.delegation, u16le(name.length), name)
  const unsigned = concat(head, Uint8Array.of(own.vouchings.length), ...vouchings)
  return concat(unsigned, sign(own.device, 'reveal', said(unsigned, link, point)))
}

export const commitTo = (statement: Bytes, nonce: Bytes): Bytes => digest(utf8('vigie/reveal/v1\0'), nonce, statement)

export interface Expected {
  link: Link
  side: Side
  point: Point
  /** The pinned roster's public keys; a signature of anybody else counts for nothing. */
  holders: readonly Bytes[]
  /** When the opening was received: the device had to be allowed to reveal then. */
  atUnix: number
}

/** Who speaks for `side`, when everything fits; or what does not. */
export function readStatement(statement: Bytes, nonce: Bytes, commitment: Bytes, expected: Expected): Revealed | Refusal {
  const { link, side, point, holders, atUnix } = expected
  if (!equal(commitTo(statement, nonce), commitment))
    return new Refusal('chat-commitment', 'the statement is not the one that was committed to')
  const malformed = new Refusal('chat-malformed', `a statement of ${statement.length} bytes`)
  if (statement.length < HEAD_BYTES) return malformed
  const at = HEAD_BYTES + statement[HEAD_BYTES - 2]! + 256 * statement[HEAD_BYTES - 1]!
  const count = statement[at]
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(statement.subarray(HEAD_BYTES, at))
  } catch {
    return malformed
  }
  if (count === undefined || count > HOLDERS_MAX || statement[0] !== VERSION || !name) return malformed
  const end = at + 1 + 96 * count
  if (statement.length !== end + 64) return malformed
  if (statement[1] !== side) return new Refusal('chat-side', 'the statement speaks for the other side')
  const firm = statement.slice(2, 18)
  const root = statement.slice(18, 50)
  const delegation = readDelegation(statement.slice(50, 50 + DELEGATION_BYTES), root, firm)
  const allowed = delegation && delegation.scopes & SCOPE.reveal && delegation.notBefore <= atUnix && atUnix < delegation.expires
  if (!delegation || !allowed) return new Refusal('chat-signature', 'the firm’s root key does not let this device reveal')
  if (!verify(delegation.device, 'reveal', said(statement.slice(0, end), link, point), statement.slice(end)))
    return new Refusal('chat-reveal', 'the other side’s statement is about another conversation than this one: somebody is in between')
  const vouched = new Set<number>()
  for (let n = at + 1; n < end; n += 96) {
    const holder = holders.findIndex((key) => equal(key, statement.subarray(n, n + 32)))
    if (holder >= 0 && verify(holders[holder]!, 'root', concat(firm, root), statement.slice(n + 32, n + 96))) vouched.add(holder)
  }
  return { firm, name, root, vouchedBy: vouched.size }
}
