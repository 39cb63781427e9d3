/** What a person does with files before anything leaves: open, say what columns are, mend cells, say who accounts are. */

import { accountKey, type Account } from '../connectors/accounts.ts'
import { readSource, type Sources } from '../connectors/customer_master.ts'
import { openDocuments, looksLikeDocuments } from '../connectors/einvoice_files.ts'
import { readDocuments } from '../connectors/einvoice.ts'
import { looksLikeFec } from '../connectors/fec_file.ts'
import { partiesOf, proposeIdentifiers, withPlaces, type Party, type Proposal } from '../connectors/identify.ts'
import { missing, propose, type Kind, type Mapping } from '../connectors/mapping.ts'
import { contribute, type Checked, type Prepared, type Summary, type Terms } from '../connectors/prepared.ts'
import { Refusal, type Problem } from '../connectors/problems.ts'
import { nameFirst, openTable, readLedgers, readTable, recognised, type Book, type GivenFile, type Known, type Opened } from '../connectors/reading.ts'
import { label, type Cell } from '../connectors/values.ts'

const EXAMPLES = 3
const SAMPLE_ROWS = 200

/** A table's columns, for a person to say what each is. */
export interface Columns {
  step: 'columns'
  sheets: string[]
  sheet: string | null
  headings: string[]
  examples: string[]
  mapping: Mapping
  missing: string[]
}

/** What the files say, before anything is decided. */
export interface Read {
  step: 'read'
  source: Prepared['source']
  accounts: Account[]
  problems: Problem[]
  rowsRefused: number
  summary: Summary
  /** Cells can be set right in place: the rows are a table's. */
  mendable: boolean
}

export interface Refused {
  step: 'refused'
  problems: Problem[]
}

export class Desk {
  #known: Known = { today: 0, last: 0, currency: 'EUR' }
  #opened: Opened | null = null
  #name = ''
  #prepared: Prepared | null = null
  #sources: Sources = { master: [], parties: [] }

  /** One table, or a ledger's years, or electronic documents of any number. */
  open(files: GivenFile[], known: Known): Columns | Read | Refused {
    this.#known = known
    this.#opened = null
    this.#prepared = null
    this.#sources = { master: [], parties: [] }
    return orRefused(() => {
      const [first] = files
      if (!first) throw new Refusal({ code: 'file-empty' })
      if (looksLikeFec(first.bytes)) return this.#hold(readLedgers(files, known))
      if (looksLikeDocuments(first.bytes)) return this.#hold(readDocuments(openDocuments(files), known))
      if (files.length > 1) throw new Refusal({ code: 'previous-not-expected' })
      this.#name = first.name
      this.#opened = openTable(first)
      return this.#columns()
    })
  }

  /** Another kind, another sheet, or a kept mapping. */
  turn(to: { kind?: Kind; sheet?: string; kept?: Mapping }): Columns | Refused {
    return orRefused(() => {
      const opened = this.#opened!
      if (to.kept) this.#opened = reopened(opened, to.kept, this.#name)
      else {
        const at = to.sheet === undefined ? opened.at : opened.tables.findIndex((table) => table.sheet === to.sheet)
        const table = opened.tables[at]!
        const { rows } = table
        const headings = at === opened.at ? opened.headings : Math.max(0, rows.findIndex((row) => row.some((cell) => cell !== null)))
        nameFirst(table, headings)
        const kind = to.kind ?? opened.mapping.kind
        this.#opened = { ...opened, at, headings, mapping: { ...propose(rows[headings]!, rows.slice(headings + 1, headings + 1 + SAMPLE_ROWS), kind), sheet: to.sheet ?? opened.mapping.sheet } }
      }
      return this.#columns()
    })
  }

  /** The table as the person says its columns are. */
  read(mapping: Mapping): Read | Refused {
    return orRefused(() => {
      this.#opened = { ...this.#opened!, mapping }
      return this.#hold(readTable(this.#opened, this.#known))
    })
  }

  /** Cells set right by hand: row as a spreadsheet counts, field, and what it should say. Read again. */
  mend(cells: { row: number; field: string; text: string }[]): Read | Refused {
    const { tables, at, headings, mapping } = this.#opened!
    const { rows } = tables[at]!
    for (const { row, field, text } of cells) {
      const column = rows[headings]!.findIndex((heading) => label(heading) === mapping.columns[field])
      if (column < 0 || !rows[row - 1]) continue
      const cells = rows[row - 1]!
      while (cells.length <= column) cells.push(null)
      cells[column] = text.trim() || null
    }
    return this.read(mapping)
  }

