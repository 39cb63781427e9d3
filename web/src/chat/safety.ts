/** The number that two people compare by telephone after a reveal. Twin: chat/safety.py. */

import { sha512 } from '@noble/hashes/sha2.js'
import { concat, utf8, type Bytes } from '../bytes.ts'
import { CALLER, type Link, type Side } from './records.ts'

const GROUPS = 12
const GROUP_BYTES = 5

/** Twelve groups of five digits, the same on both sides. `side`: whose root is `ownRoot`. */
export function safetyNumber(link: Link, side: Side, ownRoot: Bytes, peerRoot: Bytes): string {
  const roots = side === CALLER ? [ownRoot, peerRoot] : [peerRoot, ownRoot]
  const digest = sha512(concat(utf8('vigie/safety/v1\0'), link.genesis, ...roots))
  const group = (at: number): string => {
    const bytes = digest.subarray(at * GROUP_BYTES, (at + 1) * GROUP_BYTES)
    const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
    return String(value % 100_000n).padStart(5, '0')
  }
  return Array.from({ length: GROUPS }, (_, at) => group(at)).join(' ')
}
