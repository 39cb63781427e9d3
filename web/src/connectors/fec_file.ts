/** A ledger's file to one pass over its lines: FEC as programs write it. Twin of member/connectors/fec_file.py. */

import Papa from 'papaparse'
import { gather, type Gathered, type Places } from './fec_lines.ts'
import { missing, propose, type Mapping } from './mapping.ts'
import { Refusal, type Problem } from './problems.ts'
import { decodeText, ENDS, FILE_BYTES_MAX } from './text.ts'
import type { Table } from './table.ts'
import { label } from './values.ts'

const HEAD_BYTES = 8_192
const DELIMITERS = ['\t', '|', ';', ',', '~', '^']
const SAMPLE_ROWS = 200

/** Whether the first bytes bear a FEC's headings, in any encoding. */
export function looksLikeFec(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES).filter((byte) => byte !== 0))
  const first = head.split(ENDS).slice(0, 5).join('\n')
  return /comptenum/i.test(first) && /ecrituredate/i.test(first) && !/^[ï»¿ÿþ\s]*</.test(first)
}

/** One pass over a FEC's bytes. Throws Refusal. */
export function readFec(bytes: Uint8Array, mapping: Mapping | null = null): Gathered {
  if (bytes.length > FILE_BYTES_MAX) throw new Refusal({ code: 'file-too-large', found: megabytes(bytes.length), expected: megabytes(FILE_BYTES_MAX) })
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  let end = bytes.length
  while (!wide && end && (bytes[end - 1] === 0x1a || bytes[end - 1] === 0)) end--
  const text = decodeText(bytes.subarray(0, end)).text.replace(/[\u001a\0]+$/, '').replace(/^\ufeff/, '')
  const start = Math.max(0, text.search(/\S/))
  const heading = text.slice(start, start + HEAD_BYTES).split(ENDS, 1)[0]!
  const above = text.slice(0, start).split(ENDS).length - 1
  const delimiter = DELIMITERS.reduce((best, one) => (count(heading, one) > count(heading, best) ? one : best))
  const headings = heading.split(delimiter).map((cell) => cell.trim().replace(/^"+|"+$/g, '').trim())
  const lines = heading.includes('"') ? quoted(text, delimiter) : text.split(ENDS).map((line) => line.split(delimiter))
  const body = lines.slice(above + 1)
  const sample = body.slice(0, SAMPLE_ROWS).map((row) => row.map((cell) => cell.trim() || null))
  return gather(numbered(body, above + 2), ledgerPlaces(headings, mapping ?? propose(headings, sample, 'ledger')))
}

const count = (text: string, mark: string): number => text.split(mark).length - 1
export const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`

function* numbered(rows: readonly (readonly string[])[], first: number): Iterable<[number, readonly string[]]> {
  for (let at = 0; at < rows.length; at++) yield [first + at, rows[at]!]
}

function quoted(text: string, delimiter: string): string[][] {
  const read = Papa.parse<string[]>(text, { delimiter })
  const wrong = read.errors.find((error) => error.type === 'Quotes')
  if (wrong) throw new Refusal({ code: 'file-damaged', found: wrong.message, expected: 'FEC' })
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
  const rows: [number, string[]][] = []
  table.rows.slice(headingPlace + 1).forEach((row, at) => {
    if (row.every((cell) => cell === null)) return
    const cells = row.map(label)
    while (cells.length < headings.length) cells.push('')
    rows.push([headingPlace + 2 + at, cells])
  })
  return gather(rows, places)
}
