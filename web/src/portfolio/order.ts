/** Which rows are shown and in what order: typed arrays in, row numbers out. Suppressed rows come last in both directions. */

import { alarmOf, binOf } from './headlines.ts'
import { worthAStep } from './morning.ts'
import { aboveBand, compared, ownKind, SPAN, type Portfolio } from './portfolio.ts'
import { ordered, type Names } from './ranking.ts'

export const SORTS = ['name', 'outstanding', 'stake', 'terms', 'dso', 'late', 'gap', 'band', 'alerts'] as const
export type Sort = (typeof SORTS)[number]
export const FILTERS = ['all', 'later', 'outside', 'alert', 'worth', 'alone'] as const
export type Filter = (typeof FILTERS)[number]

export interface View {
  sort: Sort
  descending: boolean
  filter: Filter
  search: string
  /** A sector's code, 1 to 21; 0: all. */
  sector: number
  /** A bar of the histogram of gaps; null: all. */
  bin: number | null
}

export const WHOLE: View = { sort: 'gap', descending: true, filter: 'all', search: '', sector: 0, bin: null }
/** Views that another screen hands over, behind the name of this one: "#/portfolio/worth". */
export const HANDED: Readonly<Record<string, View>> = { worth: { ...WHOLE, sort: 'stake', filter: 'worth' } }

/** Lower case without accents, so that "societe" finds "Société". */
export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

const keys = new WeakMap<Portfolio, string[]>()

function searchKeys(portfolio: Portfolio): string[] {
  let found = keys.get(portfolio)
  if (!found) {
    found = portfolio.clients.map((client, row) =>
      plain([client.name, client.city ?? '', client.identifier.split(':').at(-1), portfolio.pseudonyms[row]!, ...client.accounts].join(' ')),
    )
    keys.set(portfolio, found)
  }
  return found
}

export function passes(portfolio: Portfolio, row: number, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'later':
      return portfolio.gap[row]! > 0
    case 'outside':
      return aboveBand(portfolio, row)
    case 'alert':
      return alarmOf(portfolio, row) !== null
    case 'worth':
      return worthAStep(portfolio, row)
    case 'alone':
      return !compared(portfolio, row)
  }
}

export function rowsOf(portfolio: Portfolio, view: View): Uint32Array {
  const words = plain(view.search).split(/\s+/).filter(Boolean)
  const texts = words.length ? searchKeys(portfolio) : []
  const order = sorted(portfolio, view.sort, view.descending)
  if (view.filter === 'all' && !words.length && !view.sector && view.bin === null) return order
  const kept = new Uint32Array(order.length)
  let count = 0
  for (const row of order) {
    if (view.sector && portfolio.clients[row]!.sector !== view.sector) continue
    if (view.bin !== null && binOf(portfolio.gap[row]!) !== view.bin) continue
    if (passes(portfolio, row, view.filter) && words.every((word) => texts[row]!.includes(word))) kept[count++] = row
  }
  return kept.subarray(0, count)
}

interface Sorted {
  sort: Sort
  descending: boolean
  rows: Uint32Array
}
/** The last order of a portfolio: a keystroke in the search field filters it and sorts nothing. */
const orders = new WeakMap<Portfolio, Sorted>()

function sorted(portfolio: Portfolio, sort: Sort, descending: boolean): Uint32Array {
  const known = orders.get(portfolio)
  if (known?.sort === sort && known.descending === descending) return known.rows
  const names = namesOf(portfolio)
  const rows = ordered(sort === 'name' ? names.rank : column(portfolio, sort), names, descending)
  orders.set(portfolio, { sort, descending, rows })
  return rows
}

const alphabets = new WeakMap<Portfolio, Names>()

function namesOf(portfolio: Portfolio): Names {
  let names = alphabets.get(portfolio)
  if (!names) {
    const collator = new Intl.Collator('fr')
    const rows = Uint32Array.from(portfolio.clients, (_, row) => row)
    rows.sort((left, right) => collator.compare(portfolio.clients[left]!.name, portfolio.clients[right]!.name) || left - right)
    const rank = new Uint32Array(rows.length)
    rows.forEach((row, at) => (rank[row] = at))
    names = { rows, rank }
    alphabets.set(portfolio, names)
  }
  return names
}

/** What "end of month" adds to a term, on average. */
export const MONTH_END_WAIT_DAYS = (365.25 / 12 - 1) / 2

/** The figure a column sorts by; NaN sorts last. */
export function column(portfolio: Portfolio, sort: Exclude<Sort, 'name'>): ArrayLike<number> {
  const n = portfolio.clients.length
  switch (sort) {
    case 'outstanding':
      return portfolio.outstanding
    case 'gap':
      return portfolio.gap
    case 'stake':
      return Float64Array.from(portfolio.facts, (facts) => facts.stakeCents)
    case 'terms':
      return Float32Array.from(portfolio.clients, (client) => (client.terms_days === null ? Number.NaN : client.terms_days + (client.terms_kind ? MONTH_END_WAIT_DAYS : 0)))
    case 'dso':
      return Float32Array.from({ length: n }, (_, row) => portfolio.ownDso[row * SPAN + portfolio.at]!)
    case 'late':
      return Float32Array.from({ length: n }, (_, row) => portfolio.ownLate[row * SPAN + portfolio.at]!)
    case 'band':
      return Float32Array.from({ length: n }, (_, row) => portfolio.band[row * SPAN + portfolio.at] || Number.NaN)
    case 'alerts':
      return Float32Array.from({ length: n }, (_, row) => portfolio.alertsOf[row]!.length + (ownKind(portfolio, row) ? 0.5 : 0) || Number.NaN)
  }
}

/** Sectors of the portfolio's clients, by code, 0 left out. */
export const sectorsOf = (portfolio: Portfolio): number[] =>
  [...new Set(portfolio.clients.map((client) => client.sector))].filter(Boolean).sort((left, right) => left - right)

export function counts(portfolio: Portfolio): Record<Filter, number> {
  const found: Record<Filter, number> = { all: 0, later: 0, outside: 0, alert: 0, worth: 0, alone: 0 }
  for (let row = 0; row < portfolio.clients.length; row++) {
    for (const filter of FILTERS) if (passes(portfolio, row, filter)) found[filter]++
  }
  return found
}
