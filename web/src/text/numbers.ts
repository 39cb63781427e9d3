/** How figures are written: tabular, true minus, narrow spaces, units by hand where Intl puts a space too many. */

import { monthDate, monthEnd } from '../month.ts'
import type { Shell } from './parts.ts'

const MINUS = '\u2212'
const NARROW = '\u202f'
export const NONE = '\u2013'

export class Numbers {
  readonly #text: Shell
  readonly #whole: Intl.NumberFormat
  readonly #one: Intl.NumberFormat
  readonly #signed: Intl.NumberFormat
  readonly #signedOne: Intl.NumberFormat
  readonly #percent: Intl.NumberFormat
  readonly #money: Intl.NumberFormat
  readonly #month: Intl.DateTimeFormat
  readonly #longMonth: Intl.DateTimeFormat
  readonly #date: Intl.DateTimeFormat
  readonly #weekday: Intl.DateTimeFormat
  readonly #moment: Intl.DateTimeFormat

  constructor(text: Shell) {
    this.#text = text
    const locale = text.locale
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
    this.#one = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    this.#signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
    this.#signedOne = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' })
    this.#percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
    this.#money = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' })
    this.#month = new Intl.DateTimeFormat(locale, { month: 'short', year: '2-digit', timeZone: 'UTC' })
    this.#longMonth = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
    this.#date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
    this.#weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
    this.#moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  }

  whole(value: number): string {
    return Number.isNaN(value) ? NONE : sign(this.#whole.format(round(value)))
  }

  one(value: number): string {
    return Number.isNaN(value) ? NONE : sign(this.#one.format(value))
  }

  signed(value: number): string {
    return Number.isNaN(value) ? NONE : sign(this.#signed.format(round(value)))
  }

  signedOne(value: number): string {
    return Number.isNaN(value) ? NONE : sign(this.#signedOne.format(value))
  }

  percent(share: number): string {
    return Number.isNaN(share) ? NONE : sign(this.#percent.format(share))
  }

  /** "13 j", "13 d". */
  days(value: number): string {
    return Number.isNaN(value) ? NONE : `${this.whole(value)}${NARROW}${this.#text.days}`
  }

  /** "13 jours", "13 days", without a sign. */
  dayCount(value: number): string {
    const count = Math.abs(round(value))
    return this.#text.dayCount(count, this.#whole.format(count))
  }

  /** Cents as 35 k€ or 23,6 M€; English writes the sign first and leaves no unit: €35k, €23.6M. */
  money(cents: number): { amount: string; unit: string } {
    if (Number.isNaN(cents)) return { amount: NONE, unit: '' }
    const { amount, thousands } = this.#short(cents)
    if (!this.#text.locale.startsWith('en')) return { amount, unit: `${thousands}€` }
    return { amount: amount.replace(/^−?/, '$&€') + thousands, unit: '' }
  }

  #short(cents: number): { amount: string; thousands: string } {
    const euros = cents / 100
    const size = Math.abs(euros)
    if (size >= 999_500) return { amount: this.one(euros / 1e6), thousands: 'M' }
    if (size >= 9_950) return { amount: this.whole(euros / 1e3), thousands: 'k' }
    if (size >= 995) return { amount: this.one(euros / 1e3), thousands: 'k' }
    return { amount: this.whole(euros), thousands: '' }
  }

  moneyText(cents: number): string {
    const { amount, unit } = this.money(cents)
    return unit ? `${amount}${NARROW}${unit}` : amount
  }

  exactMoney(cents: number): string {
    return Number.isNaN(cents) ? NONE : sign(this.#money.format(cents / 100))
  }

  /** "nov. 26" */
  month(index: number): string {
    return this.#month.format(monthDate(index))
  }

  longMonth(index: number): string {
    return this.#longMonth.format(monthDate(index))
  }

  endOfMonth(index: number): string {
    return this.#date.format(monthEnd(index)) // never the first
  }

  /** An ISO date. */
  date(iso: string): string {
    return this.#ordinal(this.#date.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)))
  }

  /** An ISO date with its weekday. */
  weekday(iso: string): string {
    return this.#ordinal(this.#weekday.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)))
  }

  /** French says "1er mars", which Intl does not. */
  #ordinal(text: string): string {
    return this.#text.locale.startsWith('fr') ? text.replace(/(^|\s)1 (?=\p{Letter})/u, '$11er ') : text
  }

  /** An ISO moment, in the reader's time zone. */
  moment(iso: string): string {
    return this.#moment.format(new Date(iso))
  }

  bytes(count: number): string {
    return count < 1e6 ? `${this.one(count / 1e3)}${NARROW}kB` : `${this.one(count / 1e6)}${NARROW}MB`
  }
}

/** Away from the negative zero that would print as "-0". */
function round(value: number): number {
  return Math.round(value) + 0
}

function sign(text: string): string {
  return text.replace('-', MINUS)
}
