/**
 * Which payment paid which invoice: by lettering, else first-in first-out. Twin of
 * member/connectors/fec_matching.py, which says why.
 */

import { BROUGHT, CLOSED, CREDIT_NOTE, INVOICE, PAYMENT, REFUND, type Movements } from './fec_lines.ts'

/** A payment that comes back does so within a year and a half of its date. */
const UNPAID_DAYS_MAX = 550

/** What the ledger's own lettering says: groups, those that balance, days from invoice to payment by amount. */
export interface Lettering {
  groups: number
  balanced: number
  daysToPay: number | null
}

/** Pairs (debit, credit, cents, day, money?) by place among the movements; less than 0 reopens. */
export interface Matched {
  debit: number[]
  credit: number[]
  cents: number[]
  day: number[]
  money: boolean[]
  left: number[]
  start: number[]
  fifoCents: number
  paidBack: Set<number>
  cameBack: Set<number>
}

const sumOf = (moved: Movements, places: readonly number[]): number => places.reduce((sum, at) => sum + moved.cents[at]!, 0)
const letterKey = (moved: Movements, at: number): string => `${moved.general[at]}\n${moved.account[at]}\n${moved.letter[at]}`

function grouped<K>(places: Iterable<number>, keyOf: (at: number) => K): Map<K, number[]> {
  const found = new Map<K, number[]>()
  for (const at of places) {
    const key = keyOf(at)
    const group = found.get(key)
    if (group) group.push(at)
    else found.set(key, [at])
  }
  return found
}

export function lettering(moved: Movements): Lettering {
  const lettered = [...moved.letter.keys()].filter((at) => moved.letter[at])
  const found = [...grouped(lettered, (at) => letterKey(moved, at)).values()].flatMap((group) => byDate(moved, group))
  const even = found.filter((places) => sumOf(moved, places) === 0)
  let [cents, centDays] = [0, 0]
  for (const places of even) {
    const first = moved.day[places[0]!]! // an even group's days may count from any day: the sums stay exact
    for (const at of places) {
      cents += Math.max(0, moved.cents[at]!)
      centDays -= moved.cents[at]! * (moved.day[at]! - first)
    }
  }
  return { groups: found.length, balanced: even.length, daysToPay: cents ? centDays / cents : null }
}

/** A code used again in one year: groups of its lettering dates where each of them balances. */
function byDate(moved: Movements, group: number[]): number[][] {
  if (sumOf(moved, group) === 0) return [group]
  const parts = [...grouped(group, (at) => moved.letterDate[at]!).values()]
  if (parts.length < 2) return [group]
  const even = parts.filter((part) => sumOf(moved, part) === 0)
  if (!even.length) return [group]
  const rest = parts.filter((part) => sumOf(moved, part) !== 0).flat()
  return rest.length ? [...even, rest] : even
}

/** Pay each debit. `years` says which file a movement came from: letters may begin anew in each. */
export function match(moved: Movements, years: readonly number[]): Matched {
  const joined: [number, number][] = []
  const left = withoutTransfers(moved, joined)
  const found: Matched = { debit: [], credit: [], cents: [], day: [], money: [], left, start: [...left], fifoCents: 0, paidBack: new Set(), cameBack: new Set() }
  const groups = groupsOf(moved, years, left, joined)
  const lettered = new Set(groups.flat())
  const pools = new Map<number, number[]>()
  const pool = (at: number): void => {
    const account = moved.account[at]!
    const places = pools.get(account)
    if (places) places.push(at)
    else pools.set(account, [at])
  }
  for (const group of groups) for (const at of pay(moved, group, found, true)) pool(at)
  for (let at = 0; at < moved.cents.length; at++) if (!lettered.has(at) && left[at]) pool(at)
  const before = found.cents.length
  for (const places of pools.values()) {
    places.sort((one, other) => one - other)
    pay(moved, places, found, false)
  }
  for (let pair = before; pair < found.cents.length; pair++) if (found.money[pair]) found.fifoCents += found.cents[pair]!
  return found
}

const root = (general: string): string => (general.startsWith('419') ? general.slice(0, 4) : general.slice(0, 3))

/** Within an entry and a client, what leaves one kind of account for another is no event. */
function withoutTransfers(moved: Movements, joined: [number, number][]): number[] {
  const left = [...moved.cents]
  const roots = moved.general.map(root)
  for (const places of grouped(moved.cents.keys(), (at) => `${moved.entry[at]}/${moved.account[at]}`).values()) {
    if (places.length < 2 || new Set(places.map((at) => roots[at])).size < 2) continue
    for (const debit of places) {
      for (const credit of places) {
        if (!(left[debit]! > 0 && left[credit]! < 0) || roots[debit] === roots[credit]) continue
        const moves = Math.min(left[debit]!, -left[credit]!)
        left[debit]! -= moves
        left[credit]! += moves
        joined.push([debit, credit])
      }
    }
  }
  return left
}

/** Movements lettered together, over both sides of a transfer and over two years where they belong. */
function groupsOf(moved: Movements, years: readonly number[], left: readonly number[], joined: readonly [number, number][]): number[][] {
  const lettered = [...moved.letter.keys()].filter((at) => moved.letter[at])
  const within = [...grouped(lettered, (at) => `${years[at]}\n${letterKey(moved, at)}`).values()]
  within.sort((one, other) => years[one[0]!]! - years[other[0]!]!)
  const parts: number[][] = []
  const openByKey = new Map<string, number[]>()
  for (const places of within) {
    const key = letterKey(moved, places[0]!)
    for (const group of byDate(moved, places)) {
      const uneven = sumOf(moved, group) !== 0
      const open = uneven ? openByKey.get(key) : undefined
      if (open) open.push(...group)
      else {
        parts.push(group)
        if (uneven) openByKey.set(key, group)
      }
    }
  }
  return joinedGroups(parts, left, joined)
}

