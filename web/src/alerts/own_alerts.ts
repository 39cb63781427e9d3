/** What own figures alone raise: a client above its peers' band, and one that has slowed where no cell can say more. Twin of member/alerts_feed.py; pure. */

import { sha256 } from '@noble/hashes/sha2.js'
import { toHex, utf8 } from '../bytes.ts'
import { monthText } from '../month.ts'
import type { AlertFacts } from '../network/answers.ts'
import { RULES, wholeDays } from '../portfolio/comparison.ts'
import { returned } from '../portfolio/headlines.ts'
import { ownKind, SPAN, type Portfolio } from '../portfolio/portfolio.ts'

export type OwnKind = 'outside' | 'own'

export const isOwn = (alert: AlertFacts): boolean => alert.kind === 'outside' || alert.kind === 'own'

/** The same for a client and a kind, always; no pseudonym is in it. */
export function ownId(kind: OwnKind, identifier: string): string {
  const bytes = sha256(utf8(`vigie own alert|${kind}|${identifier}`)).slice(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = toHex(bytes)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Of the whole portfolio, as the network's alerts are listed; `evidence` are own days late. */
export const ownAlerts = (portfolio: Portfolio): AlertFacts[] => portfolio.clients.flatMap((_, row) => ownAlert(portfolio, row) ?? [])

/** Of one client: it has one at most. */
export function ownAlert(portfolio: Portfolio, row: number): AlertFacts | null {
  const kind = ownKind(portfolio, row)
  return kind && (kind === 'outside' ? outside : slowed)(portfolio, row)
}

const monthAt = (portfolio: Portfolio, column: number): string => monthText(portfolio.last - (SPAN - 1 - column))
const ownAt = (portfolio: Portfolio, row: number, column: number): number | null => wholeDays(portfolio.ownLate[row * SPAN + column]!)

function evidence(portfolio: Portfolio, row: number, from: number): AlertFacts['evidence'] {
  const found: [string, number][] = []
  for (let column = Math.max(0, from); column <= portfolio.at; column++) {
    const days = ownAt(portfolio, row, column)
    if (days !== null) found.push([monthAt(portfolio, column), days])
  }
  return found
}

/** To act on while the client is above the band; for information once it has returned, until it has stayed; watched while nothing is compared. */
function outside(portfolio: Portfolio, row: number): AlertFacts {
  const facts = portfolio.facts[row]!
  const column = portfolio.at - facts.outsideSince!
  const back = returned(portfolio, row)
  return {
    ...told(portfolio, row, 'outside', column, column),
    severity: facts.gap === null ? 'watch' : back ? 'info' : 'act',
    size_days: ownAt(portfolio, row, column)! - portfolio.peersLate[row * SPAN + column]!,
    now_days: facts.gap,
    returned: back,
    ends_at_days: facts.gap === null ? null : facts.centre! + (facts.spread ?? 0),
    evidence: evidence(portfolio, row, column - 1),
  }
}

function slowed(portfolio: Portfolio, row: number): AlertFacts {
  const facts = portfolio.facts[row]!
  const since = portfolio.at - facts.changeMonths!
  return {
    ...told(portfolio, row, 'own', portfolio.at, since),
    size_days: facts.ownChange!,
    ends_at_days: facts.own! - RULES.ownMoveDays,
    evidence: evidence(portfolio, row, since),
  }
}

function told(portfolio: Portfolio, row: number, kind: OwnKind, at: number, since: number): AlertFacts {
  return {
    id: ownId(kind, portfolio.clients[row]!.identifier),
    pseudonym: portfolio.pseudonyms[row]!,
    month: monthAt(portfolio, at),
    kind,
    severity: 'watch',
    size_days: 0,
    shared_days: 0,
    since: monthAt(portfolio, since),
    confidence: 'certain',
    detector: kind,
    ends_at_days: null,
    may_be_larger: false,
    evidence: [],
    sector: null,
  }
}

/** How large it is today: what is known of it, else as it was when it was raised. */
export const sizeNow = (alert: AlertFacts): number => alert.now_days ?? alert.size_days
