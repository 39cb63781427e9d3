/** From a list of invoices to invoices: every row checked, each mistake told with its place. Twin of member/invoice_list.py. */

import type { Payment } from '../uploads/ledger.ts'
import { closedUndated, dueByTermsTold, isPayment, readAmounts, readLeft } from './invoice_kinds.ts'
import { OPEN_WORDS, PAID_WORDS } from './list_words.ts'
import { readAccounts } from './client_list.ts'
import { convert, readCurrency } from './currency.ts'
import { dueDay, type OpenInvoice, type Prepared } from './prepared.ts'
import type { Field } from '../uploads/encoding.ts'
import { dayText, label, marked, monthOf, plain, readNumbers } from './values.ts'
import { DATE_EXAMPLE, type View } from './view.ts'

const EARLIEST = Date.UTC(1990, 0, 1) / 86_400_000
/** A due date five years after its invoice is a slip of the keyboard. */
export const DUE_MAX_DAYS = 1_830
const TERMS_MAX_DAYS = 720
const CENTS_TOTAL_MAX = 100_000_000_000_000
const TERMS_EXAMPLE = '30, 45 fin de mois'
const open = new Set(OPEN_WORDS)
const paid = new Set(PAID_WORDS)
const NOT_TOLD_BY_OPEN_ITEMS: readonly Field[] = ['sales', 'paid', 'paid_days_late', 'paid_days_to_pay', 'dso']

type Days = (number | null)[]

/** `today` in days since 1970; `last` the last month that is over. */
export function readInvoiceList(view: View, known: { today: number; last: number; currency: string }): Prepared {
  const parties = readAccounts(view)
  const amounts = readAmounts(view)
  const whole = amounts.values.map((value) => value ?? 0)
  refuseEmpty(view, 'amount-missing', 'amount', amounts.values, [...amounts.wrong, ...amounts.tooLarge])
  const dates = readDates(view, known.today, whole)
  const { settled, parts, cents } = settlements(view, whole, dates, known.today)
  const closed = closedUndated(view, whole, statusSays(view, paid))
  const money = isPayment(view)
  const rates = readCurrency(view, known.currency)
  const disputes = view.has('dispute') ? view.column('dispute') : null
  let [total, closedInvoices] = [0, 0]
  const invoices: OpenInvoice[] = []
  view.numbers.forEach((_, at) => {
    const client = parties.row[at]!
    const rate = rates[at] ?? null
    const worth = rate === null ? cents[at]! : convert(cents[at]!, rate)
    total += Math.abs(worth)
    if (client < 0 || view.bad.has(at)) return
    if (closed[at]) {
      closedInvoices++
      return
    }
    const part = parts[at]
    const partPaid = part ? [{ ...part, cents: rate === null ? part.cents : convert(part.cents, rate) }] : []
    invoices.push({ client, cents: worth, invoiced: dates.invoiced[at]!, due: dates.due[at]!, settled: settled[at]!, disputed: disputes ? marked(disputes[at]!) : false, parts: partPaid, ...(money[at] ? { sold: false } : {}) })
  })
  if (total > CENTS_TOTAL_MAX) view.note({ code: 'amount-too-large', field: 'amount', found: 'total', expected: String(CENTS_TOTAL_MAX / 100) })
  noteRepeated(view)
  const lastEvent = invoices.reduce((late, one) => Math.max(late, one.invoiced, one.settled ?? one.invoiced), Number.NEGATIVE_INFINITY)
  const through = invoices.length ? Math.min(known.last, monthOf(lastEvent)) : known.last
  const openItems = !view.has('settled')
  if (openItems) view.note({ code: 'no-settlements', field: 'settled', expected: dayText(Date.UTC(Math.floor(through / 12), through % 12, 1) / 86_400_000).slice(0, 7) })
  const after = invoices.filter((one) => monthOf(one.invoiced) > through).length
  if (after) view.note({ code: 'months-not-complete', found: String(after), expected: dayText(Date.UTC(Math.floor(through / 12), through % 12, 1) / 86_400_000).slice(0, 7) })
  const accounts = parties.accounts
  for (const one of accounts) one.outstandingCents = 0
  for (const one of invoices) {
    const left = (one.parts ?? []).reduce((rest, part) => rest - part.cents, one.cents)
    if (one.settled === null) accounts[one.client]!.outstandingCents! += left
  }
  return {
    source: 'invoices',
    accounts,
    invoices,
    figures: [],
    through,
    onlyLast: openItems,
    tellsDisputes: view.has('dispute'),
    incidents: [],
    untold: openItems ? NOT_TOLD_BY_OPEN_ITEMS : [],
    problems: view.problems,
    rowsRefused: view.bad.size,
    summary: {
      accounts: accounts.length,
      rows: view.size,
      invoices: invoices.filter((one) => one.sold !== false).length + closedInvoices,
      open: invoices.filter((one) => one.settled === null).length,
      disputed: invoices.filter((one) => one.disputed).length,
      outstandingCents: accounts.reduce((sum, one) => sum + one.outstandingCents!, 0),
    },
  }
}

