/** The kept mapping: one small JSON file that the page and the agent both read and write (docs/importing.md). */

import { MEANINGS, NEEDED, type Kind, type Meaning } from './sheet.ts'

export const MAPPING_BYTES_MAX = 100_000

/** What the agent can say of a file beyond the page: such a mapping is for the agent alone. */
interface Kept {
  kind: string
  columns: Record<string, string>
  date_order: string
  decimal: string
  defaults: Record<string, string>
  heading_row: number | null
  sheet: string | null
  rates: Record<string, string>
  added: Record<string, string[]>
  version: number
}

export type Unusable =
  | { what: 'invalid' }
  | { what: 'agent' }
  | { what: 'columns'; headings: string[] }

/** Fields that only the agent reads and that change no figure: the page may leave their columns alone. */
const HARMLESS: readonly string[] = ['number', 'vat', 'registration', 'address', 'postcode', 'country', 'regime']

/** The mapping as the agent would write it. */
export function keepMapping(kind: Kind, headers: readonly string[], mapping: readonly (Meaning | null)[]): string {
  const columns: Record<string, string> = {}
  for (const meaning of MEANINGS[kind]) {
    const at = mapping.indexOf(meaning)
    if (at >= 0) columns[meaning] = headers[at]!
  }
  const kept: Kept = {
    kind,
    columns,
    date_order: kind === 'invoices' ? 'dmy' : 'auto',
    decimal: 'auto',
    defaults: {},
    heading_row: null,
    sheet: null,
    rates: {},
    added: {},
    version: 1,
  }
  return `${JSON.stringify(kept, null, 2)}\n`
}

/** A kept mapping over the columns of a file, or why the page cannot use it. */
export function readMapping(text: string, headers: readonly string[]): { kind: Kind; mapping: (Meaning | null)[] } | Unusable {
  const kept = parse(text)
  if (kept === null) return { what: 'invalid' }
  if (kept.kind !== 'invoices' && kept.kind !== 'figures') return { what: 'agent' }
  const kind: Kind = kept.kind
  const mapping: (Meaning | null)[] = headers.map(() => null)
  const absent: string[] = []
  for (const [field, heading] of Object.entries(kept.columns)) {
    if (HARMLESS.includes(field)) continue
    if (!(MEANINGS[kind] as readonly string[]).includes(field)) return { what: 'agent' }
    const at = headers.indexOf(heading.trim())
    if (at < 0) absent.push(heading)
    else mapping[at] = field as Meaning
  }
  if (absent.length) return { what: 'columns', headings: absent }
  const told = NEEDED[kind].every((meaning) => mapping.includes(meaning))
  return told && plain(kept) ? { kind, mapping } : { what: 'agent' }
}

/** Whether nothing in a mapping needs what only the agent does: other currencies, sums of columns, defaults. */
function plain(kept: Kept): boolean {
  const defaults = Object.entries(kept.defaults).every(([name, value]) => name === 'currency' && value === 'EUR')
  const summed = Object.keys(kept.added).length + Object.keys(kept.rates).length
  return defaults && !summed && kept.date_order !== 'mdy' && (kept.heading_row ?? 1) === 1
}

function parse(text: string): Kept | null {
  if (text.length > MAPPING_BYTES_MAX) return null
  try {
    const read: unknown = JSON.parse(text)
    if (!isRecord(read) || (read['version'] ?? 1) !== 1 || typeof read['kind'] !== 'string') return null
    const kept: Kept = { date_order: 'auto', decimal: 'auto', defaults: {}, heading_row: null, sheet: null, rates: {}, added: {}, version: 1, ...(read as Partial<Kept>) } as Kept
    const texts = [kept.columns, kept.defaults, kept.rates].every((one) => isRecord(one) && Object.values(one).every((value) => typeof value === 'string'))
    return texts && isRecord(kept.added) ? kept : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
