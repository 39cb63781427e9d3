/** From figures by client and month, an aged balance among them, to contributions. Twin of member/figures.py. */

import { monthText } from '../month.ts'
import { AGEING } from '../portfolio/own.ts'
import type { Field, Figures } from '../uploads/encoding.ts'
import { countback } from '../uploads/ledger.ts'
import { readAccounts, type Parties } from './client_list.ts'
import { readCurrency } from './currency.ts'
import type { Prepared } from './prepared.ts'
import { label, plain, readMonthOf, yesOrNo, type Cell } from './values.ts'
import type { View } from './view.ts'

const MONEY = ['sales', 'outstanding', ...AGEING, 'paid', 'disputed'] as const
const MONEY_DAYS = ['paid_days_late', 'paid_days_to_pay', 'open_late_days'] as const
const MONEY_DAYS_MAX = 1e15
const MONTH_FIRST = 1990 * 12
const INCIDENTS = ['none', 'unpaid', 'debit_rejection', 'unpaid_bill', 'litigation', 'published_insolvency'] as const
const INCIDENT_WORDS: Record<string, number> = {
  ...Object.fromEntries(INCIDENTS.map((name, code) => [name.replaceAll('_', ' '), code])),
  ...Object.fromEntries(INCIDENTS.map((_, code) => [String(code), code])),
  aucun: 0,
  non: 0,
  no: 0,
  impaye: 1,
  'rejet de prelevement': 2,
  'prelevement rejete': 2,
  'effet impaye': 3,
  'traite impayee': 3,
  'lcr impayee': 3,
  contentieux: 4,
  'procedure collective': 5,
  sauvegarde: 5,
  'redressement judiciaire': 5,
  'liquidation judiciaire': 5,
}
const CONFIDENTIAL_BY_LAW = ['mandat ad hoc', 'conciliation']
const TERMS_KIND_WORDS: Record<string, number> = {
  '0': 0,
  net: 0,
  '1': 1,
  'end of month then days': 1,
  'fin de mois puis jours': 1,
  'fin de mois': 1,
  '2': 2,
  'days then end of month': 2,
  'jours fin de mois': 2,
  'jours puis fin de mois': 2,
}

/** Months after `last` are refused: they are not over. */
export function readFigures(view: View, known: { last: number; currency: string }): Prepared {
  const parties = readAccounts(view)
  readCurrency(view, known.currency)
  const months = readMonths(view, known.last)
  const rows: Figures[] = view.numbers.map(() => ({}))
  for (const name of MONEY) take(view, rows, name, 100, 1e12)
  for (const name of MONEY_DAYS) take(view, rows, name, 100, MONEY_DAYS_MAX)
  take(view, rows, 'dso', 10, 36_000)
  take(view, rows, 'terms_days', 1, 720)
  for (const name of ['dso', 'terms_days', 'open_late_days', 'disputed'] as const) refuseNegative(view, rows, name)
  readWords(view, rows)
  if (!view.has('outstanding')) addUp(rows)
  age(view, rows)
  refuseTwice(view, parties, months)
  const good = view.numbers.map((_, at) => parties.row[at]! >= 0 && !view.bad.has(at))
  if (!view.has('dso')) countBack(rows, parties, months, good)
  const figures = rows.flatMap((figures, at) => (good[at] ? [{ account: parties.row[at]!, month: months[at]!, figures }] : []))
  return {
    source: 'figures',
    accounts: withOwed(view, parties, rows),
    invoices: [],
    figures,
    through: known.last,
    onlyLast: false,
    tellsDisputes: view.has('disputed'),
    incidents: [],
    untold: [],
    problems: view.problems,
    rowsRefused: view.bad.size,
    summary: { accounts: parties.accounts.length, rows: view.size, invoices: null, open: null, disputed: null, outstandingCents: outstanding(figures) },
  }
}

function outstanding(figures: readonly { month: number; figures: Figures }[]): number | null {
  if (!figures.length) return null
  const last = Math.max(...figures.map((one) => one.month))
  return figures.reduce((sum, one) => sum + (one.month === last ? (one.figures.outstanding ?? 0) : 0), 0)
}

/** Accounts with what they owe in their newest month, so that the largest can stand first. */
function withOwed(view: View, parties: Parties, rows: readonly Figures[]): Parties['accounts'] {
  view.numbers.forEach((_, at) => {
    const one = parties.accounts[parties.row[at]!]
    if (one && rows[at]!.outstanding !== undefined) one.outstandingCents = rows[at]!.outstanding!
  })
  return parties.accounts
}

function readMonths(view: View, last: number): number[] {
  const usual = view.mapping.defaults['month'] ?? null
  return view.column('month').map((cell, at) => {
    const month = readMonthOf(cell ?? usual)
    if (month === null || month < MONTH_FIRST) view.refuse(at, 'month-invalid', 'month', label(cell), '2025-11')
    else if (month > last) view.refuse(at, 'month-in-future', 'month', monthText(month), monthText(last))
    else return month
    return 0
  })
}

