/** The firm's own figures in a window, from what it sent. The formulas are those of the network's releases. */

import type { Figures } from '../uploads/encoding.ts'

export const WINDOW_MONTHS = 3
export const AGEING = ['not_due', 'late_1_30', 'late_31_60', 'late_61_90', 'late_91_plus'] as const

/**
 * Days beyond terms over a window, oldest month first, `undefined` where nothing was sent:
 * (sum of paid x days late + open x days late at its end) / (sum of paid + late outstanding at its end).
 * NaN without a positive denominator or with a credit balance: what is open counts, so a client who stops paying gets worse.
 */
export function daysLate(window: readonly (Figures | undefined)[]): number {
  const end = window.at(-1)
  if (!end || (end.outstanding ?? 0) < 0) return Number.NaN
  let days = end.open_late_days ?? 0
  let amount = 0
  for (const bucket of AGEING.slice(1)) amount += end[bucket] ?? 0
  for (const month of window) {
    days += month?.paid_days_late ?? 0
    amount += month?.paid ?? 0
  }
  return amount > 0 ? days / amount : Number.NaN
}

/** Countback DSO in days at a month's end. NaN when unknown or with a credit balance. */
export function dso(figures: Figures | undefined): number {
  if (!figures || figures.dso === undefined || (figures.outstanding ?? 0) < 0) return Number.NaN
  return figures.dso / 10
}
