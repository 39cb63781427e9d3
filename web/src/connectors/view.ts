/** One table under one mapping: its columns by field, and what is found wrong while they are read. Twin of member/view.py. */

import type { Mapping } from './mapping.ts'
import { Refusal, type Problem } from './problems.ts'
import type { Table } from './table.ts'
import { AMOUNT_CENTS_MAX, dateOrder, label, plain, readDates, readNumbers, type Amounts, type Cell, type DateOrder, type Dates } from './values.ts'

const LISTED_MAX = 1_000
const WHO = ['account', 'identifier', 'name']
const TOTAL = /^(?:(?:(?:sous|grand) ?-?)?tota(?:l|ux)(?: (?:general|clients?|client .*|du .*|for .*|pour .*))? ?:?|(?:gesamt)?summe|gesamt|totaal|totale)$/
const ADDED_UP = ['total ', 'sous-total ', 'subtotal ', 'nombre ', 'somme ', 'number of ', 'count ', 'cumul ']
/** In a table of so many fields a row with a single cell may be a title or a footnote. */
const TABLE_MIN = 4
export const DATE_EXAMPLE = '31/12/2025'
const AMOUNT_EXAMPLE = '1234,56'
const DATE_FIELDS = ['due', 'invoiced', 'settled']

const addedName = (name: string, number: number): string => `${name} + ${number}`

/** Rows with content under the headings, in columns by field; `bad` are places of refused rows. */
export class View {
  readonly mapping: Mapping
  /** The file's row number of each. */
  readonly numbers: number[]
  readonly problems: Problem[]
  readonly bad: Set<number>
  uncounted = 0
  readonly #columns: Map<string, Cell[]>
  #order: DateOrder | null = null

  constructor(mapping: Mapping, numbers: number[], columns: Map<string, Cell[]>, problems: Problem[] = [], bad = new Set<number>()) {
    this.mapping = mapping
    this.numbers = numbers
    this.#columns = columns
    this.problems = problems
    this.bad = bad
  }

  /** The view of some rows, with what was told so far of the whole. */
  kept(rows: readonly boolean[]): View {
    const places = [...rows.keys()].filter((place) => rows[place])
    const columns = new Map([...this.#columns].map(([name, cells]) => [name, places.map((place) => cells[place]!)]))
    const bad = new Set([...places.keys()].filter((at) => this.bad.has(places[at]!)))
    const view = new View(this.mapping, places.map((place) => this.numbers[place]!), columns, this.problems, bad)
    view.uncounted = this.uncounted
    view.#order = this.#order
    return view
  }

  /** Other cells for a field, one a row. */
  put(name: string, cells: Cell[]): void {
    this.#columns.set(name, cells)
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
  const [rows, numbers, totals] = rowsOf(table.rows, headingPlace, who, places)
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

/** The rows that say something of a client, their numbers in the file, and how many were totals or titles. */
function rowsOf(every: readonly Cell[][], headingPlace: number, who: readonly number[], places: ReadonlyMap<string, number>): [Cell[][], number[], number] {
  const [rows, numbers]: [Cell[][], number[]] = [[], []]
  let totals = 0
  let section: Cell = null
  const below = every.flatMap((row, at) => (at > headingPlace && row.some((cell) => cell !== null) ? [{ row, number: at + 1 }] : []))
  below.forEach(({ row, number }, at) => {
    const single = row.filter((cell) => cell !== null).length === 1
    const next = below[at + 1]?.row
    if (isTotal(row, who) || addsUp(row, who, places) || (single && isTitle(row, places))) totals++
    else if (single && who.length && next && namesNobody(next, who)) {
      section = row.find((cell) => cell !== null)!
      totals++
    } else {
      const named = section !== null && namesNobody(row, who) ? inSection(row, who.at(-1)!, section) : row
      rows.push(named)
      numbers.push(number)
    }
  })
  return [rows, numbers, totals]
}

function inSection(row: readonly Cell[], place: number, section: Cell): Cell[] {
  const named = [...row]
  while (named.length <= place) named.push(null)
  named[place] = section
  return named
}

const saidBy = (row: readonly Cell[], who: readonly number[]): Cell | undefined => who.map((place) => row[place] ?? null).find((cell) => cell !== null)

/** Whether a row adds up others: it says so where a client would stand, or anywhere if no client does. */
function isTotal(row: readonly Cell[], who: readonly number[]): boolean {
  const named = saidBy(row, who)
  return (named !== undefined ? [named] : row).some((cell) => typeof cell === 'string' && TOTAL.test(plain(cell)))
}

/** Whether a row says "total" or the like where a client would stand, and has no date where rows do. */
function addsUp(row: readonly Cell[], who: readonly number[], places: ReadonlyMap<string, number>): boolean {
  const dated = DATE_FIELDS.flatMap((name) => places.get(name) ?? [])
  if (!dated.length || dated.some((place) => (row[place] ?? null) !== null)) return false
  const named = saidBy(row, who)
  return (named !== undefined ? [named] : row).some((cell) => typeof cell === 'string' && ADDED_UP.some((word) => plain(cell).startsWith(word)))
}

/** Whether a row of several cells leaves its client to the title above it. */
const namesNobody = (row: readonly Cell[], who: readonly number[]): boolean => row.filter((cell) => cell !== null).length > 1 && saidBy(row, who) === undefined

/** Whether the one cell of a row says nothing by itself: a section's title, a date, a footnote. */
function isTitle(row: readonly Cell[], places: ReadonlyMap<string, number>): boolean {
  if (places.size < TABLE_MIN) return false
  const at = row.findIndex((cell) => cell !== null)
  const field = [...places].find(([, place]) => place === at)?.[0]
  const dated = !readDates([row[at]!]).wrong.length
  return field === undefined || field === 'number' || (DATE_FIELDS.includes(field) && !dated) || (WHO.includes(field) && dated)
}
