/** What the rows of a list are: invoices, credit notes, payments, drafts, or lines of one invoice. Twin of member/invoice_kinds.py. */

import { words } from './headings.ts'
import { AT_ONCE, CREDIT_SIDES, CREDITS, NOT_INVOICES, PAYMENTS } from './list_words.ts'
import { dueDay, type Terms } from './prepared.ts'
import { label, plain, readNumbers, yesOrNo, type Amounts } from './values.ts'
import type { View } from './view.ts'

const TERMS_MAX_DAYS = 720
const ASIDE = new Set(NOT_INVOICES)
const MONEY = new Set(PAYMENTS)
const LOWERING = new Set([...CREDITS, ...PAYMENTS])
const SIDES = new Set(CREDIT_SIDES)
const FDM = '(?:fdm|fin de mois|end of month|eom)'
const WRITTEN = new RegExp(
  String.raw`^(?:(?<first>${FDM})(?: then|,| \+| plus)? ?)?(?<days>\d{1,3})(?: ?(?:j|jours?|d|days?))?(?: ?(?:net(?:te?s?)?|date de facture))?(?: ?(?<last>${FDM}))?(?: ?le \d{1,2})?$`,
)

export type Mask = boolean[]

/**
 * The view without the rows that are no invoice, and with one row for each; told in its problems. A payment
 * already set against invoices says nothing that their settlement does not; one that is not yet lowers what
 * its client owes, and stays.
 */
export function invoicesAlone(view: View): View {
  const [status, type, money, closed] = [says(view, 'status', ASIDE), says(view, 'type', ASIDE), says(view, 'type', MONEY), closedRows(view)]
  const kept = view.numbers.map((_, at) => !(status[at] || type[at] || (money[at] && closed[at])))
  const left = kept.filter((one) => !one).length
  let alone = view
  if (left) {
    alone = view.kept(kept)
    alone.note({ code: 'not-invoices-left-out', found: String(left) })
  }
  return alone.has('quantity') && alone.has('number') ? oneRowEach(alone) : alone
}

/** Rows of money received that no invoice of the list was paid by. */
export const isPayment = (view: View): Mask => says(view, 'type', MONEY)

/** What each row adds to the receivable: its amount, or debit less credit; refused where it is neither. */
export function readAmounts(view: View): Amounts {
  if (!view.has('amount') && view.has('debit') && view.has('credit')) {
    const [debit, credit] = [view.amounts('debit'), view.amounts('credit')]
    const some = (test: (value: number) => boolean): boolean => credit.values.some((value) => value !== null && test(value))
    // Some write a credit as a negative number in a column of its own.
    const minus = !some((value) => value < 0) || some((value) => value > 0) ? -1 : 1
    const values = debit.values.map((value, at) => (value === null && credit.values[at] === null ? null : (value ?? 0) + minus * (credit.values[at] ?? 0)))
    return { values, wrong: [...debit.wrong, ...credit.wrong], tooLarge: [...debit.tooLarge, ...credit.tooLarge] }
  }
  const amounts = view.amounts('amount')
  return { ...amounts, values: signed(view, amounts.values) }
}

/** Amounts with credit notes and payments below zero, where the list writes them without a sign. */
function signed(view: View, cents: (number | null)[]): (number | null)[] {
  const [type, side] = [says(view, 'type', LOWERING), says(view, 'side', SIDES)]
  const lowering = cents.map((_, at) => type[at]! || side[at]!)
  if (cents.some((value, at) => lowering[at] && (value ?? 0) < 0)) return cents
  return cents.map((value, at) => (lowering[at] && value ? -value : value))
}

/** What is left of each row's `cents`: told, or what was paid taken off; null where nothing tells. */
export function readLeft(view: View, cents: readonly number[]): (number | null)[] | null {
  if (view.has('remaining')) {
    const left = view.amounts('remaining').values
    // What is left of a credit note is below zero like it, with a sign or without.
    const unsigned = !left.some((value, at) => cents[at]! < 0 && (value ?? 0) < 0)
    return left.map((value, at) => (value && cents[at]! < 0 && unsigned ? -value : value))
  }
  if (!view.has('paid_amount')) return null
  return view.amounts('paid_amount').values.map((paid, at) => (paid === null ? null : cents[at]! - Math.sign(cents[at]!) * Math.abs(paid)))
}

