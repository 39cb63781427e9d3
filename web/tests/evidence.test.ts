import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertsOn, columnOf, evidenceOf, lookedAt, marksOf, marksOn, movedSince, ownMoved, sectorMoved } from '../src/alerts/evidence.ts'
import { rowsIn, sectorCentre, sectorOf, shiftOf } from '../src/alerts/sector_alerts.ts'
import { monthText } from '../src/month.ts'
import type { AlertFacts } from '../src/network/answers.ts'
import { SPAN } from '../src/portfolio/portfolio.ts'
import { portfolioOf } from './portfolios.ts'

const MONTH = 24321
const portfolio = portfolioOf([{ overdue: 0, notDue: 500, band: 2, sector: 3 }, { overdue: 0, notDue: 900, sector: 3 }, { overdue: 0, notDue: 100 }])
const alert = (more: Partial<AlertFacts>): AlertFacts =>
  ({ id: 'a', kind: 'drift', pseudonym: portfolio.pseudonyms[0]!, month: monthText(MONTH), since: monthText(MONTH - 8), evidence: [], sector: null, size_days: 9, ...more }) as AlertFacts
const last = SPAN - 1

test('months are columns, and what is out of sight is none', () => {
  assert.equal(columnOf(portfolio, MONTH), last)
  assert.equal(columnOf(portfolio, MONTH - SPAN + 1), 0)
  assert.equal(columnOf(portfolio, MONTH - SPAN), null)
  assert.equal(columnOf(portfolio, MONTH + 1), null)
})

test("a network's alert rests on cells beside own figures, an own one on own figures beside cells", () => {
  portfolio.ownLate[last] = 21
  const evidence: AlertFacts['evidence'] = [[monthText(MONTH), 33]]
  assert.deepEqual(evidenceOf(portfolio, 0, alert({ evidence })), [{ month: MONTH, centre: 33, own: 21 }])
  assert.deepEqual(evidenceOf(portfolio, 0, alert({ kind: 'own', evidence })), [{ month: MONTH, centre: 4, own: 33 }])
  assert.ok(Number.isNaN(evidenceOf(portfolio, 1, alert({ kind: 'own', evidence }))[0]!.centre), 'nothing is published of it')
  assert.ok(Number.isNaN(evidenceOf(portfolio, 0, alert({ evidence: [[monthText(MONTH - 40), 5]] }))[0]!.own))
})

test('the onset is marked apart from the month of the alert, with a label where it does not cover the other', () => {
  assert.deepEqual(marksOf(portfolio, alert({}), 'since', 'raised').map((mark) => [mark.column, mark.label]), [[last - 8, 'since'], [last, 'raised']])
  assert.deepEqual(marksOf(portfolio, alert({ since: monthText(MONTH - 2) }), 'since', 'raised').map((mark) => mark.label), ['', 'raised'])
  assert.equal(marksOf(portfolio, alert({ since: monthText(MONTH) }), 'since', 'raised').length, 1)
})

test('a move is whole days from before the onset, and unknown where either end is', () => {
  const days = new Map([[last - 9, 10.4], [last, 25.6]])
  assert.equal(movedSince(portfolio, alert({}), (column) => days.get(column)), 16)
  assert.equal(movedSince(portfolio, alert({}), () => undefined), null)
  assert.equal(ownMoved(portfolio, 0, alert({})), null)
  portfolio.sectorCells[last - 9] = { '3': { days_late: 4, dso: null, band: 2 } }
  assert.equal(sectorMoved(portfolio, 0, alert({})), 10)
})

test('the alert that the address names is looked at, else the newest', () => {
  portfolio.alerts = [alert({ id: 'new' }), alert({ id: 'old' })]
  portfolio.alertsOf[0] = [0]
  assert.equal(lookedAt(portfolio, 0, '0')?.id, 'new')
  assert.equal(lookedAt(portfolio, 0, '0/old')?.id, 'old')
  assert.equal(lookedAt(portfolio, 0, '0/gone')?.id, 'new')
  assert.equal(lookedAt(portfolio, 1, '1'), null)
})

test('what own figures raised stands on the time axis at its onset, named by the address or not', () => {
  const made = portfolioOf([{ overdue: 0, notDue: 500, band: 2 }])
  made.facts[0] = { ...made.facts[0]!, outsideSince: 9, own: 34, gap: 30, position: 'above' }
  for (const column of [last - 10, last - 9, last]) {
    made.ownLate[column] = 34
    made.peersLate[column] = 4
  }
  const marks = (argument = '0') => marksOn(made, 0, argument, 'since', (one) => one.kind).map(({ column, kind, label }) => [column, kind, label])
  assert.deepEqual(marks(), [[last - 9, 'outside', 'outside']])
  assert.equal(lookedAt(made, 0, '0')?.kind, 'outside')
  made.alerts = [alert({ id: 'new', since: monthText(MONTH), month: monthText(MONTH), severity: 'watch' })]
  made.alertsOf[0] = [0]
  assert.deepEqual(marks(), [[last, 'drift', 'drift'], [last - 9, 'outside', 'outside']])
  assert.deepEqual(alertsOn(made, 0).map((one) => one.kind), ['outside', 'drift'])
  made.alerts = [alert({ id: 'new', since: monthText(MONTH - 6), month: monthText(MONTH - 6), severity: 'watch' })]
  assert.deepEqual(marks(), [[last - 6, 'drift', 'drift'], [last - 9, 'outside', '']], 'a label that would cover another is left out')
  made.alerts[0]!.severity = 'info'
  assert.equal(lookedAt(made, 0, '0')?.kind, 'outside', 'what asks for something comes before what is for information')
})

test('a sector stands for the firm’s clients there, who owes most first', () => {
  const subject = `${Buffer.from('vigie: sector').toString('hex').padEnd(62, '0')}03`
  assert.equal(sectorOf(subject), 3)
  assert.equal(sectorOf(portfolio.pseudonyms[0]!), null)
  assert.deepEqual(rowsIn(portfolio, 3), [1, 0])
  assert.equal(sectorCentre(portfolio, 3)[last], 14)
  portfolio.sectorAlerts = [alert({ kind: 'sector', sector: 3, pseudonym: subject })]
  assert.equal(shiftOf(portfolio, 3)?.sector, 3)
  assert.equal(shiftOf(portfolio, 4), null)
})
