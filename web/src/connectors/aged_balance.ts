/** What an aged balance says in its headings and titles: age buckets however they are cut, and its month. Twin of member/connectors/aged_balance.py. */

import { AGEING } from '../portfolio/own.ts'
import { monthText } from '../month.ts'
import { inEnglish } from './headings.ts'
import { dayText, plain, readDates, readMonthOf, type Cell } from './values.ts'

const NOT_DUE = /non ?-?echu|a echoir|not (?:yet |past )?due|not overdue|^current$|pas echu|^at date$|^future$/
const RANGE = /(\d{1,3})(?: ?(?:j|jours?|d|days?)? ?(?:-|–|\/|a|to|et|a moins de)+ ?| )(\d{1,3})/
const BELOW = /(?:<|moins de|jusqu ?'?a|under|up to|inf\w*(?: a)?) ?=? ?(\d{1,3})/
const ABOVE =
  /(?:>|\+|plus de|au[- ]dela de|over|above|more than|sup\w*(?: a)?) ?=? ?(?:de )?(\d{1,3})|(\d{1,3}) ?(?:j|jours?|days?|d)? ?(?:\+|et plus|and more|and over|ou plus)/
const LATE_ENDS = [
  [0, 30, 'late_1_30'],
  [31, 60, 'late_31_60'],
  [61, 90, 'late_61_90'],
] as const
const OTHER_WORDS = /dso|delai|terms|\bdate\b|taux|%|nb|nombre|number|limit|plafond|ytd|turnover/
const MONTH_WORDS = /\b(?:mois|months?|monate?|meses|mes|mesi|mese|maanden|maand)\b/g
const OLDER = /^(?:older|plus ancien(?:s|ne)?|anterieur(?:s|e)?|plus vieux|alter|mas antiguo|piu vecchi|ouder)$/
const PERIOD = /^(?:period|periode) ([1-4])$/
const PERIODS = AGEING.slice(1)
const DAYS_A_MONTH = 30
const TITLE_DATE =
  /\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:er|\.)? \p{L}{3,9}\.? \d{4}|\p{L}{3,9}\.? \d{1,2}, \d{4}/gu
const NAME_MONTH = /(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d{3})|(0[1-9]|1[0-2])[-_. ](20\d{2})/

const monthly = (text: string): boolean => text.search(MONTH_WORDS) >= 0

/**
 * The age bucket that a heading's days fall into wholly; null where they do not, or are none. `wholeMonthFirst`:
 * another column holds what is late by less than a month, so that "1 month" is a whole one and more.
 */
export function bucketOf(heading: string, wholeMonthFirst = false): string | null {
  const text = inEnglish(plain(heading).replaceAll('_', ' ')).split(/\s+/).filter(Boolean).join(' ')
  if (NOT_DUE.test(text)) return 'not_due'
  if (OTHER_WORDS.test(text)) return null
  const period = PERIOD.exec(text)
  if (period) return PERIODS[Number(period[1]) - 1]!
  if (monthly(text)) return ofMonths(text.replace(MONTH_WORDS, ''), wholeMonthFirst)
  return OLDER.test(text) ? 'late_91_plus' : ofDays(text)
}

function ofDays(text: string): string | null {
  let found = RANGE.exec(text)
  if (found) return bucket(Number(found[1]), Number(found[2]))
  found = ABOVE.exec(text)
  if (found) return Number(found[1] ?? found[2]) >= 90 ? 'late_91_plus' : null
  found = BELOW.exec(text)
  return found && Number(found[1]) > 1 && Number(found[1]) <= 31 ? 'late_1_30' : null
}

/** Of "1 a 2", "< 1", "> 3" or a single number of months, each of 30 days. */
function ofMonths(text: string, wholeMonthFirst: boolean): string | null {
  let found = /(\d{1,2}) ?(?:-|–|a|to|et|and) ?(\d{1,2})/.exec(text)
  if (found) return bucket(Number(found[1]) * DAYS_A_MONTH + 1, Number(found[2]) * DAYS_A_MONTH)
  found = BELOW.exec(text)
  if (found) return Number(found[1]) === 1 ? 'late_1_30' : null
  found = ABOVE.exec(text)
  if (found) return Number(found[1] ?? found[2]) >= 3 ? 'late_91_plus' : null
  const single = Number(/^\D*(\d{1,2})\D*$/.exec(text)?.[1] ?? 0)
  if (!single) return null
  const months = single + Number(wholeMonthFirst)
  return bucket((months - 1) * DAYS_A_MONTH + 1, months * DAYS_A_MONTH)
}

function bucket(low: number, high: number): string | null {
  for (const [start, end, name] of LATE_ENDS) {
    if ((start <= low && low <= high && high <= end) || (low === start - 1 && high === end)) return name
  }
  return low >= 90 && high > low ? 'late_91_plus' : null
}

const lessThanAMonth = (headings: readonly Cell[]): boolean => headings.some((heading) => typeof heading === 'string' && monthly(plain(heading)) && BELOW.test(plain(heading)))

/** Buckets of the headings that nothing else uses: one column each, and further ones added to it. */
export function ageingColumns(headings: readonly Cell[], taken: Record<string, string>): { first: Record<string, string>; added: Record<string, string[]> } {
  const buckets = new Set<string>(AGEING)
  const first = Object.fromEntries(Object.entries(taken).filter(([name]) => buckets.has(name)))
  const added: Record<string, string[]> = {}
  const used = new Set(Object.values(taken))
  const wholeMonthFirst = lessThanAMonth(headings)
  for (const heading of headings) {
    if (typeof heading !== 'string' || used.has(heading)) continue
    const name = bucketOf(heading, wholeMonthFirst)
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
