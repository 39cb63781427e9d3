/** How surely a heading names a field. Twin of member/headings.py, over the same patterns. */

import { CLIENT_PATTERNS, FIGURE_PATTERNS, INVOICE_PATTERNS, LEDGER_PATTERNS } from './headings_known.ts'
import { BEFORE_TAX, TRANSLATED } from './list_words.ts'
import { plain } from './values.ts'

export const SUREST = 5
export const LIKENESS_MIN = 1
const CHARACTERS_MAX = 80

export const INVOICES = [...Object.keys(INVOICE_PATTERNS), 'debit', 'credit', 'side', ...Object.keys(CLIENT_PATTERNS)]
export const FIGURES = [...Object.keys(FIGURE_PATTERNS), ...Object.keys(CLIENT_PATTERNS)]
export const LEDGER = Object.keys(LEDGER_PATTERNS)

/** Amounts that are not the debt: tax left out, or tax alone. */
const BEFORE_TAX_WORDS = new RegExp(BEFORE_TAX)
const WITH_TAX = new Set(['amount', 'remaining'])
const phrases = new Map(TRANSLATED)
const anyPhrase = new RegExp(String.raw`\b(?:${TRANSLATED.map(([phrase]) => phrase).join('|')})\b`, 'g')

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
// Later lists win where two name one field, as in the agent.
const compiled = new Map<string, RegExp[]>(
  Object.entries({ ...INVOICE_PATTERNS, ...FIGURE_PATTERNS, ...CLIENT_PATTERNS, ...LEDGER_PATTERNS }).map(([field, patterns]) => [field, patterns.map(whole)]),
)

/** A heading as lower-case words: "InvoiceDate", "Date_échéance" -> "invoice date", "date echeance". */
export function words(heading: string): string {
  const split = heading.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
  return (plain(split).match(/[a-z0-9+]+/g) ?? []).join(' ')
}

/** Words of a heading with what is known of other languages replaced; the same where nothing is. */
export const inEnglish = (text: string): string => text.replace(anyPhrase, (found) => phrases.get(found)!)

const met = new Map<string, number>()

/** SUREST by the field's first pattern, one less by each next, one more for the field's own name, or 0. */
export function likeness(field: string, heading: string): number {
  if (heading.length > CHARACTERS_MAX) return 0
  const key = `${field}\n${heading}`
  const known = met.get(key)
  if (known !== undefined) return known
  const text = words(heading)
  let found = text === field.replaceAll('_', ' ') ? SUREST + 1 : 0
  if (!found && !(WITH_TAX.has(field) && BEFORE_TAX_WORDS.test(text) && !text.includes('incl'))) {
    const english = inEnglish(text)
    const place = (compiled.get(field) ?? []).findIndex((pattern) => pattern.test(text) || pattern.test(english))
    found = place < 0 ? 0 : SUREST - place
  }
  if (met.size > 20_000) met.clear()
  met.set(key, found)
  return found
}

const HEADING_ROWS_SEARCHED = 40
const EVERY = [...new Set([...INVOICES, ...FIGURES, ...LEDGER])]

/** The row that reads most like headings among the first ones; -1 where none does. Titles may stand above. */
export function findHeadings(rows: readonly (readonly unknown[])[]): number {
  let [best, bestScore] = [-1, 0]
  rows.slice(0, HEADING_ROWS_SEARCHED).forEach((row, place) => {
    const texts = row.filter((cell): cell is string => typeof cell === 'string' && cell !== '')
    if (texts.length <= bestScore) return
    const fields = EVERY.filter((field) => texts.some((text) => likeness(field, text) >= LIKENESS_MIN))
    const headings = texts.filter((text) => fields.some((field) => likeness(field, text) >= LIKENESS_MIN)).length
    if (headings >= 2 && headings > bestScore) [best, bestScore] = [place, headings]
  })
  return best
}
