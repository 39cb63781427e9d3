/** The four signed records that set a conversation up: call, answer, opening, epoch. Twin: chat/records.py. */

import { sha256 } from '@noble/hashes/sha2.js'
import { concat, equal, u32le, utf8, type Bytes } from '../bytes.ts'
import { publicKey, sign, verify } from '../keys/signing.ts'
import { canBeSealedTo, packPublic, sealTo, SIGNATURE_BYTES, SIGNING_BYTES, SUITES, unpackPublic, type PrivateKeys, type PublicKeys, type Suite } from './keys.ts'
import { Refusal } from './refusals.ts'

export const ID_BYTES = 16
export const DIGEST_BYTES = 32
const CALL_BYTES = 1 + 16 + 32 + 1 + 4 + 32
const EPOCH_HEAD_BYTES = 1 + 16 + 4 + 1 + 32 + 32
const HEAD_BYTES = 1 + ID_BYTES + DIGEST_BYTES

/** Why a firm calls: past facts only. */
export const REASONS = [1, 2, 3, 4, 5] as const
export type Reason = (typeof REASONS)[number]

/** 0 the caller, 1 the answerer. */
export type Side = 0 | 1
export const CALLER = 0
export const ANSWERER = 1
export const other = (side: Side): Side => (1 - side) as Side

export const digest = (...parts: Uint8Array[]): Bytes => sha256(concat(...parts)) as Bytes

export function suiteByte(record: Uint8Array): Suite | Refusal {
  const number = record[0] ?? 0
  return SUITES.get(number) ?? new Refusal('chat-suite', `suite ${number}; this version speaks 1, 2`)
}

function split(record: Bytes, payloadBytes: number, kind: string): [Bytes, Bytes] | Refusal {
  const expected = payloadBytes + SIGNATURE_BYTES
  if (record.length !== expected) return new Refusal('chat-malformed', `${kind} of ${record.length} bytes; expected ${expected}`)
  return [record.slice(0, payloadBytes), record.slice(payloadBytes)]
}

const u32 = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)

/** Refuses keys that nobody could seal to: whoever is given them could not go on. */
export const unusable = (keys: PublicKeys, kind: string): Refusal | null =>
  canBeSealedTo(keys.sealing) ? null : new Refusal('chat-key', `the ${kind} brings a sealing key of small order, or out of range`)

export interface Call {
  suite: Suite
  id: Bytes
  pseudonym: Bytes
  reason: Reason
  /** Days since 1970-01-01, the network's business date. */
  raisedOn: number
  key: Bytes
  record: Bytes
}

/** `seed`: of the call key, made for this call; it signs nothing but it and its openings. */
export function makeCall(seed: Bytes, of: Omit<Call, 'key' | 'record'>): Call {
  const key = publicKey(seed)
  const payload = concat(Uint8Array.of(of.suite.number), of.id, of.pseudonym, Uint8Array.of(of.reason), u32le(of.raisedOn), key)
  return { ...of, key, record: concat(payload, sign(seed, 'call', payload)) }
}

/** A call with a valid signature of its own key, or why not. */
export function readCall(record: Bytes): Call | Refusal {
  const suite = suiteByte(record)
  if (suite instanceof Refusal) return suite
  const parts = split(record, CALL_BYTES, 'call')
  if (parts instanceof Refusal) return parts
  const [payload, signature] = parts
  const reason = payload[49] as Reason
  if (!REASONS.includes(reason)) return new Refusal('chat-malformed', `reason ${reason}; expected 1 to 5`)
  const key = payload.slice(54)
  if (!verify(key, 'call', payload, signature)) return new Refusal('chat-signature', 'the call is not signed by its own key')
  return { suite, id: payload.slice(1, 17), pseudonym: payload.slice(17, 49), reason, raisedOn: u32(payload, 50), key, record }
}

export interface Answer {
  suite: Suite
  call: Bytes
  keys: PublicKeys
  record: Bytes
  /** 16 bytes: it commits to the call and to the answering side's keys. */
  conversation: Bytes
}

const answerOf = (suite: Suite, call: Bytes, keys: PublicKeys, record: Bytes): Answer => ({
  suite,
  call,
  keys,
  record,
  conversation: digest(utf8('vigie/conversation-id/v1\0'), record).slice(0, ID_BYTES),
})

export async function makeAnswer(keys: PrivateKeys, call: Call): Promise<Answer> {
  const open = await keys.public()
  const payload = concat(Uint8Array.of(call.suite.number), call.id, digest(call.record), packPublic(open))
  return answerOf(call.suite, call.id, open, concat(payload, sign(keys.signing, 'answer', payload)))
}

/** An answer to this very call, in its suite, signed by the keys that it brings; or why not. */
export function readAnswer(record: Bytes, call: Call): Answer | Refusal {
  const suite = suiteByte(record)
  if (suite instanceof Refusal) return suite
  const parts = split(record, HEAD_BYTES + SIGNING_BYTES + suite.sealingPublicBytes, 'answer')
  if (parts instanceof Refusal) return parts
  const [payload, signature] = parts
  if (suite !== call.suite || !equal(payload.slice(1, 17), call.id) || !equal(payload.slice(17, HEAD_BYTES), digest(call.record)))
    return new Refusal('chat-elsewhere', 'the answer is to another call')
  const keys = unpackPublic(payload.slice(HEAD_BYTES))
  if (!verify(keys.signing, 'answer', payload, signature))
    return new Refusal('chat-signature', 'the answer is not signed by the key that it brings')
  return unusable(keys, 'answer') ?? answerOf(suite, call.id, keys, record)
}

