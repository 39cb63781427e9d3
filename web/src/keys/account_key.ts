/** The account key as people see it: VK1- and base32 in groups of five. */

import { fromBase32, toBase32, type Bytes } from '../bytes.ts'

export const ACCOUNT_KEY_BYTES = 16
const PREFIX = 'VK1-'

export function showAccountKey(key: Uint8Array): string {
  return PREFIX + (toBase32(key).match(/.{1,5}/g) ?? []).join('-')
}

/** Reads an account key as typed or pasted; null when it is none. */
export function readAccountKey(text: string): Bytes | null {
  const bare = text.trim().toUpperCase().replace(/^VK1[\s-]*/, '')
  const bytes = fromBase32(bare)
  return bytes && bytes.length === ACCOUNT_KEY_BYTES ? bytes : null
}
