/** One table under one mapping: its columns by field, and what is found wrong while they are read. Twin of member/view.py. */

import type { Mapping } from './mapping.ts'
import { Refusal, type Problem } from './problems.ts'
import type { Table } from './table.ts'
import { AMOUNT_CENTS_MAX, dateOrder, label, plain, readDates, readNumbers, type Amounts, type Cell, type DateOrder, type Dates } from './values.ts'

const LISTED_MAX = 1_000
const WHO = ['account', 'identifier', 'name']
const TOTAL = /^(?:(?:(?:sous|grand) ?-?)?tota(?:l|ux)(?: (?:general|clients?|client .*|du .*))? ?:?)$/
export const DATE_EXAMPLE = '31/12/2025'
const AMOUNT_EXAMPLE = '1234,56'
const DATE_FIELDS = ['due', 'invoiced', 'settled']

const addedName = (name: string, number: number): string => `${name} + ${number}`

/** Rows with content under the headings, in columns by field; `bad` are places of refused rows. */
export class View {
  readonly mapping: Mapping
  /** The file's row number of each. */
  readonly numbers: number[]
  readonly problems: Problem[] = []
  readonly bad = new Set<number>()
  uncounted = 0
  readonly #columns: Map<string, Cell[]>
  #order: DateOrder | null = null

  constructor(mapping: Mapping, numbers: number[], columns: Map<string, Cell[]>) {
    this.mapping = mapping
    this.numbers = numbers
    this.#columns = columns
  }

  get size(): number {
    return this.numbers.length
  }

  has(name: string): boolean {
    return this.#columns.has(name)
  }

  /** The field's cells, one a row; all empty where no column gives it. */
  column(name: string): readonly Cell[] {
    return this.#columns.get(name) ?? this.numbers.map(() => null)
  }

  refuse(place: number, code: string, field: string | undefined, found: string, expected = ''): void {
    this.bad.add(place)
    if (this.problems.length >= LISTED_MAX) this.uncounted++
    else this.problems.push({ code, row: this.numbers[place]!, ...(field ? { field } : {}), found, expected })
  }

  note(problem: Problem): void {
    this.problems.push(problem)
  }

  dates(name: string): Dates {
    const dates = readDates(this.column(name), this.#dateOrder())
    this.#refuseAll(dates.wrong, 'date-invalid', name, DATE_EXAMPLE)
    return dates
  }

  /** One order of days and months for the whole table: what one column tells holds for the others. */
  #dateOrder(): DateOrder {
    if (this.#order === null) {
      this.#order = this.mapping.date_order
      if (this.#order === 'auto') {
        const told = dateOrder(DATE_FIELDS.filter((name) => this.has(name)).flatMap((name) => [...this.column(name)]))
        this.#order = told.order
        if (told.assumed) this.note({ code: 'date-order-assumed', expected: told.order === 'dmy' ? '31/12' : '12/31' })
      }
    }
    return this.#order
  }

  /** A column of amounts in 1/scale, wrong ones refused; with those that the mapping adds to it. */
  amounts(name: string, scale = 100, highest = AMOUNT_CENTS_MAX): Amounts {
    const total = this.#amounts(name, scale, highest)
    for (let number = 0; number < (this.mapping.added[name]?.length ?? 0); number++) {
      const one = this.#amounts(addedName(name, number), scale, highest)
      total.values = total.values.map((value, at) => (one.values[at] === null ? value : (value ?? 0) + one.values[at]!))
    }
    return total
  }

  #amounts(name: string, scale: number, highest: number): Amounts {
    const amounts = readNumbers(this.column(name), this.mapping.decimal, scale, highest)
    this.#refuseAll(amounts.wrong, 'amount-invalid', name, AMOUNT_EXAMPLE)
    this.#refuseAll(amounts.tooLarge, 'amount-too-large', name, String(highest / scale))
    return amounts
  }

  #refuseAll(places: readonly number[], code: string, name: string, expected: string): void {
    const cells = this.column(name)
    for (const place of places) this.refuse(place, code, name, label(cells[place]!), expected)
  }
}

/** The table's columns as the mapping names them. Throws Refusal where they are not there. */
export function openView(table: Table, headingPlace: number, mapping: Mapping): View {
  const headings = table.rows[headingPlace]!.map(label)
  const places = placesOf(headings, headingPlace, mapping)
  const who = WHO.flatMap((name) => places.get(name) ?? [])
  const rows: Cell[][] = []
  const numbers: number[] = []
  let totals = 0
  table.rows.slice(headingPlace + 1).forEach((row, at) => {
    if (row.every((cell) => cell === null)) return
    if (isTotal(row, who)) totals++
    else {
      rows.push(row)
      numbers.push(headingPlace + 2 + at)
    }
  })
  const columns = new Map([...places].map(([name, place]) => [name, rows.map((row) => row[place] ?? null)]))
  const view = new View(mapping, numbers, columns)
  if (totals) view.note({ code: 'totals-left-out', found: String(totals) })
  rows.forEach((row, place) => {
    if (row.slice(headings.length).some((cell) => cell !== null)) view.refuse(place, 'row-too-long', undefined, String(row.length), String(headings.length))
  })
  return view
}

function placesOf(headings: readonly string[], headingPlace: number, mapping: Mapping): Map<string, number> {
  const wanted = Object.entries(mapping.columns)
  for (const [name, added] of Object.entries(mapping.added)) added.forEach((heading, number) => wanted.push([addedName(name, number), heading]))
  const problems: Problem[] = []
  const places = new Map<string, number>()
  for (const [field, heading] of wanted) {
    const found = [...headings.keys()].filter((place) => headings[place] === heading.trim())
    if (!found.length) problems.push({ code: 'column-unknown', field, found: heading, expected: headings.filter(Boolean).join(', ') })
    else if (found.length > 1) problems.push({ code: 'column-twice', row: headingPlace + 1, field, found: heading })
    else places.set(field, found[0]!)
  }
  if (problems.length) throw new Refusal(...problems)
  return places
}

/** Whether a row adds up others: it says so where a client would stand, or anywhere if no client does. */
function isTotal(row: readonly Cell[], who: readonly number[]): boolean {
  const named = who.map((place) => row[place] ?? null).find((cell) => cell !== null)
  const said = named !== undefined ? [named] : row
  return said.some((cell) => typeof cell === 'string' && TOTAL.test(plain(cell)))
}
