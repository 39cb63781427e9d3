/**
 * What people write in cells: dates, amounts, months. Twin of member/values.py, which says why: a column is
 * read as a whole, because one cell alone does not tell 03/04 from 04/03, nor 1.234 from 1234.
 */

import { MONTHS } from './headings_known.ts'

export type Cell = string | number | boolean | null
export type DateOrder = 'auto' | 'dmy' | 'mdy'
export type DecimalSign = 'auto' | ',' | '.'

export const AMOUNT_CENTS_MAX = 1_000_000_000_000
const DAY_MS = 86_400_000
const NOTHING = new Set(['', '-', '--', 'n/a', 'na', 'nan', 'nat', 'null', 'none', '#n/a'])
const NO_DATE = new Set([...NOTHING, '0000-00-00', '00/00/0000', '0', '00000000'])
const EXCEL_DAY_ZERO = Date.UTC(1899, 11, 30) / DAY_MS
const EXCEL_SERIALS = { from: 20_000, to: 80_000 }

const TIME = String.raw`(?:[T ]\s*\d{1,2}[:h]\d{2}.*)?$`
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${TIME}`)
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})${TIME}`)
const WORDED = new RegExp(String.raw`^(\d{1,2})(?:er)?[-/. ]*(\p{L}{3,9})\.?[-/. ,]*(\d{4}|\d{2})${TIME}`, 'u')
const MONTH_FIRST = new RegExp(String.raw`^(\p{L}{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})${TIME}`, 'u')
const SERIAL = /^(\d{5})(?:[.,]\d+)?$/

/** Lower case without accents. */
export const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').trim()

/** A cell as the text people see. */
export const label = (cell: Cell): string => (cell === null ? '' : String(cell))

const year = (text: string): number => (text.length === 4 ? Number(text) : Number(text) + (Number(text) < 70 ? 2000 : 1900))

function day(inYear: number, month: number, date: number): number | null {
  if (inYear < 1 || month < 1 || month > 12 || date < 1 || date > 31) return null
  const found = new Date(0)
  found.setUTCFullYear(inYear, month - 1, date)
  return found.getUTCMonth() === month - 1 && found.getUTCDate() === date ? found.getTime() / DAY_MS : null
}

const serial = (number: number): number | null =>
  Math.floor(number) >= EXCEL_SERIALS.from && Math.floor(number) < EXCEL_SERIALS.to ? EXCEL_DAY_ZERO + Math.floor(number) : null

function namedDay(inYear: string, name: string, date: string): number | null {
  const named = MONTHS[name]
  return named ? day(year(inYear), named, Number(date)) : null
}

function writtenDay(text: string, order: 'dmy' | 'mdy'): number | null {
  let match = YEAR_FIRST.exec(text) ?? COMPACT.exec(text)
  if (match) return day(Number(match[1]), Number(match[2]), Number(match[3]))
  match = YEAR_LAST.exec(text)
  if (match) {
    const [first, second] = [Number(match[1]), Number(match[2])]
    return order === 'dmy' ? day(year(match[3]!), second, first) : day(year(match[3]!), first, second)
  }
  match = SERIAL.exec(text)
  if (match) return serial(Number(match[1]))
  const worded = plain(text)
  match = WORDED.exec(worded)
  if (match) return namedDay(match[3]!, match[2]!, match[1]!)
  match = MONTH_FIRST.exec(worded)
  return match ? namedDay(match[3]!, match[1]!, match[2]!) : null
}

function readDayCell(cell: Cell, order: 'dmy' | 'mdy'): number | null {
  if (typeof cell === 'number') {
    if (!Number.isFinite(cell)) return null
    return Number.isInteger(cell) && cell >= 19_000_101 && cell < 21_000_000 ? writtenDay(String(cell), order) : serial(cell)
  }
  return typeof cell === 'string' ? writtenDay(cell, order) : null
}

export interface Dates {
  /** Days since 1970-01-01, null where empty or wrong. */
  values: (number | null)[]
  wrong: number[]
  order: 'dmy' | 'mdy'
  assumed: boolean
}

