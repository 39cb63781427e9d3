/**
 * Whose a movement is where the ledger does not say: bills, doubtful debts and advances kept in one account.
 * Twin of member/connectors/fec_owners.py.
 */

import type { Movements } from './fec_lines.ts'

const COLLECTIVE = ['413', '416', '4191']

/** The movements with each one's client where it can be told; the rest stay with the shared account. */
export function withOwners(moved: Movements): Movements {
  const generals = new Set(moved.general)
  const shared = new Set<number>()
  moved.accounts.forEach((key, place) => generals.has(key) && COLLECTIVE.some((start) => key.startsWith(start)) && shared.add(place))
  if (!shared.size || shared.size === moved.accounts.length) return moved
  const owner = [...moved.account]
  const unknown = [...owner.keys()].filter((at) => shared.has(owner[at]!))
  byEntry(moved, owner, unknown, shared)
  byLettering(moved, owner, unknown, shared)
  byAmount(moved, owner, unknown, shared)
  return { ...moved, account: owner }
}

function add<K>(sets: Map<K, Set<number>>, key: K, value: number): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

const only = (set: Set<number> | undefined): number | null => (set?.size === 1 ? [...set][0]! : null)

function byEntry(moved: Movements, owner: number[], unknown: number[], shared: Set<number>): void {
  const clients = new Map<number, Set<number>>()
  owner.forEach((place, at) => !shared.has(place) && add(clients, moved.entry[at]!, place))
  for (const at of unknown) owner[at] = only(clients.get(moved.entry[at]!)) ?? owner[at]!
}

function byLettering(moved: Movements, owner: number[], unknown: number[], shared: Set<number>): void {
  const keyOf = (at: number): string => `${moved.general[at]}\n${moved.letter[at]}`
  const lettered = new Map<string, Set<number>>()
  for (const at of unknown) if (!shared.has(owner[at]!) && moved.letter[at]) add(lettered, keyOf(at), owner[at]!)
  for (const at of unknown) if (shared.has(owner[at]!)) owner[at] = only(lettered.get(keyOf(at))) ?? owner[at]!
}

/** The oldest equal amount of the other side that waits in the same account. */
function byAmount(moved: Movements, owner: number[], unknown: number[], shared: Set<number>): void {
  const waiting = new Map<string, number[]>()
  const order = [...unknown].sort((one, other) => moved.day[one]! - moved.day[other]! || one - other)
  for (const at of order) {
    const cents = moved.cents[at]!
    if (!shared.has(owner[at]!)) {
      const key = `${moved.general[at]}\n${cents}`
      const queue = waiting.get(key)
      if (queue) queue.push(owner[at]!)
      else waiting.set(key, [owner[at]!])
    } else owner[at] = waiting.get(`${moved.general[at]}\n${-cents}`)?.shift() ?? owner[at]!
  }
}
