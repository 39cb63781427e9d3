/**
 * The signed roster of key holders, and the rules of a change. Twin: privacy/roster.py, read by the same vectors.
 * All new holders and two old ones sign; it names the one before; the number that has to work together never drops.
 */

import { equal, fromBase64, fromHex, fromUtf8, sha256, toHex, type Bytes } from '../bytes.ts'
import { verify } from '../keys/signing.ts'
import { publicOf } from '../pseudonyms/blind.ts'
import { PARTS_OF, THRESHOLD } from '../pseudonyms/parts.ts'
import { RosterRefused, type Roster, type SignedRoster } from './roster_facts.ts'

const OLD_SIGNATURES = 2

export function readRoster(body: Bytes): Roster {
  let roster: Roster
  try {
    roster = JSON.parse(fromUtf8(body)) as Roster
  } catch {
    throw new RosterRefused('shape')
  }
  const names = PARTS_OF[roster?.construction]
  const numbers = roster?.construction === 'three' ? [1, 2, 3] : [1]
  const whole =
    names !== undefined &&
    Number.isSafeInteger(roster.epoch) &&
    roster.epoch > 0 &&
    typeof roster.dealt === 'boolean' &&
    Array.isArray(roster.holders) &&
    roster.holders.map((one) => one?.number).join() === numbers.join() &&
    roster.holders.every((one) => [one.name, one.url, one.key].every((text) => typeof text === 'string' && text !== '')) &&
    new Set(roster.holders.map((one) => one.key)).size === numbers.length &&
    Object.keys(roster.parts ?? {}).sort().join() === names.join() &&
    /^[0-9a-f]{64}$/.test(roster.previous)
  if (!whole) throw new RosterRefused('shape')
  total(roster)
  return roster
}

/** The public key of the whole. */
export function total(roster: Roster): Bytes {
  try {
    return publicOf(Object.values(roster.parts).map(fromHex))
  } catch {
    throw new RosterRefused('shape')
  }
}

function signedBy(signed: SignedRoster, key: string): boolean {
  const found = signed.signatures.find((one) => toHex(fromBase64(one.key)) === key)
  return found !== undefined && verify(fromHex(key), 'roster', fromBase64(signed.body), fromBase64(found.signature))
}

/** A roster that all of its own holders signed. */
export function checkRoster(signed: SignedRoster): Roster {
  const roster = readRoster(fromBase64(signed.body))
  if (!roster.holders.every((holder) => signedBy(signed, holder.key))) throw new RosterRefused('signature')
  return roster
}

async function checkChange(before: string, after: SignedRoster): Promise<Roster> {
  const old = readRoster(fromBase64(before))
  const roster = checkRoster(after)
  const follows = roster.previous === toHex(await sha256(fromBase64(before))) && roster.epoch === old.epoch + 1
  if (!follows) throw new RosterRefused('chain')
  if (THRESHOLD[roster.construction]! < THRESHOLD[old.construction]!) throw new RosterRefused('threshold')
  const signers = old.holders.filter((holder) => signedBy(after, holder.key)).length
  if (signers < Math.min(OLD_SIGNATURES, old.holders.length)) throw new RosterRefused('signature')
  const knownWhole = old.dealt || old.construction === 'single'
  const same = equal(total(old), total(roster))
  if (same && roster.construction === 'three' && knownWhole && !roster.dealt) throw new RosterRefused('dealt')
  return roster
}

export interface Followed {
  body: string
  roster: Roster
  /** The key itself became another one: pseudonyms made before are under the old one. */
  rekeyed: boolean
}

/** From the pinned roster (base64) along the network's chain, oldest first, to its newest. Throws RosterRefused. */
export async function follow(pinned: string, chain: readonly SignedRoster[]): Promise<Followed> {
  const at = chain.findIndex((one) => one.body === pinned)
  let roster = readRoster(fromBase64(pinned))
  if (at < 0) {
    const newest = chain.at(-1)
    const lower = newest && THRESHOLD[readRoster(fromBase64(newest.body)).construction]! < THRESHOLD[roster.construction]!
    throw new RosterRefused(lower ? 'threshold' : 'chain')
  }
  let body = pinned
  let rekeyed = false
  for (const step of chain.slice(at + 1)) {
    const after = await checkChange(body, step)
    rekeyed ||= !equal(total(after), total(roster))
    body = step.body
    roster = after
  }
  return { body, roster, rekeyed }
}
