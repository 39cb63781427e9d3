/** Months as one number, year * 12 + month - 1: 2026-11 is 24322. */

export function readMonth(text: string): number | null {
  const match = /^(\d{4})-(\d{2})$/.exec(text)
  if (!match) return null
  const month = Number(match[2])
  return month >= 1 && month <= 12 ? Number(match[1]) * 12 + month - 1 : null
}

export const monthText = (index: number): string =>
  `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`

/** The first day of a month in UTC, for Intl. */
export const monthDate = (index: number): Date => new Date(Date.UTC(Math.floor(index / 12), index % 12, 1))
/** The last day of a month in UTC. */
export const monthEnd = (index: number): Date => new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0))
