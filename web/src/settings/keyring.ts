/** The firm's chain of users' and devices' keys, signed by its root. Twin: privacy/keyring.py, member/keyring.py. */

import { bytesToUuid, concat, equal, fromBase64, fromUtf8, sha256, toBase32, toBase64, u32le, u64le, utf8, uuidToBytes, type Bytes } from '../bytes.ts'
import { packPublic, PrivateKeys, sealTo, unpackPublic } from '../chat/keys.ts'
import { KEY_NAMES, type KeyName, type RoleKeys } from '../keys/role_keys.ts'
import { publicKey, sign, verify } from '../keys/signing.ts'
import type { Bundle } from '../keys/bundle.ts'
import { keep, recall } from '../vault.ts'
import { KEYS_OF, type Role } from './roles.ts'
import { KeyringRefused } from './refusals.ts'
import { ask, type KeyringFacts, type WrapFacts } from './requests.ts'

const SIGNED_BYTES = 1 + 16 + 4 + 32 + 1 + 16 + 1 + 4 + 64 + 8
const PUBLIC_BYTES = 64
const CERTIFIED = 1
const REMOVED = 2
export type SubjectRole = Role | 'attended' | 'unattended'
/** Places are the bytes' roles. */
const ROLES: readonly SubjectRole[] = ['administrator', 'credit_manager', 'analyst', 'sales', 'auditor', 'attended', 'unattended']

export interface Subject {
  role: SubjectRole
  keys: Bytes
}

export interface Ring {
  firm: string
  subjects: Map<string, Subject>
  generation: number
  digests: Bytes[]
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
  else if (kind === REMOVED) subjects.delete(subject)
  else throw new KeyringRefused('order')
  return { firm: ring.firm, subjects, generation, digests: [...ring.digests, await sha256(record)] }
}

export async function readRing(firm: string, entries: readonly Bytes[], root: Bytes): Promise<Ring> {
  let ring: Ring = { firm, subjects: new Map(), generation: 1, digests: [] }
  for (const entry of entries) ring = await take(ring, entry, root)
  return ring
}

