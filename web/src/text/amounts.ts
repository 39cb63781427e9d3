/** An amount in euros as a reader writes it into a field, by her own signs, and as the field shows it again. Pure. */

import { readNumbers } from '../connectors/values.ts'
import type { Catalogue } from './parts.ts'

export type Typed =
  | { cents: number }
  /** No amount from zero on. */
  | { wrong: 'amount' }
  /** Three digits after a sign that is not this reader's for groups: both amounts that it could be, in cents. */
  | { wrong: 'ambiguous'; large: number; small: number }

function signsOf(locale: string): { group: string; decimal: '.' | ',' } {
  const parts = new Intl.NumberFormat(locale).formatToParts(12_345.6)
  const sign = (type: string): string => parts.find((part) => part.type === type)?.value ?? ''
  return { group: sign('group'), decimal: sign('decimal') === '.' ? '.' : ',' }
}

/**
 * One field, so no column tells its signs as in a ledger: the locale does, and where a lone sign stands before three
 * digits and the locale does not group by it, nobody can tell thousands from thousandths, and nothing is guessed.
 */
export function readAmount(written: string, locale: string): Typed {
  const { group, decimal } = signsOf(locale)
  const text = written.trim()
  const signs = [...text].filter((sign): sign is '.' | ',' => sign === '.' || sign === ',')
  const digitsAfter = text.replace(/^.*[.,]/s, '').replace(/\D/g, '').length
  const lone = signs.length === 1
  // Two signs: the last is before the cents. The same one twice or more: it groups. One: by the locale and the digits.
  const other = (sign: '.' | ','): '.' | ',' => (sign === '.' ? ',' : '.')
  const last = signs.at(-1)
  let before = decimal
  if (last && new Set(signs).size === 2) before = last
  else if (last && signs.length > 1) before = other(last)
  else if (last && digitsAfter !== 3) before = last
  const ambiguous = lone && digitsAfter === 3 && last !== group
  if (ambiguous) {
    const [large, small] = [cents(text, other(last!)), cents(text, last!)]
    return large === null || small === null ? { wrong: 'amount' } : { wrong: 'ambiguous', large, small }
  }
  // A third decimal is no cent.
  const found = last === before && digitsAfter > 2 ? null : cents(text, before)
  return found === null ? { wrong: 'amount' } : { cents: found }
}

function cents(text: string, decimal: '.' | ','): number | null {
  if (/[^\d\s.,€'’]|^[.,]$/.test(text.replace(/\b(?:eur|euros?)\s*$/i, ''))) return null
  return readNumbers([text], decimal).values[0] ?? null
}

/** What the field says to an amount that it does not take. */
export function refusal(written: string, typed: Exclude<Typed, { cents: number }>, words: Catalogue['typedAmount'], locale: string): string {
  if (typed.wrong === 'amount') return words.amount
  return words.ambiguous(written.trim(), writtenAmount(typed.large, locale), writtenAmount(typed.small, locale))
}

/** As the field shows it: without a unit, with cents where there are some. */
export function writtenAmount(amount: number, locale: string): string {
  const places = amount % 100 === 0 ? 0 : 2
  return new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places }).format(amount / 100)
}
