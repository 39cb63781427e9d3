/**
 * A reveal that both sides have completed, kept by a firm for its own devices: it outlives the messages.
 * Twin: chat/pin.py, whose rules of order these are.
 */

import { fromBase64, type Bytes } from '../bytes.ts'
import type { Link, Side } from './records.ts'
import { Refusal } from './refusals.ts'
import { commitTo, readStatement, type Revealed } from './reveal.ts'

/** A message: its counter, and its id in base64. */
export type Place = readonly [counter: number, id: string]

/** `point`: the second offer; `opened`: the message with which both had opened; then the other side's opening, bytes in base64. */
export interface Pin {
  point: Place
  opened: Place
  statement: string
  nonce: string
  /** When its opening came, unix seconds. */
  received_at: number
  /** The root key that this firm's own opening named. */
  own_root: string
}

/** Whose opening it keeps. */
export const sideOf = (pin: Pin): Side => fromBase64(pin.statement)[1] as Side

/** Who speaks for `side`, the other one, by the pin; or that it proves nothing. */
export function readPin(pin: Pin, link: Link, side: Side, holders: readonly Bytes[]): Revealed | Refusal {
  const statement = fromBase64(pin.statement)
  const nonce = fromBase64(pin.nonce)
  const point = { counter: pin.point[0], id: fromBase64(pin.point[1]) }
  const found = readStatement(statement, nonce, commitTo(statement, nonce), { link, side, point, holders, atUnix: pin.received_at })
  return found instanceof Refusal ? new Refusal('chat-pinned', found.detail) : found
}
