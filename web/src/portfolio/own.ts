/** The firm's own figures in a window, from what it sent. The formulas are those of the network's releases. */

import type { Field, Figures } from '../uploads/encoding.ts'

export const WINDOW_MONTHS = 3
export const AGEING = ['not_due', 'late_1_30', 'late_31_60', 'late_61_90', 'late_91_plus'] as const
const LATE = AGEING.slice(1)
/** What the formulas read; `late` is the sum of the late buckets, NaN where one is unknown. */
const READ = ['paid', 'paid_days_late', 'open_late_days', 'outstanding', 'not_due', 'dso'] as const
const COLUMNS = [...READ, 'late'] as const

/** Months of clients as columns, row-major by client; NaN where unknown. `there`: the month has a row. */
export type Months = Record<(typeof COLUMNS)[number], Float64Array> & { there: Uint8Array }

export function monthsFor(places: number): Months {
  const columns = COLUMNS.map((name) => [name, new Float64Array(places).fill(Number.NaN)])
  return { ...Object.fromEntries(columns), there: new Uint8Array(places) } as Months
}

/** Puts one client's month where it belongs. */
export function putMonth(months: Months, place: number, read: (field: Field) => number): void {
  months.there[place] = 1
  for (const name of READ) months[name][place] = read(name)
  let late = 0
  for (const bucket of LATE) late += read(bucket)
  months.late[place] = late
}

/** The last place of a window that has a row, `first` to `last`; -1: none. */
export function newest(months: Months, first: number, last: number): number {
  for (let place = last; place >= first; place--) if (months.there[place]) return place
  return -1
}

/**
 * Days beyond terms over a window, the network's formula: payments of all its months, what is open and late of its
 * newest row: (sum of paid x days late + open x days late) / (sum of paid + late outstanding).
 * What is open counts, so a client who stops paying gets worse. NaN without the newest row's payments, ageing (or
 * outstanding and not due) and open days, without a positive denominator, or with a credit balance.
 */
export function daysLate(months: Months, first: number, last: number): number {
  const end = newest(months, first, last)
  if (end < 0 || months.outstanding[end]! < 0 || Number.isNaN(months.paid[end]! + months.paid_days_late[end]!)) return Number.NaN
  let days = months.open_late_days[end]!
  const late = months.late[end]!
  let amount = Number.isNaN(late) ? months.outstanding[end]! - months.not_due[end]! : late
  for (let place = first; place <= last; place++) {
    const [paid, paidDays] = [months.paid[place]!, months.paid_days_late[place]!]
    if (Number.isNaN(paid + paidDays)) continue
    days += paidDays
    amount += paid
  }
  return amount > 0 ? days / amount : Number.NaN
}

/** Countback DSO in days of a window's newest row. NaN when unknown or with a credit balance. */
export function dso(months: Months, first: number, last: number): number {
  const end = newest(months, first, last)
  return end < 0 || months.outstanding[end]! < 0 ? Number.NaN : months.dso[end]! / 10
}

/** One window of rows as columns, oldest first, `undefined` where a month has none. */
export function windowOf(rows: readonly (Figures | undefined)[]): Months {
  const months = monthsFor(rows.length)
  rows.forEach((row, place) => row && putMonth(months, place, (field) => row[field] ?? Number.NaN))
  return months
}
