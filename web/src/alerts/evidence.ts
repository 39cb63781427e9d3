/** What an alert rests on, laid beside the firm's own figures and its sector: nothing that the page had not read already. */

import { readMonth } from '../month.ts'
import { isOwn, ownAlert } from './own_alerts.ts'
import type { AlertFacts } from '../network/answers.ts'
import { SPAN, type Portfolio } from '../portfolio/portfolio.ts'

export interface EvidenceMonth {
  month: number
  /** NaN where nothing is published. */
  centre: number
  /** Own days late; NaN where unknown. */
  own: number
}

/** Column of a month among the portfolio's 24; null when it is out of sight. */
export function columnOf(portfolio: Portfolio, month: number): number | null {
  const column = SPAN - 1 - (portfolio.last - month)
  return column >= 0 && column < SPAN ? column : null
}

/** The cells, or own figures, that the alert names, oldest first. */
export function evidenceOf(portfolio: Portfolio, row: number, alert: AlertFacts): EvidenceMonth[] {
  const own = isOwn(alert)
  return alert.evidence.map(([text, days]) => {
    const month = readMonth(String(text)) ?? 0
    const column = columnOf(portfolio, month)
    const beside = column === null ? Number.NaN : (own ? portfolio.peersLate : portfolio.ownLate)[row * SPAN + column]!
    return own ? { month, centre: beside, own: Number(days) } : { month, centre: Number(days), own: beside }
  })
}

/** Labels of nearer marks would cover each other. */
const LABELS_APART_MONTHS = 6

export interface Mark {
  column: number
  kind: string
  label: string
}

/** On the time axis: since when, and when it was raised; one mark where both are the same month. */
export function marksOf(portfolio: Portfolio, alert: AlertFacts, onset: string, raised: string): Mark[] {
  const [since, month] = [readMonth(alert.since) ?? 0, readMonth(alert.month) ?? 0]
  const found: Mark[] = []
  const [from, to] = [columnOf(portfolio, since), columnOf(portfolio, month)]
  if (from !== null && since !== month) found.push({ column: from, kind: 'onset', label: month - since > LABELS_APART_MONTHS ? onset : '' })
  if (to !== null) found.push({ column: to, kind: alert.kind, label: raised })
  return found
}

/** What is said of one client: what own figures say, then what the network said, newest first. */
export function alertsOn(portfolio: Portfolio, row: number): AlertFacts[] {
  const own = row < 0 ? null : ownAlert(portfolio, row)
  return [...(own ? [own] : []), ...portfolio.alerts.filter((alert) => alert.pseudonym === portfolio.pseudonyms[row])]
}

/** The alert that is looked at on its client's page: the one named in the address, else the newest of the last months, else that of own figures. */
export function lookedAt(portfolio: Portfolio, row: number, argument: string): AlertFacts | null {
  const named = argument.split('/')[1]
  const mine = alertsOn(portfolio, row)
  const recent = [...(portfolio.alertsOf[row] ?? []).map((at) => portfolio.alerts[at]!), ...mine.filter(isOwn)]
  return mine.find((alert) => alert.id === named) ?? recent.find((alert) => alert.severity !== 'info') ?? recent[0] ?? null
}

/** Every alert of a client on the time axis, by its onset where own figures raised it: the one that is looked at with its labels, the others with theirs where there is room. */
export function marksOn(portfolio: Portfolio, row: number, argument: string, onset: string, raised: (alert: AlertFacts) => string): Mark[] {
  const alert = lookedAt(portfolio, row, argument)
  const found = alert ? marksOf(portfolio, alert, onset, raised(alert)) : []
  for (const one of alertsOn(portfolio, row)) {
    if (one.id === alert?.id) continue
    const month = isOwn(one) ? one.since : one.month
    const [mark] = marksOf(portfolio, { ...one, month, since: month }, '', raised(one))
    if (!mark || found.some(({ column }) => column === mark.column)) continue
    const apart = found.every(({ column, label }) => !label || Math.abs(column - mark.column) > LABELS_APART_MONTHS)
    found.push(apart ? mark : { ...mark, label: '' })
  }
  return found
}

/** Whole days that something moved by from the month before the onset to the month of the alert; null where either is unknown. */
export function movedSince(portfolio: Portfolio, alert: AlertFacts, at: (column: number) => number | null | undefined): number | null {
  const [from, to] = [columnOf(portfolio, (readMonth(alert.since) ?? 0) - 1), columnOf(portfolio, readMonth(alert.month) ?? 0)]
  if (from === null || to === null) return null
  const [before, after] = [at(from), at(to)]
  if (before === null || before === undefined || after === null || after === undefined || Number.isNaN(before + after)) return null
  return Math.floor(after + 0.5) - Math.floor(before + 0.5)
}

export const ownMoved = (portfolio: Portfolio, row: number, alert: AlertFacts): number | null =>
  movedSince(portfolio, alert, (column) => portfolio.ownLate[row * SPAN + column])

export const sectorMoved = (portfolio: Portfolio, row: number, alert: AlertFacts): number | null =>
  movedSince(portfolio, alert, (column) => portfolio.sectorCells[column]?.[String(portfolio.clients[row]!.sector)]?.days_late)
