/** The clocks that a public notice starts: how many days are left, which comes first. Pure. */

import { CLOCKS, type Clock, type Credit, type PublicNotice } from './credit_file.ts'

export interface Running {
  notice: PublicNotice
  clock: Clock
  by: string
  /** The last working day that nobody can dispute. */
  safe: string | null
  /** Whole days from today to the last undisputed day; negative when it is over. */
  left: number
  done: boolean
}

const DAY_MS = 86_400_000
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)

/** Of one notice, in the law's order; a cancelled one has none. */
export function clocksOf(notice: PublicNotice, today: string): Running[] {
  if (notice.cancelled) return []
  return CLOCKS.flatMap((clock) => {
    const by = clock === 'claim' ? notice.claim_by : notice.retention_by
    const safe = clock === 'claim' ? notice.claim_safe : notice.retention_safe
    return by === null ? [] : [{ notice, clock, by, safe, left: daysBetween(today, safe ?? by), done: notice.done.includes(clock) }]
  })
}

/** What still runs over all clients, the shortest first; what is long over is left out. */
export const running = (credit: Credit, today: string, overSinceDaysMax = 30): Running[] =>
  credit.notices
    .flatMap((notice) => clocksOf(notice, today))
    .filter((one) => !one.done && one.left >= -overSinceDaysMax)
    .toSorted((left, right) => left.left - right.left || left.notice.id.localeCompare(right.notice.id))
