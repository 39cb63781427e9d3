/**
 * Years of one ledger that follow each other, as one: each opening balance gives way to what it sums up.
 * Twin of member/connectors/fec_years.py.
 */

import { accountKey } from './accounts.ts'
import { BROUGHT, PIECE_LAG_MAX_DAYS, type Movements } from './fec_lines.ts'
import { withOwners } from './fec_owners.ts'
import { Refusal } from './problems.ts'
import { dayText } from './values.ts'

/** Between the last movement of a year's clients and the first of the next one. */
const GAP_MAX_DAYS = 62

export interface Years {
  moved: Movements
  /** Which file each movement came from. */
  year: number[]
  /** Debts brought forward whose own dates the file does not give. */
  undated: boolean[]
}

/** What a later year brings forward is replaced by the earlier one's own movements. Throws Refusal. */
export function join(files: readonly Movements[]): Years {
  const ordered = [...files].sort((one, other) => one.firstDay - other.firstDay)
  const years = [ordered[0]!]
  for (let at = 1; at < ordered.length; at++) {
    const [earlier, later] = [ordered[at - 1]!, ordered[at]!]
    const gap = later.firstDay - earlier.lastDay
    if (!(gap > 0 && gap <= GAP_MAX_DAYS)) {
      const span = (one: Movements): string => `${dayText(one.firstDay)} – ${dayText(one.lastDay)}`
      throw new Refusal({ code: 'ledger-years-apart', found: span(later), expected: span(earlier) })
    }
    years.push(withoutBrought(years, later))
  }
  const moved = compact(withOwners(together(years)))
  const year = years.flatMap((one, number) => one.cents.map(() => number))
  const undated = moved.kind.map((kind, at) => {
    const [piece, day] = [moved.pieceDay[at] ?? null, moved.day[at]!]
    const dated = piece !== null && piece < day && day - piece <= PIECE_LAG_MAX_DAYS
    return kind === BROUGHT && moved.cents[at]! > 0 && !dated
  })
  return { moved, year, undated }
}

function balances(files: readonly Movements[], broughtAlone: boolean): Map<string, number> {
  const sums = new Map<string, number>()
  for (const one of files) {
    for (const key of one.accounts) if (!sums.has(accountKey(key))) sums.set(accountKey(key), 0)
    one.cents.forEach((cents, at) => {
      if (broughtAlone && one.kind[at] !== BROUGHT) return
      const key = accountKey(one.accounts[one.account[at]!]!)
      sums.set(key, sums.get(key)! + cents)
    })
  }
  return sums
}

/** The later year with only what its opening balances say beyond the earlier years' closing ones. */
function withoutBrought(before: readonly Movements[], later: Movements): Movements {
  const [closing, opening] = [balances(before, false), balances([later], true)]
  const cents = [...later.cents]
  const places = new Map(later.accounts.map((key, place) => [accountKey(key), place]))
  const firstOf = new Map<number, number>()
  later.kind.forEach((kind, at) => {
    if (kind !== BROUGHT) return
    cents[at] = 0
    if (!firstOf.has(later.account[at]!)) firstOf.set(later.account[at]!, at)
  })
  let differing = 0
  for (const [key, place] of places) {
    const difference = (opening.get(key) ?? 0) - (closing.get(key) ?? 0)
    const first = firstOf.get(place)
    if (first === undefined || !difference) continue
    cents[first] = difference
    differing++
  }
  const problems = differing ? [...later.problems, { code: 'brought-forward-differs', found: String(differing) }] : later.problems
  return only({ ...later, cents, problems }, [...cents.keys()].filter((at) => cents[at] !== 0))
}

const COLUMNS = ['account', 'cents', 'day', 'pieceDay', 'due', 'kind', 'row', 'entry', 'incident', 'factored', 'general', 'letter', 'letterDate'] as const

function only(moved: Movements, kept: readonly number[]): Movements {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, kept.map((at) => moved[name][at])]))
  return { ...moved, ...columns }
}

/** One set of movements, accounts matched as they are compared: without spaces and leading zeros. */
function together(years: readonly Movements[]): Movements {
  if (years.length === 1) return years[0]!
  const places = new Map<string, number>()
  const [accounts, names]: [string[], string[]] = [[], []]
  const columns: Record<string, unknown[]> = Object.fromEntries(COLUMNS.map((name) => [name, []]))
  let entries = 0
  for (const one of years) {
    const movedTo = one.accounts.map((key, at) => {
      const bare = accountKey(key)
      let place = places.get(bare)
      if (place === undefined) {
        place = accounts.length
        places.set(bare, place)
        accounts.push(key)
        names.push(one.names[at]!)
      }
      return place
    })
    let last = 0
    one.cents.forEach((_, at) => {
      for (const name of COLUMNS) {
        const value = one[name][at]
        columns[name]!.push(name === 'account' ? movedTo[value as number] : name === 'entry' ? (value as number) + entries : value)
      }
      last = Math.max(last, one.entry[at]!)
    })
    entries += last + 1
  }
  return { ...years.at(-1)!, ...columns, accounts, names, firstDay: years[0]!.firstDay, problems: years.flatMap((one) => one.problems) } as Movements
}

/** Without accounts that no movement is left in. */
function compact(moved: Movements): Movements {
  const used = [...new Set(moved.account)].sort((one, other) => one - other)
  const place = new Map(used.map((account, at) => [account, at]))
  return {
    ...moved,
    accounts: used.map((at) => moved.accounts[at]!),
    names: used.map((at) => moved.names[at]!),
    account: moved.account.map((at) => place.get(at)!),
  }
}