/** A column of dates. Where no value tells days from months, days come first. */
export function readDates(cells: readonly Cell[], order: DateOrder = 'auto'): Dates {
  const told = order === 'auto' ? dateOrder(cells) : { order, assumed: false }
  const met = new Map<Cell, number | null | undefined>()
  const wrong: number[] = []
  const values = cells.map((cell, at) => {
    if (cell === null) return null
    let found = met.get(cell)
    if (!met.has(cell)) {
      found = readDayCell(cell, told.order)
      if (found === null && !(typeof cell === 'string' && NO_DATE.has(cell.toLowerCase()))) found = undefined
      met.set(cell, found)
    }
    if (found === undefined) wrong.push(at)
    return found ?? null
  })
  return { values, wrong, ...told }
}

export function dateOrder(cells: readonly Cell[]): { order: 'dmy' | 'mdy'; assumed: boolean } {
  let [dayFirst, monthFirst, told] = [0, 0, 0]
  for (const cell of new Set(cells)) {
    const match = typeof cell === 'string' ? YEAR_LAST.exec(cell) : null
    if (!match) continue
    const [first, second] = [Number(match[1]), Number(match[2])]
    told++
    if (first > 12 && second <= 12) dayFirst++
    if (second > 12 && first <= 12) monthFirst++
  }
  if (monthFirst > dayFirst) return { order: 'mdy', assumed: false }
  return { order: 'dmy', assumed: told > 0 && !dayFirst && !monthFirst }
}

const AROUND = /^(?:€|\$|£|eur|usd|gbp)\s*|\s*(?:€|\$|£|eur|usd|gbp|euros?)$/gi

