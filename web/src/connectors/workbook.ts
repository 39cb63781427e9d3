/**
 * XLSX: the cells of each visible sheet, as ECMA-376 part 1 §18 writes them. What it does not know it refuses:
 * macros, passwords, anything that is no workbook. Formulas are not computed; their stored values are read.
 */

import { unpack } from './archive.ts'
import { Refusal } from './problems.ts'
import type { Cell } from './values.ts'
import { dayText } from './values.ts'
import { child, children, eachElement, parseXml, type Node } from './xml.ts'

/** Of the rectangle that a sheet's cells span. */
const CELLS_MAX = 8_000_000
const COLUMNS_MAX = 16_384
const ROWS_MAX = 1_048_576
/** §18.8.30: numbers of formats that show days. */
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58])

export interface SheetOfCells {
  name: string
  rows: Cell[][]
}

/** Every visible sheet with content, in order. Throws Refusal. */
export function readWorkbook(bytes: Uint8Array): SheetOfCells[] {
  const { files, names } = unpack(bytes, (name) => /^xl\/(?:workbook\.xml|styles\.xml|sharedstrings\.xml|_rels\/workbook\.xml\.rels|worksheets\/[^/]+\.xml)$/i.test(name))
  const part = (path: string): Uint8Array | undefined => files[path] ?? files[Object.keys(files).find((name) => name.toLowerCase() === path.toLowerCase()) ?? '']
  const book = part('xl/workbook.xml')
  if (!book) throw new Refusal({ code: 'file-not-supported', found: 'ZIP', expected: 'CSV, XLSX' })
  if (names.some((name) => name.toLowerCase().endsWith('vbaproject.bin'))) throw new Refusal({ code: 'file-with-macros' })
  const root = parseXml(book)
  const from1904 = ['1', 'true'].includes(child(root, 'workbookPr')?.attributes['date1904'] ?? '')
  const targets = relations(part('xl/_rels/workbook.xml.rels'))
  const shared = sharedStrings(part('xl/sharedStrings.xml'))
  const days = dayStyles(part('xl/styles.xml'))
  const sheets: SheetOfCells[] = []
  for (const sheet of children(child(root, 'sheets'), 'sheet')) {
    if (sheet.attributes['state'] && sheet.attributes['state'] !== 'visible') continue
    const target = targets.get(sheet.attributes['id'] ?? '')
    const cells = target && part(target)
    if (!cells) throw new Refusal({ code: 'file-damaged', found: sheet.attributes['name'] ?? 'sheet', expected: 'XLSX' })
    const rows = readCells(cells, shared, days, from1904)
    if (rows.length) sheets.push({ name: sheet.attributes['name'] ?? '', rows })
  }
  if (!sheets.length) throw new Refusal({ code: 'file-empty' })
  return sheets
}

function relations(bytes: Uint8Array | undefined): Map<string, string> {
  if (!bytes) return new Map()
  return new Map(
    children(parseXml(bytes), 'Relationship').map(({ attributes }) => {
      const target = attributes['Target'] ?? ''
      return [attributes['Id'] ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`]
    }),
  )
}

/** Texts that cells name by number; what is phonetic is left out. */
function sharedStrings(bytes: Uint8Array | undefined): string[] {
  const found: string[] = []
  if (!bytes) return found
  let [text, inText, phonetic] = ['', false, false]
  eachElement(bytes, {
    open: (name) => {
      if (name === 'si') text = ''
      if (name === 't') inText = true
      if (name === 'rPh') phonetic = true
    },
    text: (said) => {
      if (inText && !phonetic) text += said
    },
    close: (name) => {
      if (name === 't') inText = false
      if (name === 'rPh') phonetic = false
      if (name === 'si') found.push(text)
    },
  })
  return found
}

/** Which cell styles show a day. */
function dayStyles(bytes: Uint8Array | undefined): boolean[] {
  if (!bytes) return []
  const root = parseXml(bytes)
  const own = new Map(children(child(root, 'numFmts'), 'numFmt').map(({ attributes }) => [Number(attributes['numFmtId']), attributes['formatCode'] ?? '']))
  return children(child(root, 'cellXfs'), 'xf').map((style: Node) => {
    const number = Number(style.attributes['numFmtId'] ?? 0)
    const code = own.get(number)
    return code === undefined ? DAY_FORMATS.has(number) : showsDay(code)
  })
}

/** Whether a format's code has a day or a year outside quotes, brackets and escapes. */
const showsDay = (code: string): boolean => /[dy]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\.|_./g, ''))

function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference) {
    const code = letter.charCodeAt(0)
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column
}

function readCells(bytes: Uint8Array, shared: readonly string[], days: readonly boolean[], from1904: boolean): Cell[][] {
  const rows: Cell[][] = []
  let [row, column, widest, type, style, value, reading] = [0, 0, 0, '', 0, '', false]
  eachElement(bytes, {
    open: (name, attributes) => {
      if (name === 'row') {
        row = Number(attributes['r'] ?? row + 1)
        column = 0
        if (!(row >= 1 && row <= ROWS_MAX)) throw new Refusal({ code: 'archive-too-large', found: `row ${row}`, expected: String(ROWS_MAX) })
      } else if (name === 'c') {
        column = attributes['r'] ? columnOf(attributes['r']) : column + 1
        if (!(column >= 1 && column <= COLUMNS_MAX)) throw new Refusal({ code: 'too-many-columns', row, found: String(column), expected: String(COLUMNS_MAX) })
        widest = Math.max(widest, column)
        if (row * widest > CELLS_MAX) throw new Refusal({ code: 'archive-too-large', found: `${row} x ${widest}`, expected: `${CELLS_MAX} cells` })
        type = attributes['t'] ?? 'n'
        style = Number(attributes['s'] ?? 0)
        value = ''
      } else if (name === 'v' || name === 't') reading = true
    },
    text: (said) => {
      if (reading) value += said
    },
    close: (name) => {
      if (name === 'v' || name === 't') reading = false
      if (name !== 'c') return
      const cell = cellOf(type, value, days[style] ?? false, shared, from1904)
      if (cell === null) return
      while (rows.length < row) rows.push([])
      const cells = rows[row - 1]!
      while (cells.length < column - 1) cells.push(null)
      cells[column - 1] = cell
    },
  })
  return rows
}

function cellOf(type: string, value: string, isDay: boolean, shared: readonly string[], from1904: boolean): Cell {
  if (type === 's') return shared[Number(value)]?.trim() || null
  if (type === 'inlineStr' || type === 'str' || type === 'e') return value.trim() || null
  if (type === 'd') return value.slice(0, 10) || null
  if (value === '') return null
  if (type === 'b') return value === '1'
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  if (!isDay) return number
  // Day 60 of the first system is a 29 February that never was; before it days are one off, and nobody's invoices.
  const day = Math.floor(number) + Date.UTC(from1904 ? 1904 : 1899, from1904 ? 0 : 11, from1904 ? 1 : 30) / 86_400_000
  return day > -36_525 && day < 100_000 ? dayText(day) : number
}
