/** What a firm's root key allows one device, until when. 129 bytes; twin: privacy/delegation.py. */

import { concat, equal, fromBase64, u64le, type Bytes } from '../bytes.ts'
import { publicKey, sign, verify } from './signing.ts'

/** The root's public half, as a bundle knows it; null: it does not. */
export function rootOf(bundle: { root_seed?: string; root_public?: string }): Bytes | null {
  if (bundle.root_seed) return publicKey(fromBase64(bundle.root_seed))
  return bundle.root_public ? fromBase64(bundle.root_public) : null
}

export const SCOPE = { evaluate: 1, upload: 2, reveal: 4, book: 8 } as const
export const DELEGATION_BYTES = 129
const SIGNED_BYTES = 65

export interface Delegation {
  firm: Bytes
  device: Bytes
  scopes: number
  notBefore: number
  expires: number
}

export function issueDelegation(rootSeed: Uint8Array, grant: Delegation): Bytes {
  const signed = concat(grant.firm, grant.device, Uint8Array.of(grant.scopes), u64le(grant.notBefore), u64le(grant.expires))
  return concat(signed, sign(rootSeed, 'delegation', signed))
}

/** Null when the bytes are not a delegation of this firm signed by this root. */
export function readDelegation(bytes: Uint8Array, rootPublic: Uint8Array, firm: Uint8Array): Delegation | null {
  if (bytes.length !== DELEGATION_BYTES) return null
  const signed = bytes.slice(0, SIGNED_BYTES)
  if (!equal(signed.subarray(0, 16), firm)) return null
  if (!verify(rootPublic, 'delegation', signed, bytes.slice(SIGNED_BYTES))) return null
  const view = new DataView(signed.buffer)
  return {
    firm: signed.slice(0, 16),
    device: signed.slice(16, 48),
    scopes: signed[48]!,
    notBefore: Number(view.getBigUint64(49, true)),
    expires: Number(view.getBigUint64(57, true)),
  }
}
