import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAmount, writtenAmount } from '../src/text/amounts.ts'

const cases = (locale: string, expected: Record<string, number>): void => {
  for (const [written, cents] of Object.entries(expected)) assert.deepEqual(readAmount(written, locale), { cents }, `${locale} ${written}`)
}

test('English: a comma before three digits groups', () => {
  cases('en-GB', { '12,500': 1_250_000, '€1,000': 100_000, '12,500.75': 1_250_075, '1,234,567': 123_456_700, '1.234,56': 123_456, '12.5': 1_250, '12.50 €': 1_250, '12 500': 1_250_000, '0': 0, '12,50': 1_250, '1250 EUR': 125_000 })
})

test('French: a comma is before the cents, spaces group, and what can be read in one way alone is read', () => {
  cases('fr-FR', { '12 500': 1_250_000, '12\u202f500': 1_250_000, '12\u00a0500,75 €': 1_250_075, '1.234,56': 123_456, '1.234.567': 123_456_700, '12,5': 1_250, '12.5': 1_250, '1250': 125_000, '€1 000': 100_000, '1,234.56': 123_456, '1\u202f250,00\u202f€': 125_000 })
})

test('three digits after a sign that is not the reader’s for groups: refused, with both readings', () => {
  const both = { wrong: 'ambiguous', large: 1_250_000, small: 1_250 }
  assert.deepEqual(readAmount('12.500', 'fr-FR'), both)
  assert.deepEqual(readAmount('12,500', 'fr-FR'), both)
  assert.deepEqual(readAmount('€ 12.500', 'fr-FR'), both)
  assert.deepEqual(readAmount('12.500', 'en-GB'), both)
})

test('what is no amount from zero on is refused', () => {
  for (const written of ['', 'abc', '-5', '(12.00)', '12,50,3', '1 2500', '12.5678', '1.23,456.7', '$100', 'n/a', '-', ',', '1e5', '€', '99999999999999']) {
    for (const locale of ['fr-FR', 'en-GB']) assert.deepEqual(readAmount(written, locale), { wrong: 'amount' }, `${locale} ${written}`)
  }
})

test('what the field shows again reads back as the same', () => {
  assert.equal(writtenAmount(1_250, 'fr-FR'), '12,50')
  assert.equal(writtenAmount(1_250_000, 'fr-FR'), '12\u202f500')
  assert.equal(writtenAmount(1_250_000, 'en-GB'), '12,500')
  for (const locale of ['fr-FR', 'en-GB']) {
    for (const cents of [0, 5, 1_250, 1_250_000, 123_456_789]) assert.deepEqual(readAmount(writtenAmount(cents, locale), locale), { cents })
  }
})
