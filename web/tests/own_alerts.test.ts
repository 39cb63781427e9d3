import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waits } from '../src/alerts/listing.ts'
import { ownAlert, ownAlerts, ownId, sizeNow, type OwnKind } from '../src/alerts/own_alerts.ts'
import { after, awake, isMuted, keyOf, lifeOf, shownLife, standsAs } from '../src/alerts/own_life.ts'
import type { Action } from '../src/alerts/way_back.ts'
import type { Book } from '../src/book/book.ts'
import { toBase64 } from '../src/bytes.ts'
import { readCredit, withMute, withOwnAlert, withoutMute, written, type OwnAlert, type OwnMute } from '../src/credit/credit_file.ts'
import { monthText } from '../src/month.ts'
import type { AlertFacts, LifeFacts } from '../src/network/answers.ts'
import { alarmOf, headlines } from '../src/portfolio/headlines.ts'
import { counts } from '../src/portfolio/order.ts'
import { aboveBand, assemble, ownKind } from '../src/portfolio/portfolio.ts'
import { alertEnding, alertSentence } from '../src/portfolio/alertWords.ts'
import { toldOf } from '../src/portfolio/told.ts'
import { decodeUpload, encodeUpload } from '../src/uploads/encoding.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  today: string
  ids: { kind: OwnKind; identifier: string; id: string }[]
  lives: { kept: OwnAlert | null; kind: OwnKind; month: string; size_days: number; now_days: number | null; mutes: OwnMute[]; life: LifeFacts | null }[]
  after: { kept: OwnAlert | null; action: Action['action']; more: Partial<Action>; then: OwnAlert }[]
}
const said = vectors<Vectors>('own_alerts.json')
const WHO = 'fr.siren:552100554'
const alertOf = (kind: OwnKind, month: string, size_days: number, now_days: number | null = null): AlertFacts => ({ id: ownId(kind, WHO), kind, month, size_days, now_days }) as AlertFacts

test('an own alert has the id that the agent gives it', () => {
  for (const { kind, identifier, id } of said.ids) assert.equal(ownId(kind, identifier), id)
})

test('its life stands as the agent says, under a later alert and under mutes', () => {
  assert.ok(said.lives.length > 60)
  for (const { kept, kind, month, size_days, now_days, mutes, life } of said.lives) {
    const muted = isMuted(mutes, kind, WHO, said.today)
    assert.deepEqual(shownLife(kept ?? undefined, alertOf(kind, month, size_days, now_days), said.today, muted), life)
  }
})

test('an action makes of it what the agent makes of it', () => {
  for (const { kept, action, more, then } of said.after)
    assert.deepEqual(after(kept ?? undefined, alertOf('outside', '2026-02', 50, 34), { action, ...more }, said.today, 'c@firm.test'), then)
})

