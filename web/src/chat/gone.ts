/**
 * What this device remembers of a conversation goes when the network has erased it, and not because the network says so:
 * 12 months after the last message that was read here. Until then its cursor finds out a network that leaves a
 * conversation out of the list, and shows it again with its end cut off. Twin: member/cursors.py.
 */

import { forget, keep, recall } from '../vault.ts'
import { knownPlace, placesOf } from './places.ts'

export const KEPT_DAYS = 365
const DAY_MS = 86_400_000

/** When conversations were spoken in last, ISO, by id. */
export type Known = Readonly<Record<string, string>>

/** What is known from now on, and which conversations are gone. `listed`: by the network; a moment never goes back. */
export function settle(before: Known, listed: Known, nowMs: number): { known: Known; gone: string[] } {
  const gone = Object.keys(before).filter((id) => !(id in listed) && Date.parse(before[id]!) < nowMs - KEPT_DAYS * DAY_MS)
  const known = new Map(Object.entries(before).filter(([id]) => !gone.includes(id)))
  for (const [id, at] of Object.entries(listed)) if (at > (known.get(id) ?? '')) known.set(id, at)
  return { known: Object.fromEntries(known), gone }
}

/** `listed`: every conversation that the network lists. */
export async function forgetGone(firm: string, user: string, listed: Known): Promise<void> {
  const before = (await recall<Known>(knownPlace(firm))) ?? {}
  const { known, gone } = settle(before, listed, Date.now())
  for (const name of gone.flatMap((id) => placesOf(firm, user, id))) await forget(name)
  if (JSON.stringify(known) !== JSON.stringify(before)) await keep(knownPlace(firm), known)
}
