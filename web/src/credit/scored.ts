/** Scores of the portfolio's clients under the firm's own parameters. Twin of member/scores.py's assembly; pure. */

import { isAside, SEVERITIES } from '../alerts/listing.ts'
import { readMonth } from '../month.ts'
import type { AlertFacts } from '../network/answers.ts'
import { MONTH_END_WAIT_DAYS } from '../portfolio/order.ts'
import { SPAN, type Portfolio } from '../portfolio/portfolio.ts'
import type { Book } from '../book/book.ts'
import { toHex } from '../bytes.ts'
import { clocksOf } from './clocks.ts'
import { ownOf, parametersFor, type Credit, type OwnClient } from './credit_file.ts'
import { assess, light, stopped, USUAL, type Days, type Light, type Parameters, type Score } from './score.ts'

/** Half of a month, less half a day: the mean wait for a month's end. */

export interface Scored {
  score: Score | null
  parameters: Parameters
  relationMonths: number
  /** The worst level of what is open on the client. */
  severity: string | null
  own: OwnClient
  light: Light
}

/** What is the same for all clients: mean sales a month in cents and the first month sent, by pseudonym in hex. */
export interface Sent {
  sales: Map<string, number>
  first: Map<string, number>
}

/** Mean over the parameters' months, over as many as were sent where they are fewer; a month without a row sold nothing. */
export function sentOf(book: Book, credit: Credit): Sent {
  const months = (credit.parameters ?? USUAL).sales_months
  const sent = [...book.sent.keys()].sort((left, right) => left - right)
  const last = sent.at(-1) ?? 0
  const taken = sent.filter((month) => month > last - months)
  const sales = new Map<string, number>()
  const first = new Map<string, number>()
  for (const month of sent) {
    for (const row of book.sent.get(month)!.rows) {
      const name = toHex(row.pseudonym)
      if (!first.has(name)) first.set(name, month)
      if (month > last - months) sales.set(name, (sales.get(name) ?? 0) + (row.figures.sales ?? 0))
    }
  }
  for (const [name, cents] of sales) sales.set(name, Math.floor(cents / Math.max(1, taken.length)))
  return { sales, first }
}

/** The worst level by client's pseudonym of alerts that nobody has closed or put to sleep. */
export function worstOpen(alerts: readonly AlertFacts[], stateOf: (alert: AlertFacts) => string): Map<string, string> {
  const worst = new Map<string, string>()
  const rank = (severity: string): number => SEVERITIES.indexOf(severity as never)
  for (const alert of alerts) {
    const before = worst.get(alert.pseudonym)
    if (!isAside(stateOf(alert)) && (before === undefined || rank(alert.severity) < rank(before))) worst.set(alert.pseudonym, alert.severity)
  }
  return worst
}

/** A public judgment weighs as an incident does while one of its clocks runs, met or not. */
export function withJudgments(worst: Map<string, string>, portfolio: Portfolio, credit: Credit, today: string): Map<string, string> {
  const judged = new Set(credit.notices.filter((one) => clocksOf(one, today).some((clock) => clock.by >= today)).map((one) => one.identifier))
  if (judged.size) portfolio.clients.forEach((client, row) => judged.has(client.identifier) && worst.set(portfolio.pseudonyms[row]!, 'urgent'))
  return worst
}

const known = (value: number): Days => (Number.isNaN(value) ? null : value)

export function scoredOf(portfolio: Portfolio, row: number, credit: Credit, sent: Sent, worst: ReadonlyMap<string, string>): Scored {
  const client = portfolio.clients[row]!
  const code = portfolio.pseudonyms[row]!
  const parameters = parametersFor(credit, client.identifier)
  const own = ownOf(credit, client.identifier)
  const [from, to] = [row * SPAN, row * SPAN + portfolio.at + 1]
  const score = assess(
    Array.from(portfolio.ownLate.subarray(from, to), known),
    Array.from(portfolio.peersLate.subarray(from, to), known),
    sent.sales.get(code) ?? 0,
    client.terms_days === null ? null : Math.floor(client.terms_days + (client.terms_kind === 0 ? 0 : MONTH_END_WAIT_DAYS) + 0.5),
    parameters,
  )
  const begins = [own.since === null ? null : readMonth(own.since), sent.first.get(code) ?? null].filter((month) => month !== null)
  const severity = worst.get(code) ?? null
  return {
    score,
    parameters,
    relationMonths: begins.length && portfolio.latestSent !== null ? Math.max(0, portfolio.latestSent - Math.min(...begins) + 1) : 0,
    severity,
    own,
    light: light(score, severity, stopped(own.decisions.map((one) => one.choice))),
  }
}
