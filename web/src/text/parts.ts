/**
 * The texts in parts, each loaded when a screen needs it and in the reader's language alone (screens.ts names them).
 * A part is two modules that export `words`, top-level names of the whole; the French one is typed by the English one.
 */

import type { Widen } from './widen.ts'

export const PARTS = {
  shell: { en: () => import('./shell_en.ts'), fr: () => import('./shell_fr.ts') },
  sectors: { en: () => import('./sectors_en.ts'), fr: () => import('./sectors_fr.ts') },
  follow: { en: () => import('./follow_en.ts'), fr: () => import('./follow_fr.ts') },
  table: { en: () => import('./table_en.ts'), fr: () => import('./table_fr.ts') },
  tour: { en: () => import('./tour_en.ts'), fr: () => import('./tour_fr.ts') },
  join: { en: () => import('./join_en.ts'), fr: () => import('./join_fr.ts') },
  logIn: { en: () => import('./log_in_en.ts'), fr: () => import('./log_in_fr.ts') },
  morning: { en: () => import('./morning_en.ts'), fr: () => import('./morning_fr.ts') },
  portfolio: { en: () => import('./portfolio_en.ts'), fr: () => import('./portfolio_fr.ts') },
  client: { en: () => import('./client_en.ts'), fr: () => import('./client_fr.ts') },
  how: { en: () => import('./how_en.ts'), fr: () => import('./how_fr.ts') },
  alerts: { en: () => import('./alerts_en.ts'), fr: () => import('./alerts_fr.ts') },
  work: { en: () => import('./work_en.ts'), fr: () => import('./work_fr.ts') },
  credit: { en: () => import('./credit_en.ts'), fr: () => import('./credit_fr.ts') },
  upload: { en: () => import('./upload_en.ts'), fr: () => import('./upload_fr.ts') },
  operator: { en: () => import('./operator_en.ts'), fr: () => import('./operator_fr.ts') },
  settings: { en: () => import('./settings_en.ts'), fr: () => import('./settings_fr.ts') },
  firm: { en: () => import('./firm_en.ts'), fr: () => import('./firm_fr.ts') },
  console: { en: () => import('./console_en.ts'), fr: () => import('./console_fr.ts') },
  talk: { en: () => import('./talk_en.ts'), fr: () => import('./talk_fr.ts') },
  verification: { en: () => import('./verification_en.ts'), fr: () => import('./verification_fr.ts') },
}

export type Part = keyof typeof PARTS
type Modules = { [P in Part]: Widen<Awaited<ReturnType<(typeof PARTS)[P]['en']>>['words']> }
type All<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never

/** Every part together. Of a part that was not loaded nothing is there: a screen names all parts that it reads. */
export type Catalogue = All<Modules[Part]>
export type Shell = Modules['shell']
