/**
 * From electronic invoices and the statuses of their lives to what is owed. Twin of member/connectors/einvoice.py
 * and einvoice_events.py, which say why. A currency other than the network's is refused.
 */

import type { Field } from '../uploads/encoding.ts'
import { FIELDS } from '../uploads/encoding.ts'
import { blankAccount, type Account } from './accounts.ts'
import { identifierOf } from './client_list.ts'
import { codeOf, refusedCurrency } from './currency.ts'
import { CASHED, FACTORED, IN_DISPUTE, NOT_OWED, numbersOf, readDocument, type EInvoice, type Party, type Status } from './einvoice_xml.ts'
import { DUE_MAX_DAYS } from './invoice_list.ts'
import type { OpenInvoice, Prepared } from './prepared.ts'
import { blocking, Refusal, type Problem } from './problems.ts'
import { dayText, monthOf } from './values.ts'

const TOLD_BY_INVOICES = new Set(['sales', 'terms_days', 'terms_kind', 'sector', 'region', 'factored'])
const HOME = new Set(['', 'FR', 'MC', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF'])

export interface Documents {
  documents: [string, Uint8Array][]
  /** Files that hold none, by name. */
  problems: [string, Problem][]
  /** PDFs that carry no invoice. */
  plainPdfs: number
}

interface Read {
  invoices: EInvoice[]
  statuses: Status[]
  problems: Problem[]
}

/** All or nothing. Throws Refusal. */
export function readDocuments(found: Documents, known: { today: number; last: number; currency: string }): Prepared {
  const read = readAll(found, known)
  read.problems.push(...ownAlone(read))
  if (blocking(read.problems).length || !read.invoices.length) throw new Refusal(...(read.problems.length ? read.problems : [{ code: 'file-empty' }]))
  const { accounts, client } = buyers(read.invoices)
  const cashed = read.statuses.some((status) => status.code === CASHED)
  const { invoices, factored } = follow(read, client, known.today)
  for (const at of factored) accounts[client[at]!]!.factored = true
  const dateless = read.invoices.filter((one) => one.due === null && one.cents > 0)
  if (dateless.length) read.problems.push({ code: 'einvoice-without-due-date', field: 'due', found: String(dateless.length), expected: dateless[0]!.number })
  if (!cashed) read.problems.push({ code: 'einvoices-without-payments' })
  const left = invoices.map((one) => one.parts!.reduce((rest, part) => rest - part.cents, one.cents))
  if (cashed) {
    for (const one of accounts) one.outstandingCents = 0
    left.forEach((cents, at) => (accounts[client[at]!]!.outstandingCents! += cents))
  }
  const days = [...read.invoices.map((one) => one.invoiced), ...read.statuses.flatMap((one) => one.day ?? [])]
  const untold: Field[] = cashed ? [] : FIELDS.filter((field) => !TOLD_BY_INVOICES.has(field))
  return {
    source: 'einvoices',
    accounts,
    invoices,
    figures: [],
    through: Math.min(known.last, monthOf(days.reduce((late, day) => Math.max(late, day), 0))),
    onlyLast: false,
    tellsDisputes: true,
    incidents: [],
    untold,
    problems: read.problems,
    rowsRefused: 0,
    summary: {
      accounts: accounts.length,
      rows: found.documents.length,
      invoices: invoices.length,
      open: cashed ? left.filter((cents) => cents > 0).length : null,
      disputed: invoices.filter((one) => one.disputed).length,
      outstandingCents: cashed ? left.reduce((sum, cents) => sum + cents, 0) : null,
    },
  }
}

function readAll(found: Documents, known: { today: number; currency: string }): Read {
  const read: Read = { invoices: [], statuses: [], problems: [] }
  const seen = new Map<string, EInvoice>()
  let repeated = 0
  const given: [string, Uint8Array | Problem][] = [...found.documents, ...found.problems]
  given.sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
  given.forEach(([name, content], at) => {
    const told = { row: at + 1, document: name }
    if ('code' in content) {
      read.problems.push({ ...content, ...told })
      return
    }
    try {
      const document = readDocument(content)
      read.statuses.push(...document.statuses)
      for (const invoice of document.invoices) {
        const wrong = wrongIn(invoice, known)
        if (wrong) {
          read.problems.push({ ...wrong, ...told })
          continue
        }
        const key = `${sellerOf(invoice.seller)}\n${invoice.number}`
        const before = seen.get(key)
        if (!before) {
          seen.set(key, invoice)
          read.invoices.push(invoice)
          continue
        }
        repeated++
        const money = (one: EInvoice): string => (one.cents / 100).toFixed(2)
        if (before.cents !== invoice.cents) read.problems.push({ code: 'einvoice-contradicts', field: 'amount', found: `${invoice.number} ${money(invoice)}`, expected: money(before), ...told })
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      read.problems.push(...error.problems.map((problem) => ({ ...problem, ...told })))
    }
  })
  if (repeated) read.problems.push({ code: 'einvoice-repeated', field: 'number', found: String(repeated) })
  if (found.plainPdfs) read.problems.push({ code: 'pdf-left-out', found: String(found.plainPdfs) })
  return read
}

function wrongIn(invoice: EInvoice, known: { today: number; currency: string }): Problem | null {
  const { invoiced, due, buyer } = invoice
  if (codeOf(invoice.currency) !== known.currency) return refusedCurrency(invoice.currency, known.currency)
  if (invoiced > known.today) return { code: 'date-in-future', field: 'invoiced', found: dayText(invoiced), expected: dayText(known.today) }
  if (due !== null && due < invoiced) return { code: 'due-before-invoice', field: 'due', found: dayText(due), expected: dayText(invoiced) }
  if (due !== null && due > invoiced + DUE_MAX_DAYS) return { code: 'date-too-far', field: 'due', found: dayText(due), expected: `${dayText(invoiced)} – ${dayText(invoiced + DUE_MAX_DAYS)}` }
  if (!(buyer.name || buyer.knownAs || numbersOf(buyer).length)) return { code: 'einvoice-lacks', field: 'name', expected: 'BT-44' }
  return null
}

/** One seller however it is written: by its identifier, else its numbers, else its name. */
const sellerOf = (seller: Party): string => identified(seller) ?? numbersOf(seller)[0] ?? seller.name.toLowerCase()

/** Canonical; a number without letters is a French one only where the address is French. */
function identified(party: Party): string | null {
  for (const number of numbersOf(party)) {
    if (!HOME.has(party.country.toUpperCase()) && /^[\d ]+$/.test(number)) continue
    const read = identifierOf(number)
    if (read) return read
  }
  return null
}

/** Keep the invoices of the firm that sells: that of most documents; the others are purchases. */
function ownAlone(read: Read): Problem[] {
  const sellers = Map.groupBy(read.invoices, (invoice) => sellerOf(invoice.seller))
  if (sellers.size < 2) return []
  const own = [...sellers].reduce((most, one) => (one[1].length > most[1].length ? one : most))
  if (own[1].length * 2 <= read.invoices.length) {
    const names = [...new Set(read.invoices.map((one) => one.seller.name))].sort()
    return [{ code: 'einvoice-several-sellers', found: String(sellers.size), expected: names.slice(0, 5).join(', ') }]
  }
  const left = read.invoices.length - own[1].length
  read.invoices = read.invoices.filter((one) => sellerOf(one.seller) === own[0])
  return [{ code: 'einvoice-other-seller', found: String(left), expected: own[1][0]!.seller.name }]
}

function buyers(invoices: readonly EInvoice[]): { accounts: Account[]; client: number[] } {
  const places = new Map<string, number>()
  const accounts: Account[] = []
  const client = invoices.map(({ buyer }) => {
    const shown = buyer.knownAs || buyer.registration || buyer.vat || buyer.name
    const identifier = identified(buyer)
    const key = identifier ?? `${shown.toLowerCase()} ${buyer.name.toLowerCase()}`
    let place = places.get(key)
    if (place === undefined) {
      place = accounts.length
      places.set(key, place)
      accounts.push({ ...blankAccount(shown, buyer.name || shown), identifier, vat: buyer.vat, registration: buyer.registration || (buyer.others[0] ?? ''), postcode: buyer.postcode, city: buyer.city })
    }
    return place
  })
  return { accounts, client }
}

/** Prepayments, credit notes, statuses, in order: what is left of each invoice, what is disputed or sold. */
function follow(read: Read, client: readonly number[], today: number): { invoices: OpenInvoice[]; factored: Set<number> } {
  const left = read.invoices.map((one) => one.cents)
  const invoices: OpenInvoice[] = read.invoices.map((one, at) => ({ client: client[at]!, cents: one.cents, invoiced: one.invoiced, due: one.due, settled: null, disputed: false, parts: [] }))
  const factored = new Set<number>()
  const close = (at: number, cents: number, day: number, cash: boolean): void => {
    if (!cents) return
    left[at]! -= cents
    invoices[at]!.parts!.push({ cents, day: Math.max(day, read.invoices[at]!.invoiced), cash })
  }
  read.invoices.forEach((one, at) => close(at, one.cents - one.openCents, one.invoiced, false))
  const owed = new Map<string, number>()
  read.invoices.forEach((one, at) => one.cents > 0 && owed.set(one.number, at))
  read.invoices.forEach((one, at) => {
    for (const number of one.cents < 0 ? one.replaces : []) {
      const other = owed.get(number)
      if (other === undefined) continue
      const cents = Math.min(left[other]!, -left[at]!)
      close(other, cents, one.invoiced, false)
      close(at, -cents, Math.max(one.invoiced, read.invoices[other]!.invoiced), false)
    }
  })
  const places = new Map(read.invoices.map((one, at) => [one.number, at]))
  for (const status of read.statuses.toSorted((one, other) => (one.day ?? 0) - (other.day ?? 0))) {
    const at = places.get(status.number)
    if (at === undefined || status.day === null || status.day > today) continue
    invoices[at]!.disputed = false
    if (status.code === CASHED) {
      const rest = left[at]!
      const cents = status.cents === null ? rest : rest > 0 ? Math.min(status.cents, rest) : status.cents
      close(at, cents, status.day, true)
    } else if (status.code === IN_DISPUTE) invoices[at]!.disputed = true
    else if (status.code === FACTORED) factored.add(at)
    else if (NOT_OWED.has(status.code)) close(at, left[at]!, status.day, false)
  }
  return { invoices, factored }
}
