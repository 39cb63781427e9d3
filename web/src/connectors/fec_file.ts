/** A ledger's file to one pass over its lines: FEC as programs write it. Twin of member/connectors/fec_file.py. */

import Papa from 'papaparse'
import { gather, type Gathered, type Places } from './fec_lines.ts'
import { likeness, LEDGER, LIKENESS_MIN } from './headings.ts'
import { Refusal, type Problem } from './problems.ts'
import { decodeText, ENDS, FILE_BYTES_MAX } from './text.ts'
import { readDates, readNumbers, type Cell } from './values.ts'

const HEAD_BYTES = 8_192
const DELIMITERS = ['\t', '|', ';', ',', '~', '^']
const SAMPLE_ROWS = 200
const DATES = new Set(['entered', 'piece_date', 'due'])
const NUMBERS = new Set(['debit', 'credit', 'signed'])

/** Whether the first bytes bear a FEC's headings, in any encoding. */
export function looksLikeFec(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES).filter((byte) => byte !== 0))
  const first = head.split(ENDS).slice(0, 5).join('\n')
  return /comptenum/i.test(first) && /ecrituredate/i.test(first) && !/^[ï»¿ÿþ\s]*</.test(first)
}

/** One pass over a FEC's bytes. Throws Refusal. */
export function readFec(bytes: Uint8Array): Gathered {
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
  const places = ledgerPlaces(headings, body.slice(0, SAMPLE_ROWS).map((row) => row.map((cell) => cell.trim() || null)))
  return gather(numbered(body, above + 2), places)
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

/** Where each field of a ledger stands, the likest pairs first, each field and each column once. Throws Refusal. */
export function ledgerPlaces(headings: readonly string[], sample: readonly (readonly Cell[])[]): Places {
  const candidates: { score: number; order: number; place: number; field: string }[] = []
  headings.forEach((heading, place) => {
    if (!heading) return
    const cells = sample.map((row) => row[place] ?? null)
    LEDGER.forEach((field, order) => {
      const score = likeness(field, heading)
      if (score >= LIKENESS_MIN && fits(field, cells)) candidates.push({ score, order, place, field })
    })
  })
  candidates.sort((one, other) => other.score - one.score || one.order - other.order || one.place - other.place)
  const places = new Map<string, number>()
  const used = new Set<number>()
  for (const { place, field } of candidates) {
    if (places.has(field) || used.has(place)) continue
    places.set(field, place)
    used.add(place)
  }
  const lacking = lackingOf(places)
  if (lacking.length) throw new Refusal(...lacking.map((field): Problem => ({ code: 'column-missing', field, expected: headings.filter(Boolean).join(', ') })))
  return places
}

/** Required fields of a ledger that no column gives. */
export function lackingOf(places: Places): string[] {
  const signed = places.has('signed') && places.has('side')
  return ['general', 'entered', 'debit', 'credit'].filter((field) => !places.has(field) && !(signed && (field === 'debit' || field === 'credit')))
}

function fits(field: string, cells: readonly Cell[]): boolean {
  const filled = cells.filter((cell) => cell !== null)
  if (!filled.length) return true
  if (DATES.has(field)) return readDates(filled).wrong.length * 2 < filled.length
  if (!NUMBERS.has(field)) return true
  const read = readNumbers(filled)
  return (read.wrong.length + read.tooLarge.length) * 2 < filled.length
}
