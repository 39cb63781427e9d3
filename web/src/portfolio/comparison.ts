/**
 * Own figures against published cells: which way a client moves, with whom, and what one would do next.
 * Twin of benchmark/comparison.py. Days are whole: own values are rounded, halves up, before anything is subtracted.
 */

export type Position = 'inside' | 'above' | 'below' | 'unknown'
export type SlowTo = 'all' | 'you' | 'others' | 'none' | 'unknown'
export type NextStep = 'tighten' | 'settle-dispute' | 'talk' | 'ask' | 'watch' | 'none'

/** Tuples are by count band 1, 2, 3. */
export const RULES = {
  ownMoveDays: 10,
  peersMoveDays: [12, 7, 5],
  /** The noise that a release adds, as it is shown. */
  uncertaintyDays: [12, 6, 3],
  trendMonths: [6, 5, 7],
  outsideGapMinDays: 10,
  outsideMonthsToRaise: 2,
  outsideMonthsToClear: 2,
  outsideMonthsSilent: 3,
  disputeShareMinPercent: 50,
  stakeFullDays: 90,
  stakeSlowToAllDays: 45,
} as const

export interface Cell {
  /** 1: 5-9, 2: 10-19, 3: 20+ */
  band: number
  daysLate: number | null
  spread: number | null
  dso: number | null
}

/** Own values in days; null where unknown, and no cell where suppressed. */
export interface Month {
  daysLate: number | null
  dso: number | null
  cell: Cell | null
}

/** Cents at the last month end. */
export interface Balance {
  overdue: number
  notDue: number
  disputed: number
}

export interface Comparison {
  own: number | null
  centre: number | null
  spread: number | null
  uncertainty: number | null
  gap: number | null
  position: Position
  ownDso: number | null
  centreDso: number | null
  dsoGap: number | null
  ownChange: number | null
  peersChange: number | null
  gapChange: number | null
  changeMonths: number | null
  slowTo: SlowTo
  dispute: boolean
  nextStep: NextStep
  /** Months ago that "above the band" was raised, while it stands. */
  outsideSince: number | null
  stakeCents: number
}

export const wholeDays = (value: number | null): number | null => (value === null || Number.isNaN(value) ? null : Math.floor(value + 0.5))
export const uncertaintyOf = (band: number): number => RULES.uncertaintyDays[band - 1] ?? 0
const minus = (left: number | null, right: number | null): number | null => (left === null || right === null ? null : left - right)
const centreOf = (month: Month): number | null => month.cell?.daysLate ?? null

/** The band is centre ± (spread + uncertainty of the count band). */
export function positionOf(own: number | null, cell: Cell | null): Position {
  if (own === null || cell === null || cell.daysLate === null) return 'unknown'
  const reach = (cell.spread ?? 0) + uncertaintyOf(cell.band)
  if (own > cell.daysLate + reach) return 'above'
  return own < cell.daysLate - reach ? 'below' : 'inside'
}

/** Stays above the band: places in the history where raised and cleared (null: it stands). Two edges, so that it does not flicker. */
export function outside(history: readonly Month[]): [raised: number, cleared: number | null][] {
  const stays: [number, number | null][] = []
  let above = 0
  let back = 0
  let silent = 0
  let raised: number | null = null
  history.forEach((month, place) => {
    const own = wholeDays(month.daysLate)
    const where = positionOf(own, month.cell)
    if (where === 'unknown' || own === null || !month.cell || month.cell.daysLate === null) {
      above = 0
      back = 0
      silent += 1
    } else {
      const gap = own - month.cell.daysLate
      silent = 0
      above = where === 'above' && gap >= RULES.outsideGapMinDays ? above + 1 : 0
      back = gap <= (month.cell.spread ?? 0) ? back + 1 : 0
    }
    if (raised === null && above >= RULES.outsideMonthsToRaise) raised = place
    else if (raised !== null && (back >= RULES.outsideMonthsToClear || silent >= RULES.outsideMonthsSilent)) {
      stays.push([raised, place])
      raised = null
    }
  })
  if (raised !== null) stays.push([raised, null])
  return stays
}

type Changes = [own: number | null, peers: number | null, months: number | null]

/** At the first distance where both are known, else own alone. */
function changesOf(history: readonly Month[]): Changes {
  const now = history.at(-1)!
  let found: Changes = [null, null, null]
  for (const months of RULES.trendMonths) {
    const then = history[history.length - 1 - months]
    if (!then) continue
    const own = minus(wholeDays(now.daysLate), wholeDays(then.daysLate))
    const peers = minus(centreOf(now), centreOf(then))
    if (own !== null && peers !== null) return [own, peers, months]
    if (found[2] === null && (own !== null || peers !== null)) found = [own, peers, months]
  }
  return found
}

function slowToWhom(own: number | null, peers: number | null, cell: Cell | null): SlowTo {
  if (own === null || peers === null || cell === null) return 'unknown'
  const peersRose = peers >= RULES.peersMoveDays[cell.band - 1]!
  if (own >= RULES.ownMoveDays) return peersRose ? 'all' : 'you'
  return peersRose ? 'others' : 'none'
}

function nextStepOf(slowTo: SlowTo, where: Position, dispute: boolean, ownRose: boolean): NextStep {
  if (dispute && (slowTo === 'you' || where === 'above')) return 'settle-dispute'
  if (slowTo === 'all') return 'tighten'
  if (slowTo === 'you' || where === 'above') return 'talk'
  if (ownRose) return 'ask'
  return slowTo === 'others' ? 'watch' : 'none'
}

/** Cents: what is overdue, and of what is not due a share that grows with lateness. An order of work, not a provision. */
export function stakeOf(own: number | null, centre: number | null, slowTo: SlowTo, balance: Balance): number {
  const late = Math.max(own ?? 0, centre ?? 0, slowTo === 'all' ? RULES.stakeSlowToAllDays : 0)
  const share = Math.min(late, RULES.stakeFullDays)
  return Math.max(balance.overdue, 0) + Math.floor((Math.max(balance.notDue, 0) * share) / RULES.stakeFullDays)
}

/** One client's facts at the last month of its history (oldest first, at least one month). */
export function compare(history: readonly Month[], balance: Balance): Comparison {
  const now = history.at(-1)!
  const own = wholeDays(now.daysLate)
  const centre = centreOf(now)
  const cell = now.cell
  const [ownChange, peersChange, changeMonths] = changesOf(history)
  const slowTo = slowToWhom(ownChange, peersChange, cell)
  const position = positionOf(own, cell)
  const late = Math.max(balance.overdue, 0)
  const dispute = late > 0 && 100 * balance.disputed >= RULES.disputeShareMinPercent * late
  const ownRose = ownChange !== null && ownChange >= RULES.ownMoveDays
  const standing = outside(history).at(-1)
  const ownDso = wholeDays(now.dso)
  const centreDso = cell?.dso ?? null
  return {
    own,
    centre,
    spread: cell?.spread ?? null,
    uncertainty: cell ? uncertaintyOf(cell.band) : null,
    gap: minus(own, centre),
    position,
    ownDso,
    centreDso,
    dsoGap: minus(ownDso, centreDso),
    ownChange,
    peersChange,
    gapChange: minus(ownChange, peersChange),
    changeMonths,
    slowTo,
    dispute,
    nextStep: nextStepOf(slowTo, position, dispute, ownRose),
    outsideSince: standing && standing[1] === null ? history.length - 1 - standing[0] : null,
    stakeCents: stakeOf(own, centre, slowTo, balance),
  }
}
