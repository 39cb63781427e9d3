import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Numbers } from '../src/text/numbers.ts'
import type { Shell } from '../src/text/parts.ts'

const inWords = (locale: string): Numbers => new Numbers({ locale } as Shell)

test('the sign of money stands where the language writes it', () => {
  const [french, english] = [inWords('fr-FR'), inWords('en-GB')]
  assert.equal(french.moneyText(25_200_000), '252\u202fk€')
  assert.equal(english.moneyText(25_200_000), '€252k')
  assert.equal(english.moneyText(2_360_000_000), '€23.6M')
  assert.equal(english.moneyText(-12_300), '\u2212€123')
  assert.equal(english.moneyText(Number.NaN), '\u2013')
})
