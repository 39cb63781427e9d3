import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AlertFacts } from '../src/network/answers.ts'
import { HANDED, counts, rowsOf } from '../src/portfolio/order.ts'
import { isNews, morningOf, newsSince, seenNow, TASKS_MAX } from '../src/portfolio/morning.ts'
import { portfolioOf } from './portfolios.ts'

test('clients with something overdue are ranked by own money at stake, at most ten', () => {
  const portfolio = portfolioOf(Array.from({ length: 14 }, (_, at) => ({ overdue: at * 100, notDue: 50 })))
  const { tasks, worth, stake, stakeOfTasks } = morningOf(portfolio)
  assert.equal(worth, 13)
  assert.deepEqual(tasks.map((task) => task.overdue), Array.from({ length: TASKS_MAX }, (_, at) => (13 - at) * 100))
  assert.ok(stakeOfTasks < stake)
})

test('a client with nothing overdue and no step is no task, whatever it owes', () => {
  assert.equal(morningOf(portfolioOf([{ overdue: 0, notDue: 1_000_000 }])).tasks.length, 0)
})

test('what the first screen hands to the portfolio is its own list, whole and in its order', () => {
  const portfolio = portfolioOf(Array.from({ length: 14 }, (_, at) => ({ overdue: at * 100, notDue: 50 })))
  const { tasks, worth } = morningOf(portfolio)
  const rows = [...rowsOf(portfolio, HANDED['worth']!)]
  assert.equal(rows.length, worth)
  assert.equal(counts(portfolio).worth, worth)
  assert.deepEqual(rows.slice(0, TASKS_MAX), tasks.map((task) => task.row))
})

test('what one sees again is no news', () => {
  const portfolio = portfolioOf([{ overdue: 5, notDue: 5 }])
  assert.ok(!isNews(newsSince(seenNow(portfolio, '2026-11-01'), portfolio)))
})

test('a client that is compared for the first time is news, and one no longer compared is counted', () => {
  const alone = portfolioOf([{ overdue: 5, notDue: 5 }])
  const beside = portfolioOf([{ overdue: 5, notDue: 5, band: 1 }])
  assert.deepEqual(newsSince(seenNow(alone, '2026-11-01'), beside).compared, [0])
  assert.equal(newsSince(seenNow(beside, '2026-11-01'), alone).lost, 1)
})

test('what the network says for information is no new alert', () => {
  const made = portfolioOf([{ overdue: 5, notDue: 5 }, { overdue: 5, notDue: 5 }])
  const before = seenNow(made, '2026-11-01')
  made.alerts = (['info', 'act'] as const).map((severity, row) => ({ id: severity, severity, pseudonym: made.pseudonyms[row]! }) as AlertFacts)
  assert.deepEqual(newsSince(before, made).alerts, [1])
})
