/**
 * Which column of a file is what: proposed from headings and content, kept as a small JSON file that the agent
 * and the page both read and write (docs/importing.md). Twin of member/mapping.py.
 */

import { AGEING } from '../portfolio/own.ts'
import { ageingColumns } from './aged_balance.ts'
import { CLIENT_FIELDS, columnsOf, datedEntries, NUMBERS, ofClientsAlone, onlyAmount, withClient, type Rows } from './choosing.ts'
import { FIGURES, INVOICES, LEDGER } from './headings.ts'
import type { Cell, DateOrder, DecimalSign } from './values.ts'

export type Kind = 'invoices' | 'figures' | 'ledger'
export const KINDS: readonly Kind[] = ['invoices', 'figures', 'ledger']
export const MAPPING_BYTES_MAX = 100_000
const BUCKETS = new Set<string>(AGEING)
export const FIELDS: Record<Kind, readonly string[]> = { invoices: INVOICES, figures: FIGURES, ledger: LEDGER }
export { CLIENT_FIELDS }
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
  ledger: new Set(['terms_days', 'terms_kind', 'general']),
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
  if (mapping.kind === 'invoices' && ('terms_days' in mapping.defaults || has('terms'))) lacking = lacking.filter((field) => field !== 'due')
  if (mapping.kind === 'invoices' && has('debit') && has('credit')) lacking = lacking.filter((field) => field !== 'amount')
  if (mapping.kind === 'ledger') {
    // One column of amounts: with a side beside it, or with credits below zero in what is surely a ledger.
    const signed = has('signed') && (has('side') || (has('journal') && has('entry')))
    return lacking.filter((field) => !signed || (field !== 'debit' && field !== 'credit'))
  }
  return CLIENT_FIELDS.some(has) ? lacking : ['account', ...lacking]
}

/** The mapping that headings and content suggest; `kind` forces one. */
export function propose(headings: readonly Cell[], sample: Rows, kind: Kind | null = null): Mapping {
  if (kind !== null) {
    const columns = columnsOf(headings, sample, FIELDS[kind])
    if (kind === 'ledger') {
      const alone = ofClientsAlone(datedEntries(columns), headings, sample)
      return mappingOf(kind, alone.columns, { defaults: alone.defaults })
    }
    if (kind === 'invoices') return mappingOf(kind, withClient(onlyAmount(columns), headings, sample))
    const { first, added } = ageingColumns(headings, columns)
    return mappingOf(kind, withClient({ ...columns, ...first }, headings, sample), { added })
  }
  const found = KINDS.map((each) => propose(headings, sample, each))
  const weight = (one: Mapping): number[] => [missing(one).length, Number(!ofJournals(one)), -Object.keys(one.columns).length]
  return found.reduce((best, one) => {
    const [own, least] = [weight(one), weight(best)]
    const at = own.findIndex((value, place) => value !== least[place])
    return at >= 0 && own[at]! < least[at]! ? one : best
  })
}

/** Whether columns are those of a ledger's entries: a list of invoices has no journals, no lettering. */
const ofJournals = (mapping: Mapping): boolean => mapping.kind === 'ledger' && ('journal' in mapping.columns || 'letter' in mapping.columns)