function refuseEmpty(view: View, code: string, name: string, values: readonly (number | null)[], told: readonly number[]): void {
  const said = new Set(told)
  values.forEach((value, at) => value === null && !said.has(at) && view.refuse(at, code, name, ''))
}

function readDates(view: View, today: number, cents: readonly number[]): { invoiced: Days; due: Days; settled: Days } {
  const invoiced = view.dates('invoiced')
  refuseEmpty(view, 'date-missing', 'invoiced', invoiced.values, invoiced.wrong)
  const due = readDue(view, invoiced.values, cents)
  const settled = view.dates('settled').values
  for (const [name, days] of [['invoiced', invoiced.values], ['settled', settled]] as const) {
    days.forEach((day, at) => day !== null && day > today && view.refuse(at, 'date-in-future', name, dayText(day), dayText(today)))
  }
  invoiced.values.forEach((day, at) => {
    if (day === null) return
    const [falls, paid] = [due[at] ?? null, settled[at] ?? null]
    if (day < EARLIEST) view.refuse(at, 'date-too-far', 'invoiced', dayText(day), `${dayText(EARLIEST)} – ${dayText(today)}`)
    if (falls !== null && falls > day + DUE_MAX_DAYS) view.refuse(at, 'date-too-far', 'due', dayText(falls), `${dayText(day)} – ${dayText(day + DUE_MAX_DAYS)}`)
    if (falls !== null && falls < day) view.refuse(at, 'due-before-invoice', 'due', dayText(falls), dayText(day))
    if (paid !== null && paid < day) view.refuse(at, 'settled-before-invoice', 'settled', dayText(paid), dayText(day))
  })
  return { invoiced: invoiced.values, due, settled }
}

/** Due dates: told, by the terms of the row, or by those agreed; a credit note falls due at once. */
function readDue(view: View, invoiced: Days, cents: readonly number[]): Days {
  const atOnce = (day: number | null, at: number): number | null => day ?? (cents[at]! < 0 ? invoiced[at]! : null)
  if (view.has('due')) {
    const read = view.dates('due')
    const agreed = 'terms_days' in view.mapping.defaults ? byTerms(view, invoiced) : []
    const due = read.values.map((day, at) => atOnce(day ?? agreed[at] ?? null, at))
    refuseEmpty(view, 'date-missing', 'due', due, read.wrong)
    return due
  }
  if (!view.has('terms')) return byTerms(view, invoiced)
  const due = dueByTermsTold(view, invoiced).map(atOnce)
  due.forEach((day, at) => day === null && invoiced[at] !== null && view.refuse(at, 'terms-invalid', 'terms', label(view.column('terms')[at]!), TERMS_EXAMPLE))
  return due
}

