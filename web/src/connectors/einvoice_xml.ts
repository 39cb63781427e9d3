/** One electronic document to what it says (UBL, CII, CDAR). Twin of member/connectors/einvoice_xml.py. */

import { Refusal } from './problems.ts'
import { AMOUNT_CENTS_MAX, readDates } from './values.ts'
import { child, children, parseXml, textOf, type Node } from './xml.ts'

/** UNTDID 1001 codes of documents that lower what is owed. */
const CREDIT_NOTES = new Set(['381', '396', '261', '262', '532', '81', '83', '308', '503'])
/** AFNOR XP Z12-012. */
export const [IN_DISPUTE, CASHED, FACTORED] = ['207', '212', '225'] as const
export const NOT_OWED = new Set(['210', '213', '220'])

export interface Party {
  name: string
  knownAs: string
  vat: string
  registration: string
  others: string[]
  postcode: string
  city: string
  country: string
}

/** What may identify a party, the surest first. */
export const numbersOf = (party: Party): string[] => [party.registration, party.vat, ...party.others].filter(Boolean)

export interface EInvoice {
  number: string
  invoiced: number
  due: number | null
  /** Total with tax (BT-112), negative for a credit note; `openCents` what was left to pay (BT-115). */
  cents: number
  openCents: number
  currency: string
  seller: Party
  buyer: Party
  replaces: string[]
}

export interface Status {
  number: string
  code: string
  day: number | null
  cents: number | null
  currency: string
}

/** An invoice or statuses. Throws Refusal where it is neither, or not safe to read. */
export function readDocument(bytes: Uint8Array): { invoices: EInvoice[]; statuses: Status[] } {
  const root = parseXml(bytes)
  if (root.name === 'CrossIndustryInvoice') return { invoices: [readCii(root)], statuses: [] }
  if (root.name === 'Invoice' || root.name === 'CreditNote') return { invoices: [readUbl(root, root.name === 'CreditNote')], statuses: [] }
  if (root.name === 'CrossDomainAcknowledgementAndResponse' || root.name === 'CrossDomainApplicationResponse') return { invoices: [], statuses: readCdar(root) }
  if (root.name === 'ApplicationResponse') return { invoices: [], statuses: readResponse(root) }
  throw new Refusal({ code: 'einvoice-unknown', found: root.name, expected: 'Invoice, CreditNote, CrossIndustryInvoice' })
}

/** A day from 20250131, 2025-01-31 or a moment that begins with one of them. */
function dayOf(text: string): number | null {
  const digits = text.slice(0, 10).includes('-') ? text.slice(0, 10) : text.slice(0, 8)
  return readDates([digits || null]).values[0] ?? null
}

/** An amount of XML (a point, no thousands) in cents, halves away from zero. */
function centsOf(text: string): number | null {
  const match = /^([-+]?)(\d+)(?:\.(\d*))?$|^([-+]?)\.(\d+)$/.exec(text.trim())
  if (!match) return null
  const [sign, whole, fraction] = [match[1] ?? match[4] ?? '', match[2] ?? '0', `${match[3] ?? match[5] ?? ''}000`]
  if (whole.length > 15) return null
  const cents = Number(whole) * 100 + Number(fraction.slice(0, 2)) + (fraction.charCodeAt(2) >= 53 ? 1 : 0)
  if (cents > AMOUNT_CENTS_MAX) return null
  return sign === '-' && cents ? -cents : cents
}

interface Said {
  number: string
  issued: string
  due: string
  total: string
  left: string
  credit: boolean
  currency: string
  seller: Party
  buyer: Party
  replaces: string[]
}

function checked(said: Said): EInvoice {
  const invoiced = dayOf(said.issued)
  const total = said.total ? centsOf(said.total) : null
  if (!said.number) throw new Refusal({ code: 'einvoice-lacks', field: 'number', expected: 'BT-1' })
  if (invoiced === null) throw new Refusal({ code: said.issued ? 'date-invalid' : 'date-missing', field: 'invoiced', found: said.issued, expected: '2025-12-31' })
  const given = said.total || said.left
  if (total === null) throw new Refusal({ code: given ? 'amount-invalid' : 'amount-missing', field: 'amount', found: given, expected: '1234.56' })
  const due = said.due ? dayOf(said.due) : null
  if (said.due && due === null) throw new Refusal({ code: 'date-invalid', field: 'due', found: said.due, expected: '2025-12-31' })
  const told = said.left ? centsOf(said.left) : null
  const left = told === null || Math.abs(told) > Math.abs(total) ? total : told
  const sign = said.credit && total > 0 ? -1 : 1
  const { number, currency, seller, buyer, replaces } = said
  return { number, invoiced, due, cents: sign * total, openCents: sign * left, currency, seller, buyer, replaces }
}

function readCii(root: Node): EInvoice {
  const document = child(root, 'ExchangedDocument')
  const trade = child(root, 'SupplyChainTradeTransaction')
  const agreement = child(trade, 'ApplicableHeaderTradeAgreement')
  const settlement = child(trade, 'ApplicableHeaderTradeSettlement')
  const sums = child(settlement, 'SpecifiedTradeSettlementHeaderMonetarySummation')
  const due = children(settlement, 'SpecifiedTradePaymentTerms').map((one) => textOf(one, 'DueDateDateTime', 'DateTimeString'))
  return checked({
    number: textOf(document, 'ID'),
    issued: textOf(document, 'IssueDateTime', 'DateTimeString'),
    due: due.reduce((late, one) => (one > late ? one : late), ''),
    total: textOf(sums, 'GrandTotalAmount') || textOf(sums, 'DuePayableAmount'),
    left: textOf(sums, 'DuePayableAmount'),
    credit: CREDIT_NOTES.has(textOf(document, 'TypeCode')),
    currency: textOf(settlement, 'InvoiceCurrencyCode'),
    seller: ciiParty(child(agreement, 'SellerTradeParty')),
    buyer: ciiParty(child(agreement, 'BuyerTradeParty')),
    replaces: children(settlement, 'InvoiceReferencedDocument').map((one) => textOf(one, 'IssuerAssignedID')),
  })
}

