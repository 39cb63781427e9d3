import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupsOf } from '../src/portfolio/sectors.ts'
import { portfolioOf } from './portfolios.ts'

test('my clients of a sector stand beside its cell, weighted by what they owe; a sector without a cell has none', () => {
  const portfolio = portfolioOf([{ overdue: 100, notDue: 0, sector: 3 }, { overdue: 0, notDue: 300, sector: 3 }, { overdue: 0, notDue: 5, sector: 7 }, { overdue: 0, notDue: 900 }])
  const groups = groupsOf(portfolio, 'sector')
  assert.deepEqual(groups.map(({ code, clients, band }) => [code, clients, band]), [[3, 2, 2], [7, 1, 0], [0, 1, 0]])
  assert.equal(groups[0]!.centre[portfolio.at], 14)
  assert.equal(groups[0]!.outstanding, 400)
  assert.ok(Number.isNaN(groups[1]!.centre[portfolio.at]!))
})

test('what is published is shown without a client of mine', () => {
  assert.deepEqual(groupsOf(portfolioOf([{ overdue: 1, notDue: 1 }]), 'region').map(({ code, clients, band }) => [code, clients, band]), [[2, 0, 1], [0, 1, 0]])
})
