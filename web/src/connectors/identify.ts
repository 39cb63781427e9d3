/**
 * Whose account is this: identifiers proposed for accounts that have none, with sources and a confidence. Twin of
 * member/identify.py, which says how the percentages come about.
 */

import { accountKey, type Account } from './accounts.ts'
import { identifierOf } from './client_list.ts'
import { coreName, firmName, inOrder, likeness, looksLikePerson, placeName, postcodeOf, ratio } from './firm_names.ts'

export type Source = 'file' | 'book' | 'master' | 'invoices' | 'sirene'
export type Doubt = '' | 'contradiction' | 'homonym' | 'person' | 'name-differs' | 'refused-person'

export const SURE_PERCENT = 95
const SHOWN_PERCENT = 50
const LIKE_ENOUGH = 82
const NAME_AGREES = 55
const NAME_PERCENT = 96
const BY_ACCOUNT: Record<Source, number> = { file: 99, book: 100, master: 99, invoices: 97, sirene: 0 }
const [CITY_ALONE, PLACE_UNKNOWN, PLACE_UNKNOWN_NAME_ALONE, PLACE_REGION, PLACE_ELSEWHERE] = [1, 12, 5, 9, 40]
const LOOSELY = 7
const HOMONYM_WITHIN = 5
const CANDIDATES_MAX = 4

/** What a source says: this identifier is this firm. `person`: a natural person (legal category 1000), never proposed. */
export interface Party {
  source: Source
  identifier: string
  name: string
  postcode: string
  city: string
  account: string
  person: boolean
}

export interface Candidate {
  identifier: string
  percent: number
  sources: Source[]
  name: string
  city: string
}

export interface Proposal {
  account: Account
  candidates: Candidate[]
  doubt: Doubt
  /** The account that is the same client, where another one stands before it. */
  sameAs: string
  /** Natural persons' numbers that a source names for it. */
  refused: string[]
}

/** At so many percent and without a doubt it can be confirmed together with all others of its kind. */
export const isSure = (proposal: Proposal, percent = SURE_PERCENT): boolean => proposal.candidates.length > 0 && !proposal.doubt && proposal.candidates[0]!.percent >= percent

/** What accounts say of themselves: identifier, or SIREN, SIRET and VAT number. */
export function partiesOf(accounts: readonly Account[], source: Source): Party[] {
  return accounts.flatMap((one) => {
    const numbers = one.identifier ? [one.identifier] : [one.registration, one.vat].filter(Boolean).map((number) => identifierOf(number))
    return [...new Set(numbers)].filter((number) => number !== null).map((identifier) => ({ source, identifier, name: one.name, postcode: one.postcode, city: one.city, account: one.account, person: false }))
  })
}

/** Accounts with the master's town and postcode where the ledger has none, and its name where that is cut. */
export function withPlaces(accounts: readonly Account[], master: readonly Account[]): Account[] {
  const known = new Map(master.map((one) => [accountKey(one.account), one]))
  return accounts.map((one) => {
    const other = known.get(accountKey(one.account))
    if (!other) return one
    const cut = !one.name || one.name === one.account || (other.name !== '' && other.name.toLowerCase().startsWith(one.name.toLowerCase()))
    return { ...one, name: (cut ? other.name : one.name) || one.name, postcode: one.postcode || other.postcode, city: one.city || other.city }
  })
}

interface Named {
  firm: string
  core: string
  postcode: string
  city: string
}

const named = (name: string, postcode: string, city: string): Named => {
  const firm = firmName(name)
  return { firm, core: coreName(firm), postcode: postcodeOf(postcode), city: placeName(city) }
}

/** Parties by account and by the words of their names, so that nobody is compared with everybody. */
class Index {
  readonly byAccount = new Map<string, Party[]>()
  readonly persons = new Set<string>()
  readonly called = new Map<string, Set<string>>()
  readonly #byWord = new Map<string, number[]>()
  readonly #byCore = new Map<string, number[]>()
  readonly #named: [Named, Party][] = []
  readonly #spelled: string[] = []

