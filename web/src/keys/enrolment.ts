/**
 * A firm's first keys, made in its first administrator's browser. Twin of member/enrol.py: all of them exist
 * before the invitation is used, and what opens them is shown once, before anything is sent.
 */

import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 as hash } from '@noble/hashes/sha2.js'
import { concat, random, toBase32, toBase64, utf8, type Bytes } from '../bytes.ts'
import { send } from '../network/requests.ts'
import { ACCOUNT_KEY_BYTES, showAccountKey } from './account_key.ts'
import { deriveAside } from './derivation.ts'
import { bundleName, seal } from './seal.ts'
import { publicKey, sign } from './signing.ts'

const KEY_BYTES = 32
const SALT_BYTES = 16
const CHECK_BYTES = 3
export const PASSWORD_CHARACTERS_MIN = 8

/** What the network's operator gave: the firm's id, a point, a secret. Null where it has not that shape. */
export function firmOf(invitation: string): string | null {
  const [firm = '', ...secret] = invitation.trim().split('.')
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(firm) && secret.join('.') ? firm.toLowerCase() : null
}

/** VR1- and base32 in groups of four; the last letters check the others. */
export function showRecoveryKit(kit: Uint8Array): string {
  const check = hash(concat(utf8('vigie/VR1\0'), kit)).slice(0, CHECK_BYTES)
  return `VR1-${(toBase32(concat(kit, check)).match(/.{1,4}/g) ?? []).join('-')}`
}

/** What the network keeps for whoever comes back with the kit. */
export function sealForKit(kit: Uint8Array, firm: string, bundle: Uint8Array): Promise<Bytes> {
  return seal(hkdf(hash, kit, new Uint8Array(0), utf8('vigie/recovery/v1'), KEY_BYTES), bundle, `vigie/recovery/v1|${firm}`)
}

export interface Enrolment {
  invitation: string
  email: string
  accountKey: Bytes
  recoveryKit: Bytes
  body: unknown
}

/** Everything that is sent, and the two secrets to keep on paper. Nothing leaves yet. */
export async function prepareEnrolment(invitation: string, email: string, password: string): Promise<Enrolment> {
  const firm = firmOf(invitation)!
  const [rootSeed, accountKey, recoveryKit, salt] = [random(KEY_BYTES), random(ACCOUNT_KEY_BYTES), random(KEY_BYTES), random(SALT_BYTES)]
  const keys = { names: random(KEY_BYTES), ledger: random(KEY_BYTES), conversations: random(KEY_BYTES), notes: random(KEY_BYTES) }
  const role_keys = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, toBase64(key)]))
  const bundle = utf8(JSON.stringify({ role_keys, root_seed: toBase64(rootSeed) }))
  const derived = await deriveAside(password, accountKey, salt)
  const address = email.trim().toLowerCase()
  const root = publicKey(rootSeed)
  const body = {
    invitation: invitation.trim(),
    root_public_key: toBase64(root),
    user: {
      email: address,
      kdf_salt: toBase64(salt),
      auth_key: toBase64(derived.authKey),
      wrapped_bundle: toBase64(await seal(derived.wrappingKey, bundle, bundleName(address))),
    },
    recovery_blob: toBase64(await sealForKit(recoveryKit, firm, bundle)),
    // Without a device: this browser makes its own when it first signs.
    signature: toBase64(sign(rootSeed, 'enrolment', concat(utf8(invitation.trim()), root))),
  }
  return { invitation, email: address, accountKey, recoveryKit, body }
}

/** Uses the invitation. The same body sent again, after an answer that was lost, is refused: log in then. */
export async function enrol(enrolment: Enrolment): Promise<void> {
  await send('POST', '/api/enrolments', { json: enrolment.body })
}

/** The sheet to print or keep: the only copy of the two secrets. */
export const sheetOf = (enrolment: Enrolment, firm: string): { accountKey: string; recoveryKit: string; firm: string } => ({
  accountKey: showAccountKey(enrolment.accountKey),
  recoveryKit: showRecoveryKit(enrolment.recoveryKit),
  firm,
})

