/** What can be wrong with a file, as values: a code, where, what was found, what was expected. Twin of benchmark/problems.py. */

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

/** The sentence alone; the place stands beside it in the page's tables. */
export function tell(problem: Problem, language: 'fr' | 'en'): string {
  const told: Record<string, string> = {
    found: shortened(problem.found ?? ''),
    expected: problem.expected ?? '',
    field: problem.field ? fieldName(problem.field, language) : '',
  }
  const sentence = (TEXTS[problem.code]?.[language] ?? problem.code).replace(/\{(found|expected|field)\}/g, (_, name: string) => told[name]!)
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
