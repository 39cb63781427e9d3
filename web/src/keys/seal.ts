/** Sealing what the server keeps for us: AES-256-GCM over deflated bytes, bound to a name. Python's twin: member/keys.py. */

import { concat, random, utf8, type Bytes } from '../bytes.ts'

const VERSION = 1
const NONCE_BYTES = 12
/** A sealed segment never unpacks to more than this: a hostile server could otherwise fill the memory. */
export const PLAIN_BYTES_MAX = 256 * 1024 * 1024

/** The bytes do not open under this key and this name. */
export class NotOpened extends Error {}

export async function seal(key: Uint8Array, plain: Uint8Array, aad: string, nonce: Bytes = random(NONCE_BYTES)): Promise<Bytes> {
  const packed = await pump(plain, new CompressionStream('deflate'))
  const secret = await aesKey(key, 'encrypt')
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: utf8(aad) }, secret, packed)
  return concat(Uint8Array.of(VERSION), nonce, new Uint8Array(sealed))
}

export async function open(key: Uint8Array, sealed: Uint8Array, aad: string): Promise<Bytes> {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + 16) throw new NotOpened(`unknown seal of ${aad}`)
  const secret = await aesKey(key, 'decrypt')
  const iv = sealed.slice(1, 1 + NONCE_BYTES) as Bytes
  let packed: ArrayBuffer
  try {
    packed = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: utf8(aad) },
      secret,
      sealed.slice(1 + NONCE_BYTES) as Bytes,
    )
  } catch {
    throw new NotOpened(aad)
  }
  return pump(new Uint8Array(packed), new DecompressionStream('deflate'))
}

/** Opened by the first key that fits. Throws NotOpened. */
export async function openWith(keys: readonly Uint8Array[], sealed: Uint8Array, aad: string): Promise<Bytes> {
  for (const key of keys) {
    try {
      return await open(key, sealed, aad)
    } catch (error) {
      if (!(error instanceof NotOpened)) throw error
    }
  }
  throw new NotOpened(aad)
}

export const bundleName = (email: string): string => `vigie/bundle/v1|${email.trim().toLowerCase()}`
export const bookName = (firm: string, segment: string): string => `vigie/book/v1|${firm}|${segment}`

function aesKey(key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key as Bytes, 'AES-GCM', false, [use])
}

async function pump(bytes: Uint8Array, through: CompressionStream | DecompressionStream): Promise<Bytes> {
  const stream = new Blob([bytes as Bytes]).stream().pipeThrough(through as ReadableWritablePair<Bytes, Bytes>)
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concat(...parts)
    size += value.length
    if (size > PLAIN_BYTES_MAX) throw new NotOpened('larger than a segment may be')
    parts.push(value)
  }
}
