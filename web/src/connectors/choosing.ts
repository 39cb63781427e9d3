/** Which column is which field: what a heading says, weighed against what stands below it. Twin of member/choosing.py. */

import { readIdentifier } from '../pseudonyms/identifiers.ts'
import { likeness, LIKENESS_MIN } from './headings.ts'
import { label, monthOf, readDates, readNumbers, yesOrNo, type Cell } from './values.ts'

export const CLIENT_FIELDS = ['account', 'identifier', 'name']
export const NUMBERS = new Set(['amount', 'remaining', 'paid_amount', 'outstanding', 'sales', 'paid', 'debit', 'credit', 'signed'])
const SAMPLE_ROWS = 200
const DATES = new Set(['invoiced', 'due', 'settled', 'entered', 'piece_date'])
const NUMBERED = new Set(['identifier', 'vat', 'registration'])
const CODE = /^[A-Z]{0,4}[-_/]?\d[\dA-Z_/-]*$/
const NUMBERED_MIN = 4
const CHART = /^[1-7]\d{2}/
/** The general account of clients. */
const COLLECTIVE = '411'
const MONEY = /^[+-]?[\d \u00a0\u202f]*[.,]\d{1,2}$/
const LETTER = /\p{L}/u

export type Columns = Record<string, string>
export type Rows = readonly (readonly Cell[])[]

const below = (sample: Rows, place: number): Cell[] => sample.slice(0, SAMPLE_ROWS).map((row) => row[place] ?? null)
const filledIn = (cells: readonly Cell[]): Cell[] => cells.filter((cell) => cell !== null)

/** Field -> heading, the likest pairs first, each field and each heading once. */
export function columnsOf(headings: readonly Cell[], sample: Rows, fields: readonly string[]): Columns {
  const candidates: { score: number; order: number; place: number; field: string }[] = []
  headings.forEach((heading, place) => {
    if (typeof heading !== 'string') return
    const cells = filledIn(below(sample, place))
    fields.forEach((field, order) => {
      const score = likeness(field, heading)
      if (score >= LIKENESS_MIN && fits(field, cells)) candidates.push({ score, order, place, field })
    })
  })
  candidates.sort((one, other) => other.score - one.score || one.order - other.order || one.place - other.place)
  const refused = new Set<number>()
  let chosen = new Map<string, number>()
  for (let turn = 0; turn < 2; turn++) {
    chosen = new Map()
    const used = new Set<number>()
    for (const { place, field } of candidates) {
      if (chosen.has(field) || used.has(place) || (field === 'account' && refused.has(place))) continue
      chosen.set(field, place)
      used.add(place)
    }
    if (!sharedByNames(chosen, sample)) break
    refused.add(chosen.get('account')!)
  }
  if (fields.includes('identifier')) identified(chosen, sample)
  return Object.fromEntries(fields.filter((field) => chosen.has(field)).map((field) => [field, label(headings[chosen.get(field)!]!)]))
}

/** Where nothing is called an identifier, a number of company or of VAT is, if it is one as it stands. */
function identified(chosen: Map<string, number>, sample: Rows): void {
  for (const field of ['registration', 'vat']) {
    const place = chosen.get(field)
    if (chosen.has('identifier') || place === undefined || !identify(below(sample, place).filter(Boolean))) continue
    chosen.set('identifier', place)
    chosen.delete(field)
  }
}

const renamed = (columns: Columns, from: string, to: string): Columns => Object.fromEntries(Object.entries(columns).map(([field, heading]) => [field === from ? to : field, heading]))

/** A list that tells of each invoice only what is open of it: that is its amount. */
export function onlyAmount(columns: Columns): Columns {
  if ('amount' in columns || !('remaining' in columns) || ('debit' in columns && 'credit' in columns)) return columns
  return renamed(columns, 'remaining', 'amount')
}

/** A ledger whose lines have one date, that of their document. */
export function datedEntries(columns: Columns): Columns {
  return 'entered' in columns || !('piece_date' in columns) ? columns : renamed(columns, 'piece_date', 'entered')
}

