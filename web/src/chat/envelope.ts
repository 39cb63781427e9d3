/** A sealed message as it travels: what is signed in the open, then a ciphertext. Layout and twin: chat/envelope.py. */

import { sha256 } from '@noble/hashes/sha2.js'
import { concat, equal, u32le, u64le, type Bytes } from '../bytes.ts'
import { verify } from '../keys/signing.ts'
import { suiteByte, type Link, type Side } from './records.ts'
import { Refusal } from './refusals.ts'

export const HEADER_BYTES = 94
export const SIGNED_BYTES = 158
export const OVERHEAD_BYTES = 222
export const TAG_BYTES = 16
export const SALT_BYTES = 32
export const ENVELOPE_BYTES_MAX = 64 * 1024
export const LENGTH_BYTES = 4
/** Plaintexts are padded to one of these, so that a size says little. */
export const BUCKET_BYTES = [256, 1024, 4 * 1024, 16 * 1024, 60 * 1024] as const

export interface Header {
  suite: number
  conversation: Bytes
  epoch: number
  side: Side
  counter: number
  salt: Bytes
  previous: Bytes
}

/** 94 bytes; also the ciphertext's associated data. */
export const packHeader = (header: Header): Bytes =>
  concat(
    Uint8Array.of(header.suite),
    header.conversation,
    u32le(header.epoch),
    Uint8Array.of(header.side),
    u64le(header.counter),
    header.salt,
    header.previous,
  )

export interface Envelope {
  header: Header
  commitment: Bytes
  /** Null: erased, by a withdrawal or by the conversation's retention. */
  body: Bytes | null
  record: Bytes
  id: Bytes
}

/** SHA-256 over what is signed: it does not depend on how the signature is written. */
export const messageId = (record: Uint8Array): Bytes => sha256(record.slice(0, SIGNED_BYTES)) as Bytes

/** The epoch that an envelope or a signal names, unverified: which keys may have signed it. */
export const epochOf = (record: Uint8Array): number =>
  record.length < 21 ? 0 : new DataView(record.buffer, record.byteOffset).getUint32(17, true)

export const signedPart = (header: Header, body: Uint8Array, commitment: Bytes): Bytes =>
  concat(packHeader(header), sha256(body), commitment)

/**
 * An envelope of this conversation, verified without reading it; or which rule it breaks. `erased`: its ciphertext may
 * be gone. `known`: its id is one whose signature this device has verified before.
 */
export function readEnvelope(record: Bytes, link: Link, erased = false, known = false): Envelope | Refusal {
  if (record.length > ENVELOPE_BYTES_MAX) return new Refusal('chat-too-large', `${record.length} bytes; at most ${ENVELOPE_BYTES_MAX}`)
  const suite = suiteByte(record)
  if (suite instanceof Refusal) return suite
  const empty = erased && record.length === OVERHEAD_BYTES
  if (!empty && !(BUCKET_BYTES as readonly number[]).includes(record.length - OVERHEAD_BYTES - TAG_BYTES))
    return new Refusal('chat-malformed', `${record.length} bytes; expected ${OVERHEAD_BYTES + TAG_BYTES} more than a bucket`)
  const view = new DataView(record.buffer, record.byteOffset)
  const header: Header = {
    suite: suite.number,
    conversation: record.slice(1, 17),
    epoch: view.getUint32(17, true),
    side: record[21] as Side,
    counter: Number(view.getBigUint64(22, true)),
    salt: record.slice(30, 62),
    previous: record.slice(62, 94),
  }
  if (suite !== link.suite || !equal(header.conversation, link.conversation))
    return new Refusal('chat-elsewhere', 'the message is of another conversation')
  if (header.side !== 0 && header.side !== 1) return new Refusal('chat-malformed', `side ${String(header.side)}; expected 0 or 1`)
  const signed = record.slice(0, SIGNED_BYTES)
  const body = empty ? null : record.slice(OVERHEAD_BYTES)
  if (!known && !verify(link.keys[header.side].signing, 'message', signed, record.slice(SIGNED_BYTES, OVERHEAD_BYTES)))
    return new Refusal('chat-signature', `message ${header.counter} is not signed by the side that it names`)
  if (body && !equal(sha256(body), signed.slice(HEADER_BYTES, HEADER_BYTES + 32)))
    return new Refusal('chat-body', `message ${header.counter} carries another ciphertext than the signed one`)
  return { header, commitment: signed.slice(HEADER_BYTES + 32), body, record, id: sha256(signed) as Bytes }
}

/** Whether these are the messages 1, 2, 3 … that lead to this id: each names the one before, so that the last fixes all. */
export function leadsTo(records: readonly Uint8Array[], genesis: Uint8Array, id: Uint8Array): boolean {
  let before = genesis
  for (const record of records) {
    if (!equal(record.subarray(62, 94), before)) return false
    before = messageId(record)
  }
  return equal(before, id)
}
