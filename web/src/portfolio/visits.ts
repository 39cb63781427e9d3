/** What this device saw at the visit before this one. A visit is a tab's session: a reload is the same visit. */

import { keep, recall } from '../vault.ts'
import type { Seen } from './morning.ts'

interface Kept {
  before: Seen | null
  latest: Seen
}

const FLAG = 'vigie-visit'

/** What was seen before; null at the first visit on this device. What is seen now is kept for the next one. */
export async function visitBefore(firm: string, now: Seen): Promise<Seen | null> {
  const kept = await recall<Kept>(`visit:${firm}`)
  const before = sessionStorage.getItem(FLAG) === firm ? (kept?.before ?? null) : (kept?.latest ?? null)
  await keep(`visit:${firm}`, { before, latest: now } satisfies Kept)
  sessionStorage.setItem(FLAG, firm)
  return before
}

/** What is seen now becomes what the next question compares with. */
export async function markSeen(firm: string, now: Seen): Promise<void> {
  await keep(`visit:${firm}`, { before: now, latest: now } satisfies Kept)
}
