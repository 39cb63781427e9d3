/** What can be wrong with a file, as values: a code, where, what was found, what was expected. Twin of benchmark/problems.py. */

import { readMonth } from '../month.ts'
import type { Numbers } from '../text/numbers.ts'
import { typeset } from '../text/typesetting.ts'
import { FIELD_NAMES, NOTICES, ONE, TEXTS, VALUES } from './problem_texts.ts'

export interface Problem {
  code: string
  /** The file's rows from 1, as a spreadsheet counts. */
  row?: number
  field?: string
  found?: string
  expected?: string
  /** The name of one document of several. */
  document?: string
}

/** Ends a reading: nothing is half-applied. */
export class Refusal extends Error {
  readonly problems: Problem[]
  constructor(...problems: Problem[]) {
    super(problems[0]?.code ?? 'refused')
    this.problems = problems
  }
}

const FOUND_CHARACTERS_MAX = 60
const notices = new Set(NOTICES)

export const isNotice = (problem: Problem): boolean => notices.has(problem.code)
export const blocking = (problems: readonly Problem[]): Problem[] => problems.filter((problem) => !isNotice(problem))

export function shortened(text: string): string {
  const line = text.split(/\s+/).filter(Boolean).join(' ')
  return line.length <= FOUND_CHARACTERS_MAX ? line : `${line.slice(0, FOUND_CHARACTERS_MAX - 1)}…`
}

export const fieldName = (field: string, language: 'fr' | 'en'): string => FIELD_NAMES[field]?.[language] ?? field

const ISO_DATE = /\b\d{4}-\d{2}-\d{2}\b/g
const isDate = (iso: string): boolean => !Number.isNaN(Date.parse(iso)) && new Date(iso).toISOString().startsWith(iso)

/** As the reader writes it; what is not of its kind stays as it is. */
function written(text: string, kind: string | undefined, numbers: Numbers): string {
  if (kind === 'date') return text.replace(ISO_DATE, (iso) => (isDate(iso) ? numbers.date(iso) : iso))
  if (kind === 'count' && /^\d+$/.test(text)) return numbers.whole(Number(text))
  if (kind === 'money' && /^-?\d+\.\d{2}$/.test(text)) return numbers.exactMoney(Math.round(Number(text) * 100))
  const month = kind === 'month' ? readMonth(text) : null
  return month === null ? text : numbers.longMonth(month)
}

/** Whether its sentence counts something, and finds one of it. */
function isOne({ code, found, expected }: Problem): boolean {
  const [ofFound, ofExpected] = VALUES[code] ?? []
  const counted = ofFound === 'count' ? found : ofExpected === 'count' ? expected : ''
  return counted === '1' && code in ONE
}

/** The sentence alone; the place stands beside it in the page's tables. */
export function tell(problem: Problem, language: 'fr' | 'en', numbers: Numbers): string {
  const [ofFound, ofExpected] = VALUES[problem.code] ?? []
  const told: Record<string, string> = {
    found: written(shortened(problem.found ?? ''), ofFound, numbers),
    expected: written(problem.expected ?? '', ofExpected, numbers),
    field: problem.field ? fieldName(problem.field, language) : '',
  }
  const text = (isOne(problem) ? ONE : TEXTS)[problem.code]?.[language] ?? problem.code
  const sentence = typeset(text).replace(/\{(found|expected|field)\}/g, (_, name: string) => told[name]!)
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
