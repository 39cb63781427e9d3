/** The firm's chain of users' and devices' keys, signed by its root. Twin: privacy/keyring.py, member/keyring.py. */

import { bytesToUuid, concat, equal, fromBase64, sha256, toBase32, toBase64, u32le, u64le, utf8, uuidToBytes, type Bytes } from '../bytes.ts'
import { packPublic, PrivateKeys, sealTo, unpackPublic } from '../chat/keys.ts'
import { publicKey, sign, verify } from '../keys/signing.ts'
import type { Bundle } from '../session.svelte.ts'
import { keep, recall } from '../vault.ts'
import { KEYS_OF, type Role } from './people.ts'
import type { WrapFacts } from './requests.ts'

const SIGNED_BYTES = 1 + 16 + 4 + 32 + 1 + 16 + 1 + 4 + 64 + 8
const PUBLIC_BYTES = 64
const CERTIFIED = 1
const REMOVED = 2
/** Places are the bytes' roles. */
const ROLES: readonly (Role | 'attended' | 'unattended')[] = ['administrator', 'credit_manager', 'analyst', 'sales', 'auditor', 'attended', 'unattended']

export interface Subject {
  role: Role | 'attended' | 'unattended'
  keys: Bytes
}

export interface Ring {
  firm: string
  subjects: Map<string, Subject>
  generation: number
  digests: Bytes[]
}

/** The chain is none, or another than this device has seen. */
export class KeyringRefused extends Error {
  readonly code: 'signature' | 'order' | 'rewritten'

  constructor(code: KeyringRefused['code']) {
    super(code)
    this.code = code
  }
}

const newest = (ring: Ring): Bytes => ring.digests.at(-1) ?? new Uint8Array(32)

/** The ring after one more entry. */
async function take(ring: Ring, record: Bytes, root: Bytes): Promise<Ring> {
  const signed = record.slice(0, SIGNED_BYTES)
  const view = new DataView(signed.buffer)
  const [kind, role] = [signed[53]!, ROLES[signed[70]! - 1]]
  const rightly = record.length === SIGNED_BYTES + 64 && signed[0] === 1 && equal(signed.subarray(1, 17), uuidToBytes(ring.firm))
  if (!rightly || !role || !verify(root, 'keyring', signed, record.slice(SIGNED_BYTES))) throw new KeyringRefused('signature')
  const follows = view.getUint32(17, true) === ring.digests.length + 1 && equal(signed.subarray(21, 53), newest(ring))
  const generation = view.getUint32(71, true)
  if (!follows || generation !== ring.generation + (kind === REMOVED ? 1 : 0)) throw new KeyringRefused('order')
  const subject = bytesToUuid(signed.slice(54, 70))
  const subjects = new Map(ring.subjects)
  if (kind === CERTIFIED) subjects.set(subject, { role, keys: signed.slice(75, 75 + PUBLIC_BYTES) })
  else if (kind !== REMOVED || !subjects.delete(subject)) throw new KeyringRefused('order')
  return { firm: ring.firm, subjects, generation, digests: [...ring.digests, await sha256(record)] }
}

export async function readRing(firm: string, entries: readonly Bytes[], root: Bytes): Promise<Ring> {
  let ring: Ring = { firm, subjects: new Map(), generation: 1, digests: [] }
  for (const entry of entries) ring = await take(ring, entry, root)
  return ring
}

/** The same, and it goes on from what this device saw before. */
export async function followRing(firm: string, entries: readonly Bytes[], root: Bytes): Promise<Ring> {
  const ring = await readRing(firm, entries, root)
  const seen = await recall<string[]>(`keyring:${firm}`)
  const digests = ring.digests.map(toBase64)
  if (seen?.some((digest, at) => digests[at] !== digest)) throw new KeyringRefused('rewritten')
  await keep(`keyring:${firm}`, digests)
  return ring
}

