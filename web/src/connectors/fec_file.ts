/** A ledger's file to one pass over its lines: FEC as programs write it. Twin of member/connectors/fec_file.py. */

import Papa from 'papaparse'
import { gather, type Gathered, type Places } from './fec_lines.ts'
import { missing, propose, type Mapping } from './mapping.ts'
import { Refusal, type Problem } from './problems.ts'
import { decodeText, ENDS, FILE_BYTES_MAX } from './text.ts'
import type { Table } from './table.ts'
import { label, plain, type Cell } from './values.ts'

const HEAD_BYTES = 8_192
const DELIMITERS = ['\t', '|', ';', ',', '~', '^']
const SAMPLE_ROWS = 200
const HEADING_LINES_MAX = 10
/** The columns of article A47 A-1 of the Livre des procédures fiscales, and those of cash accounting. */
const NORM = 'JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise'.split(' ')
const NORM_MORE = 'DateRglt ModeRglt NatOp IdClient'.split(' ')
const DAY = /^(?:(?:19|20)\d{6}|\d{2}\/\d{2}\/\d{4})$/
const ACCOUNT = /^[1-9]\d{2}[0-9A-Za-z]*$/
const ADDED_UP = /^(?:(?:sous |grand )?-?tota(?:l|ux)\b|solde\b|report\b|cumul|balance\b)/

/** Whether the first bytes bear a FEC's headings, in any encoding. */
export function looksLikeFec(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES).filter((byte) => byte !== 0))
  const first = head.split(ENDS).slice(0, HEADING_LINES_MAX).join('\n')
  if (/^[ï»¿ÿþ\s]*</.test(first)) return false
  return (/comptenum/i.test(first) && /ecrituredate/i.test(first)) || withoutNames(first.replace(/^[ï»¿þÿ\s]+/, '').split('\n', 1)[0]!)
}

/** The delimiter that a line has most of. */
const delimiterOf = (line: string): string => DELIMITERS.reduce((best, one) => (count(line, one) > count(line, best) ? one : best))
const cellsOf = (line: string): string[] => line.split(delimiterOf(line)).map((cell) => cell.trim().replace(/^"+|"+$/g, '').trim())

/** Whether a line is an entry of the norm's 18 columns: an export that leaves the names of columns out. */
function withoutNames(line: string): boolean {
  const cells = cellsOf(line)
  return cells.length >= NORM.length && ['EcritureDate', 'PieceDate'].every((name) => DAY.test(cells[NORM.indexOf(name)]!)) && ACCOUNT.test(cells[NORM.indexOf('CompteNum')]!)
}

/** The line that names the columns, perhaps below titles, or the first; how many lines end with it. */
function headingOf(text: string): [string, number] {
  const lines = text.slice(0, HEAD_BYTES).split(ENDS).slice(0, HEADING_LINES_MAX + 1)
  const filled = lines.flatMap((line, at): [string, number][] => (line.trim() ? [[line, at + 1]] : []))
  return filled.find(([line]) => /comptenum/i.test(line) && /ecrituredate/i.test(line)) ?? filled[0] ?? ['', 1]
}

/** One pass over a FEC's bytes. Throws Refusal. */
export function readFec(bytes: Uint8Array, mapping: Mapping | null = null): Gathered {
  if (bytes.length > FILE_BYTES_MAX) throw new Refusal({ code: 'file-too-large', found: megabytes(bytes.length), expected: megabytes(FILE_BYTES_MAX) })
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  let end = bytes.length
  while (!wide && end && (bytes[end - 1] === 0x1a || bytes[end - 1] === 0)) end--
  const text = decodeText(bytes.subarray(0, end)).text.replace(/[\u001a\0]+$/, '').replace(/^\ufeff/, '')
  const [heading, ends] = headingOf(text)
  const delimiter = delimiterOf(heading)
  const named = !withoutNames(heading)
  const above = named ? ends : ends - 1
  const headings = named ? cellsOf(heading) : [...NORM, ...NORM_MORE].slice(0, cellsOf(heading).length)
  const lines = heading.includes('"') ? quoted(text, delimiter) : text.split(ENDS).map((line) => line.split(delimiter))
  const body = lines.slice(above)
  const sample = body.slice(0, SAMPLE_ROWS).map((row) => row.map((cell) => cell.trim() || null))
  return gather(numbered(body, above + 1), ledgerPlaces(headings, mapping ?? propose(headings, sample, 'ledger')))
}

const count = (text: string, mark: string): number => text.split(mark).length - 1
export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`

function* numbered(rows: readonly (readonly string[])[], first: number): Iterable<[number, readonly string[]]> {
  for (let at = 0; at < rows.length; at++) yield [first + at, rows[at]!]
}

function quoted(text: string, delimiter: string): string[][] {
  const read = Papa.parse<string[]>(text, { delimiter })
  const wrong = read.errors.find((error) => error.type === 'Quotes')
  if (wrong) throw new Refusal({ code: 'file-damaged', found: '"', expected: 'FEC' })
  return read.data
}

/** Where each field of a ledger stands. Throws Refusal. */
export function ledgerPlaces(headings: readonly string[], mapping: Mapping): Places {
  const listed = headings.filter(Boolean).join(', ')
  const problems: Problem[] = []
  const places = new Map<string, number>()
  for (const [field, heading] of Object.entries(mapping.columns)) {
    const place = headings.indexOf(heading)
    if (place < 0) problems.push({ code: 'column-unknown', field, found: heading, expected: listed })
    else places.set(field, place)
  }
  for (const field of missing(mapping)) problems.push({ code: 'column-missing', field, expected: listed })
  if (problems.length) throw new Refusal(...problems)
  return places
}

/** A ledger in a workbook or a CSV with headings of its own. Throws Refusal. */
export function gatherTable(table: Table, headingPlace: number, mapping: Mapping): Gathered {
  const headings = table.rows[headingPlace]!.map(label)
  const places = ledgerPlaces(headings, mapping)
  const dated = places.get('entered')!
  const rows: [number, string[]][] = []
  table.rows.slice(headingPlace + 1).forEach((row, at) => {
    if (row.every((cell) => cell === null) || isHeadingOrTotal(row, dated)) return
    const cells = row.map(label)
    while (cells.length < headings.length) cells.push('')
    rows.push([headingPlace + 2 + at, cells])
  })
  return gather(rows, places, mapping.defaults['general'])
}

/** Whether a row without a date names the account of the rows below it, or adds up those above. */
function isHeadingOrTotal(row: readonly Cell[], dated: number): boolean {
  if ((row[dated] ?? null) !== null) return false
  return row.filter((cell) => cell !== null).length === 1 || row.some((cell) => typeof cell === 'string' && ADDED_UP.test(plain(cell)))
}
