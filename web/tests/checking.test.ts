import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAmount, readMonthCell, readWhole } from '../src/uploads/amounts.ts'
import { check } from '../src/uploads/checking.ts'
import { looksLikeInvoices, MODEL, proposeMapping, readSheet, type Sheet } from '../src/uploads/sheet.ts'

const NOVEMBER = 24322

test('amounts are read as written in France and in England, and guesses are refused', () => {
  const said: [string, number | null][] = [
    ['1 250,50', 125_050],
    ['1\u202f250,5 €', 125_050],
    ['1,250.50', 125_050],
    ['1.250,50', 125_050],
    ['-12', -1200],
    ['\u221212', -1200],
    ['(12,00)', -1200],
    ['1,250', null],
    ['1.250', null],
    ['12,345,678', null],
    ['abc', null],
    ['', null],
  ]
  for (const [text, cents] of said) assert.equal(readAmount(text), cents, text)
  assert.equal(readWhole('1 250'), 1250)
  assert.equal(readWhole('12.5'), null)
})

test('months are read in the ways that files give them', () => {
  for (const text of ['2026-11', '11/2026', '2026-11-30', '30/11/2026', '2026/11']) assert.equal(readMonthCell(text), NOVEMBER, text)
  for (const text of ['2026-13', 'novembre', '2026', '']) assert.equal(readMonthCell(text), null, text)
})

test('columns are recognised in French and in English, none twice', () => {
  assert.deepEqual(proposeMapping(['SIREN', 'Raison sociale', 'Mois', 'Encours', 'Solde', 'Non échu', '1-30 j', 'Commentaire']), [
    'identifier', 'name', 'month', 'outstanding', null, 'not_due', 'late_1_30', null,
  ])
  const model = MODEL.trim().split(';')
  assert.deepEqual(proposeMapping(model), model)
})

test('an invoice list is told apart from contributions', () => {
  assert.ok(looksLikeInvoices(['N° facture', 'SIREN', 'Date', 'Échéance', 'Montant']))
  assert.ok(looksLikeInvoices(['invoice_number', 'customer', 'due_date', 'amount']))
  assert.ok(!looksLikeInvoices(['SIREN', 'Mois', 'Encours']))
})

test('a file in the Windows code page is read, a binary one refused', async () => {
  const sheet = (await readSheet(new Blob([Uint8Array.from([0x4e, 0x6f, 0x6d, 0x0a, 0xc9, 0x6d, 0x69, 0x6c, 0x65])]))) as Sheet
  assert.deepEqual(sheet.rows, [['Émile']])
  assert.equal(await readSheet(new Blob([Uint8Array.of(80, 75, 3, 4, 0, 0)])), 'notText')
  assert.equal(await readSheet(new Blob(['a;b\n'])), 'empty')
})

const sheet = (...rows: string[][]): Sheet => ({ headers: ['siren', 'mois', 'encours', 'non echu', '1 30', '31 60', '61 90', '91', 'dso'], rows })
const MAPPING = ['identifier', 'month', 'outstanding', 'not_due', 'late_1_30', 'late_31_60', 'late_61_90', 'late_91_plus', 'dso'] as const

test('a good row becomes a contribution in cents and tenths of a day', () => {
  const found = check(sheet(['552 100 554', '2026-10', '100,00', '60', '40', '0', '0', '0', '45,7']), MAPPING, 'euros', NOVEMBER)
  assert.deepEqual(found.problems, [])
  assert.equal(found.clients[0]!.identifier, 'fr.siren:552100554')
  assert.deepEqual(found.contributions[0]!.figures, {
    outstanding: 10_000, not_due: 6_000, late_1_30: 4_000, late_31_60: 0, late_61_90: 0, late_91_plus: 0, dso: 457,
  })
})

test('each mistake names its row, its column and what was expected, and leaves the others alone', () => {
  const found = check(
    sheet(
      ['552100555', '2026-10', '1'],
      ['552100554', 'hier', '1'],
      ['552100554', '2026-11', '1'],
      ['552100554', '2026-10', 'un'],
      ['552100554', '2026-10', '100', '50', '40', '0', '0', '0'],
      ['552100554', '2026-10', '100'],
      ['55210055400013', '2026-10', '100'],
    ),
    MAPPING,
    'euros',
    NOVEMBER,
  )
  assert.deepEqual(
    found.problems.map((problem) => [problem.row, problem.column, problem.expected.what]),
    [[2, 'identifier', 'identifier'], [3, 'month', 'month'], [4, 'month', 'open'], [5, 'outstanding', 'amount'], [6, 'outstanding', 'sum'], [8, 'identifier', 'once']],
  )
  assert.equal(found.contributions.length, 1)
})
