/**
 * From invoices to contributions, one row per client and month. Twin of benchmark/ledger.py, formula countback-1.
 *
 * What is open at a month's end is what was invoiced until then less what was paid until then. An open credit
 * note lowers the outstanding amount and what is not due; it is never late, and settling one is no payment.
 */

import { monthEnd } from '../month.ts'
import { AGEING } from '../portfolio/own.ts'
import type { Figures } from './encoding.ts'
import { usualTerms } from './terms.ts'

const DAY_MS = 86_400_000
const BUCKET_STARTS_DAYS = [1, 31, 61, 91]
const DSO_MAX_DAYS = 3_600
const HISTORY_MAX_MONTHS = 120

/** Days count from 1970-01-01; credit notes are negative. */
export interface Invoice {
  client: number
  cents: number
  invoiced: number
  due: number
  settled: number | null
  disputed: boolean
}

export const monthOfDay = (day: number): number => {
  const date = new Date(day * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
export const endDay = (month: number): number => monthEnd(month).getTime() / DAY_MS
const daysIn = (month: number): number => endDay(month) - endDay(month - 1)

/** Figures by month and client, for the last `months` months up to `through`. `tellsDisputes`: the list has such a column. */
export function contributionsOf(
  invoices: readonly Invoice[],
  through: number,
  months: number,
  tellsDisputes: boolean,
): Map<number, Map<number, Figures>> {
  const found = new Map<number, Map<number, Figures>>()
  if (!invoices.length) return found
  const byClient = Map.groupBy(invoices, (invoice) => invoice.client)
  const firstMonth = invoices.reduce((least, invoice) => Math.min(least, monthOfDay(invoice.invoiced)), Number.POSITIVE_INFINITY)
  const first = Math.max(firstMonth, through - months + 1)
  const history = Math.max(firstMonth, first - HISTORY_MAX_MONTHS)
  for (const [client, own] of byClient) {
    const sales = salesByMonth(own, history, through)
    for (let month = first; month <= through; month++) {
      const figures = monthOf(own, month, sales, history, tellsDisputes)
      if (!figures) continue
      const rows = found.get(month) ?? new Map<number, Figures>()
      rows.set(client, figures)
      found.set(month, rows)
    }
  }
  return found
}

function salesByMonth(invoices: readonly Invoice[], from: number, to: number): number[] {
  const sales = new Array<number>(to - from + 1).fill(0)
  for (const invoice of invoices) {
    const at = monthOfDay(invoice.invoiced) - from
    if (at >= 0 && at < sales.length) sales[at]! += invoice.cents
  }
  return sales
}

function monthOf(invoices: readonly Invoice[], month: number, sales: readonly number[], history: number, tellsDisputes: boolean): Figures | null {
  const end = endDay(month)
  const begin = endDay(month - 1) + 1
  const aged = [0, 0, 0, 0, 0]
  const sums = { openLate: 0, disputed: 0, paid: 0, late: 0, toPay: 0 }
  for (const invoice of invoices) {
    if (invoice.invoiced > end) continue
    const { settled, cents } = invoice
    if (settled === null || settled > end) {
      const late = cents < 0 ? 0 : Math.max(0, end - invoice.due)
      aged[BUCKET_STARTS_DAYS.filter((start) => late >= start).length]! += cents
      sums.openLate += cents * late
      if (invoice.disputed && cents > 0) sums.disputed += cents
    } else if (settled >= begin && cents > 0) {
      sums.paid += cents
      sums.late += cents * (settled - invoice.due)
      sums.toPay += cents * (settled - invoice.invoiced)
    }
  }
  const reach = month - history + 1
  const sold = sales[reach - 1] ?? 0
  if (!sold && !sums.paid && aged.every((amount) => amount === 0)) return null
  const outstanding = aged.reduce((sum, amount) => sum + amount, 0)
  const figures: Figures = {
    sales: sold,
    outstanding,
    paid: sums.paid,
    paid_days_late: sums.late,
    paid_days_to_pay: sums.toPay,
    open_late_days: sums.openLate,
  }
  AGEING.forEach((bucket, at) => (figures[bucket] = aged[at]!))
  if (tellsDisputes) figures.disputed = sums.disputed
  const dso = countback(sales.slice(0, reach), outstanding, month)
  if (dso !== null) figures.dso = dso
  const terms = usualTerms(invoices, month)
  if (terms) {
    figures.terms_days = terms.days
    figures.terms_kind = terms.kind
  }
  return figures
}

/** Countback in tenths of a day; null for a credit balance, or when the history runs out before the receivable does. */
export function countback(sales: readonly number[], outstanding: number, month: number): number | null {
  if (outstanding === 0) return 0
  if (outstanding < 0) return null
  let left = outstanding
  let full = 0
  for (let back = 0; back < sales.length && full < DSO_MAX_DAYS; back++) {
    const sold = sales[sales.length - 1 - back]!
    const length = daysIn(month - back)
    if (sold >= left) {
      const tenths = 10 * full + Math.floor((20 * length * left + sold) / (2 * sold))
      return Math.min(tenths, 10 * DSO_MAX_DAYS)
    }
    left -= sold
    full += length
  }
  return full >= DSO_MAX_DAYS ? 10 * DSO_MAX_DAYS : null
}