function bare(written: string): { text: string; negative: boolean } {
  let text = written.replace(/[\u00a0\u202f\u2009\u2007'’]/g, ' ').replace(/[−–]/g, '-').trim().replace(AROUND, '').trim()
  let negative = false
  if (text.startsWith('(') && text.endsWith(')')) [text, negative] = [text.slice(1, -1).trim(), true]
  if (text.startsWith('-')) [text, negative] = [text.slice(1), true]
  else if (text.endsWith('-')) [text, negative] = [text.slice(0, -1), true]
  else if (text.startsWith('+')) text = text.slice(1)
  return { text: text.trim().replace(AROUND, '').trim(), negative }
}

/** The sign that the column's values use before their cents; where none tells, the one not seen. */
function decimalSign(texts: Iterable<string>): ',' | '.' {
  const votes = { ',': 0, '.': 0 }
  const seen = new Set<string>()
  for (const written of texts) {
    const { text } = bare(written)
    const marks = [...text].filter((mark) => mark === ',' || mark === '.') as (',' | '.')[]
    if (!marks.length) continue
    for (const mark of marks) seen.add(mark)
    const last = marks.at(-1)!
    const other = last === '.' ? ',' : '.'
    const at = text.lastIndexOf(last)
    const [head, tail] = [text.slice(0, at), text.slice(at + 1)]
    if (new Set(marks).size === 2 || (marks.length === 1 && (tail.length !== 3 || head === '' || head === '0'))) votes[last]++
    else if (marks.length > 1) votes[other]++
  }
  if (votes[','] !== votes['.']) return votes[','] > votes['.'] ? ',' : '.'
  return seen.size === 1 && seen.has('.') ? ',' : '.'
}

export interface Amounts {
  /** Integers of 1/scale, null where empty or refused. */
  values: (number | null)[]
  wrong: number[]
  tooLarge: number[]
}

/** A column of amounts: 1 234,56 | 1,234.56 | 1.234,56 | (12.00) | 12- €. Halves go away from zero. */
export function readNumbers(cells: readonly Cell[], decimal: DecimalSign = 'auto', scale = 100, highest = AMOUNT_CENTS_MAX): Amounts {
  const texts = new Set<string>()
  for (const cell of cells) if (typeof cell === 'string') texts.add(cell)
  const sign = decimal === 'auto' ? decimalSign(texts) : decimal
  const group = sign === ',' ? String.raw`\.` : ','
  const pattern = new RegExp(String.raw`^(\d{1,3}(?:[ ${group}]\d{3})+|\d+)?(?:${sign === ',' ? ',' : String.raw`\.`}(\d*))?$`)
  const met = new Map<Cell, number | 'nothing' | 'wrong' | 'large'>()
  const [wrong, tooLarge]: [number[], number[]] = [[], []]
  const values = cells.map((cell, at) => {
    if (cell === null) return null
    let found = met.get(cell)
    if (found === undefined) {
      found = numberOf(cell, pattern, scale, highest)
      met.set(cell, found)
    }
    if (found === 'wrong') wrong.push(at)
    if (found === 'large') tooLarge.push(at)
    return typeof found === 'number' ? found : null
  })
  return { values, wrong, tooLarge }
}

function numberOf(cell: Cell, pattern: RegExp, scale: number, highest: number): number | 'nothing' | 'wrong' | 'large' {
  if (typeof cell === 'number') return Number.isFinite(cell) ? scaled(shortest(cell), cell < 0, scale, highest) : 'wrong'
  if (typeof cell !== 'string') return 'wrong'
  if (NOTHING.has(cell.toLowerCase())) return 'nothing'
  const { text, negative } = bare(cell)
  const match = pattern.exec(text)
  if (!(match || /^\d+$/.test(text)) || !/\d/.test(text)) return 'wrong'
  const whole = (match ? (match[1] ?? '0') : text).replace(/\D/g, '')
  return scaled(`${whole}.${match?.[2] || '0'}`, negative, scale, highest)
}

/** A workbook's number in plain digits, without an exponent. */
function shortest(value: number): string {
  const text = String(Math.abs(value))
  return text.includes('e') ? Math.abs(value).toFixed(12) : text.includes('.') ? text : `${text}.0`
}

/** Decimal digits times `scale` (a power of ten), rounded with halves away from zero, exactly. */
function scaled(digits: string, negative: boolean, scale: number, highest: number): number | 'large' {
  const [whole = '0', fraction = ''] = digits.split('.')
  if (whole.replace(/^0+/, '').length > 15) return 'large'
  const places = Math.round(Math.log10(scale))
  const kept = (fraction + '0'.repeat(places)).slice(0, places)
  const next = fraction.charCodeAt(places)
  const up = next >= 53 ? 1 : 0
  const value = Number(whole) * scale + Number(kept || '0') + up
  if (value > highest) return 'large'
  return negative && value ? -value : value
}

const MONTH_FORMS = [/^(?<year>\d{4})[-/. ](?<month>\d{1,2})$/, /^(?<month>\d{1,2})[-/. ](?<year>\d{4})$/, /^(?<year>\d{4})(?<month>\d{2})$/]
const MONTH_WORDED = /^(\p{L}{3,9})\.?[-/. ]*(\d{4}|\d{2})$/u

/** A month's index (year * 12 + month - 1) from 2025-12, 12/2025, 202512, déc. 2025 or any date in it. */
export function readMonthOf(given: Cell): number | null {
  const cell = typeof given === 'number' && Number.isInteger(given) && given >= 190_001 && given < 210_000 ? String(given) : given
  if (typeof cell === 'string') {
    for (const form of MONTH_FORMS) {
      const match = form.exec(cell)
      if (match) {
        const month = Number(match.groups!['month'])
        return month >= 1 && month <= 12 ? Number(match.groups!['year']) * 12 + month - 1 : null
      }
    }
    const match = MONTH_WORDED.exec(plain(cell))
    if (match) {
      const named = MONTHS[match[1]!]
      return named ? year(match[2]!) * 12 + named - 1 : null
    }
  }
  const found = readDayCell(cell, 'dmy')
  return found === null ? null : monthOf(found)
}

export function monthOf(ordinal: number): number {
  const date = new Date(ordinal * DAY_MS)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

export const dayText = (ordinal: number): string => new Date(ordinal * DAY_MS).toISOString().slice(0, 10)

export const NO_WORDS = new Set(['no', 'n', 'non', 'false', 'faux', '0', '0.0', 'aucun', 'aucune', 'sans'])
export const YES_WORDS = new Set(['yes', 'y', 'oui', 'o', 'true', 'vrai', '1', 'x', '1.0'])

/** Whether a cell says yes: any text but a no, such as a dispute's number or reason. */
export function marked(cell: Cell): boolean {
  if (cell === null || typeof cell === 'boolean') return cell === true
  if (typeof cell === 'number') return cell !== 0
  const word = plain(cell)
  return !NO_WORDS.has(word) && !NOTHING.has(word)
}

/** A cell that must be one or the other; null where it is neither. Empty is no. */
export function yesOrNo(cell: Cell): boolean | null {
  if (cell === null || typeof cell === 'boolean') return cell === true
  const word = plain(String(cell))
  if (YES_WORDS.has(word)) return true
  return NO_WORDS.has(word) || NOTHING.has(word) ? false : null
}
