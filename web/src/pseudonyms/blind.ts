/** The member's half of RFC 9497 VOPRF(ristretto255, SHA-512): identifiers are blinded here and only here. */

import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, sha256, u32le, u64le, utf8, type Bytes } from '../bytes.ts'
import { elementsOf, framed, holds, type Elements } from './proof.ts'

export const PSEUDONYM_BYTES = 32
export const ELEMENT_BYTES = 32
/** The most that one request to a holder may carry. */
export const BATCH_MAX = 1000

const { voprf } = ristretto255_oprf
const { Point } = ristretto255
const { Fn } = Point
const FINALIZE = utf8('Finalize')

export interface Blinded {
  inputs: Bytes[]
  blinds: Bytes[]
  blinded: Bytes[]
}

export type Random = (length?: number) => Uint8Array

/** `random` is an argument for the RFC's vectors alone; everybody else takes the platform's. */
export function blind(identifiers: readonly string[], random?: Random): Blinded {
  const inputs = identifiers.map(utf8)
  const made = inputs.map((input) => voprf.blind(input, random as never))
  return { inputs, blinds: made.map((one) => one.blind as Bytes), blinded: made.map((one) => one.blinded as Bytes) }
}

/** Elements, or pseudonyms, that travel one after the other. */
export const split = (encoded: Uint8Array): Bytes[] =>
  Array.from({ length: Math.ceil(encoded.length / ELEMENT_BYTES) }, (_, at) => encoded.slice(at * ELEMENT_BYTES, (at + 1) * ELEMENT_BYTES) as Bytes)

/** The sum of elements of the group: public keys of parts, or what several holders evaluated. Throws for what is none. */
export function publicOf(elements: readonly Uint8Array[]): Bytes {
  if (!elements.length) throw new RangeError('no element')
  const sum = elements.map((one) => Point.fromBytes(one)).reduce((left, right) => left.add(right))
  if (sum.equals(Point.ZERO)) throw new RangeError('the parts cancel out')
  return sum.toBytes() as Bytes
}

/** What one holder evaluated, if its proof fits the public key of the parts asked of it; else null. */
export function proved(blinded: Elements, evaluated: Uint8Array, proof: Uint8Array, publicKey: Uint8Array): Elements | null {
  try {
    const elements = elementsOf(split(evaluated))
    return holds(publicKey, blinded, elements, proof) ? elements : null
  } catch {
    return null
  }
}

/** Finalize of RFC 9497 §3.3.1 over the sum of what holders evaluated whose proofs were checked and whose parts add up to the key. */
export function finalizeSum(batch: Blinded, evaluated: readonly Elements[]): Bytes[] {
  const inverses = Fn.invertBatch(batch.blinds.map((one) => Fn.fromBytes(one)))
  return batch.inputs.map((input, at) => {
    const sum = evaluated.map((one) => one.points[at]!).reduce((left, right) => left.add(right))
    if (sum.equals(Point.ZERO)) throw new RangeError('the parts cancel out')
    const unblinded = sum.multiply(inverses[at]!).toBytes()
    return sha512(concat(framed(input), framed(unblinded), FINALIZE)).slice(0, PSEUDONYM_BYTES) as Bytes
  })
}

/** Which key the pseudonyms are under. */
export const keyId = (publicKey: Uint8Array): Promise<Bytes> => sha256(concat(utf8('vigie/key/v1\0'), publicKey))

/** What a device signs when it asks a holder to evaluate. */
export async function evaluationPayload(
  firm: Uint8Array,
  epoch: number,
  blinded: Uint8Array,
  requestedAt: number,
  nonce: Uint8Array,
  parts: readonly string[],
): Promise<Bytes> {
  const count = blinded.length / ELEMENT_BYTES
  return concat(firm, u32le(epoch), u32le(count), await sha256(blinded), u64le(requestedAt), nonce, utf8(parts.join(',')))
}
