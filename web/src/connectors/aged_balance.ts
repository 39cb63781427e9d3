/** What an aged balance says in its headings and titles: age buckets however they are cut, and its month. Twin of member/connectors/aged_balance.py. */

import { AGEING } from '../portfolio/own.ts'
import { monthText } from '../month.ts'
import { dayText, plain, readDates, readMonthOf, type Cell } from './values.ts'

const NOT_DUE = /non ?-?echu|a echoir|not (?:yet )?due|^current$|pas echu/
const RANGE = /(\d{1,3})(?: ?(?:j|jours?|d|days?)? ?(?:-|–|\/|a|to|et|a moins de)+ ?| )(\d{1,3})/
const BELOW = /(?:<|moins de|jusqu ?'?a|under|up to|inf\w*(?: a)?) ?=? ?(\d{1,3})/
const ABOVE =
  /(?:>|\+|plus de|au[- ]dela de|over|above|more than|sup\w*(?: a)?) ?=? ?(?:de )?(\d{1,3})|(\d{1,3}) ?(?:j|jours?|days?|d)? ?(?:\+|et plus|and more|and over|ou plus)/
const LATE_ENDS = [
  [0, 30, 'late_1_30'],
  [31, 60, 'late_31_60'],
  [61, 90, 'late_61_90'],
] as const
const OTHER_WORDS = /dso|delai|terms|date|taux|%|nb|nombre|number|limit|plafond|mois|month/
const TITLE_DATE = /\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:er)? \p{L}{3,9}\.? \d{4}/gu
const NAME_MONTH = /(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d{3})|(0[1-9]|1[0-2])[-_. ](20\d{2})/

/** The age bucket that a heading's days fall into wholly; null where they do not, or are none. */
export function bucketOf(heading: string): string | null {
  const text = plain(heading).replaceAll('_', ' ').split(/\s+/).filter(Boolean).join(' ')
  if (OTHER_WORDS.test(text)) return null
  if (NOT_DUE.test(text)) return 'not_due'
  let found = RANGE.exec(text)
  if (found) return bucket(Number(found[1]), Number(found[2]))
  found = ABOVE.exec(text)
  if (found) return Number(found[1] ?? found[2]) >= 90 ? 'late_91_plus' : null
  found = BELOW.exec(text)
  if (found) return Number(found[1]) > 1 && Number(found[1]) <= 31 ? 'late_1_30' : null
  return null
}

function bucket(low: number, high: number): string | null {
  for (const [start, end, name] of LATE_ENDS) {
    if ((start <= low && low <= high && high <= end) || (low === start - 1 && high === end)) return name
  }
  return low >= 90 && high > low ? 'late_91_plus' : null
}

/** Buckets of the headings that nothing else uses: one column each, and further ones added to it. */
export function ageingColumns(headings: readonly Cell[], taken: Record<string, string>): { first: Record<string, string>; added: Record<string, string[]> } {
  const buckets = new Set<string>(AGEING)
  const first = Object.fromEntries(Object.entries(taken).filter(([name]) => buckets.has(name)))
  const added: Record<string, string[]> = {}
  const used = new Set(Object.values(taken))
  for (const heading of headings) {
    if (typeof heading !== 'string' || used.has(heading)) continue
    const name = bucketOf(heading)
    if (name === null) continue
    if (name in first) (added[name] ??= []).push(heading)
    else first[name] = heading
  }
  return { first, added }
}

/** The month of a balance as text, from the titles above its headings or else from the file's name. */
export function monthOfTitle(rows: readonly (readonly Cell[])[], name: string): string | null {
  for (const cell of rows.flat()) {
    if (typeof cell === 'string') {
      for (const [text] of cell.matchAll(TITLE_DATE)) {
        const day = readDates([text]).values[0]
        if (day !== null && day !== undefined) return dayText(day).slice(0, 7)
      }
    } else if (cell !== null) {
      const month = readMonthOf(cell)
      if (month !== null) return monthText(month)
    }
  }
  const found = NAME_MONTH.exec(name)
  return found ? (found[1] ? `${found[1]}-${found[2]}` : `${found[4]}-${found[3]}`) : null
}
