import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64 } from '../src/bytes.ts'
import type { Book, Client } from '../src/book/book.ts'
import type { AlertFacts } from '../src/network/answers.ts'
import { monthText } from '../src/month.ts'
import { alarmOf, daysOf, headlines } from '../src/portfolio/headlines.ts'
import { counts, rowsOf, WHOLE } from '../src/portfolio/order.ts'
import { daysLate, windowOf } from '../src/portfolio/own.ts'
import { aboveBand, assemble, compared, hasCell, sectorCell, silent, SPAN, termShares } from '../src/portfolio/portfolio.ts'
import { decodeUpload, encodeUpload, type Figures } from '../src/uploads/encoding.ts'

const LAST = 24321
const code = (at: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(at)
const client = (id: number, name: string): Client => ({
  id, name, identifier: `fr.siren:00000000${id}`, pseudonym: toBase64(code(id)), city: 'Metz', sector: 0, region: 0, terms_days: 30, terms_kind: 0, confidential: false, accounts: [],
})
const figures = (late: number): Figures => ({
  outstanding: 100_000, not_due: 100_000, late_1_30: 0, late_31_60: 0, late_61_90: 0, late_91_plus: 0, paid: 1_000, paid_days_late: 1_000 * late, open_late_days: 0, dso: 500,
})
const int16 = (...values: number[]): string => toBase64(new Uint8Array(Int16Array.from(values).buffer))

type Terms = Record<'terms_30' | 'terms_45' | 'terms_60' | 'terms_more', string>

function portfolio(spread = [5, 4], third: Partial<Figures> = {}) {
  const sent: Book['sent'] = new Map()
  for (let month = LAST - 11; month <= LAST; month++) {
    const rows = [1, 2, 3].map((id) => ({ pseudonym: code(id), figures: id === 3 ? { ...figures(5), ...third } : figures(id === 1 ? (month > LAST - 3 ? 30 : 12) : 2) }))
    sent.set(month, decodeUpload(encodeUpload({ firm: new Uint8Array(16), month, currency: 'EUR', replaces: null, key: new Uint8Array(32), rows })))
  }
  const book: Book = { head: null, headBytes: null, clients: [client(1, 'Éclair'), client(2, 'Brun'), client(3, 'Azur')], sent }
  const cells = Array.from({ length: 12 }, (_, back) => ({
    month: monthText(LAST - back),
    network: { days_late: 9, dso: 50, band: 3 },
    network_salt: '',
    sectors: { '3': { days_late: 14, dso: null, band: 2 } },
    regions: {},
    wide_salt: '',
    count: 2,
    pseudonyms: toBase64(Uint8Array.from([...code(1), ...code(2)])),
    band: toBase64(Uint8Array.of(1, 3)),
    days_late: int16(10, 6),
    spread: int16(...spread),
    dso: int16(48, -32768),
    incident: toBase64(Uint8Array.of(1, 0)),
    sector: toBase64(Uint8Array.of(3, 0)),
    ...Object.fromEntries(['terms_30', 'terms_45', 'terms_60', 'terms_more'].map((name, at) => [name, toBase64(Uint8Array.of(at + 1, 0))])) as Terms,
  }))
  return assemble(book, { cells, alerts: [] })
}

const late = (rows: (Figures | undefined)[]): number => daysLate(windowOf(rows), 0, rows.length - 1)

test('what is still open counts, so that a client who stops paying gets worse', () => {
  const paying = late([figures(5), figures(5), figures(5)])
  const stopped = late([figures(5), undefined, { ...figures(0), not_due: 0, late_31_60: 100_000, open_late_days: 100_000 * 45, paid: 0, paid_days_late: 0 }])
  assert.equal(paying, 5)
  assert.ok(stopped > 40)
  assert.ok(Number.isNaN(late([figures(5), figures(5), { ...figures(5), outstanding: -1 }])))
})

test('own figures stand beside published cells, and an unpublished field is unknown', () => {
  const p = portfolio()
  assert.equal(p.at, SPAN - 1)
  assert.equal(p.gap[0], 20)
  assert.equal(p.gap[1], -4)
  assert.ok(Number.isNaN(p.gap[2]!))
  assert.ok(aboveBand(p, 0))
  assert.equal(p.facts[0]!.slowTo, 'you')
  assert.ok(!compared(p, 2))
  assert.ok(Number.isNaN(p.peersDso[1 * SPAN + p.at]!))
})

test('compared is a figure on both sides: a published cell beside no recent figure is a reason of its own', () => {
  const p = portfolio()
  assert.deepEqual([0, 1, 2].map((row) => compared(p, row)), [true, true, false])
  p.ownLate[1 * SPAN + p.at] = Number.NaN
  p.gap[1] = Number.NaN
  assert.deepEqual([0, 1, 2].map((row) => [hasCell(p, row), compared(p, row), silent(p, row)]), [[true, true, false], [true, false, true], [false, false, false]])
  assert.equal(counts(p).alone, 2)
})

test('agreed terms are ordered by the days that they leave, the wait for the end of the month with them', () => {
  const p = portfolio()
  const agreed = [[45, 0], [30, 2], [null, 0]] as const
  agreed.forEach(([days, kind], row) => Object.assign(p.clients[row]!, { terms_days: days, terms_kind: kind }))
  const view = { ...WHOLE, sort: 'terms' } as const
  assert.deepEqual([...rowsOf(p, { ...view, descending: false })], [1, 0, 2])
  p.clients[0]!.terms_days = 44
  assert.deepEqual([...rowsOf({ ...p }, { ...view, descending: true })], [1, 0, 2])
})

test('where nothing is owed there is no DSO, not one of zero', () => {
  const p = portfolio(undefined, { outstanding: 0, not_due: 0, dso: 0 })
  assert.deepEqual([0, 2].map((row) => p.ownDso[row * SPAN + p.at]), [50, Number.NaN])
  assert.equal(p.facts[2]!.ownDso, null)
})

test('an incident, shares of terms and the sector stand where the release has them', () => {
  const p = portfolio()
  assert.deepEqual([0, 1, 2].map((row) => p.incident[row * SPAN + p.at]), [1, 0, 0])
  assert.deepEqual([0, 1, 2].map((row) => termShares(p, row)), [[1, 2, 3, 4], null, null])
  p.clients[2]!.sector = 3
  p.clients[1]!.sector = 4
  assert.equal(sectorCell(p, 2)?.days_late, 14)
  assert.equal(sectorCell(p, 1), null)
})

test('a centre without a published spread still has the band of its uncertainty', () => {
  const p = portfolio([-32768, -32768])
  assert.equal(p.peersSpread[p.at], 0)
  assert.ok((p.facts[0]!.uncertainty ?? 0) > 0)
  assert.ok(Number.isNaN(p.peersSpread[2 * SPAN + p.at]!))
})

test('suppressed rows come last in both directions', () => {
  const p = portfolio()
  const view = { sort: 'gap', filter: 'all', search: '', sector: 0, bin: null } as const
  assert.deepEqual([...rowsOf(p, { ...view, descending: true })], [0, 1, 2])
  assert.deepEqual([...rowsOf(p, { ...view, descending: false })], [1, 0, 2])
})

test('a bar of the histogram shows the clients that it counts, and no suppressed one', () => {
  const p = portfolio()
  const whole = { sort: 'name', descending: false, filter: 'all', search: '', sector: 0 } as const
  const { histogram } = headlines(p)
  const shown = histogram.map((_, bin) => [...rowsOf(p, { ...whole, bin })])
  assert.deepEqual(shown.map((rows) => rows.length), histogram)
  assert.deepEqual(shown.flat().sort(), [0, 1])
  for (const [bin, rows] of shown.entries())
    for (const row of rows) {
      const { from, to } = daysOf(bin)
      assert.ok(p.gap[row]! >= (from ?? -Infinity) && p.gap[row]! <= (to ?? Infinity))
    }
  assert.deepEqual([daysOf(0), daysOf(11)], [{ from: null, to: -16 }, { from: 35, to: null }])
})

test('search ignores accents and case, and finds codes', () => {
  const p = portfolio()
  const view = { sort: 'name', descending: false, filter: 'all', sector: 0, bin: null } as const
  assert.deepEqual([...rowsOf(p, { ...view, search: 'eclair' })], [0])
  assert.deepEqual([...rowsOf(p, { ...view, search: '0202' })], [1])
  assert.deepEqual([...rowsOf(p, { ...view, search: '' })], [2, 1, 0])
})

test('the headlines compare the same clients with the same weights', () => {
  const facts = headlines(portfolio())
  assert.equal(facts.outstanding, 300_000)
  assert.equal(facts.lateCompared, 16)
  assert.equal(facts.latePeers, 8)
  assert.equal(facts.aboveBandClients, 1)
})

test('a client in alert is counted once, under the gravest, and a first comparison alarms nobody', () => {
  const made = portfolio()
  made.alerts = (['drift', 'shock', 'first'] as const).map((kind) => ({ kind }) as AlertFacts)
  made.alertsOf = [[0, 1], [2], []]
  made.facts[0] = { ...made.facts[0]!, outsideSince: 2 }
  assert.deepEqual([0, 1].map((row) => alarmOf(made, row)), ['shock', null])
  const { alarmed, alarms, alsoAlarmed } = headlines(made)
  assert.equal(alarms.drift, 0)
  assert.equal(alarms.own, 1)
  assert.equal(alsoAlarmed, 1, 'the client of the shock is above the band, too')
  assert.equal(alarms.shock + alarms.own - alsoAlarmed, alarmed)
  assert.equal(alarmed, counts(made).alert)
})
