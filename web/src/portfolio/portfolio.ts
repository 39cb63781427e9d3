/** The portfolio in columns: own figures beside published cells, 24 months, one typed array per figure. */

import { fromBase64, toHex } from '../bytes.ts'
import type { Book, Client } from '../book/book.ts'
import { readMonth } from '../month.ts'
import type { AlertFacts, CellsAnswer, NetworkCell } from '../network/answers.ts'
import { compare, RULES, uncertaintyOf, type Comparison, type Month } from './comparison.ts'
import { PseudonymIndex } from './index_of.ts'
import { AGEING, daysLate, dso, monthsFor, putMonth, WINDOW_MONTHS } from './own.ts'
import { eachRow, type Field } from '../uploads/encoding.ts'

export const SPAN = 24
/** In the release's columns: this field of this cell is not published. */
const MISSING = -32768
/** The release's classes of terms, in net days. */
export const TERM_CLASSES = ['terms_30', 'terms_45', 'terms_60', 'terms_more'] as const
const YOUNG_RELEASES = 10
/** An alert stays on its row for so many months. */
export const ALERT_MONTHS = 6

export interface Portfolio {
  clients: Client[]
  pseudonyms: string[]
  rowOf: Map<string, number>
  /** Month of column 23. */
  last: number
  /** Column of the month that is compared: the latest release, or the last month sent. */
  at: number
  latestRelease: number | null
  latestSent: number | null
  /** Row-major, clients x 24; NaN where unknown, suppressed or not published. */
  ownLate: Float32Array
  ownDso: Float32Array
  /** Cents. */
  ownOutstanding: Float64Array
  peersLate: Float32Array
  peersSpread: Float32Array
  peersDso: Float32Array
  /** 0 suppressed, 1: 5-9, 2: 10-19, 3: 20+ */
  band: Uint8Array
  /** Cents by client x 5 buckets, at the last month sent. */
  ageing: Float64Array
  /** 1: enough firms report an incident. Clients x 24. */
  incident: Uint8Array
  /** Bands of the shares of net days up to 30, 45, 60 and more, clients x 4 at the latest release; 0 where not published. */
  termShares: Uint8Array
  /** By column; null before the first release. */
  networkCells: (NetworkCell | null)[]
  /** Published sectors by code, by column. */
  sectorCells: Record<string, NetworkCell>[]
  regionCells: Record<string, NetworkCell>[]
  /** Too few releases for a drift to be told. */
  young: boolean
  /** Cents at the last month sent, by client. */
  outstanding: Float64Array
  /** Cents in dispute at the last month sent. */
  disputed: Float64Array
  /** Facts at `at`, by client. */
  facts: Comparison[]
  /** Own days late minus the centre in whole days, at `at`; NaN when not compared. */
  gap: Float32Array
  alerts: AlertFacts[]
  /** Indices into `alerts`, newest first, by client. */
  alertsOf: number[][]
  /** Whole sectors that have slowed, where the firm has a client; the pseudonym stands for the sector. */
  sectorAlerts: AlertFacts[]
}

export interface Published {
  cells: CellsAnswer[]
  alerts: AlertFacts[]
}

export function assemble(book: Book, published: Published): Portfolio {
  const clients = book.clients
  const n = clients.length
  const keys = clients.map((client) => fromBase64(client.pseudonym))
  const index = new PseudonymIndex(keys)
  const pseudonyms = keys.map(toHex)
  const rowOf = new Map(pseudonyms.flatMap((pseudonym, row) => (pseudonym ? [[pseudonym, row] as const] : [])))
  const releases = published.cells.map((cells) => readMonth(cells.month)!)
  const latestRelease = releases.length ? Math.max(...releases) : null
  const latestSent = book.sent.size ? Math.max(...book.sent.keys()) : null
  const last = Math.max(latestRelease ?? 0, latestSent ?? 0)
  const portfolio: Portfolio = {
    clients,
    pseudonyms,
    rowOf,
    last,
    at: SPAN - 1 - (last - (latestRelease ?? last)),
    latestRelease,
    latestSent,
    ownLate: new Float32Array(n * SPAN).fill(Number.NaN),
    ownDso: new Float32Array(n * SPAN).fill(Number.NaN),
    ownOutstanding: new Float64Array(n * SPAN).fill(Number.NaN),
    peersLate: new Float32Array(n * SPAN).fill(Number.NaN),
    peersSpread: new Float32Array(n * SPAN).fill(Number.NaN),
    peersDso: new Float32Array(n * SPAN).fill(Number.NaN),
    band: new Uint8Array(n * SPAN),
    ageing: new Float64Array(n * AGEING.length).fill(Number.NaN),
    incident: new Uint8Array(n * SPAN),
    termShares: new Uint8Array(n * TERM_CLASSES.length),
    networkCells: new Array<NetworkCell | null>(SPAN).fill(null),
    sectorCells: Array.from({ length: SPAN }, () => ({})),
    regionCells: Array.from({ length: SPAN }, () => ({})),
    young: releases.length < YOUNG_RELEASES,
    outstanding: new Float64Array(n).fill(Number.NaN),
    disputed: new Float64Array(n),
    facts: [],
    gap: new Float32Array(n).fill(Number.NaN),
    alerts: [],
    alertsOf: clients.map(() => []),
    sectorAlerts: [],
  }
  fillOwn(portfolio, book, index)
  for (const cells of published.cells) fillPeers(portfolio, cells, index)
  compareNow(portfolio)
  placeAlerts(portfolio, published.alerts)
  return portfolio
}