function ciiParty(party: Node | undefined): Party {
  const address = child(party, 'PostalTradeAddress')
  const vat = children(party, 'SpecifiedTaxRegistration').filter((one) => one.children[0]?.attributes['schemeID'] === 'VA')
  return {
    name: textOf(party, 'Name') || textOf(party, 'SpecifiedLegalOrganization', 'TradingBusinessName'),
    knownAs: textOf(party, 'ID'),
    vat: textOf(vat[0], 'ID'),
    registration: textOf(party, 'SpecifiedLegalOrganization', 'ID'),
    others: children(party, 'GlobalID').map((one) => textOf(one)),
    postcode: textOf(address, 'PostcodeCode'),
    city: textOf(address, 'CityName'),
    country: textOf(address, 'CountryID'),
  }
}

function readUbl(root: Node, credit: boolean): EInvoice {
  const sums = child(root, 'LegalMonetaryTotal')
  const code = textOf(root, 'InvoiceTypeCode') || textOf(root, 'CreditNoteTypeCode')
  return checked({
    number: textOf(root, 'ID'),
    issued: textOf(root, 'IssueDate'),
    due: textOf(root, 'DueDate') || textOf(root, 'PaymentMeans', 'PaymentDueDate'),
    total: textOf(sums, 'TaxInclusiveAmount') || textOf(sums, 'PayableAmount'),
    left: textOf(sums, 'PayableAmount'),
    credit: credit || CREDIT_NOTES.has(code),
    currency: textOf(root, 'DocumentCurrencyCode'),
    seller: ublParty(child(root, 'AccountingSupplierParty')),
    buyer: ublParty(child(root, 'AccountingCustomerParty')),
    replaces: children(root, 'BillingReference').map((one) => textOf(one, 'InvoiceDocumentReference', 'ID')),
  })
}

function ublParty(role: Node | undefined): Party {
  const party = child(role, 'Party')
  const address = child(party, 'PostalAddress')
  const taxes = children(party, 'PartyTaxScheme').filter((one) => ['VAT', ''].includes(textOf(one, 'TaxScheme', 'ID')))
  const numbers = children(party, 'PartyIdentification').flatMap((one) => child(one, 'ID') ?? [])
  const schemed = numbers.filter((one) => one.attributes['schemeID'])
  const bare = numbers.filter((one) => !one.attributes['schemeID'])
  return {
    name: textOf(party, 'PartyLegalEntity', 'RegistrationName') || textOf(party, 'PartyName', 'Name'),
    knownAs: textOf(bare[0]) || textOf(role, 'SupplierAssignedAccountID'),
    vat: textOf(taxes[0], 'CompanyID'),
    registration: textOf(party, 'PartyLegalEntity', 'CompanyID'),
    others: schemed.map((one) => textOf(one)),
    postcode: textOf(address, 'PostalZone'),
    city: textOf(address, 'CityName'),
    country: textOf(address, 'Country', 'IdentificationCode'),
  }
}

function* every(node: Node, name: string): Iterable<Node> {
  for (const one of node.children) {
    if (one.name === name) yield one
    yield* every(one, name)
  }
}

/** Statuses of UN/CEFACT's CDAR message: each referenced document with its code, day and amount cashed. */
function readCdar(root: Node): Status[] {
  const sent = textOf(root, 'ExchangedDocument', 'IssueDateTime', 'DateTimeString')
  const found: Status[] = []
  for (const document of every(root, 'ReferenceReferencedDocument')) {
    const number = textOf(document, 'IssuerAssignedID')
    const own = textOf(document, 'ProcessConditionCode')
    const inner = children(document, 'SpecifiedDocumentStatus')
    const coded = inner.filter((one) => textOf(one, 'ProcessConditionCode'))
    for (const status of coded.length ? coded : [document]) {
      const parts = coded.length ? [status] : inner
      const cashed = parts.flatMap((part) => children(part, 'SpecifiedDocumentCharacteristic')).filter((one) => textOf(one, 'TypeCode') === 'MEN')
      const amounts = cashed.map((one) => centsOf(textOf(one, 'ValueAmount'))).filter((one) => one !== null)
      const day = cashed.map((one) => textOf(one, 'ValueDateTime', 'DateTimeString')).find(Boolean) || textOf(status, 'ReferenceDateTime', 'DateTimeString')
      found.push({
        number,
        code: textOf(status, 'ProcessConditionCode') || own,
        day: dayOf(day || sent),
        cents: amounts.length ? amounts.reduce((sum, one) => sum + one, 0) : null,
        currency: child(cashed[0], 'ValueAmount')?.attributes['currencyID'] ?? '',
      })
    }
  }
  return found
}

/** Statuses of a UBL ApplicationResponse, whose codes may bear a prefix. */
function readResponse(root: Node): Status[] {
  const sent = textOf(root, 'IssueDate')
  return children(root, 'DocumentResponse').map((response) => ({
    number: textOf(response, 'DocumentReference', 'ID'),
    code: textOf(response, 'Response', 'ResponseCode').split(':').at(-1)!,
    day: dayOf(textOf(response, 'Response', 'EffectiveDate') || sent),
    cents: null,
    currency: '',
  }))
}
