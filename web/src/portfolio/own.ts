/** The firm's own figures in a window, from what it sent. The formulas are those of the network's releases. */

import type { Figures } from '../uploads/encoding.ts'

export const WINDOW_MONTHS = 3
export const AGEING = ['not_due', 'late_1_30', 'late_31_60', 'late_61_90', 'late_91_plus'] as const

const LATE = AGEING.slice(1)

/** The last row of a window, oldest month first, `undefined` where a month has none. */
export const newest = (window: readonly (Figures | undefined)[]): Figures | undefined => window.findLast((row) => row !== undefined)

/**
 * Days beyond terms over a window, the network's formula: payments of all its months, what is open and late of its
 * newest row: (sum of paid x days late + open x days late) / (sum of paid + late outstanding).
 * What is open counts, so a client who stops paying gets worse. NaN without the newest row's payments, ageing (or
 * outstanding and not due) and open days, without a positive denominator, or with a credit balance.
 */
export function daysLate(window: readonly (Figures | undefined)[]): number {
  const end = newest(window)
  if (!end || end.paid === undefined || end.paid_days_late === undefined || end.open_late_days === undefined) return Number.NaN
  if ((end.outstanding ?? 0) < 0) return Number.NaN
  let days = end.open_late_days
  let amount = lateOutstanding(end)
  for (const month of window) {
    if (month?.paid === undefined || month.paid_days_late === undefined) continue
    days += month.paid_days_late
    amount += month.paid
  }
  return amount > 0 ? days / amount : Number.NaN
}

function lateOutstanding(row: Figures): number {
  if (LATE.every((bucket) => row[bucket] !== undefined)) return LATE.reduce((sum, bucket) => sum + row[bucket]!, 0)
  return (row.outstanding ?? Number.NaN) - (row.not_due ?? Number.NaN)
}

/** Countback DSO in days of a window's newest row. NaN when unknown or with a credit balance. */
export function dso(figures: Figures | undefined): number {
  if (!figures || figures.dso === undefined || (figures.outstanding ?? 0) < 0) return Number.NaN
  return figures.dso / 10
}
