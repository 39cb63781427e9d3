/** The currency of what is read: the network's, or one for which the member gave a rate. Twin of member/currency.py. */

import type { Problem } from './problems.ts'
import { label } from './values.ts'
import type { View } from './view.ts'

const SIGNS: Record<string, string> = { '€': 'EUR', EURO: 'EUR', EUROS: 'EUR', $: 'USD', US$: 'USD', '£': 'GBP' }
const CODES = new Set(
  'AED AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR ISK JPY KRW MAD MXN NOK NZD PLN RON RSD RUB SAR SEK SGD THB TND TRY UAH USD XAF XOF XPF ZAR'.split(' '),
)
const RATE_STEPS = 1_000_000n

export function codeOf(text: string): string {
  const upper = text.trim().toUpperCase()
  return SIGNS[upper] ?? upper
}

/** Cents at a rate of at most six decimals, rounded to whole ones, halves away from zero. */
export function convert(cents: number, rate: string): number {
  const [whole = '0', fraction = ''] = rate.replace(',', '.').split('.')
  const steps = BigInt(whole) * RATE_STEPS + BigInt(fraction.padEnd(6, '0').slice(0, 6))
  const scaled = (BigInt(Math.abs(cents)) * steps + RATE_STEPS / 2n) / RATE_STEPS
  return Math.sign(cents) * Number(scaled)
}

export const refusedCurrency = (text: string, accepted: string): Problem => ({ code: CODES.has(codeOf(text)) ? 'currency-not-accepted' : 'currency-unknown', field: 'currency', found: text, expected: accepted })

/** The rate of each row, null where it is the network's currency; rows in a currency without a rate are refused. */
export function readCurrency(view: View, accepted: string): (string | null)[] {
  const rates = new Map(Object.entries(view.mapping.rates).map(([code, rate]) => [codeOf(code), rate]))
  const usual = view.mapping.defaults['currency'] ?? accepted
  if (codeOf(usual) !== accepted && !rates.has(codeOf(usual))) view.note(refusedCurrency(usual, accepted))
  return view.column('currency').map((cell, at) => {
    const code = codeOf(cell === null ? usual : label(cell))
    if (code === accepted) return null
    const rate = rates.get(code)
    if (rate !== undefined) return rate
    const problem = refusedCurrency(label(cell), accepted)
    if (cell !== null) view.refuse(at, problem.code, 'currency', label(cell), accepted)
    return null
  })
}
