/** Merkle trees in the shape of RFC 6962: hashes, and what a proof for several leaves proves. Twin: privacy/merkle.py. */

import { sha256 } from '@noble/hashes/sha2.js'
import { concat, type Bytes } from '../bytes.ts'

export const HASH_BYTES = 32
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

// Synchronous: a proof is thousands of small hashes, each of which would be a promise of the platform's.
export const leafHash = (entry: Uint8Array): Bytes => sha256(concat(LEAF, entry)) as Bytes
export const nodeHash = (left: Uint8Array, right: Uint8Array): Bytes => sha256(concat(NODE, left, right)) as Bytes

/** The root of a tree of `size` leaves with these leaf hashes by place; null: no such proof. `proof` must be used up exactly. */
export function rootFrom(size: number, leaves: ReadonlyMap<number, Uint8Array>, proof: Uint8Array): Uint8Array | null {
  let known = new Map([...leaves].sort(([left], [right]) => left - right))
  if (!known.size || [...known.keys()].some((place) => !Number.isInteger(place) || place < 0 || place >= size)) return null
  let at = 0
  for (let count = size; count > 1; count = (count + 1) >> 1) {
    const above = new Map<number, Uint8Array>()
    for (const [place, hash] of known) {
      const beside = place ^ 1
      if (beside >= count) {
        above.set(place >> 1, hash)
        continue
      }
      let other = known.get(beside)
      if (other && place & 1) continue // its pair was made from the left
      if (!other) {
        other = proof.subarray(at, at + HASH_BYTES)
        at += HASH_BYTES
      }
      above.set(place >> 1, place & 1 ? nodeHash(other, hash) : nodeHash(hash, other))
    }
    known = above
  }
  return at === proof.length ? known.get(0)! : null
}
