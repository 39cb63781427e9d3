/** Who a table's rows speak of: accounts, and each row's. Twin of member/client_list.py. */

import { readIdentifier } from '../pseudonyms/identifiers.ts'
import { accountKey, blankAccount, type Account } from './accounts.ts'
import { label, readNumbers, yesOrNo, type Cell } from './values.ts'
import type { View } from './view.ts'

const SECTIONS = 'ABCDEFGHIJKLMNOPQRSTU'
const REGIONS = 13
/** A SIREN has 9 digits and a SIRET 14; a spreadsheet drops their leading zeros. */
const LOST_ZEROS: Record<number, number> = { 7: 9, 8: 9, 12: 14, 13: 14 }

/** The canonical identifier of a cell, or null. */
export function identifierOf(cell: Cell): string | null {
  let text = label(cell).trim()
  const digits = text.replace(/\s+/g, '')
  if (/^\d+$/.test(digits) && LOST_ZEROS[digits.length]) text = digits.padStart(LOST_ZEROS[digits.length]!, '0')
  const read = readIdentifier(text)
  return typeof read === 'string' ? read : null
}

export interface Parties {
  accounts: Account[]
  /** The account of each row, -1 where it names nobody. */
  row: number[]
}

/** The accounts of a table. A client without an account is known by its identifier, or else by its name. */
export function readAccounts(view: View): Parties {
  const columns = Object.fromEntries(['account', 'identifier', 'name', 'city', 'vat', 'registration', 'postcode', 'sector', 'region', 'confidential', 'factored'].map((name) => [name, view.column(name)])) as Record<string, readonly Cell[]>
  const places = new Map<string, number>()
  const accounts: Account[] = []
  const firstRow: number[] = []
  const refused = new Set<number>()
  const read = new Map<Cell, string | null>()
  const row = view.numbers.map((_, at) => {
    const [account, identifier, name] = [columns['account']![at]!, columns['identifier']![at]!, columns['name']![at]!]
    const key = account !== null ? accountKey(label(account)) : identifier !== null ? `identifier ${label(identifier)}` : name !== null ? `name ${label(name).toLowerCase()}` : null
    if (key === null) {
      view.refuse(at, 'account-missing', 'account', '')
      return -1
    }
    let place = places.get(key)
    if (place === undefined) {
      place = accounts.length
      places.set(key, place)
      accounts.push(blankAccount(label(account ?? identifier ?? name), ''))
      firstRow.push(-1)
    }
    const one = accounts[place]!
    if (account !== null && label(account).replace(/\s+/g, '') !== one.account.replace(/\s+/g, '')) view.refuse(at, 'account-ambiguous', 'account', `${one.account}, ${label(account)}`)
    if (identifier !== null) {
      if (!read.has(identifier)) read.set(identifier, identifierOf(identifier))
      const canonical = read.get(identifier)!
      if (canonical === null) {
        refused.add(place)
        view.refuse(at, 'identifier-invalid', 'identifier', label(identifier), 'SIREN, SIRET, TVA/VAT')
      } else if (one.identifier === null) [one.identifier, firstRow[place]] = [canonical, at]
      else if (one.identifier !== canonical) view.refuse(at, 'identifier-contradicts', 'identifier', canonical, `${one.identifier} (${view.numbers[firstRow[place]!]})`)
    }
    one.name ||= label(name)
    for (const field of ['city', 'vat', 'registration', 'postcode'] as const) one[field] ||= label(columns[field]![at]!)
    attributes(view, one, columns, at)
    return place
  })
  for (const one of accounts) one.name ||= one.account
  const order = accounts.map(() => -1)
  const good = accounts.filter((_, place) => !refused.has(place))
  const placeOf = new Map(accounts.map((one, place) => [one, place]))
  good.forEach((one, at) => (order[placeOf.get(one)!] = at))
  row.forEach((place, at) => place >= 0 && order[place]! < 0 && view.bad.add(at))
  return { accounts: good, row: row.map((place) => order[place] ?? -1) }
}

/** Sector, region and the marks, from whichever rows give them. */
function attributes(view: View, one: Account, columns: Record<string, readonly Cell[]>, at: number): void {
  for (const field of ['sector', 'region'] as const) {
    const cell = columns[field]![at]!
    if (cell === null) continue
    const value = field === 'sector' ? sectorOf(cell) : within(cell, REGIONS)
    if (value === null) view.refuse(at, 'outside-range', field, label(cell), field === 'sector' ? 'A-U' : '1-13')
    else one[field] = value
  }
  for (const field of ['confidential', 'factored'] as const) {
    const cell = columns[field]![at]!
    if (cell === null || (field === 'factored' && view.mapping.kind === 'figures')) continue
    const value = yesOrNo(cell)
    if (value === null) view.refuse(at, 'flag-invalid', field, label(cell), 'oui/non, yes/no, 1/0')
    else one[field] ||= value
  }
}

/** A NACE section, A to U or 1 to 21. */
function sectorOf(cell: Cell): number | null {
  const text = label(cell).trim().toUpperCase()
  return text.length === 1 && SECTIONS.includes(text) ? SECTIONS.indexOf(text) + 1 : within(cell, SECTIONS.length)
}

function within(cell: Cell, highest: number): number | null {
  const value = readNumbers([cell], 'auto', 1).values[0]
  return typeof value === 'number' && value >= 1 && value <= highest ? value : null
}
