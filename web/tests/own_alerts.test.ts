import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownAlerts, ownId, type OwnKind } from '../src/alerts/own_alerts.ts'
import { after, awake, isMuted, keyOf, lifeOf, shownLife } from '../src/alerts/own_life.ts'
import type { Action } from '../src/alerts/way_back.ts'
import type { Book } from '../src/book/book.ts'
import { toBase64 } from '../src/bytes.ts'
import { readCredit, withMute, withOwnAlert, withoutMute, written, type OwnAlert, type OwnMute } from '../src/credit/credit_file.ts'
import { monthText } from '../src/month.ts'
import type { AlertFacts, LifeFacts } from '../src/network/answers.ts'
import { assemble } from '../src/portfolio/portfolio.ts'
import { decodeUpload, encodeUpload } from '../src/uploads/encoding.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  today: string
  ids: { kind: OwnKind; identifier: string; id: string }[]
  lives: { kept: OwnAlert | null; kind: OwnKind; month: string; size_days: number; mutes: OwnMute[]; life: LifeFacts | null }[]
  after: { kept: OwnAlert | null; action: Action['action']; more: Partial<Action>; then: OwnAlert }[]
}
const said = vectors<Vectors>('own_alerts.json')
const WHO = 'fr.siren:552100554'
const alertOf = (kind: OwnKind, month: string, size_days: number): AlertFacts => ({ id: ownId(kind, WHO), kind, month, size_days }) as AlertFacts

test('an own alert has the id that the agent gives it', () => {
  for (const { kind, identifier, id } of said.ids) assert.equal(ownId(kind, identifier), id)
})

test('its life stands as the agent says, under a later alert and under mutes', () => {
  assert.ok(said.lives.length > 60)
  for (const { kept, kind, month, size_days, mutes, life } of said.lives) {
    const muted = isMuted(mutes, kind, WHO, said.today)
    assert.deepEqual(shownLife(kept ?? undefined, alertOf(kind, month, size_days), said.today, muted), life)
  }
})

test('an action makes of it what the agent makes of it', () => {
  for (const { kept, action, more, then } of said.after)
    assert.deepEqual(after(kept ?? undefined, alertOf('own', '2026-02', 34), { action, ...more }, said.today, 'c@firm.test'), then)
})

test('the credit file keeps it, its mutes, and what this version does not know', () => {
  const life = after(undefined, alertOf('own', '2026-02', 20), { action: 'close', reason: 'known' }, said.today, 'a@firm.test')
  const mute: OwnMute = { id: '1', identifier: WHO, kind: null, until: null }
  const credit = withMute(withOwnAlert(readCredit('{"later":1}'), keyOf('own', WHO), life), mute)
  const again = readCredit(written(credit))
  assert.deepEqual(again.alerts, { [`own ${WHO}`]: life })
  assert.deepEqual(again.mutes, [mute])
  assert.deepEqual(withoutMute(again, '1').mutes, [])
  assert.equal((again as unknown as { later: number }).later, 1)
})

const FIRST = 24300
const code = (at: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(at)
const int16 = (...values: number[]): string => toBase64(new Uint8Array(Int16Array.from(values).buffer))

/** Two clients: one with cells of 10 days, one without; own days from `slow` on are 40, before 12. */
function portfolio(months: number, releases: number, slow: number) {
  const sent: Book['sent'] = new Map()
  const figures = (late: number) => ({ outstanding: 100_000, not_due: 100_000, late_1_30: 0, late_31_60: 0, late_61_90: 0, late_91_plus: 0, paid: 1_000, paid_days_late: 1_000 * late, open_late_days: 0, dso: 500 })
  for (let month = FIRST; month < FIRST + months; month++) {
    const rows = [1, 2].map((id) => ({ pseudonym: code(id), figures: figures(month - FIRST >= slow ? 40 : 12) }))
    sent.set(month, decodeUpload(encodeUpload({ firm: new Uint8Array(16), month, currency: 'EUR', replaces: null, key: new Uint8Array(32), rows })))
  }
  const clients = [1, 2].map((id) => ({ id, name: `C${id}`, identifier: `fr.siren:${id}`, pseudonym: toBase64(code(id)), city: '', sector: 0, region: 0, terms_days: 30, terms_kind: 0, confidential: false, accounts: [] }))
  const cells = Array.from({ length: releases }, (_, at) => ({
    month: monthText(FIRST + months - releases + at), network: { days_late: 9, dso: 50, band: 3 }, network_salt: '', sectors: {}, regions: {}, wide_salt: '', count: 1,
    pseudonyms: toBase64(code(1)), band: toBase64(Uint8Array.of(3)), days_late: int16(10), spread: int16(5), dso: int16(48), incident: toBase64(Uint8Array.of(0)), sector: toBase64(Uint8Array.of(0)),
    terms_30: toBase64(Uint8Array.of(0)), terms_45: toBase64(Uint8Array.of(0)), terms_60: toBase64(Uint8Array.of(0)), terms_more: toBase64(Uint8Array.of(0)),
  }))
  return assemble({ head: null, headBytes: null, clients, sent }, { cells, alerts: [] })
}

test('outside the band, and slower where no cell says more, each with its figures', () => {
  const found = ownAlerts(portfolio(16, 12, 12))
  assert.deepEqual(found.map((one) => [one.kind, one.severity, one.size_days, one.ends_at_days]), [['outside', 'act', 21, 15], ['own', 'watch', 28, 30]])
  assert.equal(found[0]!.month, monthText(FIRST + 13), 'raised in the second month above')
  assert.equal(found[1]!.since, monthText(FIRST + 9))
  assert.deepEqual(found[1]!.evidence.at(-1), [monthText(FIRST + 15), 40])
  assert.deepEqual(ownAlerts(portfolio(16, 12, 99)), [])
})

test("a person's work survives the next release and the next import", () => {
  const [before] = ownAlerts(portfolio(16, 12, 12))
  const life = after(undefined, before!, { action: 'close', reason: 'arranged' }, '2026-03-10', 'a@firm.test')
  const credit = readCredit(written(withOwnAlert(readCredit(null), keyOf('outside', 'fr.siren:1'), life)))
  const [next] = ownAlerts(portfolio(17, 13, 12))
  assert.equal(next!.id, before!.id)
  assert.equal(lifeOf(credit.alerts[keyOf('outside', 'fr.siren:1')], next!, '2026-04-12')!.state, 'closed')
  const worse = { ...next!, size_days: before!.size_days + 15 }
  assert.equal(lifeOf(life, worse, '2026-04-12')!.state, 'reopened')
  assert.equal(after(awake(life, worse, '2026-04-12'), worse, { action: 'see' }, '2026-04-12', 'b@firm.test').state, 'seen')
})
