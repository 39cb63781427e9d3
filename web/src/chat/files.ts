/** A file in sealed chunks: AES-256-GCM over 64 KiB each under the file's own random key. Twin: chat/files.py. */

import { sha256 } from '@noble/hashes/sha2.js'
import { concat, equal, fromBase64, random, toBase64, u32le, utf8, type Bytes } from '../bytes.ts'
import { FILE_BYTES_MAX, FILE_CHUNK_BYTES, type FileSaid } from './contents.ts'
import { TAG_BYTES } from './envelope.ts'
import { Refusal } from './refusals.ts'
import type { Entropy } from './session.ts'

export const SEALED_CHUNK_BYTES = FILE_CHUNK_BYTES + TAG_BYTES

/** At least one. */
export const chunksOf = (size: number): number => Math.max(1, Math.ceil(size / FILE_CHUNK_BYTES))

/** The message that announces a file, with a fresh key. */
export function announce(content: Bytes, name: string, mediaType: string, sentAt: number, entropy: Entropy = random): FileSaid | Refusal {
  if (content.length > FILE_BYTES_MAX) return new Refusal('chat-too-large', `a file of ${content.length} bytes; at most ${FILE_BYTES_MAX}`)
  return {
    kind: 'file',
    id: toBase64(entropy(16)),
    name: [...name].slice(0, 200).join('') || 'file',
    media_type: mediaType.slice(0, 100),
    size: content.length,
    key: toBase64(entropy(32)),
    digest: toBase64(sha256(content)),
    sent_at: sentAt,
  }
}

function nonce(number: number): Bytes {
  const bytes = new Uint8Array(12)
  bytes.set(u32le(number))
  return bytes
}

const bound = (file: FileSaid, conversation: Bytes, number: number): Bytes =>
  concat(utf8('vigie/file/v1\0'), conversation, fromBase64(file.id), u32le(number), u32le(chunksOf(file.size)))

const keyOf = (file: FileSaid): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', fromBase64(file.key), 'AES-GCM', false, ['encrypt', 'decrypt'])

/** Chunk `number` (from 0) of the content, sealed. */
export async function sealChunk(file: FileSaid, conversation: Bytes, content: Bytes, number: number): Promise<Bytes> {
  const padded = new Uint8Array(FILE_CHUNK_BYTES)
  padded.set(content.subarray(number * FILE_CHUNK_BYTES, (number + 1) * FILE_CHUNK_BYTES))
  const asked = { name: 'AES-GCM', iv: nonce(number), additionalData: bound(file, conversation, number) }
  return new Uint8Array(await crypto.subtle.encrypt(asked, await keyOf(file), padded))
}

/** The content, when every chunk is in its place and the whole is what was announced. `fetchChunk(number)`. */
export async function openFile(file: FileSaid, conversation: Bytes, fetchChunk: (number: number) => Promise<Bytes>): Promise<Bytes | Refusal> {
  const key = await keyOf(file)
  const opened: Bytes[] = []
  for (let number = 0; number < chunksOf(file.size); number++) {
    const chunk = await fetchChunk(number)
    try {
      const asked = { name: 'AES-GCM', iv: nonce(number), additionalData: bound(file, conversation, number) }
      opened.push(new Uint8Array(await crypto.subtle.decrypt(asked, key, chunk)))
    } catch {
      return new Refusal('chat-unreadable', `chunk ${number} of the file does not open in its place`)
    }
  }
  const whole = concat(...opened)
  const content = whole.slice(0, file.size)
  const filled = whole.subarray(file.size).every((byte) => byte === 0)
  return filled && equal(sha256(content), fromBase64(file.digest)) ? content : new Refusal('chat-body', 'the file is not the one that was announced')
}
