/** What own figures alone raise: a client outside its peers' band, and one that has slowed where no cell can say more. Twin of member/alerts_feed.py; pure. */

import { sha256 } from '@noble/hashes/sha2.js'
import { toHex, utf8 } from '../bytes.ts'
import { monthText } from '../month.ts'
import type { AlertFacts } from '../network/answers.ts'
import { RULES, wholeDays } from '../portfolio/comparison.ts'
import { SPAN, type Portfolio } from '../portfolio/portfolio.ts'

const YOUNG_MONTHS = 10

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
export function ownAlerts(portfolio: Portfolio): AlertFacts[] {
  const young = portfolio.networkCells.filter((cell) => cell !== null).length < YOUNG_MONTHS
  return portfolio.clients.flatMap((_, row) => {
    const found: AlertFacts[] = []
    const facts = portfolio.facts[row]!
    if (facts.outsideSince !== null) found.push(outside(portfolio, row, facts.outsideSince))
    const risen = facts.ownChange !== null && facts.ownChange >= RULES.ownMoveDays
    if (risen && (facts.centre === null || (young && facts.outsideSince === null))) found.push(slowed(portfolio, row))
    return found
  })
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

function outside(portfolio: Portfolio, row: number, since: number): AlertFacts {
  const facts = portfolio.facts[row]!
  const column = portfolio.at - since
  const size = ownAt(portfolio, row, column)! - portfolio.peersLate[row * SPAN + column]!
  return told(portfolio, row, 'outside', column, column, 'act', size, (facts.centre ?? 0) + (facts.spread ?? 0), evidence(portfolio, row, column - 1))
}

function slowed(portfolio: Portfolio, row: number): AlertFacts {
  const facts = portfolio.facts[row]!
  const since = portfolio.at - facts.changeMonths!
  return told(portfolio, row, 'own', portfolio.at, since, 'watch', facts.ownChange!, facts.own! - RULES.ownMoveDays, evidence(portfolio, row, since))
}

function told(portfolio: Portfolio, row: number, kind: OwnKind, at: number, since: number, severity: 'act' | 'watch', size: number, endsAt: number, rests: AlertFacts['evidence']): AlertFacts {
  return {
    id: ownId(kind, portfolio.clients[row]!.identifier),
    pseudonym: portfolio.pseudonyms[row]!,
    month: monthAt(portfolio, at),
    kind,
    severity,
    size_days: size,
    shared_days: 0,
    since: monthAt(portfolio, since),
    confidence: 'certain',
    detector: kind,
    ends_at_days: endsAt,
    may_be_larger: false,
    evidence: rests,
    sector: null,
  }
}