function fillOwn(portfolio: Portfolio, book: Book, index: PseudonymIndex): void {
  // A window reaches back before the first column shown.
  const lead = WINDOW_MONTHS - 1
  const width = SPAN + lead
  const first = portfolio.last - width + 1
  const months = monthsFor(portfolio.clients.length * width)
  for (const [month, upload] of book.sent) {
    if (month < first) continue
    const isLatest = month === portfolio.latestSent
    const { bytes } = upload
    eachRow(bytes, (start, read) => {
      const client = index.rowAt(bytes, start)
      if (client < 0) return
      putMonth(months, client * width + month - first, read)
      if (isLatest) fillBalance(portfolio, client, read)
    })
  }
  for (let client = 0; client < portfolio.clients.length; client++) {
    for (let column = 0; column < SPAN; column++) {
      const end = client * width + column + lead
      const place = client * SPAN + column
      portfolio.ownLate[place] = daysLate(months, end - lead, end)
      // Nothing owed is no term of payment to show, though the network's mean counts it as none.
      portfolio.ownDso[place] = dso(months, end - lead, end) || Number.NaN
      portfolio.ownOutstanding[place] = months.outstanding[end]!
    }
  }
}

function fillBalance(portfolio: Portfolio, client: number, read: (field: Field) => number): void {
  portfolio.outstanding[client] = read('outstanding')
  portfolio.disputed[client] = read('disputed') || 0
  AGEING.forEach((bucket, at) => (portfolio.ageing[client * AGEING.length + at] = read(bucket)))
}

function fillPeers(portfolio: Portfolio, cells: CellsAnswer, index: PseudonymIndex): void {
  const column = readMonth(cells.month)! - (portfolio.last - SPAN + 1)
  if (column < 0 || column >= SPAN) return
  portfolio.networkCells[column] = cells.network
  portfolio.sectorCells[column] = cells.sectors
  portfolio.regionCells[column] = cells.regions
  const flags = fromBase64(cells.incident)
  const shares = TERM_CLASSES.map((name) => fromBase64(cells[name]))
  const pseudonyms = fromBase64(cells.pseudonyms)
  const bands = fromBase64(cells.band)
  const late = int16(cells.days_late)
  const spread = int16(cells.spread)
  const days = int16(cells.dso)
  for (let at = 0; at < bands.length; at++) {
    const row = index.rowAt(pseudonyms, at * 32)
    if (row < 0) continue
    const place = row * SPAN + column
    portfolio.band[place] = bands[at]!
    portfolio.peersLate[place] = published(late[at])
    portfolio.peersSpread[place] = spread[at] === MISSING ? 0 * published(late[at]) : published(spread[at])
    portfolio.peersDso[place] = published(days[at])
    portfolio.incident[place] = flags[at]!
    if (column === portfolio.at) shares.forEach((bands, of) => (portfolio.termShares[row * TERM_CLASSES.length + of] = bands[at]!))
  }
}

const published = (value: number | undefined): number => (value === undefined || value === MISSING ? Number.NaN : value)

function int16(text: string): Int16Array {
  const bytes = fromBase64(text)
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1)
}

