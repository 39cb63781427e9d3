/**
 * Which column of a file is what: proposed from headings and content, kept as a small JSON file that the agent
 * and the page both read and write (docs/importing.md). Twin of member/mapping.py.
 */

import { AGEING } from '../portfolio/own.ts'
import { ageingColumns } from './aged_balance.ts'
import { FIGURES, INVOICES, LEDGER, likeness, LIKENESS_MIN } from './headings.ts'
import { label, readDates, readNumbers, type Cell, type DateOrder, type DecimalSign } from './values.ts'

export type Kind = 'invoices' | 'figures' | 'ledger'
export const KINDS: readonly Kind[] = ['invoices', 'figures', 'ledger']
export const MAPPING_BYTES_MAX = 100_000
const SAMPLE_ROWS = 200
const DATES = new Set(['invoiced', 'due', 'settled', 'entered', 'piece_date'])
const NUMBERS = new Set(['amount', 'remaining', 'outstanding', 'sales', 'paid', 'debit', 'credit', 'signed'])
const BUCKETS = new Set<string>(AGEING)
export const FIELDS: Record<Kind, readonly string[]> = { invoices: INVOICES, figures: FIGURES, ledger: LEDGER }
export const CLIENT_FIELDS = ['account', 'identifier', 'name']
/** Columns that say who the client is: they stay on this side. */
export const PRIVATE = new Set([...CLIENT_FIELDS, 'vat', 'registration', 'address', 'postcode', 'city', 'country', 'number'])
const REQUIRED: Record<Kind, readonly string[]> = {
  invoices: ['amount', 'invoiced', 'due'],
  figures: ['month', 'outstanding'],
  ledger: ['general', 'entered', 'debit', 'credit'],
}
const DEFAULTS_ALLOWED: Record<Kind, ReadonlySet<string>> = {
  invoices: new Set(['currency', 'terms_days', 'terms_kind']),
  figures: new Set(['currency', 'month']),
  ledger: new Set(['terms_days', 'terms_kind']),
}

export interface Mapping {
  kind: Kind
  /** Field -> heading as written in the file. */
  columns: Record<string, string>
  date_order: DateOrder
  decimal: DecimalSign
  defaults: Record<string, string>
  /** From 1; null: searched. */
  heading_row: number | null
  sheet: string | null
  rates: Record<string, string>
  /** Field -> further headings whose amounts are added to its own. */
  added: Record<string, string[]>
  /** Which legal ceiling holds for whom: the agent's alone, kept as it came. */
  ceilings?: unknown
  version: 1
}

export const mappingOf = (kind: Kind, columns: Record<string, string>, more: Partial<Mapping> = {}): Mapping => ({
  kind,
  columns,
  date_order: 'auto',
  decimal: 'auto',
  defaults: {},
  heading_row: null,
  sheet: null,
  rates: {},
  added: {},
  version: 1,
  ...more,
})

/** The mapping as the agent would write it; a month belongs to one file alone. */
export function keepMapping(mapping: Mapping): string {
  const { month: _, ...defaults } = mapping.defaults
  return `${JSON.stringify({ ...mapping, defaults }, null, 2)}\n`
}

/** A kept mapping, or null where it is none. */
export function readMapping(text: string): Mapping | null {
  if (text.length > MAPPING_BYTES_MAX) return null
  try {
    const read: unknown = JSON.parse(text)
    if (!isRecord(read)) return null
    const known = [...Object.keys(mappingOf('figures', {})), 'ceilings']
    if (Object.keys(read).some((name) => !known.includes(name)) || !KINDS.includes(read['kind'] as Kind) || !isTexts(read['columns'])) return null
    const mapping = mappingOf(read['kind'] as Kind, read['columns'], read as Partial<Mapping>)
    return sound(mapping) ? mapping : null
  } catch {
    return null
  }
}

