/** My clients by sector or region, beside the cells that the release publishes of all firms' clients there. */

import type { NetworkCell } from '../network/answers.ts'
import { SPAN, type Portfolio } from './portfolio.ts'

/** One sector or region; days by column, NaN where unknown or not published. */
export interface Group {
  /** 1 to 21 or 1 to 13; 0: unknown. */
  code: number
  clients: number
  /** Cents at the last month sent. */
  outstanding: number
  own: Float32Array
  centre: Float32Array
  /** The count band of the firms behind the cell at the month compared; 0: not published. */
  band: number
}

export type Kind = 'sector' | 'region'

/** Most outstanding first, the unknown ones last; what is published is there even without a client of mine. */
export function groupsOf(portfolio: Portfolio, kind: Kind): Group[] {
  const cells = kind === 'sector' ? portfolio.sectorCells : portfolio.regionCells
  const rows = new Map<number, number[]>()
  portfolio.clients.forEach((client, row) => {
    const found = rows.get(client[kind])
    if (found) found.push(row)
    else rows.set(client[kind], [row])
  })
  for (const code of Object.keys(cells[portfolio.at] ?? {})) if (!rows.has(Number(code))) rows.set(Number(code), [])
  return [...rows]
    .map(([code, of]) => groupOf(portfolio, code, of, cells))
    .sort((left, right) => Number(left.code === 0) - Number(right.code === 0) || right.outstanding - left.outstanding || left.code - right.code)
}

function groupOf(portfolio: Portfolio, code: number, rows: readonly number[], cells: readonly Record<string, NetworkCell>[]): Group {
  const own = new Float32Array(SPAN)
  for (let column = 0; column < SPAN; column++) own[column] = weightedLate(portfolio, rows, column)
  const centre = Float32Array.from({ length: SPAN }, (_, column) => cells[column]?.[String(code)]?.days_late ?? Number.NaN)
  const outstanding = rows.reduce((sum, row) => sum + Math.max(portfolio.outstanding[row]! || 0, 0), 0)
  return { code, clients: rows.length, outstanding, own, centre, band: cells[portfolio.at]?.[String(code)]?.band ?? 0 }
}

/** Days late over clients, weighted by what each owed at that month's end. */
export function weightedLate(portfolio: Portfolio, rows: Iterable<number>, column: number): number {
  let days = 0
  let weight = 0
  for (const row of rows) {
    const place = row * SPAN + column
    const late = portfolio.ownLate[place]!
    const owed = portfolio.ownOutstanding[place]!
    if (Number.isNaN(late) || !(owed > 0)) continue
    days += late * owed
    weight += owed
  }
  return weight ? days / weight : Number.NaN
}
