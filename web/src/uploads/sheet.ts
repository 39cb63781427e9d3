/** A CSV file as text cells, and what each column seems to mean. Nothing here is sent anywhere. */

import Papa from 'papaparse'
import { plain } from '../portfolio/order.ts'
import { FIELDS, type Field } from './encoding.ts'

export const FILE_BYTES_MAX = 64 * 1024 * 1024

/** One line per client and month, or one line per invoice. */
export type Kind = 'figures' | 'invoices'
export type Meaning = 'identifier' | 'name' | 'account' | 'city' | 'month' | 'invoiced' | 'due' | 'settled' | 'amount' | 'dispute' | Field
export const MEANINGS: Record<Kind, readonly Meaning[]> = {
  figures: ['identifier', 'name', 'month', 'account', 'city', ...FIELDS],
  invoices: ['identifier', 'name', 'account', 'city', 'invoiced', 'due', 'settled', 'amount', 'dispute'],
}
export const NEEDED: Record<Kind, readonly Meaning[]> = {
  figures: ['identifier', 'month', 'outstanding'],
  invoices: ['identifier', 'invoiced', 'due', 'settled', 'amount'],
}
/** Columns that say who the client is: they stay on this side. */
export const PRIVATE: readonly Meaning[] = ['identifier', 'name', 'account', 'city']

export interface Sheet {
  headers: string[]
  rows: string[][]
}
export type Unreadable = 'tooLarge' | 'empty' | 'notText'

export async function readSheet(file: Blob): Promise<Sheet | Unreadable> {
  if (file.size > FILE_BYTES_MAX) return 'tooLarge'
  const text = decode(new Uint8Array(await file.arrayBuffer()))
  if (text === null) return 'notText'
  const parsed = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' })
  const [headers, ...rows] = parsed.data
  if (!headers || !rows.length) return 'empty'
  return { headers: headers.map((header) => header.trim()), rows }
}

/** UTF-8 where it is valid, else the Windows code page that French spreadsheets write. Null for a binary file. */
function decode(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 4096).includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

const SYNONYMS: Record<Meaning, string[]> = {
  identifier: ['identifier', 'identifiant', 'siren', 'siret', 'vat', 'tva', 'n tva', 'numero tva', 'tva intracommunautaire', 'vat number', 'lei', 'duns'],
  name: ['name', 'nom', 'client', 'customer', 'raison sociale', 'client name', 'nom du client', 'denomination'],
  month: ['month', 'mois', 'period', 'periode'],
  account: ['account', 'compte', 'code client', 'customer code', 'compte auxiliaire', 'auxiliaire'],
  city: ['city', 'ville', 'town'],
  sales: ['sales', 'ventes', 'ca', 'chiffre d affaires', 'facture', 'invoiced', 'ventes ttc'],
  outstanding: ['outstanding', 'encours', 'solde', 'balance', 'total du', 'creance'],
  not_due: ['not due', 'non echu', 'a echoir'],
  late_1_30: ['late 1 30', '1 30', '1 a 30 j', '1 30 j', '0 30', '1 a 30', 'echu 1 30'],
  late_31_60: ['late 31 60', '31 60', '31 a 60 j', '31 60 j', '31 a 60', 'echu 31 60'],
  late_61_90: ['late 61 90', '61 90', '61 a 90 j', '61 90 j', '61 a 90', 'echu 61 90'],
  late_91_plus: ['late 91 plus', '91', '90', 'plus de 90 j', 'over 90', 'plus de 90', '91 plus', '> 90'],
  paid: ['paid', 'paye', 'encaisse', 'payments', 'paiements', 'reglements'],
  paid_days_late: ['paid days late', 'paye jours de retard'],
  paid_days_to_pay: ['paid days to pay', 'paye jours de paiement'],
  open_late_days: ['open late days', 'du jours de retard'],
  disputed: ['disputed', 'litige', 'en litige'],
  dso: ['dso'],
  terms_days: ['terms days', 'terms', 'delai', 'delai jours', 'conditions'],
  terms_kind: ['terms kind', 'type de delai'],
  incident: ['incident'],
  factored: ['factored', 'affacture'],
  sector: ['sector', 'secteur'],
  region: ['region'],
  invoiced: ['invoiced', 'invoice date', 'date facture', 'date de facture', 'date de la facture', 'date', 'issue date', 'emise le'],
  due: ['due', 'due date', 'echeance', 'date echeance', 'date d echeance', 'maturity', 'date limite de paiement'],
  settled: ['settled', 'settled date', 'payment date', 'paid on', 'paid date', 'date de reglement', 'date reglement', 'date de paiement', 'date paiement', 'reglee le', 'payee le', 'date encaissement', 'settlement date', 'clearing date'],
  amount: ['amount', 'montant', 'montant ttc', 'total ttc', 'ttc', 'invoice amount', 'total amount', 'gross amount', 'total'],
  dispute: ['dispute', 'disputed', 'litige', 'en litige'],
}

const words = (header: string): string => plain(header.replace(/([a-z])([A-Z])/g, '$1 $2')).replace(/[^a-z0-9>]+/g, ' ').trim()

/** One meaning per column, none twice; null where the header says nothing known. */
export function proposeMapping(headers: readonly string[], kind: Kind): (Meaning | null)[] {
  const taken = new Set<Meaning>()
  return headers.map((header) => {
    const said = words(header)
    const found = MEANINGS[kind].find((meaning) => !taken.has(meaning) && SYNONYMS[meaning].includes(said))
    if (found) taken.add(found)
    return found ?? null
  })
}

/** Invoices have numbers and due dates, contributions months: the two are told apart by their headers. */
export function kindOf(headers: readonly string[]): Kind {
  const said = headers.map(words)
  const has = (...hints: string[]): boolean => said.some((header) => hints.some((hint) => header.includes(hint)))
  const invoices = has('due', 'echeance') && has('invoice', 'facture', 'piece', 'date') && !said.some((header) => SYNONYMS.month.includes(header))
  return invoices ? 'invoices' : 'figures'
}

/** The header line of the model files. */
export const model = (kind: Kind): string => `${MEANINGS[kind].join(';')}\n`
