/** All rows of a file or a sheet, from the very first: row number = place + 1. Twin of member/reading.py. */

import Papa from 'papaparse'
import { isArchive } from './archive.ts'
import { Refusal } from './problems.ts'
import { decodeText, FILE_BYTES_MAX } from './text.ts'
import type { Cell } from './values.ts'
import { readWorkbook } from './workbook.ts'

const ROWS_MAX = 500_000
const COLUMNS_MAX = 256
const CELL_CHARACTERS_MAX = 4_000
const DELIMITERS = [',', ';', '\t', '|']
const SUPPORTED = 'CSV, XLSX'
const SNIFFED_CHARACTERS = 200_000
const SNIFFED_ROWS = 100

export interface Table {
  rows: Cell[][]
  format: 'csv' | 'xlsx'
  sheet: string | null
}

const size = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`

/** The table of a CSV, or each sheet with content of a workbook in order. Throws Refusal. */
export function readTables(bytes: Uint8Array): Table[] {
  if (bytes.length > FILE_BYTES_MAX) throw new Refusal({ code: 'file-too-large', found: size(bytes.length), expected: size(FILE_BYTES_MAX) })
  if (bytes.every((byte) => byte === 0 || byte === 32 || (byte >= 9 && byte <= 13))) throw new Refusal({ code: 'file-empty' })
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11) throw new Refusal({ code: 'file-old-or-locked' })
  if (isArchive(bytes)) return readWorkbook(bytes).map(({ name, rows }) => ({ rows: checked(rows), format: 'xlsx', sheet: name }))
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200)).replace(/^[ï»¿\s]+/, '').toLowerCase()
  if (['<html', '<!doctype html', '<table', '<meta'].some((mark) => head.startsWith(mark))) throw new Refusal({ code: 'file-not-supported', found: 'HTML', expected: SUPPORTED })
  return [{ rows: checked(readText(bytes)), format: 'csv', sheet: null }]
}

function readText(bytes: Uint8Array): Cell[][] {
  let text = decodeText(bytes).text.replace(/^\ufeff/, '')
  if (!text.trim()) throw new Refusal({ code: 'file-empty' })
  const said = /^sep=(.)\r?\n/i.exec(text)
  let delimiter = said?.[1]
  if (said) text = text.slice(5) // the line itself stays, empty, so that rows keep their numbers
  delimiter ??= sniff(text)
  const read = Papa.parse<string[]>(text, { delimiter })
  const wrong = read.errors.find((error) => error.type === 'Quotes')
  if (wrong) throw new Refusal({ code: 'file-damaged', row: (wrong.row ?? 0) + 1, found: '"', expected: 'CSV' })
  return read.data.map((row) => row.map((cell) => cell.trim() || null))
}

/** The delimiter under which the first rows fall into the most columns, most of them alike. */
function sniff(text: string): string {
  const head = text.slice(0, SNIFFED_CHARACTERS)
  let [best, bestScore] = [',', 0]
  for (const delimiter of DELIMITERS) {
    const rows = Papa.parse<string[]>(head, { delimiter, preview: SNIFFED_ROWS, skipEmptyLines: true }).data
    const counts = new Map<number, number>()
    for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1)
    const score = Math.max(0, ...[...counts].map(([columns, count]) => ((columns - 1) * count) / rows.length))
    if (score > bestScore) [best, bestScore] = [delimiter, score]
  }
  return best
}

function checked(rows: Cell[][]): Cell[][] {
  const empty = (row: readonly Cell[]): boolean => row.every((cell) => cell === null)
  while (rows.length && empty(rows.at(-1)!)) rows.pop()
  if (!rows.length) throw new Refusal({ code: 'file-empty' })
  if (rows.length > ROWS_MAX) throw new Refusal({ code: 'too-many-rows', found: String(rows.length), expected: String(ROWS_MAX) })
  rows.forEach((row, at) => {
    if (row.length > COLUMNS_MAX) {
      while (row.length && row.at(-1) === null) row.pop()
      if (row.length > COLUMNS_MAX) throw new Refusal({ code: 'too-many-columns', row: at + 1, found: String(row.length), expected: String(COLUMNS_MAX) })
    }
    const long = row.find((cell) => typeof cell === 'string' && cell.length > CELL_CHARACTERS_MAX)
    if (typeof long === 'string') throw new Refusal({ code: 'cell-too-long', row: at + 1, found: String(long.length), expected: String(CELL_CHARACTERS_MAX) })
  })
  return rows
}
