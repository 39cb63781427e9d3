/** From cells to contributions: each mistake is a value with its row, what was found and what was expected. */

import { readIdentifier } from '../pseudonyms/identifiers.ts'
import { AGEING } from '../portfolio/own.ts'
import { readAmount, readMonthCell, readWhole } from './amounts.ts'
import { FIELDS, LIMITS, type Field, type Figures } from './encoding.ts'
import type { Meaning, Sheet } from './sheet.ts'

/** Months prepared from an invoice list: what the network keeps in sight. */
export const MONTHS_MAX = 24

export type Unit = 'euros' | 'cents'
export type Expected =
  | { what: 'identifier' | 'natural_person' | 'month' | 'amount' | 'whole' | 'once' | 'open' | 'day' | 'past' | 'after' }
  | { what: 'range'; low: number; high: number }
  | { what: 'sum'; cents: number }

export interface RowProblem {
  /** As a spreadsheet counts: the header is row 1. */
  row: number
  column: Meaning
  found: string
  expected: Expected
}

export interface CheckedClient {
  identifier: string
  name: string
  city: string | null
  accounts: string[]
  sector: number
  region: number
  termsDays: number | null
  termsKind: number
  confidential: boolean
}

export interface Contribution {
  client: number
  month: number
  figures: Figures
}

/** Finds or makes the client of an identifier. */
export class Clients {
  readonly list: CheckedClient[] = []
  readonly #places = new Map<string, number>()

  place(identifier: string): number {
    let at = this.#places.get(identifier)
    if (at === undefined) {
      at = this.list.length
      this.#places.set(identifier, at)
      this.list.push({ identifier, name: '', city: null, accounts: [], sector: 0, region: 0, termsDays: null, termsKind: 0, confidential: false })
    }
    return at
  }
}

export interface Checked {
  clients: CheckedClient[]
  contributions: Contribution[]
  problems: RowProblem[]
  months: number[]
}

/** Sums of amount x days: read like amounts, in the file's unit. */
const MONEY: ReadonlySet<Field> = new Set(FIELDS.slice(0, 12))

export function check(sheet: Sheet, mapping: readonly (Meaning | null)[], unit: Unit, monthBefore: number): Checked {
  const places = new Map<Meaning, number>()
  mapping.forEach((meaning, at) => meaning && places.set(meaning, at))
  const clients = new Clients()
  const result: Checked = { clients: clients.list, contributions: [], problems: [], months: [] }
  const seen = new Set<string>()
  sheet.rows.forEach((cells, index) => {
    const cell = (meaning: Meaning): string => cells[places.get(meaning) ?? -1]?.trim() ?? ''
    const read = readRow(cell, places, unit, index + 2, monthBefore)
    if (!('figures' in read)) {
      result.problems.push(read)
      return
    }
    const client = clients.place(read.identifier)
    const once = `${client}/${read.month}`
    if (seen.has(once)) {
      result.problems.push({ row: index + 2, column: 'identifier', found: cell('identifier'), expected: { what: 'once' } })
      return
    }
    seen.add(once)
    describe(result.clients[client]!, cell, read.figures)
    result.contributions.push({ client, month: read.month, figures: read.figures })
  })
  result.months = [...new Set(result.contributions.map((one) => one.month))].sort((left, right) => left - right)
  return result
}

export function describe(client: CheckedClient, cell: (meaning: Meaning) => string, figures: Figures): void {
  client.name = cell('name') || client.name
  client.city = cell('city') || client.city
  const account = cell('account')
  if (account && !client.accounts.includes(account)) client.accounts.push(account)
  client.sector = figures.sector ?? client.sector
  client.region = figures.region ?? client.region
  client.termsDays = figures.terms_days ?? client.termsDays
  client.termsKind = figures.terms_kind ?? client.termsKind
}

interface ReadRow {
  identifier: string
  month: number
  figures: Figures
}

function readRow(
  cell: (meaning: Meaning) => string,
  places: ReadonlyMap<Meaning, number>,
  unit: Unit,
  row: number,
  monthBefore: number,
): ReadRow | RowProblem {
  const problem = (column: Meaning, expected: Expected): RowProblem => ({ row, column, found: cell(column), expected })
  const identifier = readIdentifier(cell('identifier'))
  if (typeof identifier !== 'string') return problem('identifier', { what: 'identifier' })
  const month = readMonthCell(cell('month'))
  if (month === null) return problem('month', { what: 'month' })
  if (month >= monthBefore) return problem('month', { what: 'open' })
  const figures: Figures = {}
  for (const field of FIELDS) {
    if (!places.has(field) || cell(field) === '') continue
    const value = readField(field, cell(field), unit)
    if (typeof value !== 'number') return problem(field, value)
    figures[field] = value
  }
  const sum = ageingSum(figures)
  if (sum !== null && sum !== figures.outstanding) return problem('outstanding', { what: 'sum', cents: sum })
  return { identifier, month, figures }
}

function readField(field: Field, text: string, unit: Unit): number | Expected {
  if (MONEY.has(field)) {
    const value = unit === 'cents' ? readWhole(text) : readAmount(text)
    if (value === null) return { what: unit === 'cents' ? 'whole' : 'amount' }
    return field === 'open_late_days' && value < 0 ? { what: 'amount' } : value
  }
  const hundredths = field === 'dso' ? readAmount(text) : null
  const value = field === 'dso' ? (hundredths === null ? null : Math.round(hundredths / 10)) : readWhole(text)
  const [low, high] = LIMITS[field] ?? [0, 0]
  if (value === null || value < low || value > high) {
    return { what: 'range', low, high: field === 'dso' ? high / 10 : high }
  }
  return value
}

function ageingSum(figures: Figures): number | null {
  if (figures.outstanding === undefined) return null
  let sum = 0
  for (const bucket of AGEING) {
    const amount = figures[bucket]
    if (amount === undefined) return null
    sum += amount
  }
  return sum
}