/** Groups that a transfer links are one; linked to a movement without a lettering, they are none. */
function joinedGroups(parts: readonly number[][], left: readonly number[], joined: readonly [number, number][]): number[][] {
  const of = new Map<number, number>()
  parts.forEach((places, number) => places.forEach((at) => of.set(at, number)))
  const parent = parts.map((_, number) => number)
  const top = (start: number): number => {
    let number = start
    while (parent[number] !== number) {
      parent[number] = parent[parent[number]!]!
      number = parent[number]!
    }
    return number
  }
  const loose: number[] = []
  for (const [debit, credit] of joined) {
    const [one, other] = [of.get(debit), of.get(credit)]
    if (one !== undefined && other !== undefined) parent[top(one)] = top(other)
    else if (one !== undefined || other !== undefined) loose.push((one ?? other)!)
  }
  const dissolved = new Set(loose.map(top))
  const whole = new Map<number, number[]>()
  parts.forEach((places, number) => {
    const head = top(number)
    const kept = places.filter((at) => left[at])
    const group = whole.get(head)
    if (group) group.push(...kept)
    else whole.set(head, kept)
  })
  return [...whole].filter(([number, places]) => places.length && !dissolved.has(number)).map(([, places]) => places.sort((one, other) => one - other))
}

/** A queue over an array, as a deque is used: taken and put back in front. */
class Waiting {
  #items: number[] = []
  #head = 0
  get first(): number | undefined {
    return this.#items[this.#head]
  }
  push(at: number): void {
    this.#items.push(at)
  }
  unshift(at: number): void {
    if (this.#head > 0) this.#items[--this.#head] = at
    else this.#items.unshift(at)
  }
  shift(): void {
    this.#head++
  }
  rest(): number[] {
    return this.#items.slice(this.#head)
  }
}

/** Let time pass over some movements of one client; the payments that found nothing to pay. Debits come first on a day. */
function pay(moved: Movements, places: readonly number[], found: Matched, lettered: boolean): number[] {
  const order = [...places].sort((one, other) => moved.day[one]! - moved.day[other]! || Number(found.left[one]! < 0) - Number(found.left[other]! < 0) || one - other)
  const debts = new Waiting()
  const waiting = new Waiting()
  const since = found.cents.length
  for (const at of order) {
    const [kind, day] = [moved.kind[at]!, moved.day[at]!]
    if (found.left[at]! > 0) {
      if (kind === REFUND && reopen(moved, at, found, debts, since)) continue
      drain(moved, found, at, waiting, day)
      if (found.left[at]) debts.push(at)
    } else if (lettered || kind !== CREDIT_NOTE) {
      drain(moved, found, at, debts, day)
      if (found.left[at]! < 0 && (lettered || kind !== BROUGHT)) waiting.push(at)
    }
  }
  const again: number[] = [PAYMENT, CLOSED, BROUGHT]
  return waiting.rest().filter((at) => found.left[at]! < 0 && again.includes(moved.kind[at]!))
}

/** Settle a movement against those of the other side that wait, the oldest first. */
function drain(moved: Movements, found: Matched, at: number, queue: Waiting, day: number): void {
  for (let other = queue.first; other !== undefined && found.left[at]; other = queue.first) {
    const [debit, credit] = found.left[at]! > 0 ? [at, other] : [other, at]
    const cents = Math.min(found.left[debit]!, -found.left[credit]!)
    if (cents <= 0) {
      queue.shift()
      continue
    }
    found.left[debit]! -= cents
    found.left[credit]! += cents
    pair(found, debit, credit, cents, day, moved.kind[credit] === PAYMENT && moved.kind[debit] !== REFUND)
    if (!found.left[other]) queue.shift()
  }
}

function pair(found: Matched, debit: number, credit: number, cents: number, day: number, money: boolean): void {
  found.debit.push(debit)
  found.credit.push(credit)
  found.cents.push(cents)
  found.day.push(day)
  found.money.push(money)
}

/** A payment that comes back: what the newest payment of the same amount paid is owed again. */
function reopen(moved: Movements, refund: number, found: Matched, debts: Waiting, since: number): boolean {
  const cents = found.left[refund]!
  const day = moved.day[refund]!
  const pairs: number[] = []
  for (let at = since; at < found.cents.length; at++) {
    if (found.money[at] && found.cents[at]! > 0 && !found.cameBack.has(found.credit[at]!)) pairs.push(at)
  }
  const byCredit = [...grouped(pairs, (at) => found.credit[at]!)].reverse()
  for (const [credit, paid] of byCredit) {
    const total = paid.reduce((sum, at) => sum + found.cents[at]!, 0)
    if (-moved.cents[credit]! !== cents || cents !== total || day - moved.day[credit]! > UNPAID_DAYS_MAX) continue
    for (const at of paid) {
      const debit = found.debit[at]!
      pair(found, debit, refund, -found.cents[at]!, day, true)
      if (!found.left[debit]) debts.unshift(debit)
      found.left[debit]! += found.cents[at]!
    }
    found.left[refund] = 0
    found.paidBack.add(refund)
    found.cameBack.add(credit)
    return true
  }
  return false
}

/** Whether a movement is a sale, credit notes among them. */
export const sold = (kind: number): boolean => kind === INVOICE || kind === CREDIT_NOTE
