/** Which rows are shown and in what order: typed arrays in, row numbers out. Suppressed rows come last in both directions. */

import { aboveBand, compared, rising, SPAN, type Portfolio } from './portfolio.ts'

export const SORTS = ['name', 'outstanding', 'dso', 'late', 'gap', 'band', 'alerts'] as const
export type Sort = (typeof SORTS)[number]
export const FILTERS = ['all', 'later', 'outside', 'alert', 'alone'] as const
export type Filter = (typeof FILTERS)[number]

export interface View {
  sort: Sort
  descending: boolean
  filter: Filter
  search: string
}

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
      return portfolio.alertsOf[row]!.length > 0 || rising(portfolio, row)
    case 'alone':
      return !compared(portfolio, row)
  }
}

export function rowsOf(portfolio: Portfolio, view: View): Uint32Array {
  const words = plain(view.search).split(/\s+/).filter(Boolean)
  const texts = words.length ? searchKeys(portfolio) : []
  const kept: number[] = []
  for (let row = 0; row < portfolio.clients.length; row++) {
    if (passes(portfolio, row, view.filter) && words.every((word) => texts[row]!.includes(word))) kept.push(row)
  }
  return sorted(portfolio, Uint32Array.from(kept), view)
}

function sorted(portfolio: Portfolio, rows: Uint32Array, view: View): Uint32Array {
  const sign = view.descending ? -1 : 1
  if (view.sort === 'name') {
    const rank = nameRank(portfolio)
    return rows.sort((left, right) => sign * (rank[left]! - rank[right]!))
  }
  const values = column(portfolio, view.sort)
  const rank = nameRank(portfolio)
  return rows.sort((left, right) => {
    const a = values[left]!
    const b = values[right]!
    const missing = Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    return missing || (Number.isNaN(a) ? 0 : sign * (a - b)) || rank[left]! - rank[right]!
  })
}

const ranks = new WeakMap<Portfolio, Uint32Array>()

function nameRank(portfolio: Portfolio): Uint32Array {
  let rank = ranks.get(portfolio)
  if (!rank) {
    const collator = new Intl.Collator('fr')
    const order = portfolio.clients.map((_, row) => row)
    order.sort((left, right) => collator.compare(portfolio.clients[left]!.name, portfolio.clients[right]!.name))
    rank = new Uint32Array(order.length)
    for (let at = 0; at < order.length; at++) rank[order[at]!] = at
    ranks.set(portfolio, rank)
  }
  return rank
}

/** The figure a column sorts by; NaN sorts last. */
export function column(portfolio: Portfolio, sort: Exclude<Sort, 'name'>): ArrayLike<number> {
  const n = portfolio.clients.length
  switch (sort) {
    case 'outstanding':
      return portfolio.outstanding
    case 'gap':
      return portfolio.gap
    case 'dso':
      return Float32Array.from({ length: n }, (_, row) => portfolio.ownDso[row * SPAN + portfolio.at]!)
    case 'late':
      return Float32Array.from({ length: n }, (_, row) => portfolio.ownLate[row * SPAN + portfolio.at]!)
    case 'band':
      return Float32Array.from({ length: n }, (_, row) => portfolio.band[row * SPAN + portfolio.at] || Number.NaN)
    case 'alerts':
      return Float32Array.from({ length: n }, (_, row) => portfolio.alertsOf[row]!.length + (rising(portfolio, row) ? 0.5 : 0) || Number.NaN)
  }
}

export function counts(portfolio: Portfolio): Record<Filter, number> {
  const found: Record<Filter, number> = { all: 0, later: 0, outside: 0, alert: 0, alone: 0 }
  for (let row = 0; row < portfolio.clients.length; row++) {
    for (const filter of FILTERS) if (passes(portfolio, row, filter)) found[filter]++
  }
  return found
}
