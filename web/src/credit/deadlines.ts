/**
 * The clocks that a published judgment starts, with the last working day that nobody can dispute. Twin of member/deadlines.py; pure.
 * Months as article 641 of the Code de procédure civile counts them; where one ends on a day off, article 642 carries it to the next working day.
 */

const CLAIM_MONTHS = 2
const CLAIM_MONTHS_ABROAD = 4
const RETENTION_MONTHS = 3
const DAY_MS = 86_400_000

export interface Clocks {
  claim_by: string
  claim_safe: string
  retention_by: string
  retention_safe: string
}

const text = (day: number): string => new Date(day).toISOString().slice(0, 10)

/** Of a year (Meeus, Jones and Butcher). */
function easter(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  return Date.UTC(year, month - 1, (h + l - 7 * m + 33 * month + 19) % 32)
}

/** Public holidays of metropolitan France, ascending. */
export function holidaysOf(year: number): string[] {
  const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'].map((day) => `${year}-${day}`)
  const moving = [1, 39, 50].map((after) => text(easter(year) + after * DAY_MS)) // Easter Monday, Ascension, Whit Monday
  return [...new Set([...fixed, ...moving])].sort()
}

function isWorking(day: number): boolean {
  const date = new Date(day)
  const weekday = date.getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidaysOf(date.getUTCFullYear()).includes(text(day))
}

/** The same day so many months later, or that month's last day. */
function afterMonths(day: number, months: number): number {
  const date = new Date(day)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0))
  return Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(date.getUTCDate(), last.getUTCDate()))
}

function working(day: number, step: number): string {
  let found = day
  while (!isWorking(found)) found += step * DAY_MS
  return text(found)
}

/** The days that a judgment published on a day (2026-11-26) makes. `abroad`: the creditor is domiciled outside metropolitan France. */
export function clocks(published: string, abroad = false): Clocks {
  const from = Date.parse(`${published}T00:00:00Z`)
  const claim = afterMonths(from, abroad ? CLAIM_MONTHS_ABROAD : CLAIM_MONTHS)
  const retention = afterMonths(from, RETENTION_MONTHS)
  return { claim_by: working(claim, 1), claim_safe: working(claim, -1), retention_by: working(retention, 1), retention_safe: working(retention, -1) }
}
