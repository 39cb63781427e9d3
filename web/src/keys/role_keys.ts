/** A firm's keys by role, as a bundle holds them: the ones in force, and those before each roll. Twin: member/keys.py. */

import { fromBase64, type Bytes } from '../bytes.ts'

export const KEY_NAMES = ['names', 'ledger', 'conversations', 'notes'] as const
export type KeyName = (typeof KEY_NAMES)[number]

/** base64; a key that the role does not have is missing. */
export interface RoleKeys {
  names?: string
  ledger?: string
  conversations?: string
  notes?: string
  /** The ones before a roll, newest first, until everything that they sealed is sealed again. */
  earlier?: RoleKeys[]
}

/** The one in force first: what was sealed before a roll is opened by an earlier one. Empty: the role has none. */
export function keysOf(held: RoleKeys | undefined, name: KeyName): Bytes[] {
  const texts = held ? [held[name], ...(held.earlier ?? []).map((one) => one[name])] : []
  return texts.flatMap((text) => (text ? [fromBase64(text)] : []))
}

/** The same keys in force, whatever came before them. */
export const sameInForce = (left: RoleKeys, right: RoleKeys): boolean => KEY_NAMES.every((name) => left[name] === right[name])

/** Whether `later` came of a roll of `keys`, however much of what was before is forgotten. */
export const rolledSince = (keys: RoleKeys, later: RoleKeys): boolean =>
  Boolean(later.earlier?.some((one) => KEY_NAMES.some((name) => one[name] && one[name] === keys[name])))
