/** What is signed of each release, and what its leaves say. Twin: privacy/manifest.py, which explains it; vectors: manifest.json. */

import { concat, fromUtf8, sha256, toHex, utf8, type Bytes } from '../bytes.ts'
import { monthText, readMonth } from '../month.ts'
import { leafHash } from './merkle.ts'

export interface Tree {
  root: string
  size: number
}

export interface Withdrawal {
  month: string
  decided_on: string
  reason: string
}

export interface Manifest {
  version: number
  month: string
  profile: string
  window: [string, string]
  closed: string
  published_on: string
  cells: Tree & { band: string; columns: [string, string][] }
  uploads: Tree
  parts: Record<string, string>
  withdrawn: Withdrawal[]
  previous: string
}

export const NO_PREVIOUS = '0'.repeat(64)
const VERSION = 1

/** Null: these bytes are no manifest that this page knows. */
export function readManifest(bytes: Uint8Array): Manifest | null {
  try {
    const found = JSON.parse(fromUtf8(bytes)) as Manifest
    const trees = [found.cells, found.uploads].every((tree) => /^[0-9a-f]{64}$/.test(tree.root) && Number.isInteger(tree.size))
    // Else no upload would be current in it.
    const [first, last] = found.window
    const window = first <= last && last === found.month
    return found.version === VERSION && trees && window && Array.isArray(found.withdrawn) && typeof found.parts === 'object' ? found : null
  } catch {
    return null
  }
}

/** When a month's window closes, at the earliest: else receipts could wait for ever. */
export const earliestClose = (month: string): string => `${monthText(readMonth(month)! + 1)}-11T00:00:00Z`

/** A manifest's fingerprint: SHA-256 of its bytes, in hexadecimal. */
export const fingerprint = async (manifest: Uint8Array): Promise<string> => toHex(await sha256(manifest))

/** JSON in ASCII, keys sorted, no spaces: one value, one text. */
export function canonical(value: unknown): Bytes {
  return utf8(sorted(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`))
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${sorted(one)}`).join(',')}}`
}

export const salted = (salt: Uint8Array, entry: Uint8Array): Bytes => leafHash(concat(salt, entry))

export const cellEntry = (month: string, row: Uint8Array): Bytes => concat(utf8(`cell\0${month}`), row)

/** `signed` is what the receipt key signed; `current`: the newest of its firm and month when the window closed. */
export const receiptEntry = (month: string, signed: Uint8Array, current: boolean): Bytes =>
  concat(utf8(`receipt\0${month}`), Uint8Array.of(current ? 1 : 0), signed)

export const partEntry = (name: string, month: string, content: Uint8Array): Bytes => concat(utf8(`${name}\0${month}`), content)
