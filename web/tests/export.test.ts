import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cell, portfolioCsv } from '../src/portfolio/export.ts'
import { portfolioOf } from './portfolios.ts'

const TEXT = { locale: 'en-GB', columns: ['Client', 'Gap'], bands: ['< 5', '5–9', '10–19', '20+'], badges: {}, termKinds: ['net', 'end of month then days', 'days then end of month'], notes: ['[c]: not published'] }

for (const text of ['=1+1', '+33 1', '-2', '@sum', '\tx', '\rx']) {
  test(`a spreadsheet runs no formula from ${JSON.stringify(text)}`, () => {
    assert.match(cell(text, ','), /^"?'/)
  })
}

test('a quote is doubled, and what holds a separator is quoted', () => {
  assert.equal(cell('a "b", c', ','), '"a ""b"", c"')
  assert.equal(cell('a, b', ';'), 'a, b')
})

test('what is suppressed is [c], never zero nor empty, and what is own stays', () => {
  const portfolio = portfolioOf([{ overdue: 0, notDue: 100, name: '=cmd' }, { overdue: 0, notDue: 100, band: 2 }])
  const [, alone, beside] = portfolioCsv(portfolio, [0, 1], TEXT).split('\r\n').map((line) => line.split(','))
  assert.equal(alone![0], "'=cmd")
  assert.deepEqual([7, 9, 10, 11, 12, 13].map((at) => alone![at]), Array(6).fill('[c]'))
  assert.equal(alone![3], '1.00')
  assert.deepEqual([beside![7], beside![9], beside![13]], ['45', '4', '10–19'])
})

test('in French, decimals have a comma and columns a semicolon', () => {
  assert.match(portfolioCsv(portfolioOf([{ overdue: 0, notDue: 150 }]), [0], { ...TEXT, locale: 'fr-FR' }), /;1,50;/)
})

test('an agreed term says whether it runs to the end of a month, in words that an import reads back', () => {
  const portfolio = portfolioOf([{ overdue: 0, notDue: 100 }, { overdue: 0, notDue: 100 }, { overdue: 0, notDue: 100 }])
  const agreed = [[30, 0], [30, 2], [null, 0]] as const
  agreed.forEach(([days, kind], row) => Object.assign(portfolio.clients[row]!, { terms_days: days, terms_kind: kind }))
  const lines = portfolioCsv(portfolio, [0, 1, 2], TEXT).split('\r\n').slice(1, 4).map((line) => line.split(',').slice(4, 6))
  assert.deepEqual(lines, [['30', 'net'], ['30', 'days then end of month'], ['', '']])
})