function sound(mapping: Mapping): boolean {
  const fields = new Set(FIELDS[mapping.kind])
  return (
    mapping.version === 1 &&
    Object.keys(mapping.columns).every((field) => fields.has(field)) &&
    isTexts(mapping.defaults) &&
    Object.keys(mapping.defaults).every((field) => DEFAULTS_ALLOWED[mapping.kind].has(field)) &&
    isTexts(mapping.rates) &&
    isRecord(mapping.added) &&
    Object.entries(mapping.added).every(([field, headings]) => field in mapping.columns && (NUMBERS.has(field) || BUCKETS.has(field)) && Array.isArray(headings) && headings.every((one) => typeof one === 'string')) &&
    ['auto', 'dmy', 'mdy'].includes(mapping.date_order) &&
    ['auto', ',', '.'].includes(mapping.decimal) &&
    (mapping.heading_row === null || (Number.isInteger(mapping.heading_row) && mapping.heading_row >= 1)) &&
    (mapping.sheet === null || typeof mapping.sheet === 'string')
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isTexts = (value: unknown): value is Record<string, string> => isRecord(value) && Object.values(value).every((one) => typeof one === 'string')

/** Required fields that nothing gives; "account" where no column names the client. */
export function missing(mapping: Mapping): string[] {
  const has = (field: string): boolean => field in mapping.columns
  let lacking = REQUIRED[mapping.kind].filter((field) => !has(field) && !(field in mapping.defaults))
  if (mapping.kind === 'figures' && AGEING.every(has)) lacking = lacking.filter((field) => field !== 'outstanding')
  if (mapping.kind === 'invoices' && 'terms_days' in mapping.defaults) lacking = lacking.filter((field) => field !== 'due')
  if (mapping.kind === 'ledger') {
    const signed = has('signed') && has('side')
    return lacking.filter((field) => !signed || (field !== 'debit' && field !== 'credit'))
  }
  return CLIENT_FIELDS.some(has) ? lacking : ['account', ...lacking]
}

/** The mapping that headings and content suggest; `kind` forces one. */
export function propose(headings: readonly Cell[], sample: readonly (readonly Cell[])[], kind: Kind | null = null): Mapping {
  if (kind !== null) {
    const columns = columnsOf(headings, sample, FIELDS[kind])
    if (kind !== 'figures') return mappingOf(kind, columns)
    const { first, added } = ageingColumns(headings, columns)
    return mappingOf(kind, { ...columns, ...first }, { added })
  }
  const found = KINDS.map((each) => propose(headings, sample, each))
  const weight = (one: Mapping): [number, number] => [missing(one).length, -Object.keys(one.columns).length]
  return found.reduce((best, one) => {
    const [a, b] = [weight(one), weight(best)]
    return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? one : best
  })
}

/** Field -> heading, the likest pairs first, each field and each heading once. */
function columnsOf(headings: readonly Cell[], sample: readonly (readonly Cell[])[], fields: readonly string[]): Record<string, string> {
  const candidates: { score: number; order: number; place: number; field: string }[] = []
  headings.forEach((heading, place) => {
    if (typeof heading !== 'string') return
    const cells = sample.slice(0, SAMPLE_ROWS).map((row) => row[place] ?? null)
    fields.forEach((field, order) => {
      const score = likeness(field, heading)
      if (score >= LIKENESS_MIN && fits(field, cells)) candidates.push({ score, order, place, field })
    })
  })
  candidates.sort((one, other) => other.score - one.score || one.order - other.order || one.place - other.place)
  const chosen: Record<string, string> = {}
  const used = new Set<number>()
  for (const { place, field } of candidates) {
    if (field in chosen || used.has(place)) continue
    chosen[field] = label(headings[place]!)
    used.add(place)
  }
  return Object.fromEntries(fields.filter((field) => field in chosen).map((field) => [field, chosen[field]!]))
}

/** Whether most of what stands in a column can be what the heading says. */
function fits(field: string, cells: readonly Cell[]): boolean {
  const filled = cells.filter((cell) => cell !== null)
  if (!filled.length) return true
  if (DATES.has(field)) return readDates(filled).wrong.length * 2 < filled.length
  if (!NUMBERS.has(field)) return true
  const read = readNumbers(filled)
  return (read.wrong.length + read.tooLarge.length) * 2 < filled.length
}