/** When each row falls due by the terms written in it; null where they are not understood. */
export function dueByTermsTold(view: View, invoiced: readonly (number | null)[]): (number | null)[] {
  const met = new Map<string, Terms | null>()
  return view.column('terms').map((cell, at) => {
    if (cell === null) return null
    const text = label(cell)
    if (!met.has(text)) met.set(text, readTerms(text))
    const [terms, day] = [met.get(text)!, invoiced[at]]
    return terms && typeof day === 'number' ? dueDay(day, terms) : null
  })
}

/** Terms as lists write them: 30 jours net, Net 30, 45 j FDM, comptant, on receipt. */
export function readTerms(text: string): Terms | null {
  const said = plain(text).replaceAll('.', ' ').split(/\s+/).filter(Boolean).join(' ')
  if (AT_ONCE.some((word) => said.includes(word))) return { days: 0, kind: 0 }
  const { first, days, last } = WRITTEN.exec(said.replace(/^net /, '').replace(/^a /, ''))?.groups ?? {}
  if (days === undefined || (first && last) || Number(days) > TERMS_MAX_DAYS) return null
  return { days: Number(days), kind: first ? 1 : last ? 2 : 0 }
}

/** Rows said to be closed in a list that dates no settlement at all; `paid`: by their status. */
export function closedUndated(view: View, cents: readonly number[], paid: Mask): Mask {
  if (view.has('settled')) return cents.map(() => false)
  const decimal = view.mapping.decimal
  if (view.has('remaining')) return readNumbers(view.column('remaining'), decimal).values.map((left) => left === 0)
  if (view.has('paid_amount')) {
    return readNumbers(view.column('paid_amount'), decimal).values.map((part, at) => part !== null && cents[at] !== 0 && Math.abs(part) === Math.abs(cents[at]!))
  }
  return view.has('closed') ? view.column('closed').map((cell, at) => paid[at]! || yesOrNo(cell) === true) : paid
}

export function says(view: View, name: string, said: ReadonlySet<string>): Mask {
  const met = new Map<unknown, boolean>([[null, false]])
  return view.column(name).map((cell) => {
    let found = met.get(cell)
    if (found === undefined) {
      found = said.has(words(label(cell))) || said.has(label(cell).trim().toLowerCase())
      met.set(cell, found)
    }
    return found
  })
}

/** Rows with a settlement date, or with nothing left of them. */
function closedRows(view: View): Mask {
  const left = view.has('remaining') ? readNumbers(view.column('remaining'), view.mapping.decimal).values : []
  return view.column('settled').map((cell, at) => cell !== null || left[at] === 0)
}

/** One row an invoice where a list has one an article: the total that all of them repeat, or their sum. */
function oneRowEach(view: View): View {
  const [numbers, amounts] = [view.column('number'), readNumbers(view.column('amount'), view.mapping.decimal).values]
  const first = new Map<unknown, number>()
  const totals = new Map<number, number>()
  let repeats = true
  const kept = numbers.map((number, at) => {
    const cents = amounts[at] ?? 0
    const before = number === null ? undefined : first.get(number)
    if (before === undefined) {
      if (number !== null) first.set(number, at)
      totals.set(at, number === null ? 0 : cents)
      return true
    }
    if (cents !== (amounts[before] ?? 0)) repeats = false
    totals.set(before, totals.get(before)! + cents)
    return false
  })
  const merged = kept.filter((one) => !one).length
  if (!merged) return view
  const alone = view.kept(kept)
  if (!repeats) alone.put('amount', [...totals.values()].map((total) => total / 100))
  alone.note({ code: 'lines-merged', found: String(merged) })
  return alone
}
