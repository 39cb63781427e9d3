/** The terms of payment that a client's invoices say most often. Twin of benchmark/terms.py. */

import { endDay, monthOfDay, type Invoice } from './ledger.ts'

export interface Terms {
  days: number
  /** 0 net, 1 end of month then days, 2 days then end of month */
  kind: number
}

const USUAL_DAYS = new Set([0, 7, 8, 10, 14, 15, 20, 21, 30, 45, 60, 75, 90, 120])
const DAYS_THEN_END_OF_MONTH_TRIED = [30, 45, 60, 75, 90]
const TERMS_MAX_DAYS = 720
const TRAILING_MONTHS = 12

/** Each way to read an invoice's two dates as a term. */
function readings(invoiced: number, due: number): Terms[] {
  const found: Terms[] = []
  const within = (days: number): boolean => days >= 0 && days <= TERMS_MAX_DAYS
  if (within(due - invoiced)) found.push({ days: due - invoiced, kind: 0 })
  const after = due - endDay(monthOfDay(invoiced))
  if (within(after)) found.push({ days: after, kind: 1 })
  for (const days of DAYS_THEN_END_OF_MONTH_TRIED) {
    if (due === endDay(monthOfDay(invoiced + days))) found.push({ days, kind: 2 })
  }
  return found
}

/** Of one client's invoices in the 12 months up to `month`; of readings met equally often, a usual number of days, then net. */
export function usualTerms(invoices: readonly Invoice[], month: number): Terms | null {
  const met = new Map<number, { terms: Terms; count: number }>()
  for (const invoice of invoices) {
    const at = monthOfDay(invoice.invoiced)
    if (invoice.cents <= 0 || invoice.sold === false || at > month || at <= month - TRAILING_MONTHS) continue
    for (const terms of readings(invoice.invoiced, invoice.due)) {
      const code = terms.kind * 1024 + terms.days
      const known = met.get(code)
      if (known) known.count++
      else met.set(code, { terms, count: 1 })
    }
  }
  const unusual = (terms: Terms): number => Number(!USUAL_DAYS.has(terms.days))
  const ordered = [...met.values()].sort(
    (left, right) =>
      right.count - left.count ||
      unusual(left.terms) - unusual(right.terms) ||
      left.terms.kind - right.terms.kind ||
      left.terms.days - right.terms.days,
  )
  return ordered[0]?.terms ?? null
}
