/** What can be wrong with a file, as values: a code, where, what was found, what was expected. Twin of benchmark/problems.py. */

import { readMonth } from '../month.ts'
import type { Numbers } from '../text/numbers.ts'
import { typeset } from '../text/typesetting.ts'
import { FIELD_NAMES, NOTICES, TEXTS } from './problem_texts.ts'

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

/** A date, a month, an amount or a count as the reader writes them. */
function written(text: string, numbers: Numbers): string {
  if (/^-?\d+\.\d{2}$/.test(text)) return numbers.exactMoney(Math.round(Number(text) * 100))
  if (/^\d{4,}$/.test(text)) return numbers.whole(Number(text))
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (iso) => numbers.date(iso)).replace(/\b\d{4}-\d{2}\b/g, (iso) => {
    const month = readMonth(iso)
    return month === null ? iso : numbers.longMonth(month)
  })
}

/** The sentence alone; the place stands beside it in the page's tables. What is quoted, or an example, stays as the file has it. */
export function tell(problem: Problem, language: 'fr' | 'en', numbers: Numbers): string {
  const example = problem.code.endsWith('-invalid')
  const told: Record<string, string> = {
    found: shortened(problem.found ?? ''),
    expected: problem.expected ?? '',
    field: problem.field ? fieldName(problem.field, language) : '',
  }
  const sentence = typeset(TEXTS[problem.code]?.[language] ?? problem.code).replace(/([“«]\u202f?)?\{(found|expected|field)\}/g, (_, quote: string | undefined, name: string) =>
    quote ? quote + told[name]! : name === 'field' || example ? told[name]! : written(told[name]!, numbers),
  )
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
