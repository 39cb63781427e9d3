import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tell, type Problem } from '../src/connectors/problems.ts'
import { Numbers } from '../src/text/numbers.ts'
import { words as shellEn } from '../src/text/shell_en.ts'
import { words as shellFr } from '../src/text/shell_fr.ts'

const [fr, en] = [new Numbers(shellFr), new Numbers(shellEn)]
const plain = (text: string): string => text.replace(/\s/g, ' ')
const inFrench = (problem: Problem): string => plain(tell(problem, 'fr', fr))
const inEnglish = (problem: Problem): string => plain(tell(problem, 'en', en))

test('a number, an identifier or a name of the file is never taken for a date, a month or an amount', () => {
  for (const number of ['F-2026-09-014', '2026-45-12', '2026-09-14', '2026001', '2026-10', '552100554', '1200.00'])
    for (const [code, place] of [['invoice-repeated', 'expected'], ['einvoice-contradicts', 'found'], ['einvoice-other-seller', 'expected'], ['account-ambiguous', 'found'], ['identifier-invalid', 'found'], ['clients-merged', 'expected'], ['einvoice-without-due-date', 'expected']] as const) {
      const problem = { code, found: '2', expected: 'x', [place]: number }
      assert.ok(inFrench(problem).includes(number), inFrench(problem))
      assert.ok(inEnglish(problem).includes(number), inEnglish(problem))
    }
})

test('dates, months, amounts and counts are written as the reader writes them', () => {
  assert.equal(inFrench({ code: 'due-before-invoice', found: '2025-09-01', expected: '2025-09-02' }), 'Échéance au 1er septembre 2025, avant la date de facture (2 septembre 2025).')
  assert.equal(inEnglish({ code: 'month-in-future', found: '2999-10', expected: '2026-10' }), 'The month October 2999 is not over; October 2026 at the latest.')
  assert.equal(inFrench({ code: 'remaining-impossible', found: '2000.00', expected: '1200.50' }), 'Reste dû 2 000,00 € sur une facture de 1 200,50 €.')
  assert.equal(inEnglish({ code: 'too-many-rows', found: '2000000', expected: '1000000' }), 'The file has more than 1,000,000 rows; split it.')
})

test('a date that is none is said as it was found', () => {
  assert.equal(inFrench({ code: 'date-in-future', field: 'due', found: '2026-45-12', expected: '2026-11-12' }), 'Date d\'échéance : 2026-45-12 est dans le futur ; au plus tard 12 novembre 2026.')
})

test('one is said in the singular', () => {
  assert.match(inFrench({ code: 'einvoice-repeated', found: '1' }), /^1 facture est présente plusieurs fois et comptée une fois/)
  assert.match(inEnglish({ code: 'einvoice-without-due-date', found: '1', expected: 'F-2026-09-014' }), /^1 invoice bears no due date \(F-2026-09-014\)/)
  assert.match(inFrench({ code: 'einvoice-repeated', found: '12' }), /^12 factures sont/)
})
