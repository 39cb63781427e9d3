/** What a message can say: JSON inside the padded plaintext, told apart by `kind`. Twin: chat/contents.py. */

import { fromBase64, utf8, type Bytes } from '../bytes.ts'
import { BUCKET_BYTES, LENGTH_BYTES } from './envelope.ts'

export const TEXT_BYTES_MAX = 32 * 1024
export const CONTENT_BYTES_MAX = BUCKET_BYTES.at(-1)! - LENGTH_BYTES
export const FILE_BYTES_MAX = 10 * 1024 * 1024
export const FILE_CHUNK_BYTES = 64 * 1024

export interface Text {
  kind: 'text'
  text: string
  sent_at: number
}
export interface Edit {
  kind: 'edit'
  of: number
  text: string
  sent_at: number
}
export interface Withdraw {
  kind: 'withdraw'
  of: number
}
/** A file that lies sealed in chunks beside the conversation; bytes in base64 as in the JSON. `digest`: SHA-256 of the plaintext. */
export interface FileSaid {
  kind: 'file'
  id: string
  name: string
  media_type: string
  size: number
  key: string
  digest: string
  sent_at: number
}
/** Shown to a person up to this counter; counts after the reveal only. */
export interface Read {
  kind: 'read'
  through: number
}
export interface Offer {
  kind: 'reveal-offer'
}
export interface Decline {
  kind: 'reveal-decline'
}
export interface Commit {
  kind: 'reveal-commit'
  commitment: string
}
export interface Open {
  kind: 'reveal-open'
  statement: string
  nonce: string
}
/** Content of a kind that this version does not know. */
export interface Unknown {
  kind: 'unknown'
  named: string
}

export type Content = Text | Edit | Withdraw | FileSaid | Read | Offer | Decline | Commit | Open

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** The order of fields is the twin's, so that both seal the same bytes. */
const FIELDS: Record<Content['kind'], readonly string[]> = {
  text: ['text', 'sent_at'],
  edit: ['of', 'text', 'sent_at'],
  withdraw: ['of'],
  file: ['id', 'name', 'media_type', 'size', 'key', 'digest', 'sent_at'],
  read: ['through'],
  'reveal-offer': [],
  'reveal-decline': [],
  'reveal-commit': ['commitment'],
  'reveal-open': ['statement', 'nonce'],
}

export function encode(content: Content): Bytes {
  const whole = content as unknown as Record<string, unknown>
  const ordered: Record<string, unknown> = { kind: content.kind }
  for (const field of FIELDS[content.kind]) {
    const value = whole[field]
    ordered[field] = typeof value === 'string' ? value.toWellFormed() : value
  }
  return utf8(JSON.stringify(ordered))
}

const whole = (value: unknown, least: number, most: number): boolean => Number.isInteger(value) && (value as number) >= least && (value as number) <= most
const text = (value: unknown, least = 0, most = Infinity): boolean =>
  typeof value === 'string' && [...value].length >= least && [...value].length <= most

function octets(value: unknown, least: number, most: number): boolean {
  if (typeof value !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return false
  const length = fromBase64(value).length
  return length >= least && length <= most
}

const CHECKS: Record<string, (value: unknown) => boolean> = {
  text: (value) => text(value),
  sent_at: (value) => Number.isInteger(value),
  of: (value) => whole(value, 1, 2 ** 53),
  through: (value) => whole(value, 1, 2 ** 53),
  id: (value) => octets(value, 16, 16),
  name: (value) => text(value, 1, 200),
  media_type: (value) => text(value, 0, 100),
  size: (value) => whole(value, 0, FILE_BYTES_MAX),
  key: (value) => octets(value, 32, 32),
  digest: (value) => octets(value, 32, 32),
  commitment: (value) => octets(value, 32, 32),
  nonce: (value) => octets(value, 32, 32),
  statement: (value) => octets(value, 0, 4096),
}

/** Null: not a content of any version. */
export function decode(plain: Uint8Array): Content | Unknown | null {
  let found: Record<string, unknown>
  try {
    found = JSON.parse(decoder.decode(plain)) as Record<string, unknown>
  } catch {
    return null
  }
  if (typeof found !== 'object' || found === null || typeof found['kind'] !== 'string') return null
  const kind = found['kind']
  if (!Object.hasOwn(FIELDS, kind)) return { kind: 'unknown', named: kind }
  const fields = FIELDS[kind as Content['kind']]
  if (!fields.every((field) => CHECKS[field]!(found[field]))) return null
  return Object.fromEntries(['kind', ...fields].map((field) => [field, found[field]])) as unknown as Content
}

/** Whether it is short enough to be sealed: escapes count too. */
export function fits(content: Content): boolean {
  if ((content.kind === 'text' || content.kind === 'edit') && utf8(content.text).length > TEXT_BYTES_MAX) return false
  return encode(content).length <= CONTENT_BYTES_MAX
}