/** The network's chain, which goes on from what this device saw before it asked: another tab may see more meanwhile. */
export async function followRing(firm: string, root: Bytes): Promise<{ ring: Ring; facts: KeyringFacts }> {
  const seen = await recall<string[]>(`keyring:${firm}`)
  const facts = await ask.keyring()
  const ring = await readRing(firm, facts.entries.map(fromBase64), root)
  const digests = ring.digests.map(toBase64)
  if (seen?.some((digest, at) => digests[at] !== digest)) throw new KeyringRefused('rewritten')
  await keep(`keyring:${firm}`, digests)
  return { ring, facts }
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

function entry(ring: Ring, root: Bytes, kind: number, generation: number, { id, role, keys }: Subject & { id: string }, at: number): Bytes {
  const place = concat(Uint8Array.of(1), uuidToBytes(ring.firm), u32le(ring.digests.length + 1), newest(ring))
  const who = concat(Uint8Array.of(kind), uuidToBytes(id), Uint8Array.of(ROLES.indexOf(role) + 1), u32le(generation))
  const signed = concat(place, who, keys, u64le(at))
  return concat(signed, sign(root, 'keyring', signed))
}

/** The entry that puts a subject's keys in. */
export const certified = (ring: Ring, root: Bytes, id: string, role: SubjectRole, keys: Bytes, at: number): Bytes =>
  entry(ring, root, CERTIFIED, ring.generation, { id, role, keys }, at)

/** The entry that takes a subject out, under the role that has least where she was never certified. */
function removed(ring: Ring, root: Bytes, id: string, at: number): Bytes {
  const role = ring.subjects.get(id)?.role ?? 'auditor'
  return entry(ring, root, REMOVED, ring.generation + 1, { id, role, keys: new Uint8Array(PUBLIC_BYTES) }, at)
}

const KEYS: Readonly<Record<SubjectRole, readonly KeyName[]>> = { ...KEYS_OF, attended: KEY_NAMES, unattended: ['names', 'ledger'] }

function limited(keys: RoleKeys, role: SubjectRole): RoleKeys {
  const own: RoleKeys = Object.fromEntries(KEYS[role].flatMap((name) => (keys[name] ? [[name, keys[name]]] : [])))
  if (KEYS[role].length && keys.earlier?.length) own.earlier = keys.earlier.map((one) => limited(one, role))
  return own
}

const infoOf = (ring: Ring, subject: string): [Bytes, Bytes] => {
  const named = concat(uuidToBytes(ring.firm), uuidToBytes(subject), u32le(ring.generation))
  return [named, concat(utf8('vigie/role-keys/v1\0'), named)]
}

/** The role keys of one role, sealed to one subject under the root's word. */
export async function wrapFor(ring: Ring, root: Bytes, subject: string, role: SubjectRole, keys: Bytes, roleKeys: RoleKeys): Promise<WrapFacts> {
  const [named, info] = infoOf(ring, subject)
  const content = utf8(JSON.stringify({ role_keys: limited(roleKeys, role) }))
  const sealed = await sealTo(unpackPublic(keys).sealing, content, info)
  if (!sealed) throw new KeyringRefused('signature')
  return { subject_id: subject, generation: ring.generation, sealed: toBase64(sealed), signature: toBase64(sign(root, 'role-keys', concat(named, sealed))) }
}

/** Entry and wraps that certify a subject whose fingerprint two people have compared. */
export async function certify(ring: Ring, own: Bundle, subject: string, role: Role, keys: Bytes): Promise<{ entries: string[]; wraps: WrapFacts[] }> {
  const root = fromBase64(own.root_seed!)
  const entry = certified(ring, root, subject, role, keys, Math.floor(Date.now() / 1000))
  const after = await take(ring, entry, publicKey(root))
  const wraps = [await wrapFor(after, root, subject, role, keys, own.role_keys)]
  if (!ring.digests.length) wraps.push(await wrapFor(after, root, ring.firm, 'administrator', await rootPublic(root), own.role_keys))
  return { entries: [toBase64(entry)], wraps }
}

export interface Change {
  entries: string[]
  wraps: WrapFacts[]
  after: Ring
}

/** Entries that take subjects out, and `roleKeys` sealed to all who stay and to the root itself. Twin: member/rolling.py. */
export async function taken(ring: Ring, root: Bytes, subjects: readonly string[], roleKeys: RoleKeys): Promise<Change> {
  const entries: string[] = []
  let after = ring
  for (const subject of subjects) {
    const record = removed(after, root, subject, Math.floor(Date.now() / 1000))
    after = await take(after, record, publicKey(root))
    entries.push(toBase64(record))
  }
  const wraps = await Promise.all([...after.subjects].map(([id, { role, keys }]) => wrapFor(after, root, id, role, keys, roleKeys)))
  return { entries, wraps: [...wraps, await wrapFor(after, root, ring.firm, 'administrator', await rootPublic(root), roleKeys)], after }
}

/** Role keys sealed to `subject`, of the generation that the chain is at and under the root's word. Throws KeyringRefused. */
export async function openWrap(wrap: WrapFacts | null, ring: Ring, subject: string, root: Bytes, own: PrivateKeys): Promise<RoleKeys> {
  if (wrap?.generation !== ring.generation) throw new KeyringRefused('wrap')
  const [named, info] = infoOf(ring, subject)
  const sealed = fromBase64(wrap.sealed)
  const plain = await own.open(sealed, info)
  if (!plain || !verify(root, 'role-keys', concat(named, sealed), fromBase64(wrap.signature))) throw new KeyringRefused('wrap')
  return (JSON.parse(fromUtf8(plain)) as { role_keys: RoleKeys }).role_keys
}

/** What role keys are sealed to for whoever comes back with the recovery kit. */
export async function rootKeys(root: Bytes): Promise<PrivateKeys> {
  const halves = await Promise.all(['vigie/keyring-sign/v1', 'vigie/keyring-seal/v1'].map((name) => expand(root, name)))
  return new PrivateKeys(concat(...halves))
}

const rootPublic = async (root: Bytes): Promise<Bytes> => packPublic(await (await rootKeys(root)).public())

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
