/** The figures over the table: weighted by own outstanding, over compared clients only where peers are meant. */

import { aboveBand, hasCell, ownKind, SPAN, type Portfolio } from './portfolio.ts'

export interface Headlines {
  /** Cents over all clients with a positive balance. */
  outstanding: number
  /** Own DSO and days late weighted by outstanding; NaN with nothing to weigh. */
  dso: number
  late: number
  /** The same clients at their peers' centre, compared clients only; and own beside it. */
  dsoCompared: number
  dsoPeers: number
  lateCompared: number
  latePeers: number
  aboveBand: number
  aboveBandClients: number
  /** Clients in alert, each once. */
  alarmed: number
  /** The same by what is said: of what the network says the gravest, and beside it what own figures say, as Alerts counts them. */
  alarms: Record<Alarm, number>
  /** Those of own figures of which the network says something, too. */
  alsoAlarmed: number
  /** Clients by gap in days: below -15, in steps of 5, 35 and more. */
  histogram: number[]
}

export const ALARMS = ['shock', 'incident', 'drift', 'own'] as const
export type Alarm = (typeof ALARMS)[number]

/** The gravest of what is recent; a first comparison, a recovery and a client back in the band are news, and alarm nobody. */
export function alarmOf(portfolio: Portfolio, row: number): Alarm | null {
  const kinds = new Set<string>(portfolio.alertsOf[row]!.map((at) => portfolio.alerts[at]!.kind))
  return ALARMS.find((one) => kinds.has(one)) ?? (ownAlarm(portfolio, row) ? 'own' : null)
}

/** Of a client whose stay above the band stands: it is above it no more, and the stay ends once it has remained so. */
export const returned = (portfolio: Portfolio, row: number): boolean => ['inside', 'below'].includes(portfolio.facts[row]!.position)

export function ownAlarm(portfolio: Portfolio, row: number): boolean {
  const kind = ownKind(portfolio, row)
  return kind === 'own' || (kind === 'outside' && !returned(portfolio, row))
}

export const HISTOGRAM_FROM = -20
export const HISTOGRAM_STEP = 5
export const HISTOGRAM_BINS = 12

/** The bar of the histogram that a gap in days is in; NaN for NaN. */
export const binOf = (gap: number): number => Math.min(Math.max(Math.floor((gap - HISTOGRAM_FROM) / HISTOGRAM_STEP), 0), HISTOGRAM_BINS - 1)

/** The whole days of a bar; null where it is open to that side. */
export function daysOf(bin: number): { from: number | null; to: number | null } {
  const from = HISTOGRAM_FROM + bin * HISTOGRAM_STEP
  return { from: bin === 0 ? null : from, to: bin === HISTOGRAM_BINS - 1 ? null : from + HISTOGRAM_STEP - 1 }
}

class Mean {
  sum = 0
  weight = 0

  add(value: number, weight: number): void {
    if (Number.isNaN(value)) return
    this.sum += value * weight
    this.weight += weight
  }

  get value(): number {
    return this.weight > 0 ? this.sum / this.weight : Number.NaN
  }
}

export function headlines(portfolio: Portfolio): Headlines {
  const means = {
    dso: new Mean(),
    late: new Mean(),
    dsoCompared: new Mean(),
    dsoPeers: new Mean(),
    lateCompared: new Mean(),
    latePeers: new Mean(),
  }
  let outstanding = 0
  let above = 0
  let aboveClients = 0
  let alarmed = 0
  let alsoAlarmed = 0
  const alarms: Record<Alarm, number> = { shock: 0, incident: 0, drift: 0, own: 0 }
  const histogram = new Array<number>(HISTOGRAM_BINS).fill(0)
  for (let row = 0; row < portfolio.clients.length; row++) {
    const balance = portfolio.outstanding[row]!
    const weight = balance > 0 ? balance : 0
    const place = row * SPAN + portfolio.at
    const [alarm, own] = [alarmOf(portfolio, row), ownAlarm(portfolio, row)]
    if (alarm) {
      alarmed++
      alarms[alarm]++
    }
    if (own && alarm !== 'own') {
      alarms.own++
      alsoAlarmed++
    }
    outstanding += weight
    means.dso.add(portfolio.ownDso[place]!, weight)
    means.late.add(portfolio.ownLate[place]!, weight)
    if (!hasCell(portfolio, row)) continue
    pair(means.dsoCompared, means.dsoPeers, portfolio.ownDso[place]!, portfolio.peersDso[place]!, weight)
    pair(means.lateCompared, means.latePeers, portfolio.ownLate[place]!, portfolio.peersLate[place]!, weight)
    if (aboveBand(portfolio, row)) {
      above += weight
      aboveClients++
    }
    const gap = portfolio.gap[row]!
    if (!Number.isNaN(gap)) histogram[binOf(gap)]! += 1
  }
  return {
    outstanding,
    dso: means.dso.value,
    late: means.late.value,
    dsoCompared: means.dsoCompared.value,
    dsoPeers: means.dsoPeers.value,
    lateCompared: means.lateCompared.value,
    latePeers: means.latePeers.value,
    aboveBand: above,
    aboveBandClients: aboveClients,
    alarmed,
    alarms,
    alsoAlarmed,
    histogram,
  }
}

function pair(own: Mean, peers: Mean, mine: number, theirs: number, weight: number): void {
  if (Number.isNaN(mine) || Number.isNaN(theirs)) return
  own.add(mine, weight)
  peers.add(theirs, weight)
}