function take(view: View, rows: Figures[], name: Field, scale: number, highest: number): void {
  if (!view.has(name)) return
  view.amounts(name, scale, highest).values.forEach((value, at) => {
    if (value !== null) rows[at]![name] = value
  })
}

function refuseNegative(view: View, rows: readonly Figures[], name: Field): void {
  rows.forEach((figures, at) => (figures[name] ?? 0) < 0 && view.refuse(at, 'negative-not-allowed', name, label(view.column(name)[at]!)))
}

/** Incident, kind of terms, factored: one of a few words each; an empty cell tells nothing. */
function readWords(view: View, rows: Figures[]): void {
  const refuse = (at: number, code: string, name: string, cell: Cell, expected: string): void => view.refuse(at, code, name, label(cell), expected)
  view.column('incident').forEach((cell, at) => {
    if (cell === null) return
    const word = plain(label(cell)).replaceAll('_', ' ')
    const code = INCIDENT_WORDS[word]
    if (CONFIDENTIAL_BY_LAW.some((secret) => word.includes(secret))) refuse(at, 'incident-confidential', 'incident', cell, '')
    else if (code === undefined) refuse(at, 'incident-unknown', 'incident', cell, INCIDENTS.join(', '))
    else rows[at]!.incident = code
  })
  view.column('terms_kind').forEach((cell, at) => {
    if (cell === null) return
    const kind = TERMS_KIND_WORDS[plain(label(cell))]
    if (kind === undefined) refuse(at, 'number-invalid', 'terms_kind', cell, '0, 1, 2')
    else rows[at]!.terms_kind = kind
  })
  view.column('factored').forEach((cell, at) => {
    if (cell === null) return
    const mark = yesOrNo(cell)
    if (mark === null) refuse(at, 'flag-invalid', 'factored', cell, 'oui/non, yes/no, 1/0')
    else rows[at]!.factored = Number(mark)
  })
}

/** What is owed, where the buckets alone are given and all of them; an empty one is nothing late. */
function addUp(rows: Figures[]): void {
  for (const figures of rows) {
    if (!AGEING.some((bucket) => figures[bucket] !== undefined)) continue
    for (const bucket of AGEING) figures[bucket] ??= 0
    figures.outstanding = AGEING.reduce((sum, bucket) => sum + figures[bucket]!, 0)
  }
}

/** The ageing sums to the outstanding amount to the cent; a single bucket without a column is the rest. */
function age(view: View, rows: Figures[]): void {
  const absent = AGEING.filter((bucket) => !view.has(bucket))
  if (absent.length > 1) return
  rows.forEach((figures, at) => {
    const given = AGEING.filter((bucket) => !absent.includes(bucket))
    if (figures.outstanding === undefined || given.some((bucket) => figures[bucket] === undefined)) return
    const total = given.reduce((sum, bucket) => sum + figures[bucket]!, 0)
    if (absent[0]) figures[absent[0]] = figures.outstanding - total
    else if (total !== figures.outstanding) view.refuse(at, 'ageing-does-not-sum', 'outstanding', (total / 100).toFixed(2), (figures.outstanding / 100).toFixed(2))
  })
}

function refuseTwice(view: View, parties: Parties, months: readonly number[]): void {
  const first = new Map<string, number>()
  const clientOf = parties.accounts.map((one, at) => one.identifier ?? `account ${at}`)
  months.forEach((month, at) => {
    if (parties.row[at]! < 0 || !month) return
    const relation = `${clientOf[parties.row[at]!]}/${month}`
    const before = first.get(relation)
    if (before === undefined) first.set(relation, at)
    else view.refuse(at, 'relation-twice', 'month', monthText(month), String(view.numbers[before]))
  })
}

/** DSO where the file's sales reach back far enough; a month without a row of the client had no sales. */
function countBack(rows: Figures[], parties: Parties, months: readonly number[], good: readonly boolean[]): void {
  const clientOf = parties.accounts.map((one, at) => one.identifier ?? `account ${at}`)
  const usable = [...rows.keys()].filter((at) => good[at] && rows[at]!.sales !== undefined && rows[at]!.outstanding !== undefined)
  if (!usable.length) return
  const first = Math.min(...usable.map((at) => months[at]!))
  const sales = new Map<string, number>()
  const silent = new Map<string, number>()
  for (const at of usable) sales.set(`${clientOf[parties.row[at]!]}/${months[at]}`, rows[at]!.sales!)
  rows.forEach((figures, at) => {
    if (!good[at] || figures.sales !== undefined) return
    const client = clientOf[parties.row[at]!]!
    silent.set(client, Math.min(silent.get(client) ?? Number.POSITIVE_INFINITY, months[at]!))
  })
  for (const at of usable) {
    const [client, month] = [clientOf[parties.row[at]!]!, months[at]!]
    if ((silent.get(client) ?? Number.POSITIVE_INFINITY) <= month) continue
    const own = Array.from({ length: month - first + 1 }, (_, back) => sales.get(`${client}/${first + back}`) ?? 0)
    const dso = countback(own, rows[at]!.outstanding!, month)
    if (dso !== null) rows[at]!.dso = dso
  }
}
