/** From files' bytes to what they say: which kind a file is follows from its content. Twin of member/import_file.py. */

import { monthOfTitle } from './aged_balance.ts'
import { accountKey, type Account } from './accounts.ts'
import { readDocuments } from './einvoice.ts'
import { looksLikeDocuments, openDocuments } from './einvoice_files.ts'
import { readLedger } from './fec.ts'
import { gatherTable, looksLikeFec, readFec } from './fec_file.ts'
import { movements } from './fec_lines.ts'
import { readFigures } from './figures.ts'
import { findHeadings } from './headings.ts'
import { invoicesAlone } from './invoice_kinds.ts'
import { readInvoiceList } from './invoice_list.ts'
import { monthText } from '../month.ts'
import { missing, propose, type Kind, type Mapping } from './mapping.ts'
import type { Prepared } from './prepared.ts'
import { Refusal } from './problems.ts'
import { readTables, type Table } from './table.ts'
import { label, type Cell } from './values.ts'
import { openView } from './view.ts'

/** What a first column without a heading is called. */
const FIRST_HEADING = 'Client'
const SAMPLE_ROWS = 200

export interface GivenFile {
  name: string
  bytes: Uint8Array
}

/** What is known before a file is read. `today` in days since 1970; `last` the last month that is over. */
export interface Known {
  today: number
  last: number
  currency: string
}

/** A ledger and the years before it, as one. Throws Refusal. */
export function readLedgers(files: readonly GivenFile[], known: Known): Prepared {
  const years = files.map((file) => {
    if (!looksLikeFec(file.bytes)) throw new Refusal({ code: 'previous-not-expected', document: file.name })
    return movements(readFec(file.bytes), known.today, { decimal: 'auto', dates: 'auto' })
  })
  return readLedger(years, known.last)
}

/** Everything that a file or several say, without a person's word on the columns. Throws Refusal. */
export function readFiles(files: readonly GivenFile[], known: Known): Prepared {
  const [first] = files
  if (!first) throw new Refusal({ code: 'file-empty' })
  if (looksLikeFec(first.bytes)) return readLedgers(files, known)
  if (looksLikeDocuments(first.bytes)) return readDocuments(openDocuments(files), known)
  if (files.length > 1) throw new Refusal({ code: 'previous-not-expected' })
  const opened = openTable(first)
  const lacking = missing(opened.mapping)
  if (lacking.length) throw new Refusal(...lacking.map((field) => ({ code: 'column-missing', field, expected: unused(opened).join(', ') })))
  return readTable(opened, known)
}

/** Headings that the mapping does not use. */
function unused({ tables, at, headings, mapping }: Opened): string[] {
  const used = new Set(Object.values(mapping.columns))
  return tables[at]!.rows[headings]!.map(label).filter((heading) => heading && !used.has(heading))
}

/** A table whose columns a person may set right before it is read. */
export interface Opened {
  tables: Table[]
  /** The one that is read, and the row of its headings. */
  at: number
  headings: number
  mapping: Mapping
}

/** The sheet, the row of headings and the mapping that is proposed, or was kept. Throws Refusal. */
export function openTable(file: GivenFile, kept: Mapping | null = null, kind: Kind | null = null): Opened {
  const tables = readTables(file.bytes)
  let lacking: Opened | null = null
  for (const [at, table] of tables.entries()) {
    if (kept?.sheet && table.sheet !== kept.sheet) continue
    const headings = headingsOf(table, kept)
    if (headings < 0) continue
    const { rows } = nameFirst(table, headings)
    const mapping = dated(kept ?? propose(rows[headings]!, rows.slice(headings + 1, headings + 1 + SAMPLE_ROWS), kind), titles(rows, headings), file.name)
    const opened = { tables, at, headings, mapping }
    if (!missing(mapping).length) return opened
    lacking ??= opened
  }
  if (lacking) return lacking
  throw new Refusal({ code: 'header-missing', expected: 'N° client; SIREN; Date facture; Échéance; Montant TTC; Date de règlement' })
}

const filled = (row: readonly Cell[]): number => row.filter((cell) => cell !== null).length

/** The table with a heading over its first column, where reports leave it out and names stand below. */
export function nameFirst(table: Table, place: number): Table {
  const headings = table.rows[place]!
  if (!headings.length || headings[0] !== null || headings.includes(FIRST_HEADING)) return table
  const below = table.rows.slice(place + 1, place + 1 + SAMPLE_ROWS).flatMap((row) => (filled(row) > 1 ? [row[0]!] : []))
  if (below.filter((cell) => typeof cell === 'string').length * 2 < below.length || !below.some(Boolean)) return table
  headings[0] = FIRST_HEADING
  return table
}

/** Where a balance's date may stand: above its headings, in one of them, alone in a row just below. */
const titles = (rows: readonly Cell[][], place: number): Cell[][] => [...rows.slice(0, place + 1), ...rows.slice(place + 1, place + 3).filter((row) => filled(row) === 1)]

/** Where the headings stand: as the mapping says, else the row with all of its headings, else searched. */
function headingsOf(table: Table, kept: Mapping | null): number {
  if (!kept) return findHeadings(table.rows)
  if (kept.heading_row !== null) return kept.heading_row <= table.rows.length ? kept.heading_row - 1 : -1
  const wanted = Object.values(kept.columns).map((heading) => heading.trim())
  const found = table.rows.slice(0, 40).findIndex((row) => {
    const cells = new Set(row.map(label))
    return wanted.every((heading) => cells.has(heading))
  })
  return found >= 0 ? found : findHeadings(table.rows)
}

/** An aged balance with its month: that of its title, or that of the file's name. */
function dated(mapping: Mapping, titles: readonly (readonly Cell[])[], name: string): Mapping {
  if (missing(mapping).join() !== 'month') return mapping
  const month = monthOfTitle(titles, name)
  return month === null ? mapping : { ...mapping, defaults: { ...mapping.defaults, month } }
}

/** The table under its mapping. Throws Refusal. */
export function readTable(opened: Opened, known: Known): Prepared {
  const { tables, at, headings, mapping } = opened
  const table = tables[at]!
  if (mapping.kind === 'ledger') {
    const read = movements(gatherTable(table, headings, mapping), known.today, { decimal: mapping.decimal, dates: mapping.date_order })
    return readLedger([read], known.last)
  }
  const view = openView(table, headings, mapping)
  const prepared = mapping.kind === 'invoices' ? readInvoiceList(invoicesAlone(view), known) : readFigures(view, known)
  if (!prepared.summary.rows) prepared.problems.push({ code: 'nothing-to-import', expected: monthText(known.last) })
  return prepared
}

/** What the book knows of accounts, by account as it is compared. */
export type Book = ReadonlyMap<string, Pick<Account, 'identifier' | 'name' | 'city' | 'sector' | 'region' | 'termsDays' | 'termsKind' | 'confidential'>>

/** Accounts with what the book knows of them. */
export function recognised(accounts: readonly Account[], book: Book): Account[] {
  return accounts.map((one) => {
    const known = book.get(accountKey(one.account))
    if (!known) return one
    return {
      ...one,
      identifier: one.identifier ?? known.identifier,
      name: one.name && one.name !== one.account ? one.name : known.name || one.name,
      city: one.city || known.city,
      sector: one.sector || known.sector,
      region: one.region || known.region,
      termsDays: one.termsDays ?? known.termsDays,
      termsKind: one.termsDays === null ? known.termsKind : one.termsKind,
      confidential: one.confidential || known.confidential,
    }
  })
}
