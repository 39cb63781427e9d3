/**
 * A downloaded file of the BODACC's commercial notices: which judgments concern the firm's own clients. Twin of member/bodacc.py; pure.
 * JSON (a list, or an answer with "results"), JSON lines, CSV. The file is everybody's, and it is matched here: whom a firm looks for leaves nothing.
 */

import Papa from 'papaparse'
import { clocks } from './deadlines.ts'
import type { PublicNotice } from './credit_file.ts'

export const FILE_BYTES_MAX = 300_000_000
const TEXT_CHARACTERS_MAX = 1_500
export const NEEDED = ['id', 'dateparution', 'familleavis', 'registre', 'jugement'] as const
const OPENING = /^(?:(autre )?jugement d'? ?ouverture|jugement d'? ?extension|extension d)/
const MONTHS = ['janvier', 'fevrier', 'mars', 'avril', 'mai', 'juin', 'juillet', 'aout', 'septembre', 'octobre', 'novembre', 'decembre']
const NO_CLOCKS = { claim_by: null, claim_safe: null, retention_by: null, retention_safe: null }

export type BodaccProblem = 'notices-file' | 'notices-large' | 'notices-columns' | 'notice-row'

/** What is wrong with the file: row, field, found, expected, as far as there is one. */
export class BodaccRefused extends Error {
  readonly code: BodaccProblem
  readonly found: string
  readonly expected: string
  readonly row: number | null
  readonly field: string
  constructor(code: BodaccProblem, found: string, expected = '', row: number | null = null, field = '') {
    super(code)
    this.code = code
    this.found = found
    this.expected = expected
    this.row = row
    this.field = field
  }
}

type Row = Record<string, unknown>

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
const said = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

/** Judgments of collective procedures on these SIRENs, oldest first. Throws BodaccRefused. */
export function readBodacc(text: string, sirens: Iterable<string>, abroad = false): PublicNotice[] {
  const wanted = new Set(sirens)
  const found = new Map<string, PublicNotice>()
  const cancelled = new Set<string>()
  recordsOf(text.replace(/^\ufeff/, '')).forEach((record, at) => {
    if (!plain(said(record['familleavis']) || said(record['familleavis_lib'])).includes('collective')) return
    const mine = sirensOf(record).find((one) => wanted.has(one))
    if (mine === undefined) return
    const kind = plain(said(record['typeavis']))
    if (kind.startsWith('annulation')) {
      cancelled.add(said(record['id']))
      cancelled.add(previous(record).id)
    }
    const notice = noticeOf(record, at + 1, mine, abroad, kind.startsWith('rectificatif'))
    found.set(notice.id, notice)
  })
  return [...found.values()]
    .sort((left, right) => (left.published + left.id < right.published + right.id ? -1 : 1))
    .map((one) => (cancelled.has(one.id) ? { ...one, ...NO_CLOCKS, cancelled: true } : one))
}

/** The SIRENs that a notice bears, in its order, none twice. */
export function sirensOf(record: Row): string[] {
  const value = record['registre']
  const text = Array.isArray(value) ? value.join(' , ') : said(value)
  return [...new Set([...text.matchAll(/(?<!\d)(\d{3}) ?(\d{3}) ?(\d{3})(?!\d)/g)].map((match) => match.slice(1).join('')))]
}

/** Whether a judgment starts the clocks, by its nature or else its family. */
export function opens(nature: string, family = ''): boolean {
  const text = plain(nature).replaceAll('’', "'")
  return text ? OPENING.test(text) : plain(family).replaceAll('’', "'").startsWith("jugement d'ouverture")
}