test('looking at it and talking about it are no deeds that another one would go over', () => {
  const alert = alertOf('own', '2026-02', 20)
  const act = (kept: OwnAlert | undefined, action: Action): OwnAlert => after(kept, alert, action, said.today, 'a@firm.test')
  const seen = act(undefined, { action: 'see' })
  const given = act(undefined, { action: 'assign', assignee: 'b' })
  assert.ok(standsAs(seen, undefined))
  assert.ok(standsAs({ ...given, at: '2026-03-01', by: 'c@firm.test', comments: [{ at: '', by: '', text: '' }] }, given))
  for (const action of [{ action: 'assign', assignee: 'c' }, { action: 'unassign' }, { action: 'close', reason: 'paid' }, { action: 'snooze', until: '2099-01-01' }] as Action[])
    assert.ok(!standsAs(act(given, action), given))
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

/** Two clients: one with cells of 10 days, one without; own days from `slow` on are 40, before 12, and from `back` on 12 again. */
function portfolio(months: number, releases: number, slow: number, back = months) {
  const sent: Book['sent'] = new Map()
  const figures = (late: number) => ({ outstanding: 100_000, not_due: 100_000, late_1_30: 0, late_31_60: 0, late_61_90: 0, late_91_plus: 0, paid: 1_000, paid_days_late: 1_000 * late, open_late_days: 0, dso: 500 })
  for (let month = FIRST; month < FIRST + months; month++) {
    const rows = [1, 2].map((id) => ({ pseudonym: code(id), figures: figures(month - FIRST >= slow && month - FIRST < back ? 40 : 12) }))
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

test('above the band, and slower where no cell says more, each with its figures', () => {
  const found = ownAlerts(portfolio(16, 12, 12))
  assert.deepEqual(found.map((one) => [one.kind, one.severity, one.size_days, one.ends_at_days]), [['outside', 'act', 21, 15], ['own', 'watch', 28, 30]])
  assert.equal(found[0]!.month, monthText(FIRST + 13), 'raised in the second month above')
  assert.equal(found[1]!.since, monthText(FIRST + 9))
  assert.deepEqual(found[1]!.evidence.at(-1), [monthText(FIRST + 15), 40])
  assert.deepEqual(ownAlerts(portfolio(16, 12, 99)), [])
})

test('what stood above the band when it was raised is told as it is today', () => {
  const still = ownAlert(portfolio(18, 12, 12), 0)!
  assert.deepEqual([still.severity, still.size_days, still.now_days, still.returned], ['act', 21, 30, false])
  assert.match(alertSentence(toldOf(still), 'fr'), /^Il vous paie 30 jours plus tard .* au-dessus de leur bande depuis .* \(21 jours alors\)/)

  const made = portfolio(18, 14, 11, 15)
  const back = ownAlert(made, 0)!
  assert.ok(!aboveBand(made, 0))
  assert.deepEqual([back.severity, back.returned, back.now_days], ['info', true, made.gap[0]])
  assert.match(alertSentence(toldOf(back), 'fr'), new RegExp(`^Il n'est plus au-dessus de la bande .* il vous paie ${back.now_days} jours? plus tard que leur centre, contre ${back.size_days} jours plus tard en `))
  assert.match(alertEnding(toldOf(back), 'fr'), /deux mois de suite|le mois prochain encore/)
  assert.ok(!waits(back, 'new'), 'nobody has to do anything about it')
  assert.ok(waits(back, 'assigned'), 'unless somebody was given it')
  assert.equal(alarmOf(made, 0), null)
})

test('nothing is said to be above the band that cannot be compared this month', () => {
  const made = portfolio(16, 12, 12)
  made.facts[0] = { ...made.facts[0]!, own: null, gap: null, centre: null, spread: null, position: 'unknown' }
  const unknown = ownAlert(made, 0)!
  assert.deepEqual([unknown.severity, unknown.now_days, unknown.returned, unknown.ends_at_days], ['watch', null, false, null])
  assert.match(alertSentence(toldOf(unknown), 'en'), /nothing can be compared this month\.$/)
})

test('own figures are counted alike by the headlines, the filter and the list of alerts', () => {
  for (const made of [portfolio(16, 12, 12), portfolio(18, 14, 11, 15), portfolio(16, 5, 12), portfolio(16, 12, 99)]) {
    const own = ownAlerts(made)
    assert.equal(new Set(own.map((alert) => alert.pseudonym)).size, own.length, 'one at most of a client')
    const waiting = own.filter((alert) => waits(alert, 'new'))
    const facts = headlines(made)
    assert.equal(facts.alarms.own, waiting.length)
    assert.equal(facts.alarmed, waiting.length)
    assert.equal(counts(made).alert, waiting.length)
    assert.deepEqual(own.map((alert) => alert.kind), made.clients.flatMap((_, row) => ownKind(made, row) ?? []))
  }
})

test("a person's work survives the next release and the next import", () => {
  const [before] = ownAlerts(portfolio(16, 12, 12))
  const life = after(undefined, before!, { action: 'close', reason: 'arranged' }, '2026-03-10', 'a@firm.test')
  const credit = readCredit(written(withOwnAlert(readCredit(null), keyOf('outside', 'fr.siren:1'), life)))
  const [next] = ownAlerts(portfolio(17, 13, 12))
  assert.equal(next!.id, before!.id)
  assert.equal(lifeOf(credit.alerts[keyOf('outside', 'fr.siren:1')], next!, '2026-04-12')!.state, 'closed')
  const worse = { ...next!, now_days: sizeNow(before!) + 15 }
  assert.equal(lifeOf(life, worse, '2026-04-12')!.state, 'reopened')
  assert.equal(after(awake(life, worse, '2026-04-12'), worse, { action: 'see' }, '2026-04-12', 'b@firm.test').state, 'seen')
})
