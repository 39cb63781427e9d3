import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cell, portfolioCsv } from '../src/portfolio/export.ts'
import { portfolioOf } from './portfolios.ts'

const TEXT = { locale: 'en-GB', columns: ['Client', 'Gap'], bands: ['< 5', '5–9', '10–19', '20+'], badges: {}, notes: ['[c]: not published'] }

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
  assert.deepEqual([6, 8, 9, 10, 11, 12].map((at) => alone![at]), Array(6).fill('[c]'))
  assert.equal(alone![3], '1.00')
  assert.deepEqual([beside![6], beside![8], beside![12]], ['45', '4', '10–19'])
})

test('in French, decimals have a comma and columns a semicolon', () => {
  assert.match(portfolioCsv(portfolioOf([{ overdue: 0, notDue: 150 }]), [0], { ...TEXT, locale: 'fr-FR' }), /;1,50;/)
})
