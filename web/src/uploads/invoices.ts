/** From an invoice list's cells to contributions: the figures are computed here, no invoice leaves. */

import { readIdentifier } from '../pseudonyms/identifiers.ts'
import { readAmount, readDay, readWhole } from './amounts.ts'
import { Clients, describe, MONTHS_MAX, type Checked, type Expected, type RowProblem, type Unit } from './checking.ts'
import { contributionsOf, endDay, monthOfDay, type Invoice } from './ledger.ts'
import type { Meaning, Sheet } from './sheet.ts'

/** A due date five years after its invoice is a slip of the keyboard. */
const DUE_MAX_DAYS = 1_830
const NOT_DISPUTED = new Set(['', '0', 'no', 'non', 'n', 'false', 'faux', '-'])

/** `monthBefore`: the network's current month, which is not over. */
export function checkInvoices(sheet: Sheet, mapping: readonly (Meaning | null)[], unit: Unit, monthBefore: number): Checked {
  const places = new Map<Meaning, number>()
  mapping.forEach((meaning, at) => meaning && places.set(meaning, at))
  const clients = new Clients()
  const invoices: Invoice[] = []
  const problems: RowProblem[] = []
  const lastDay = endDay(monthBefore)
  let lastEvent = Number.NEGATIVE_INFINITY
  sheet.rows.forEach((cells, index) => {
    const cell = (meaning: Meaning): string => cells[places.get(meaning) ?? -1]?.trim() ?? ''
    const read = readInvoice(cell, unit, lastDay, index + 2)
    if ('row' in read) {
      problems.push(read)
      return
    }
    const client = clients.place(read.identifier)
    describe(clients.list[client]!, cell, {})
    invoices.push({ ...read.invoice, client })
    lastEvent = Math.max(lastEvent, read.invoice.invoiced, read.invoice.settled ?? read.invoice.invoiced)
  })
  const through = invoices.length ? Math.min(monthBefore - 1, monthOfDay(lastEvent)) : monthBefore - 1
  const byMonth = contributionsOf(invoices, through, MONTHS_MAX, places.has('dispute'))
  const months = [...byMonth.keys()].sort((left, right) => left - right)
  const contributions = months.flatMap((month) => [...byMonth.get(month)!].map(([client, figures]) => ({ client, month, figures })))
  for (const { client, figures } of contributions) {
    clients.list[client]!.termsDays = figures.terms_days ?? clients.list[client]!.termsDays
    clients.list[client]!.termsKind = figures.terms_kind ?? clients.list[client]!.termsKind
  }
  return { clients: clients.list, contributions, problems, months }
}

interface ReadInvoice {
  identifier: string
  invoice: Omit<Invoice, 'client'>
}

function readInvoice(cell: (meaning: Meaning) => string, unit: Unit, lastDay: number, row: number): ReadInvoice | RowProblem {
  const problem = (column: Meaning, what: Exclude<Expected['what'], 'range' | 'sum'>): RowProblem => ({
    row,
    column,
    found: cell(column),
    expected: { what },
  })
  const identifier = readIdentifier(cell('identifier'))
  if (typeof identifier !== 'string') return problem('identifier', 'identifier')
  const cents = unit === 'cents' ? readWhole(cell('amount')) : readAmount(cell('amount'))
  if (cents === null) return problem('amount', 'amount')
  const invoiced = readDay(cell('invoiced'))
  if (invoiced === null) return problem('invoiced', 'day')
  if (invoiced > lastDay) return problem('invoiced', 'past')
  const due = readDay(cell('due'))
  if (due === null) return problem('due', 'day')
  if (due < invoiced || due > invoiced + DUE_MAX_DAYS) return problem('due', 'after')
  const settled = cell('settled') === '' ? null : readDay(cell('settled'))
  if (settled === null && cell('settled') !== '') return problem('settled', 'day')
  if (settled !== null && settled < invoiced) return problem('settled', 'after')
  if (settled !== null && settled > lastDay) return problem('settled', 'past')
  const disputed = !NOT_DISPUTED.has(cell('dispute').toLowerCase())
  return { identifier, invoice: { cents, invoiced, due, settled, disputed } }
}
