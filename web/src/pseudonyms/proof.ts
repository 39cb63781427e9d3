/**
 * Whether a holder's proof over a batch fits its public key: VerifyProof of RFC 9497 §2.2.2 in mode VOPRF, without
 * the unblinding that the library ties to it: what each of two holders evaluated is added up before it is unblinded.
 */

import { mulAddUnsafe, pippenger } from '@noble/curves/abstract/curve.js'
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, utf8, type Bytes } from '../bytes.ts'

const { Point } = ristretto255
const { Fn } = Point
export type Element = InstanceType<typeof Point>

const CONTEXT = concat(utf8('OPRFV1-'), Uint8Array.of(1), utf8('-ristretto255-SHA512'))
const HASH_TO_SCALAR = concat(utf8('HashToScalar-'), CONTEXT)
const SEED = concat(utf8('Seed-'), CONTEXT)
const [COMPOSITE, CHALLENGE] = [utf8('Composite'), utf8('Challenge')]

/** Elements of the group as they travel and as they are reckoned with: of one length. */
export interface Elements {
  bytes: readonly Uint8Array[]
  points: readonly Element[]
}

/** Throws for what is no element, and for the identity (§3.3). */
export function elementsOf(bytes: readonly Uint8Array[]): Elements {
  const points = bytes.map((one) => Point.fromBytes(one))
  if (points.some((point) => point.equals(Point.ZERO))) throw new RangeError('the identity')
  return { bytes, points }
}

const two = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff)
/** Bytes behind their length, as the RFC hashes them. */
export const framed = (bytes: Uint8Array): Bytes => concat(two(bytes.length), bytes)
const toScalar = (bytes: Uint8Array): bigint => ristretto255_hasher.hashToScalar(bytes, { DST: HASH_TO_SCALAR })
/** From so many on, sorting into buckets takes fewer additions than a table for each. */
const BUCKETS_FROM = 200
/** Everything that is multiplied here is public. */
const sum = (points: readonly Element[], scalars: readonly bigint[]): Element =>
  (points.length < BUCKETS_FROM ? mulAddUnsafe : pippenger)(Point, [...points], [...scalars])

/** `evaluated` are `blinded` under the key's scalar, in order. Throws RangeError where proof or key are none. */
export function holds(publicKey: Uint8Array, blinded: Elements, evaluated: Elements, proof: Uint8Array): boolean {
  if (proof.length !== 2 * Fn.BYTES || blinded.points.length !== evaluated.points.length) throw new RangeError('no proof of these')
  const [key] = elementsOf([publicKey]).points
  const seed = framed(sha512(concat(framed(publicKey), framed(SEED))))
  const weights = blinded.bytes.map((bytes, at) => toScalar(concat(seed, two(at), framed(bytes), framed(evaluated.bytes[at]!), COMPOSITE)))
  const [m, z] = [sum(blinded.points, weights), sum(evaluated.points, weights)]
  const [c, s] = [Fn.fromBytes(proof.subarray(0, Fn.BYTES)), Fn.fromBytes(proof.subarray(Fn.BYTES))]
  const [t2, t3] = [sum([Point.BASE, key!], [s, c]), sum([m, z], [s, c])]
  return Fn.eql(c, toScalar(concat(framed(publicKey), ...[m, z, t2, t3].map((one) => framed(one.toBytes())), CHALLENGE)))
}