function noticeOf(record: Row, row: number, siren: string, abroad: boolean, corrects: boolean): PublicNotice {
  const published = dayOf(record['dateparution'])
  if (published === null) throw new BodaccRefused('notice-row', said(record['dateparution']), '2026-11-26', row, 'dateparution')
  const judgment = inside(record['jugement'])
  const [nature, family] = [said(judgment['nature']), said(judgment['famille'])]
  const counted = (corrects ? dayOf(previous(record).published) : null) ?? published
  return {
    id: said(record['id']) || `${published} ${row}`,
    identifier: `fr.siren:${siren}`,
    published,
    nature: nature || family,
    court: said(record['tribunal']),
    judged: dayOf(judgment['date']),
    text: [...said(judgment['complementJugement'])].slice(0, TEXT_CHARACTERS_MAX).join(''),
    url: said(record['url_complete']),
    cancelled: false,
    ...(opens(nature, family) ? clocks(counted, abroad) : NO_CLOCKS),
    done: [],
  }
}

/** The notice that this one is about, with its id as the export makes it: edition, issue, number. */
function previous(record: Row): { id: string; published: unknown } {
  const before = inside(record['parutionavisprecedent'])
  const edition = said(before['nomPublication']).trim().slice(-1)
  return { id: `${edition}${said(before['numeroParution'])}${said(before['numeroAnnonce'])}`, published: before['dateParution'] }
}

/** An object, or the JSON text of one; empty where it is neither. */
function inside(value: unknown): Row {
  let found = value
  if (typeof found === 'string' && found.trim()) {
    try {
      found = JSON.parse(found)
    } catch {
      return {}
    }
  }
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Row) : {}
}

function realDay(year: number, month: number, day: number): string | null {
  const made = new Date(Date.UTC(year, month - 1, day))
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? made.toISOString().slice(0, 10) : null
}

/** 2026-11-26, 26/11/2026 or "26 novembre 2026". */
function dayOf(value: unknown): string | null {
  const text = plain(said(value))
  let match = /^(\d{4})-(\d\d)-(\d\d)/.exec(text)
  if (match) return realDay(Number(match[1]), Number(match[2]), Number(match[3]))
  match = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(text)
  if (match) return realDay(Number(match[3]), Number(match[2]), Number(match[1]))
  match = /^(\d{1,2})(?:er)? ([a-z]+) (\d{4})/.exec(text)
  const month = match ? MONTHS.indexOf(match[2]!) : -1
  return match && month >= 0 ? realDay(Number(match[3]), month + 1, Number(match[1])) : null
}

/** The file's records, whichever of its forms it has. */
function recordsOf(text: string): Row[] {
  if (/^[[{]/.test(text)) return fromJson(text)
  const heading = /^[^\r\n]*/.exec(text)![0]
  const delimiter = heading.split(';').length >= heading.split(',').length ? ';' : ','
  const table = Papa.parse<Row>(text, { header: true, delimiter, skipEmptyLines: true, transformHeader: (name) => name.replace(/^\ufeff/, '').trim() })
  check(table.meta.fields ?? [])
  return table.data
}

function fromJson(text: string): Row[] {
  const first = /^[^\r\n]*/.exec(text)![0].trimEnd()
  let value: unknown
  try {
    value = first.startsWith('{') && first.endsWith('}') ? text.split(/\r\n|\n|\r/).filter((line) => line.trim()).map((line) => JSON.parse(line) as unknown) : JSON.parse(text)
  } catch {
    throw new BodaccRefused('notices-file', 'JSON')
  }
  const alone = Array.isArray(value) && value.length === 1 ? inside(value[0]) : {}
  if ('results' in alone || 'records' in alone) value = alone // the whole answer on one line
  if (!Array.isArray(value)) value = inside(value)['results'] ?? inside(value)['records']
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'object' || one === null || Array.isArray(one))) throw new BodaccRefused('notices-columns', 'JSON', NEEDED.join(', '))
  const records = (value as Row[]).map((one) => ('fields' in one ? inside(one['fields']) : one)) // the API's first version wraps each
  check(records.length ? Object.keys(records[0]!) : NEEDED)
  return records
}

function check(columns: readonly string[]): void {
  if (NEEDED.some((name) => !columns.includes(name))) throw new BodaccRefused('notices-columns', columns.slice(0, 12).join(', '), NEEDED.join(', '))
}