/** Columns and defaults of a ledger of client accounts alone, which has no chart of accounts in it. */
export function ofClientsAlone(columns: Columns, headings: readonly Cell[], sample: Rows): { columns: Columns; defaults: Columns } {
  const asItIs = { columns, defaults: {} }
  if (!['debit', 'credit', 'entered'].every((field) => field in columns) || !('journal' in columns || 'letter' in columns)) return asItIs
  if ('general' in columns) {
    const place = headings.map(label).indexOf(columns['general']!)
    const cells = below(sample, place).filter(Boolean).map(label)
    if ('auxiliary' in columns || !cells.length || cells.some((cell) => CHART.test(cell))) return asItIs
    return { columns: renamed(columns, 'general', 'auxiliary'), defaults: { general: COLLECTIVE } }
  }
  return 'auxiliary' in columns || 'auxiliary_name' in columns ? { columns, defaults: { general: COLLECTIVE } } : asItIs
}

/** With the leftmost column of words as the clients' names, where no heading tells of clients. */
export function withClient(columns: Columns, headings: readonly Cell[], sample: Rows): Columns {
  if (CLIENT_FIELDS.some((field) => field in columns) || Object.keys(columns).length < 3) return columns
  const used = new Set(Object.values(columns))
  const rows = Math.min(sample.length, SAMPLE_ROWS)
  const name = headings.find((heading, place) => {
    if (typeof heading !== 'string' || used.has(heading)) return false
    const cells = filledIn(below(sample, place))
    return cells.length * 2 >= rows && wordy(cells) && new Set(cells).size > 1
  })
  return typeof name === 'string' ? { ...columns, name } : columns
}

/** Whether most of what stands in a column can be what the heading says. */
function fits(field: string, filled: readonly Cell[]): boolean {
  if (!filled.length) return true
  if (DATES.has(field)) return readDates(filled).wrong.length * 2 < filled.length
  if (NUMBERS.has(field)) {
    const read = readNumbers(filled)
    return (read.wrong.length + read.tooLarge.length) * 2 < filled.length
  }
  if (NUMBERED.has(field)) return filled.filter((cell) => MONEY.test(label(cell))).length * 2 < filled.length
  if (field === 'name') return wordy(filled) && !numbered(filled)
  if (field === 'closed') return filled.every((cell) => yesOrNo(cell) !== null)
  return field === 'month' ? months(filled) : true
}

/** Whether most cells are identifiers of firms as they stand. */
function identify(cells: readonly Cell[]): boolean {
  const good = cells.filter((cell) => typeof readIdentifier(label(cell)) === 'string').length
  return cells.length > 0 && good * 2 >= cells.length
}

/** Whether most cells are words: no numbers, no dates. */
function wordy(cells: readonly Cell[]): boolean {
  const words = cells.filter((cell) => typeof cell === 'string' && LETTER.test(cell))
  return readDates(words).wrong.length * 2 >= cells.length
}

/** Whether cells are codes, or each is another and holds a number: documents or accounts, not names. */
function numbered(cells: readonly Cell[]): boolean {
  const withDigits = cells.filter((cell) => /\d/.test(label(cell))).length
  const codes = cells.filter((cell) => CODE.test(label(cell))).length
  const every = cells.length >= NUMBERED_MIN && new Set(cells).size === cells.length
  return (every && withDigits * 10 >= cells.length * 9) || codes * 10 >= cells.length * 9
}

/** Whether cells are months, or days that stand for one: not a different day in every row. */
function months(cells: readonly Cell[]): boolean {
  const dayOf = new Map<number, number>()
  return readDates(cells.filter((cell) => typeof cell === 'string')).values.every((day) => {
    if (day === null) return true
    const month = monthOf(day)
    if (!dayOf.has(month)) dayOf.set(month, day)
    return dayOf.get(month) === day
  })
}

/** Whether what looks like a client's account stands for many names: a collective account, a product's. */
function sharedByNames(chosen: ReadonlyMap<string, number>, sample: Rows): boolean {
  const [accountAt, nameAt] = [chosen.get('account'), chosen.get('name')]
  if (accountAt === undefined || nameAt === undefined) return false
  const [accounts, names] = [new Set<Cell>(), new Set<Cell>()]
  for (const row of sample.slice(0, SAMPLE_ROWS)) {
    const [account, name] = [row[accountAt] ?? null, row[nameAt] ?? null]
    if (account === null || name === null) continue
    accounts.add(account)
    names.add(name)
  }
  return accounts.size > 0 && names.size > 1 && accounts.size * 2 <= names.size
}