/** What is settled for good once a conversation is open. */
export interface Link {
  suite: Suite
  conversation: Bytes
  keys: readonly [PublicKeys, PublicKeys]
  /** Hash of call, answer and opening: "the message before the first". */
  genesis: Bytes
  opening: Bytes
}

const linkOf = (call: Call, answer: Answer, keys: PublicKeys, record: Bytes): Link => ({
  suite: answer.suite,
  conversation: answer.conversation,
  keys: [keys, answer.keys],
  genesis: digest(utf8('vigie/genesis/v1\0'), call.record, answer.record, record),
  opening: record,
})

/** The caller's half: `keys` are made for this answer; the call key vouches for them. */
export async function makeOpening(callSeed: Bytes, keys: PrivateKeys, call: Call, answer: Answer): Promise<Link> {
  const open = await keys.public()
  const payload = concat(Uint8Array.of(answer.suite.number), answer.conversation, digest(answer.record), packPublic(open))
  return linkOf(call, answer, open, concat(payload, sign(callSeed, 'conversation', payload)))
}

/** The opened conversation, when the call's own key vouches for the caller's keys; or why not. */
export function readOpening(record: Bytes, call: Call, answer: Answer): Link | Refusal {
  const suite = suiteByte(record)
  if (suite instanceof Refusal) return suite
  const parts = split(record, HEAD_BYTES + SIGNING_BYTES + suite.sealingPublicBytes, 'opening')
  if (parts instanceof Refusal) return parts
  const [payload, signature] = parts
  const named = equal(payload.slice(1, 17), answer.conversation) && equal(payload.slice(17, HEAD_BYTES), digest(answer.record))
  if (suite !== answer.suite || !named) return new Refusal('chat-elsewhere', 'the opening is of another answer')
  const keys = unpackPublic(payload.slice(HEAD_BYTES))
  if (!verify(call.key, 'conversation', payload, signature))
    return new Refusal('chat-signature', 'the opening is not signed by the call’s key')
  const twice = equal(keys.signing, answer.keys.signing) || equal(keys.signing, call.key) || equal(keys.sealing, answer.keys.sealing)
  if (twice) return new Refusal('chat-malformed', 'a key is used twice; expected fresh ones on each side')
  return unusable(keys, 'opening') ?? linkOf(call, answer, keys, record)
}

/** A key for the messages from here on, sealed to each side. */
export interface Epoch {
  number: number
  maker: Side
  previous: Bytes
  commitment: Bytes
  sealed: readonly [Bytes, Bytes]
  record: Bytes
}

export const commitToEpochKey = (key: Bytes, genesis: Bytes, number: number): Bytes =>
  digest(utf8('vigie/epoch-key/v1\0'), genesis, u32le(number), key)

/** HPKE's `info`: an epoch key sealed for one place opens in no other. */
export const epochInfo = (link: Link, number: number, to: Side): Bytes =>
  concat(utf8('vigie/epoch/v1\0'), Uint8Array.of(link.suite.number), link.genesis, u32le(number), Uint8Array.of(to))

/**
 * The next epoch, made by `side`; refused when the other side's sealing key is not usable. `previous`: the genesis,
 * the digest of the epoch before, or what successions have made of it.
 */
export async function makeEpoch(
  keys: PrivateKeys,
  side: Side,
  link: Link,
  number: number,
  previous: Bytes,
  epochKey: Bytes,
): Promise<Epoch | Refusal> {
  const commitment = commitToEpochKey(epochKey, link.genesis, number)
  const caller = await sealTo(link.keys[CALLER].sealing, epochKey, epochInfo(link, number, CALLER))
  const answerer = await sealTo(link.keys[ANSWERER].sealing, epochKey, epochInfo(link, number, ANSWERER))
  if (!caller || !answerer) return new Refusal('chat-malformed', 'a side’s sealing key is not usable')
  const head = concat(Uint8Array.of(link.suite.number), link.conversation, u32le(number), Uint8Array.of(side), previous, commitment)
  const payload = concat(head, caller, answerer)
  const record = concat(payload, sign(keys.signing, 'epoch', payload))
  return { number, maker: side, previous, commitment, sealed: [caller, answerer], record }
}

/** An epoch of this conversation, signed by its maker; its place is for `succeeds`. Or why not. */
export function readEpoch(record: Bytes, link: Link): Epoch | Refusal {
  const suite = suiteByte(record)
  if (suite instanceof Refusal) return suite
  const each = suite.sealedEpochBytes
  const parts = split(record, EPOCH_HEAD_BYTES + 2 * each, 'epoch')
  if (parts instanceof Refusal) return parts
  const [payload, signature] = parts
  if (suite !== link.suite || !equal(payload.slice(1, 17), link.conversation))
    return new Refusal('chat-elsewhere', 'the epoch is of another conversation')
  const side = payload[21] as Side
  if (side !== CALLER && side !== ANSWERER) return new Refusal('chat-malformed', `side ${String(side)}; expected 0 or 1`)
  if (!verify(link.keys[side].signing, 'epoch', payload, signature))
    return new Refusal('chat-signature', 'the epoch is not signed by the side that it names')
  const seals = payload.slice(EPOCH_HEAD_BYTES)
  return {
    number: u32(payload, 17),
    maker: side,
    previous: payload.slice(22, 54),
    commitment: payload.slice(54, 86),
    sealed: [seals.slice(0, each), seals.slice(each)],
    record,
  }
}

/** Refuses an epoch that does not follow the one of this number and digest (0, genesis: none yet). */
export function succeeds(epoch: Epoch, number: number, before: Bytes): Refusal | null {
  if (epoch.number !== number + 1) return new Refusal('chat-epoch', `epoch ${epoch.number}; expected ${number + 1}`)
  if (!equal(epoch.previous, before)) return new Refusal('chat-forked', 'the epoch does not follow the one before it')
  return null
}
