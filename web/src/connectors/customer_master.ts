/** The customer master, and a local SIRENE extract: who accounts may be. Twins of member/customer_master.py and member/sirene.py. */

import { blankAccount, type Account } from './accounts.ts'
import { identifierOf } from './client_list.ts'
import { firmName } from './firm_names.ts'
import { MASTER_PATTERNS, LOOSE } from './headings_known.ts'
import { words } from './headings.ts'
import type { Party } from './identify.ts'
import { Refusal } from './problems.ts'
import { readTables, type Table } from './table.ts'
import { label, type Cell } from './values.ts'

const HEADING_ROWS_SEARCHED = 40
const compiled = Object.entries(MASTER_PATTERNS).map(([field, pattern]) => [field, new RegExp(`^(?:${pattern})$`)] as const)
const SIRENE_NAMES = [
  'denominationunitelegale',
  'denominationusuelle1unitelegale',
  'denominationusuelle2unitelegale',
  'denominationusuelle3unitelegale',
  'denominationusuelleetablissement',
  'enseigne1etablissement',
  'sigleunitelegale',
]
const PERSON_CATEGORY = '1000'
const FREQUENT_SHARE = 0.04
const FREQUENT_ACCOUNTS_MIN = 5
const LETTERS_MIN = 3

export interface Sources {
  master: Account[]
  parties: Party[]
}

/** A second file beside the ledger: a SIRENE extract by its headings, else a customer master. Throws Refusal. */
export function readSource(bytes: Uint8Array, accounts: readonly Account[]): Sources {
  const tables = readTables(bytes)
  const sirene = tables[0]!.rows[0]!.map((cell) => label(cell).trim().toLowerCase())
  if ((sirene.includes('siren') || sirene.includes('siret')) && SIRENE_NAMES.some((name) => sirene.includes(name))) {
    return { master: [], parties: extract(tables[0]!, sirene, accounts) }
  }
  for (const table of tables) {
    const { place, columns } = masterHeadings(table)
    if (columns.has('account') && columns.size > 1) return { master: masterAccounts(table.rows.slice(place + 1), columns), parties: [] }
  }
  throw new Refusal({ code: 'header-missing', expected: 'Compte; Raison sociale; SIRET; N° TVA; Code postal; Ville' })
}

function masterHeadings(table: Table): { place: number; columns: Map<string, number> } {
  let best = { place: 0, columns: new Map<string, number>() }
  table.rows.slice(0, HEADING_ROWS_SEARCHED).forEach((row, place) => {
    const texts = row.map((cell) => (typeof cell === 'string' ? words(cell) : ''))
    const columns = new Map<string, number>()
    for (const [field, pattern] of compiled) {
      const taken = new Set(columns.values())
      const at = texts.findIndex((text, column) => text !== '' && !taken.has(column) && pattern.test(text))
      if (at >= 0) columns.set(field, at)
    }
    if (columns.size > best.columns.size) best = { place, columns }
  })
  return best
}

function masterAccounts(rows: readonly (readonly Cell[])[], columns: ReadonlyMap<string, number>): Account[] {
  return rows.flatMap((row) => {
    const cell = (field: string): string => (columns.has(field) ? label(row[columns.get(field)!] ?? null).trim() : '')
    if (!cell('account')) return []
    return [{ ...blankAccount(cell('account'), cell('name')), vat: cell('vat'), registration: cell('siret') || cell('siren'), postcode: cell('postcode'), city: cell('city') }]
  })
}

/** Firms of the extract that share a telling word with an account's name. */
function extract(table: Table, headings: readonly string[], accounts: readonly Account[]): Party[] {
  const telling = tellingWords(accounts.map((one) => one.name))
  const at = (name: string): number => headings.indexOf(name)
  const names = SIRENE_NAMES.map(at).filter((place) => place >= 0)
  const number = at('siren') >= 0 ? at('siren') : at('siret')
  const found = new Map<string, Party>()
  for (const row of table.rows.slice(1)) {
    const cell = (name: string): string => (at(name) >= 0 ? label(row[at(name)] ?? null).trim() : '')
    const called = names.map((place) => label(row[place] ?? null)).filter(Boolean)
    if (cell('etatadministratifunitelegale') === 'C' || !called.some((name) => firmName(name).split(' ').some((word) => telling.has(word)))) continue
    const identifier = identifierOf(label(row[number] ?? null).trim().slice(0, 9))
    if (!identifier) continue
    const [postcode, city] = [cell('codepostaletablissement'), cell('libellecommuneetablissement')]
    for (const name of called) {
      const key = `${identifier}\n${firmName(name)}\n${postcode || city}`
      if (!found.has(key)) found.set(key, { source: 'sirene', identifier, name, postcode, city, account: '', person: cell('categoriejuridiqueunitelegale') === PERSON_CATEGORY })
    }
  }
  return [...found.values()]
}

/** Words by which a firm could be one of the accounts; those that many bear, only beside no other. */
function tellingWords(names: readonly string[]): Set<string> {
  const spelled = names.map((name) => firmName(name).split(' ').filter((word) => word.length >= LETTERS_MIN))
  const borne = new Map<string, number>()
  for (const words of spelled) for (const word of new Set(words)) borne.set(word, (borne.get(word) ?? 0) + 1)
  const often = Math.max(FREQUENT_ACCOUNTS_MIN, FREQUENT_SHARE * spelled.length)
  const found = new Set<string>()
  for (const words of spelled) {
    const rare = words.filter((word) => borne.get(word)! < often && !LOOSE.includes(word))
    for (const word of rare.length ? rare : words) found.add(word)
  }
  return found
}
