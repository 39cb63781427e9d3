/**
 * What a file says before anybody knows whose each account is: accounts, and their invoices or figures. Then,
 * with identifiers, the contributions of each client: the second half of member/imported.py.
 */

import type { Field, Figures } from '../uploads/encoding.ts'
import { AGEING } from '../portfolio/own.ts'
import { contributionsOf, endDay, monthOfDay, type Invoice } from '../uploads/ledger.ts'
import type { Account } from './accounts.ts'
import type { Problem } from './problems.ts'

/** `due` null where the file does not tell it: it follows from terms. `client` is the account's place. */
export type OpenInvoice = Omit<Invoice, 'due'> & { due: number | null }

export interface Summary {
  accounts: number
  rows: number
  invoices: number | null
  open: number | null
  disputed: number | null
  outstandingCents: number | null
  letterings?: number
  balancedLetterings?: number
  weightedDaysToPay?: number | null
  from?: number
  to?: number
}

export interface Prepared {
  source: 'ledger' | 'invoices' | 'figures' | 'einvoices'
  accounts: Account[]
  invoices: OpenInvoice[]
  figures: { account: number; month: number; figures: Figures }[]
  /** The last complete month that the file reaches. */
  through: number
  tellsDisputes: boolean
  incidents: { account: number; month: number; code: number }[]
  /** Fields that this file does not tell, whatever else follows from it. */
  untold: readonly Field[]
  /** A list of open items tells its last month alone. */
  onlyLast: boolean
  problems: Problem[]
  rowsRefused: number
  summary: Summary
}

/** Months prepared from a file: what the network keeps in sight. */
export const MONTHS_MAX = 24

export interface CheckedClient {
  identifier: string
  name: string
  city: string | null
  accounts: string[]
  sector: number
  region: number
  termsDays: number | null
  termsKind: number
  confidential: boolean
}

export interface Contribution {
  client: number
  month: number
  figures: Figures
}

export interface Checked {
  clients: CheckedClient[]
  contributions: Contribution[]
  months: number[]
  /** Accounts that contribute nothing for want of an identifier. */
  unknown: Account[]
  /** Clients whose lateness is unknown for want of terms. */
  dateless: number
}

export interface Terms {
  days: number
  /** 0 net, 1 end of month then days, 2 days then end of month */
  kind: number
}

const NEED_TERMS: readonly Field[] = [...AGEING, 'open_late_days', 'paid_days_late', 'terms_days', 'terms_kind']

/** When an invoice falls due under a term, in days since 1970. */
export function dueDay(invoiced: number, terms: Terms): number {
  if (terms.kind === 1) return endDay(monthOfDay(invoiced)) + terms.days
  const later = invoiced + terms.days
  return terms.kind === 2 ? endDay(monthOfDay(later)) : later
}

/** Contributions of the accounts whose identifier is known; accounts with one identifier are one client. */
export function contribute(prepared: Prepared, usual: Terms | null): Checked {
  const { clients, place, agreed } = mergeAccounts(prepared.accounts, usual)
  const dateless = new Set<number>()
  const invoices: Invoice[] = []
  for (const invoice of prepared.invoices) {
    const client = place[invoice.client]!
    if (client < 0) continue
    const terms = agreed[client] ?? null
    if (invoice.due === null && terms === null && (invoice.sold ?? true) && invoice.cents > 0) dateless.add(client)
    const due = invoice.due ?? (terms ? dueDay(invoice.invoiced, terms) : invoice.invoiced)
    invoices.push({ ...invoice, client, due })
  }
  const byMonth = contributionsOf(invoices, prepared.through, prepared.onlyLast ? 1 : MONTHS_MAX, prepared.tellsDisputes)
  for (const { account, month, figures } of prepared.figures) {
    const client = place[account]!
    if (client < 0) continue
    const rows = byMonth.get(month) ?? new Map<number, Figures>()
    rows.set(client, figures)
    byMonth.set(month, rows)
  }
  for (const [client, figures] of [...byMonth.values()].flatMap((rows) => [...rows])) {
    if (dateless.has(client)) forget(figures, NEED_TERMS)
    forget(figures, prepared.untold)
  }
  tellFacts(prepared, clients, place, agreed, byMonth)
  const months = [...byMonth.keys()].filter((month) => byMonth.get(month)!.size).sort((one, other) => one - other)
  const contributions = months.flatMap((month) => [...byMonth.get(month)!].map(([client, figures]) => ({ client, month, figures })))
  for (const { client, figures } of contributions) {
    clients[client]!.termsDays = figures.terms_days ?? clients[client]!.termsDays
    clients[client]!.termsKind = figures.terms_kind ?? clients[client]!.termsKind
  }
  return { clients, contributions, months, unknown: prepared.accounts.filter((one) => !one.identifier), dateless: dateless.size }
}

function forget(figures: Figures, fields: readonly Field[]): void {
  for (const field of fields) delete figures[field]
}

/** One client per identifier, in order of first appearance; the place of each account, -1 without an identifier. */
function mergeAccounts(accounts: readonly Account[], usual: Terms | null): { clients: CheckedClient[]; place: number[]; agreed: (Terms | null)[] } {
  const places = new Map<string, number>()
  const clients: CheckedClient[] = []
  const agreed: (Terms | null)[] = []
  const place = accounts.map((one) => {
    if (!one.identifier) return -1
    const own = one.termsDays === null ? null : { days: one.termsDays, kind: one.termsKind }
    const known = places.get(one.identifier)
    if (known === undefined) {
      places.set(one.identifier, clients.length)
      clients.push({ identifier: one.identifier, name: one.name, city: one.city || null, accounts: [one.account], sector: one.sector, region: one.region, termsDays: own?.days ?? null, termsKind: own?.kind ?? 0, confidential: one.confidential })
      agreed.push(own)
      return clients.length - 1
    }
    const client = clients[known]!
    if (!client.accounts.includes(one.account)) client.accounts.push(one.account)
    client.city ??= one.city || null
    client.sector ||= one.sector
    client.region ||= one.region
    client.confidential ||= one.confidential
    agreed[known] ??= own
    return known
  })
  return { clients, place, agreed: agreed.map((own) => own ?? usual) }
}

/** Sector, region, agreed terms, incidents and sales to a factor into the months' rows; confidential clients stay out. */
function tellFacts(prepared: Prepared, clients: CheckedClient[], place: number[], agreed: (Terms | null)[], byMonth: Map<number, Map<number, Figures>>): void {
  const factored = new Set<number>()
  prepared.accounts.forEach((one, at) => one.factored && place[at]! >= 0 && factored.add(place[at]!))
  const told = prepared.source === 'figures' ? [] : agreed
  for (const rows of byMonth.values()) {
    for (const [client, figures] of rows) {
      const one = clients[client]!
      if (one.confidential) {
        rows.delete(client)
        continue
      }
      if (one.sector) figures.sector = one.sector
      if (one.region) figures.region = one.region
      const terms = told[client]
      if (terms) [figures.terms_days, figures.terms_kind] = [terms.days, terms.kind]
      if (factored.has(client)) figures.factored = 1
    }
  }
  for (const { account, month, code } of prepared.incidents) {
    const figures = byMonth.get(month)?.get(place[account]!)
    if (figures) figures.incident = Math.max(figures.incident ?? 0, code)
  }
}
