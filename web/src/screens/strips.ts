/** What the strips of all rows share: one axis, and the words of one strip. */

import { commonAxis, type Axis } from '../charts/axis.ts'
import { hasCell, sectorCell, SPAN, type Portfolio } from '../portfolio/portfolio.ts'
import type { Numbers } from '../text/numbers.ts'
import type { Catalogue } from '../text/parts.ts'

const axes = new WeakMap<Portfolio, Axis>()

/** One axis for every row, made once a portfolio. */
export function axisOf(portfolio: Portfolio): Axis {
  let axis = axes.get(portfolio)
  if (!axis) {
    const values = new Float32Array(portfolio.clients.length * 2)
    for (let row = 0; row < portfolio.clients.length; row++) {
      values[2 * row] = portfolio.ownLate[row * SPAN + portfolio.at]!
      values[2 * row + 1] = portfolio.peersLate[row * SPAN + portfolio.at]!
    }
    axis = commonAxis(values)
    axes.set(portfolio, axis)
  }
  return axis
}

/** Where nothing is compared: the centre of its sector, else of all clients; NaN: neither is published. */
export const landmarkOf = (portfolio: Portfolio, row: number): number =>
  sectorCell(portfolio, row)?.days_late ?? portfolio.networkCells[portfolio.at]?.days_late ?? Number.NaN

export function stripLabel(portfolio: Portfolio, row: number, text: Pick<Catalogue, 'strip'>, n: Numbers): string {
  const place = row * SPAN + portfolio.at
  const own = n.days(portfolio.ownLate[place]!)
  if (!hasCell(portfolio, row)) {
    const sector = sectorCell(portfolio, row)?.days_late ?? null
    const landmark = sector ?? portfolio.networkCells[portfolio.at]?.days_late ?? null
    const alone = Number.isNaN(portfolio.ownLate[place]!) ? text.strip.unknown : text.strip.alone(own)
    return landmark === null ? alone : alone + text.strip.landmark(n.days(landmark), sector !== null)
  }
  const [centre, spread] = [portfolio.peersLate[place]!, portfolio.peersSpread[place]!]
  const reach = spread + (portfolio.facts[row]!.uncertainty ?? 0)
  return text.strip.compared(own, n.days(centre), n.whole(centre - reach), n.days(centre + reach))
}
