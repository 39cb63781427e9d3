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

/** One payment of an invoice, or what closed a part of it without money. */
export interface Payment {
  cents: number
  day: number
  cash: boolean
}

/** Days count from 1970-01-01; credit notes are negative. */
export interface Invoice {
  client: number
  cents: number
  invoiced: number
  due: number
  settled: number | null
  disputed: boolean
  /** What was paid of it before, or instead of, `settled`. */
  parts?: Payment[]
  /** A sale, unless it says no: an advance or a balance brought forward is none. */
  sold?: boolean
  /** A debt whose own dates are lost: its lateness is unknown. */
  undated?: boolean
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
  let earliest = Number.POSITIVE_INFINITY
  for (const invoice of invoices) {
    earliest = Math.min(earliest, invoice.invoiced, invoice.settled ?? invoice.invoiced)
    for (const part of invoice.parts ?? []) earliest = Math.min(earliest, part.day)
  }
  const firstMonth = monthOfDay(earliest)
  const first = Math.max(firstMonth, through - months + 1)
  const history = Math.max(firstMonth, first - HISTORY_MAX_MONTHS)
  for (const [client, own] of Map.groupBy(invoices, (invoice) => invoice.client)) {
    const sales = salesByMonth(own, history, through)
    const events = own.map(settlements)
    for (let month = first; month <= through; month++) {
      const figures = monthOf(own, events, month, sales, history, tellsDisputes)
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
    if (at >= 0 && at < sales.length && invoice.sold !== false) sales[at]! += invoice.cents
  }
  return sales
}

/** Every payment of an invoice, its last one being what its settlement closes. */
function settlements(invoice: Invoice): readonly Payment[] {
  const parts = invoice.parts ?? []
  if (invoice.settled === null) return parts
  const left = parts.reduce((rest, part) => rest - part.cents, invoice.cents)
  return left === 0 ? parts : [...parts, { cents: left, day: invoice.settled, cash: true }]
}

function monthOf(
  invoices: readonly Invoice[],
  events: readonly (readonly Payment[])[],
  month: number,
  sales: readonly number[],
  history: number,
  tellsDisputes: boolean,
): Figures | null {
  const end = endDay(month)
  const begin = endDay(month - 1) + 1
  const aged = [0, 0, 0, 0, 0]
  const sums = { openLate: 0, disputed: 0, paid: 0, late: 0, toPay: 0 }
  let [openUndated, paidUndated] = [false, false]
  invoices.forEach((invoice, at) => {
    let open = invoice.invoiced <= end ? invoice.cents : 0
    for (const { cents, day, cash } of events[at]!) {
      if (day > end) continue
      open -= cents
      if (day < begin || invoice.cents <= 0 || !cash) continue
      sums.paid += cents
      sums.late += cents * (day - invoice.due)
      sums.toPay += cents * (day - invoice.invoiced)
      paidUndated ||= invoice.undated ?? false
    }
    if (!open) return
    const late = open < 0 ? 0 : Math.max(0, end - invoice.due)
    aged[BUCKET_STARTS_DAYS.filter((start) => late >= start).length]! += open
    sums.openLate += open * late
    if (open > 0) {
      if (invoice.disputed) sums.disputed += open
      openUndated ||= invoice.undated ?? false
    }
  })
  const reach = month - history + 1
  const sold = sales[reach - 1] ?? 0
  const outstanding = aged.reduce((sum, amount) => sum + amount, 0)
  const ageing = openUndated ? [] : aged
  if (!sold && !sums.paid && !outstanding && ageing.every((amount) => amount === 0)) return null
  const figures: Figures = { sales: sold, outstanding, paid: sums.paid }
  if (!paidUndated) [figures.paid_days_late, figures.paid_days_to_pay] = [sums.late, sums.toPay]
  if (!openUndated) figures.open_late_days = sums.openLate
  ageing.forEach((amount, at) => (figures[AGEING[at]!] = amount))
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