  add(party: Party): void {
    if (party.person) this.persons.add(party.identifier)
    if (party.account) push(this.byAccount, accountKey(party.account), party)
    if (!party.name) return
    const one = named(party.name, party.postcode, party.city)
    const place = this.#named.length
    for (const word of new Set(one.firm.split(' ').filter(Boolean))) push(this.#byWord, word, place)
    const called = this.called.get(one.firm)
    if (called) called.add(party.identifier)
    else this.called.set(one.firm, new Set([party.identifier]))
    push(this.#byCore, one.core, place)
    this.#spelled.push(inOrder(one.firm))
    this.#named.push([one, party])
  }

  /** Parties whose name is like enough: of those that share one of the rarest words, or the core. */
  like(one: Named): [Named, Party][] {
    const words = [...new Set(one.firm.split(' ').filter(Boolean))].filter((word) => this.#byWord.has(word))
    words.sort((first, second) => this.#byWord.get(first)!.length - this.#byWord.get(second)!.length)
    const near = new Set(words.slice(0, 2).flatMap((word) => this.#byWord.get(word)!))
    const spelled = inOrder(one.firm)
    const found = new Set([...near].filter((place) => ratio(spelled, this.#spelled[place]!) >= LIKE_ENOUGH))
    for (const place of this.#byCore.get(one.core) ?? []) found.add(place)
    return [...found].sort((first, second) => first - second).map((place) => this.#named[place]!)
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

/** One proposal an account, in the order given. What accounts bear themselves counts as source "file". */
export function proposeIdentifiers(accounts: readonly Account[], parties: readonly Party[], progress: (done: number) => void = () => {}): Proposal[] {
  const index = new Index()
  for (const party of [...partiesOf(accounts, 'file'), ...parties]) index.add(party)
  const found = accounts.map((account, at) => {
    if (at % 200 === 0) progress(at)
    return proposeOne(account, index)
  })
  return sameClients(found)
}

type Told = Map<string, Map<Source, [number, Party]>>

function proposeOne(account: Account, index: Index): Proposal {
  const own = named(account.name, account.postcode, account.city)
  const told: Told = new Map()
  const byAccount = new Set<string>()
  let differs = false
  if (account.identifier) {
    byAccount.add(account.identifier)
    keep(told, { source: 'file', identifier: account.identifier, name: account.name, postcode: '', city: '', account: '', person: false }, BY_ACCOUNT.file)
  }
  for (const party of index.byAccount.get(accountKey(account.account)) ?? []) {
    byAccount.add(party.identifier)
    const other = firmName(party.name)
    differs ||= own.firm !== '' && other !== '' && likeness(own.firm, other) < NAME_AGREES
    keep(told, party, BY_ACCOUNT[party.source])
  }
  for (const [other, party] of own.firm ? index.like(own) : []) {
    if (party.source === 'file' && accountKey(party.account) === accountKey(account.account)) continue
    const percent = percentByName(own, other, index.called.get(other.firm)!.size === 1)
    if (percent >= SHOWN_PERCENT) keep(told, party, percent)
  }
  const refused = [...told.keys()].filter((identifier) => index.persons.has(identifier)).sort()
  const candidates = [...told].filter(([identifier]) => !index.persons.has(identifier)).map(([identifier, by]) => together(identifier, by))
  candidates.sort((one, other) => other.percent - one.percent || (one.identifier < other.identifier ? -1 : 1))
  for (const identifier of refused) byAccount.delete(identifier)
  const doubt = doubtOf(account, candidates, byAccount, differs, refused.length > 0)
  return { account, candidates: candidates.slice(0, CANDIDATES_MAX), doubt, sameAs: '', refused }
}

function keep(told: Told, party: Party, percent: number): void {
  const by = told.get(party.identifier) ?? new Map<Source, [number, Party]>()
  told.set(party.identifier, by)
  const before = by.get(party.source)
  if (!before || percent > before[0]) by.set(party.source, [percent, party])
}

/** Python rounds halves to even; so do we, so that both show the same percentage. */
function rounded(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value)
}

/** How surely two names are one firm: how alike they are, less what the places take away. */
function percentByName(one: Named, other: Named, alone: boolean): number {
  let alike = 100
  if (one.firm !== other.firm) {
    alike = likeness(one.firm, other.firm)
    if (one.core === other.core) alike = Math.max(alike, 100 - LOOSELY)
  }
  if (alike < LIKE_ENOUGH) return 0
  return rounded(NAME_PERCENT - (100 - alike) * 1.5) - distance(one, other, alone && alike === 100)
}

/** Percent that the places take away. A seat and the place delivered to often share a department. */
function distance(one: Named, other: Named, alone: boolean): number {
  if (one.postcode && one.postcode === other.postcode) return 0
  if (one.city && one.city === other.city) return CITY_ALONE
  if (one.postcode && other.postcode) return one.postcode.slice(0, 2) === other.postcode.slice(0, 2) ? PLACE_REGION : PLACE_ELSEWHERE
  if (one.city && other.city) return PLACE_ELSEWHERE
  return alone && one.firm.includes(' ') ? PLACE_UNKNOWN_NAME_ALONE : PLACE_UNKNOWN
}

/** Sources that agree: 1 - (1 - a)(1 - b)... */
function together(identifier: string, by: Map<Source, [number, Party]>): Candidate {
  let wrong = 1
  for (const [percent] of by.values()) wrong *= 1 - percent / 100
  const ranked = [...by].sort(([, [one]], [, [other]]) => other - one)
  const [, [first, best]] = ranked[0]!
  const name = ranked.map(([, [, party]]) => party.name).find(Boolean) ?? ''
  const most = by.get('book')?.[0] === 100 ? 100 : 99
  const percent = Math.max(first, Math.min(rounded(100 * (1 - wrong)), most))
  return { identifier, percent, sources: ranked.map(([source]) => source), name, city: best.city }
}

function doubtOf(account: Account, candidates: readonly Candidate[], byAccount: ReadonlySet<string>, differs: boolean, refused: boolean): Doubt {
  if (refused) return 'refused-person'
  const [best, second] = candidates
  if (!best) return ''
  if (byAccount.size > 1 || (byAccount.size > 0 && !byAccount.has(best.identifier))) return 'contradiction'
  if (byAccount.size) return differs ? 'name-differs' : ''
  if (looksLikePerson(account.name)) return 'person'
  return second && best.percent - second.percent < HOMONYM_WITHIN ? 'homonym' : ''
}

/** Accounts of one client: by the identifier proposed for both, else by name and place. */
function sameClients(proposals: Proposal[]): Proposal[] {
  const first = new Map<string, string>()
  return proposals.map((one) => {
    const keys = isSure(one) ? [one.candidates[0]!.identifier] : []
    const firm = firmName(one.account.name)
    const place = postcodeOf(one.account.postcode) || placeName(one.account.city)
    if (firm && (place || firm.length > 8)) keys.push(`${firm}|${place}`)
    const same = keys.map((key) => first.get(key)).find((account) => account !== undefined) ?? ''
    for (const key of keys) if (!first.has(key)) first.set(key, same || one.account.account)
    return { ...one, sameAs: same }
  })
}
