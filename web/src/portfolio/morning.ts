/** What to do first, and what changed since a visit. Own money and published cells; nothing of it leaves this device. */

import { AGEING } from './own.ts'
import { aboveBand, compared, type Portfolio } from './portfolio.ts'

export const TASKS_MAX = 10

/** One client to look at; amounts in cents at the last month sent. */
export interface Task {
  row: number
  stake: number
  overdue: number
  notDue: number
}

export interface Morning {
  /** The most money at stake first, at most TASKS_MAX. */
  tasks: Task[]
  /** Cents at stake over all clients, and over those of the tasks. */
  stake: number
  stakeOfTasks: number
  /** Clients that would be worth a step, listed or not. */
  worth: number
}

/** Something is overdue, or the comparison asks for a step. */
export function worthAStep(portfolio: Portfolio, row: number): boolean {
  const { stakeCents, nextStep } = portfolio.facts[row]!
  return stakeCents > 0 && (nextStep !== 'none' || overdueOf(portfolio, row) > 0)
}

/** Ordered by money at stake (comparison.ts: stakeOf). */
export function morningOf(portfolio: Portfolio): Morning {
  const rows: number[] = []
  let stake = 0
  portfolio.facts.forEach((facts, row) => {
    stake += facts.stakeCents
    if (worthAStep(portfolio, row)) rows.push(row)
  })
  rows.sort((left, right) => portfolio.facts[right]!.stakeCents - portfolio.facts[left]!.stakeCents || left - right)
  const tasks = rows.slice(0, TASKS_MAX).map((row) => ({
    row,
    stake: portfolio.facts[row]!.stakeCents,
    overdue: overdueOf(portfolio, row),
    notDue: Math.max(portfolio.ageing[row * AGEING.length] || 0, 0),
  }))
  return { tasks, stake, stakeOfTasks: tasks.reduce((sum, task) => sum + task.stake, 0), worth: rows.length }
}

function overdueOf(portfolio: Portfolio, row: number): number {
  let sum = 0
  for (let bucket = 1; bucket < AGEING.length; bucket++) sum += portfolio.ageing[row * AGEING.length + bucket]!
  return Math.max(sum || 0, 0)
}

/** What a visit saw, as this device keeps it: months as indices, clients by their id in the book. */
export interface Seen {
  at: string
  release: number | null
  sent: number | null
  alerts: string[]
  above: number[]
  compared: number[]
}

const idsWhere = (portfolio: Portfolio, holds: (portfolio: Portfolio, row: number) => boolean): number[] =>
  portfolio.clients.filter((_, row) => holds(portfolio, row)).map((client) => client.id)

export function seenNow(portfolio: Portfolio, at: string): Seen {
  return {
    at,
    release: portfolio.latestRelease,
    sent: portfolio.latestSent,
    alerts: portfolio.alerts.map((alert) => alert.id),
    above: idsWhere(portfolio, aboveBand),
    compared: idsWhere(portfolio, compared),
  }
}

/** Rows of the portfolio, and months where they are new. */
export interface News {
  release: number | null
  sent: number | null
  /** Rows with an alert that the visit before did not see, without repeats; what is for information has lines of its own. */
  alerts: number[]
  above: number[]
  back: number[]
  compared: number[]
  lost: number
}

export function newsSince(seen: Seen, portfolio: Portfolio): News {
  const [alerts, above, before] = [new Set(seen.alerts), new Set(seen.above), new Set(seen.compared)]
  const rowsNot = (known: ReadonlySet<number>, holds: (portfolio: Portfolio, row: number) => boolean): number[] =>
    portfolio.clients.flatMap((client, row) => (holds(portfolio, row) && !known.has(client.id) ? [row] : []))
  const fresh = portfolio.alerts.filter((alert) => alert.severity !== 'info' && !alerts.has(alert.id)).map((alert) => portfolio.rowOf.get(alert.pseudonym)!)
  return {
    release: portfolio.latestRelease !== seen.release ? portfolio.latestRelease : null,
    sent: portfolio.latestSent !== seen.sent ? portfolio.latestSent : null,
    alerts: [...new Set(fresh)],
    above: rowsNot(above, aboveBand),
    back: portfolio.clients.flatMap((client, row) => (above.has(client.id) && compared(portfolio, row) && !aboveBand(portfolio, row) ? [row] : [])),
    compared: rowsNot(before, compared),
    lost: portfolio.clients.filter((client, row) => before.has(client.id) && !compared(portfolio, row)).length,
  }
}

export const isNews = (news: News): boolean =>
  news.release !== null || news.sent !== null || news.lost > 0 || [news.alerts, news.above, news.back, news.compared].some((rows) => rows.length > 0)