/** Due dates from the agreed terms that the mapping names; all null where it names none. */
function byTerms(view: View, invoiced: Days): Days {
  const { terms_days: given, terms_kind: kindGiven = '0' } = view.mapping.defaults
  const [days, kind] = readNumbers([given ?? null, kindGiven], 'auto', 1).values
  if (typeof days !== 'number' || typeof kind !== 'number' || days < 0 || days > TERMS_MAX_DAYS || kind > 2) {
    view.note({ code: 'outside-range', field: 'terms_days', found: `${given ?? ''} ${kindGiven}`, expected: `0-${TERMS_MAX_DAYS}, 0-2` })
    view.numbers.forEach((_, at) => view.bad.add(at))
    return invoiced.map(() => null)
  }
  return invoiced.map((day) => (day === null ? null : dueDay(day, { days, kind })))
}

const money = (cents: number): string => (cents / 100).toFixed(2)

/**
 * When each invoice was settled, the part paid of one still open, and the amounts; checked against the status.
 * In a list that dates no settlement an amount is what is left of it: when the rest was paid is not told.
 */
function settlements(view: View, cents: readonly number[], dates: { due: Days; settled: Days }, today: number): { settled: Days; parts: (Payment | undefined)[]; cents: readonly number[] } {
  const parts: (Payment | undefined)[] = view.numbers.map(() => undefined)
  let settled = dates.settled
  let partly = view.numbers.map(() => false)
  const left = readLeft(view, cents)
  if (left) {
    partly = left.map((rest, at) => {
      if (rest === null) return false
      const whole = cents[at]!
      const impossible = rest * Math.sign(whole) < 0 || Math.abs(rest) > Math.abs(whole)
      if (impossible) view.refuse(at, 'remaining-impossible', 'remaining', money(rest), money(whole))
      return !impossible && rest !== 0 && rest !== whole
    })
    if (!view.has('settled')) return { settled, parts, cents: cents.map((whole, at) => (partly[at] ? left[at]! : whole)) }
    let undated = 0
    settled = settled.map((day, at) => {
      if (left[at] === 0 && cents[at] !== 0 && day === null) view.refuse(at, 'settled-date-missing', 'remaining', '0', DATE_EXAMPLE)
      if (!partly[at]) return day
      if (day === null) undated++
      parts[at] = { cents: cents[at]! - left[at]!, day: day ?? Math.min(dates.due[at] ?? today, today), cash: true }
      return null
    })
    if (undated) view.note({ code: 'part-paid-undated', field: 'remaining', found: String(undated) })
  }
  if (view.has('status')) checkStatus(view, dates.settled, partly)
  return { settled, parts, cents }
}

const statusSays = (view: View, said: ReadonlySet<string>): boolean[] => view.column('status').map((cell) => said.has(plain(label(cell))))

/** A status must not contradict the settlement date; words that are neither open nor paid say nothing. */
function checkStatus(view: View, settled: Days, partly: readonly boolean[]): void {
  const [saysPaid, saysOpen] = [statusSays(view, paid), statusSays(view, open)]
  view.column('status').forEach((cell, at) => {
    if (view.has('settled') && saysPaid[at] && settled[at] === null) view.refuse(at, 'settled-date-missing', 'status', label(cell), DATE_EXAMPLE)
    if (saysOpen[at] && settled[at] !== null && !partly[at]) view.refuse(at, 'status-contradicts', 'status', label(cell), dayText(settled[at]!))
  })
}

function noteRepeated(view: View): void {
  if (!view.has('number')) return
  const seen = new Set<string>()
  let [times, example] = [0, '']
  for (const cell of view.column('number')) {
    if (cell === null) continue
    if (seen.has(label(cell))) {
      times++
      example ||= label(cell)
    }
    seen.add(label(cell))
  }
  if (times) view.note({ code: 'invoice-repeated', field: 'number', found: String(times), expected: example })
}
