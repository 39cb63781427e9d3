import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAmount, readDay, readMonthCell, readWhole } from '../src/uploads/amounts.ts'
import { check } from '../src/uploads/checking.ts'
import { checkInvoices } from '../src/uploads/invoices.ts'
import { kindOf, model, proposeMapping, readSheet, type Sheet } from '../src/uploads/sheet.ts'

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
  assert.deepEqual(proposeMapping(['SIREN', 'Raison sociale', 'Mois', 'Encours', 'Solde', 'Non échu', '1-30 j', 'Commentaire'], 'figures'), [
    'identifier', 'name', 'month', 'outstanding', null, 'not_due', 'late_1_30', null,
  ])
  for (const kind of ['figures', 'invoices'] as const) {
    const headers = model(kind).trim().split(';')
    assert.deepEqual(proposeMapping(headers, kind), headers)
    assert.equal(kindOf(headers), kind)
  }
})

test('an invoice list is told apart from contributions', () => {
  assert.equal(kindOf(['N° facture', 'SIREN', 'Date', 'Échéance', 'Montant']), 'invoices')
  assert.equal(kindOf(['InvoiceNumber', 'Customer', 'DueDate', 'Amount']), 'invoices')
  assert.equal(kindOf(['SIREN', 'Mois', 'Encours']), 'figures')
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

test('days are read with the day before the month, and days that do not exist are refused', () => {
  const day = Date.UTC(2026, 10, 3) / 86_400_000
  for (const text of ['2026-11-03', '03/11/2026', '3.11.2026', '3/11/26', '2026-11-03 00:00:00']) assert.equal(readDay(text), day, text)
  for (const text of ['31/11/2026', '11/31/2026', '2026-02-30', 'hier', '']) assert.equal(readDay(text), null, text)
})

test('an invoice list becomes months, and a slip of the keyboard is told with its row', () => {
  const headers = ['SIREN', 'Client', 'Date de facture', 'Échéance', 'Date de règlement', 'Montant TTC']
  const found = checkInvoices(
    {
      headers,
      rows: [
        ['552100554', 'Un', '05/09/2026', '05/10/2026', '25/10/2026', '1 000,00'],
        ['552100554', 'Un', '10/10/2026', '09/11/2026', '', '500,00'],
        ['552100554', 'Un', '10/10/2026', '09/10/2026', '', '500,00'],
        ['552100554', 'Un', '10/10/2026', '09/11/2026', '', ''],
        ['552100554', 'Un', '10/12/2026', '09/01/2027', '', '1'],
      ],
    },
    proposeMapping(headers, 'invoices'),
    'euros',
    NOVEMBER,
  )
  assert.deepEqual(found.problems.map((problem) => [problem.row, problem.column, problem.expected.what]), [[4, 'due', 'after'], [5, 'amount', 'amount'], [6, 'invoiced', 'past']])
  assert.deepEqual(found.months, [NOVEMBER - 2, NOVEMBER - 1])
  const october = found.contributions.at(-1)!.figures
  assert.equal(october.paid, 100_000)
  assert.equal(october.paid_days_late, 100_000 * 20)
  assert.equal(october.outstanding, 50_000)
  assert.equal(october.terms_days, 30)
})
