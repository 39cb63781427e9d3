/** The firm's own figures in a window, from what it sent. The formulas are those of the network's releases. */

import type { Figures } from '../uploads/encoding.ts'

export const WINDOW_MONTHS = 3
export const AGEING = ['not_due', 'late_1_30', 'late_31_60', 'late_61_90', 'late_91_plus'] as const

const NEEDED_AT_END = ['outstanding', 'late_1_30', 'late_31_60', 'late_61_90', 'late_91_plus', 'open_late_days'] as const

/**
 * Days beyond terms over a window, oldest month first, `undefined` where a month has no row:
 * (sum of paid x days late + open x days late at its end) / (sum of paid + late outstanding at its end).
 * What is open counts, so a client who stops paying gets worse. NaN without the last month's balance and ageing,
 * without a positive denominator, with a credit balance, or where payments are told without their days.
 */
export function daysLate(window: readonly (Figures | undefined)[]): number {
  const end = window.at(-1)
  if (!end || NEEDED_AT_END.some((field) => end[field] === undefined) || end.outstanding! < 0) return Number.NaN
  let days = end.open_late_days!
  let amount = 0
  for (const bucket of AGEING.slice(1)) amount += end[bucket]!
  for (const month of window) {
    if (!month) continue
    if (month.paid === undefined || month.paid_days_late === undefined) return Number.NaN
    days += month.paid_days_late
    amount += month.paid
  }
  return amount > 0 ? days / amount : Number.NaN
}

/** Countback DSO in days at a month's end. NaN when unknown or with a credit balance. */
export function dso(figures: Figures | undefined): number {
  if (!figures || figures.dso === undefined || (figures.outstanding ?? 0) < 0) return Number.NaN
  return figures.dso / 10
}