/** What two people compare before a key is certified: six groups of four letters. */
export async function fingerprint(firm: string, subject: string, keys: Uint8Array): Promise<string> {
  const digest = await sha256(concat(utf8('vigie/keyring-fingerprint/v1\0'), uuidToBytes(firm), uuidToBytes(subject), keys))
  return toBase32(digest.subarray(0, 15)).replace(/.{4}(?=.)/g, '$&-')
}

export const sameFingerprint = (typed: string, shown: string): boolean => {
  const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z2-7]/g, '')
  return plain(typed) === plain(shown)
}

/** The entry that puts a subject's keys in. */
export function certified(ring: Ring, root: Bytes, subject: string, role: Role, keys: Bytes, at: number): Bytes {
  const place = concat(Uint8Array.of(1), uuidToBytes(ring.firm), u32le(ring.digests.length + 1), newest(ring))
  const who = concat(Uint8Array.of(CERTIFIED), uuidToBytes(subject), Uint8Array.of(ROLES.indexOf(role) + 1), u32le(ring.generation))
  const signed = concat(place, who, keys, u64le(at))
  return concat(signed, sign(root, 'keyring', signed))
}

interface RoleKeys {
  names?: string
  ledger?: string
  conversations?: string
  notes?: string
  earlier?: RoleKeys[]
}

function limited(keys: RoleKeys, role: Role): RoleKeys {
  const own: RoleKeys = Object.fromEntries(KEYS_OF[role].flatMap((name) => (keys[name] ? [[name, keys[name]]] : [])))
  if (KEYS_OF[role].length && keys.earlier?.length) own.earlier = keys.earlier.map((one) => limited(one, role))
  return own
}

/** The role keys of one role, sealed to one subject under the root's word. */
export async function wrapFor(ring: Ring, root: Bytes, subject: string, role: Role, keys: Bytes, roleKeys: RoleKeys): Promise<WrapFacts> {
  const named = concat(uuidToBytes(ring.firm), uuidToBytes(subject), u32le(ring.generation))
  const content = utf8(JSON.stringify({ role_keys: limited(roleKeys, role) }))
  const sealed = await sealTo(unpackPublic(keys).sealing, content, concat(utf8('vigie/role-keys/v1\0'), named))
  if (!sealed) throw new KeyringRefused('signature')
  return { subject_id: subject, generation: ring.generation, sealed: toBase64(sealed), signature: toBase64(sign(root, 'role-keys', concat(named, sealed))) }
}

/** Entry and wraps that certify a subject whose fingerprint two people have compared. */
export async function certify(ring: Ring, own: Bundle, subject: string, role: Role, keys: Bytes): Promise<{ entries: string[]; wraps: WrapFacts[] }> {
  const root = fromBase64(own.root_seed!)
  const entry = certified(ring, root, subject, role, keys, Math.floor(Date.now() / 1000))
  const after = await take(ring, entry, publicKey(root))
  const wraps = [await wrapFor(after, root, subject, role, keys, own.role_keys)]
  if (!ring.digests.length) wraps.push(await wrapFor(after, root, ring.firm, 'administrator', await rootKeys(root), own.role_keys))
  return { entries: [toBase64(entry)], wraps }
}

/** What role keys are sealed to for whoever comes back with the recovery kit. */
async function rootKeys(root: Bytes): Promise<Bytes> {
  const halves = await Promise.all(['vigie/keyring-sign/v1', 'vigie/keyring-seal/v1'].map((name) => expand(root, name)))
  return packPublic(await new PrivateKeys(concat(...halves)).public())
}

async function expand(seed: Bytes, info: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', seed, 'HKDF', false, ['deriveBits'])
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8(info) }, key, 256))
}

/** A person's own public keys, and the proof that she has them. */
export async function offer(firm: string, subject: string, seed: Bytes): Promise<{ public: string; proof: string; fingerprint: string }> {
  const own = new PrivateKeys(seed)
  const keys = packPublic(await own.public())
  const proof = sign(own.signing, 'keyring-offer', concat(uuidToBytes(firm), uuidToBytes(subject), keys))
  return { public: toBase64(keys), proof: toBase64(proof), fingerprint: await fingerprint(firm, subject, keys) }
}
