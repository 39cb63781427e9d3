/** Axes: a domain from the figures, round ticks, and paths with holes where nothing is known. */

export interface Axis {
  low: number
  high: number
  ticks: number[]
}

const STEPS = [1, 2, 5, 10, 20, 25, 30, 50, 60, 100, 200, 500]

/** A domain that holds the values, with about `wanted` round ticks. */
export function axisOver(values: Iterable<number>, wanted: number, least = 10): Axis {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (Number.isNaN(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) return { low: 0, high: least, ticks: [0, least] }
  const margin = Math.max((high - low) * 0.08, (least - (high - low)) / 2)
  return rounded(low - margin, high + margin, wanted)
}

/** The domain of one row's small chart: no ticks, never narrower than `least`. */
export function extent(values: readonly number[], least: number): { low: number; high: number } {
  const known = values.filter((value) => !Number.isNaN(value))
  if (!known.length) return { low: 0, high: least }
  const low = Math.min(...known)
  const high = Math.max(...known)
  const margin = Math.max(0, (least - (high - low)) / 2)
  return { low: low - margin, high: high + margin }
}

function rounded(low: number, high: number, wanted: number): Axis {
  const step = STEPS.find((one) => (high - low) / one <= wanted) ?? 1000
  const from = Math.floor(low / step) * step
  const to = Math.ceil(high / step) * step
  const ticks: number[] = []
  for (let tick = from; tick <= to; tick += step) ticks.push(tick)
  return { low: from, high: to, ticks }
}

/** One axis for all rows: from early payers to the 97th percentile; what lies beyond is drawn at the edge. */
export function commonAxis(values: Float32Array): Axis {
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  if (!known.length) return { low: 0, high: 60, ticks: [0, 30, 60] }
  const at = (share: number): number => known[Math.min(known.length - 1, Math.floor(known.length * share))]!
  return rounded(Math.min(0, at(0.02)), Math.max(30, at(0.97)), 5)
}

/** "M x y L x y", starting anew after each hole; a lone point becomes a short dash, so that it is seen. */
export function linePath(xs: readonly number[], ys: readonly number[]): string {
  let path = ''
  let open = false
  ys.forEach((y, at) => {
    if (Number.isNaN(y)) {
      open = false
      return
    }
    const alone = !open && Number.isNaN(ys[at + 1] ?? Number.NaN)
    path += `${open ? 'L' : 'M'}${px(xs[at]!)} ${px(y)}${alone ? `h1.5` : ''}`
    open = true
  })
  return path
}

/** Areas between two lines, one closed shape per unbroken run. */
export function bandPath(xs: readonly number[], upper: readonly number[], lower: readonly number[]): string {
  let path = ''
  let run: number[] = []
  const close = (): void => {
    if (run.length > 1) {
      const there = run.map((at) => `${px(xs[at]!)} ${px(upper[at]!)}`)
      const back = run.toReversed().map((at) => `${px(xs[at]!)} ${px(lower[at]!)}`)
      path += `M${[...there, ...back].join('L')}Z`
    }
    run = []
  }
  upper.forEach((value, at) => {
    if (Number.isNaN(value) || Number.isNaN(lower[at]!)) close()
    else run.push(at)
  })
  close()
  return path
}

/** The area where `line` lies above `edge` on the screen (smaller y): what lateness beyond the band costs. */
export function abovePath(xs: readonly number[], line: readonly number[], edge: readonly number[]): string {
  let path = ''
  for (let at = 0; at + 1 < xs.length; at++) {
    const [a, b, ea, eb] = [line[at]!, line[at + 1]!, edge[at]!, edge[at + 1]!]
    if ([a, b, ea, eb].some(Number.isNaN)) continue
    const da = ea - a
    const db = eb - b
    if (da <= 0 && db <= 0) continue
    const [xa, xb] = [xs[at]!, xs[at + 1]!]
    const cut = da / (da - db)
    const xc = xa + (xb - xa) * cut
    const yc = a + (b - a) * cut
    if (da > 0 && db > 0) path += `M${px(xa)} ${px(a)}L${px(xb)} ${px(b)}L${px(xb)} ${px(eb)}L${px(xa)} ${px(ea)}Z`
    else if (da > 0) path += `M${px(xa)} ${px(a)}L${px(xc)} ${px(yc)}L${px(xa)} ${px(ea)}Z`
    else path += `M${px(xc)} ${px(yc)}L${px(xb)} ${px(b)}L${px(xb)} ${px(eb)}Z`
  }
  return path
}

const px = (value: number): string => value.toFixed(1)
