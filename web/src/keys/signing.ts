/** Ed25519 with a purpose in front of every payload, so that no signature serves two ends. Twin: privacy/signing.py. */

import { ed25519 } from '@noble/curves/ed25519.js'
import { concat, utf8, type Bytes } from '../bytes.ts'

export type Purpose = 'witness' | 'delegation' | 'evaluation' | 'upload' | 'receipt' | 'release' | 'book' | 'device-session' | 'device-owner' | 'enrolment' | 'roster' | 'keyring' | 'keyring-offer' | 'role-keys' | 'recovery-kit' | ChatPurpose
/** What is signed in calls and conversations; `root` is a key holder's word for a firm's root key. */
export type ChatPurpose = 'call' | 'answer' | 'conversation' | 'epoch' | 'message' | 'succession' | 'succession-taken' | 'transcript' | 'reveal' | 'root'

const framed = (purpose: Purpose, payload: Uint8Array): Bytes => concat(utf8(`vigie/${purpose}/v1\0`), payload)

export const sign = (seed: Uint8Array, purpose: Purpose, payload: Uint8Array): Bytes =>
  ed25519.sign(framed(purpose, payload), seed) as Bytes

/** False on a wrong signature, key or length; never throws. */
export function verify(publicKey: Uint8Array, purpose: Purpose, payload: Uint8Array, signature: Uint8Array): boolean {
  try {
    // Strict RFC 8032 rules, as the Python side applies them.
    return ed25519.verify(signature, framed(purpose, payload), publicKey, { zip215: false })
  } catch {
    return false
  }
}

export const publicKey = (seed: Uint8Array): Bytes => ed25519.getPublicKey(seed) as Bytes