  /** A further file that says who accounts are: the customer list, a SIRENE extract, electronic invoices. */
  learn(file: GivenFile): Refused | { step: 'learnt'; count: number } {
    return orRefused(() => {
      let found: Sources
      if (looksLikeDocuments(file.bytes)) {
        const documents = readDocuments(openDocuments([file]), this.#known)
        found = { master: [], parties: partiesOf(documents.accounts, 'invoices') }
      } else found = readSource(file.bytes, this.#prepared!.accounts)
      this.#sources = { master: [...this.#sources.master, ...found.master], parties: [...this.#sources.parties, ...found.parties] }
      return { step: 'learnt', count: found.master.length + found.parties.length }
    })
  }

  /** Who each account may be; `book` are the firm's known clients, by account and by name. */
  propose(book: Party[]): Proposal[] {
    const prepared = this.#prepared!
    const { master, parties } = this.#sources
    prepared.accounts = withPlaces(prepared.accounts, master)
    return proposeIdentifiers(prepared.accounts, [...book, ...partiesOf(master, 'master'), ...parties])
  }

  /** Contributions with the identifiers that were confirmed, by place of the account; null leaves one out. */
  contribute(identifiers: (string | null)[], book: Book, usual: Terms | null): Checked {
    const prepared = this.#prepared!
    const known = recognised(prepared.accounts, book)
    const accounts = known.map((one, at) => ({ ...one, identifier: identifiers[at] ?? null }))
    return contribute({ ...prepared, accounts }, usual)
  }

  #hold(prepared: Prepared): Read {
    this.#prepared = prepared
    const { source, accounts, problems, rowsRefused, summary } = prepared
    return { step: 'read', source, accounts, problems, rowsRefused, summary, mendable: this.#opened !== null && source !== 'ledger' }
  }

  #columns(): Columns {
    const { tables, at, headings, mapping } = this.#opened!
    const table = tables[at]!
    const shown = table.rows[headings]!.map(label)
    const sample = table.rows.slice(headings + 1, headings + 51)
    return {
      step: 'columns',
      sheets: tables.flatMap((one) => one.sheet ?? []),
      sheet: table.sheet,
      headings: shown,
      examples: shown.map((_, column) => firstValues(sample, column)),
      mapping,
      missing: missing(mapping),
    }
  }
}

function firstValues(rows: readonly (readonly Cell[])[], column: number): string {
  const found = new Set<string>()
  for (const row of rows) {
    const text = label(row[column] ?? null)
    if (text) found.add(text)
    if (found.size === EXAMPLES) break
  }
  return [...found].join(' · ')
}

/** A kept mapping over the tables that are open already. */
function reopened(opened: Opened, kept: Mapping, name: string): Opened {
  const wanted = Object.values(kept.columns).map((heading) => heading.trim())
  for (const [at, table] of opened.tables.entries()) {
    const headings = kept.heading_row !== null ? kept.heading_row - 1 : table.rows.slice(0, 40).findIndex((row) => wanted.every((heading) => row.some((cell) => label(cell) === heading)))
    if (headings >= 0 && headings < table.rows.length && (!kept.sheet || kept.sheet === table.sheet)) return { ...opened, at, headings, mapping: kept }
  }
  const there = new Set(opened.tables[opened.at]!.rows[opened.headings]!.map(label))
  const absent = wanted.filter((heading) => !there.has(heading))
  throw new Refusal({ code: 'column-unknown', field: Object.keys(kept.columns)[wanted.indexOf(absent[0] ?? '')] ?? 'account', found: absent[0] ?? name, expected: [...there].filter(Boolean).join(', ') })
}

function orRefused<T>(work: () => T): T | Refused {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) return { step: 'refused', problems: error.problems }
    throw error
  }
}

/** Known clients as the proposals and the reading use them. */
export function bookOf(clients: readonly { identifier: string; name: string; city: string | null; sector: number; region: number; terms_days: number | null; terms_kind: number; confidential: boolean; accounts: string[] }[]): { parties: Party[]; known: Book } {
  const parties: Party[] = []
  const known = new Map<string, Book extends ReadonlyMap<string, infer V> ? V : never>()
  for (const one of clients) {
    const party = { source: 'book' as const, identifier: one.identifier, name: one.name, postcode: '', city: one.city ?? '', person: false }
    parties.push({ ...party, account: '' }, ...one.accounts.map((account) => ({ ...party, account })))
    for (const account of one.accounts) {
      known.set(accountKey(account), { identifier: one.identifier, name: one.name, city: one.city ?? '', sector: one.sector, region: one.region, termsDays: one.terms_days, termsKind: one.terms_kind, confidential: one.confidential })
    }
  }
  return { parties, known }
}