function compareNow(portfolio: Portfolio): void {
  portfolio.facts = portfolio.clients.map((_, row) => compare(historyOf(portfolio, row), balanceOf(portfolio, row)))
  portfolio.facts.forEach((facts, row) => (portfolio.gap[row] = facts.gap ?? Number.NaN))
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** A client's months up to the one compared, oldest first. */
function historyOf(portfolio: Portfolio, row: number): Month[] {
  const months: Month[] = []
  for (let place = row * SPAN; place <= row * SPAN + portfolio.at; place++) {
    const band = portfolio.band[place]!
    const cell = band
      ? { band, daysLate: orNull(portfolio.peersLate[place]!), spread: orNull(portfolio.peersSpread[place]!), dso: orNull(portfolio.peersDso[place]!) }
      : null
    months.push({ daysLate: orNull(portfolio.ownLate[place]!), dso: orNull(portfolio.ownDso[place]!), cell })
  }
  return months
}

function balanceOf(portfolio: Portfolio, row: number): { overdue: number; notDue: number; disputed: number } {
  const [notDue = 0, ...late] = portfolio.ageing.subarray(row * AGEING.length, (row + 1) * AGEING.length)
  const overdue = late.reduce((sum, amount) => sum + amount, 0)
  return { overdue: overdue || 0, notDue: notDue || 0, disputed: portfolio.disputed[row]! }
}

function placeAlerts(portfolio: Portfolio, alerts: AlertFacts[]): void {
  const sorted = alerts
    .map((alert) => ({ ...alert, pseudonym: pseudonymHex(alert.pseudonym) }))
    .sort((left, right) => right.month.localeCompare(left.month) || right.size_days - left.size_days)
  const mine = sorted.filter((alert) => portfolio.rowOf.has(alert.pseudonym))
  portfolio.alerts = mine
  const sectors = new Set(portfolio.clients.map((client) => client.sector))
  portfolio.sectorAlerts = sorted.filter((alert) => alert.kind === 'sector' && sectors.has(alert.sector ?? 0))
  mine.forEach((alert, at) => {
    const month = readMonth(alert.month) ?? 0
    if ((portfolio.latestRelease ?? month) - month < ALERT_MONTHS) portfolio.alertsOf[portfolio.rowOf.get(alert.pseudonym)!]!.push(at)
  })
}

/** The server may write a pseudonym as base64 (JSON bytes) or hex. */
function pseudonymHex(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? text : toHex(fromBase64(text))
}

/** Whether the client pays this firm later than the band and its uncertainty. */
export const aboveBand = (portfolio: Portfolio, row: number): boolean => portfolio.facts[row]!.position === 'above'

/** The network publishes the client's cell of that month. */
export const hasCell = (portfolio: Portfolio, row: number): boolean => portfolio.band[row * SPAN + portfolio.at] !== 0

/** There is a figure on both sides: the firm's own and the published centre. */
export const compared = (portfolio: Portfolio, row: number): boolean => !Number.isNaN(portfolio.gap[row]!)

/** A cell is published, and the firm has no recent figure of its own to put beside it. */
export const silent = (portfolio: Portfolio, row: number): boolean => hasCell(portfolio, row) && Number.isNaN(portfolio.ownLate[row * SPAN + portfolio.at]!)

/** The published cell of the client's sector at the month compared. */
export const sectorCell = (portfolio: Portfolio, row: number): NetworkCell | null =>
  portfolio.sectorCells[portfolio.at]?.[String(portfolio.clients[row]!.sector)] ?? null

/** Bands of the shares of terms by class; null where not published. */
export function termShares(portfolio: Portfolio, row: number): number[] | null {
  const bands = Array.from(portfolio.termShares.subarray(row * TERM_CLASSES.length, (row + 1) * TERM_CLASSES.length))
  return bands.some((band) => band > 0) ? bands : null
}

/** What own figures alone raise of a client, one thing at most: a stay above its peers' band, or, where no cell can say more, that it has slowed. */
export function ownKind(portfolio: Portfolio, row: number): 'outside' | 'own' | null {
  const facts = portfolio.facts[row]!
  if (facts.outsideSince !== null) return 'outside'
  return (facts.ownChange ?? 0) >= RULES.ownMoveDays && (facts.centre === null || portfolio.young) ? 'own' : null
}

/** By column, the noise that the release adds at that count band; NaN where suppressed. */
export function uncertainty(portfolio: Portfolio, row: number): Float32Array {
  return Float32Array.from(portfolio.band.subarray(row * SPAN, (row + 1) * SPAN), (band) => (band ? uncertaintyOf(band) : Number.NaN))
}
