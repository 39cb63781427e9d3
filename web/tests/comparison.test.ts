import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, outside, RULES, type Comparison, type Month } from '../src/portfolio/comparison.ts'
import { daysLate, dso, windowOf } from '../src/portfolio/own.ts'
import { nextStep, sentence } from '../src/portfolio/verdict.ts'
import type { Figures } from '../src/uploads/encoding.ts'
import { vectors } from './vectors.ts'

type Snake = Record<string, unknown>
interface Vectors {
  rules: Snake
  windows: { name: string; window: (Figures | null)[]; days_late: number | null; dso: number | null }[]
  cases: {
    name: string
    history: { days_late: number | null; dso: number | null; cell: { band: number; days_late: number | null; spread: number | null; dso: number | null } | null }[]
    balance: { overdue: number; not_due: number; disputed: number }
    comparison: Snake
    sentence: { fr: string; en: string }
    next_step: { fr: string; en: string }
  }[]
  outside: { name: string; history: Vectors['cases'][number]['history']; stays: [number, number | null][] }[]
  ranked: string[]
}

const said = vectors<Vectors>('comparison.json')
const snake = (facts: object): Snake => Object.fromEntries(Object.entries(facts).map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]))
const read = (history: Vectors['cases'][number]['history']): Month[] =>
  history.map((month) => ({
    daysLate: month.days_late,
    dso: month.dso,
    cell: month.cell && { band: month.cell.band, daysLate: month.cell.days_late, spread: month.cell.spread, dso: month.cell.dso },
  }))
const facts = (one: Vectors['cases'][number]): Comparison => compare(read(one.history), { overdue: one.balance.overdue, notDue: one.balance.not_due, disputed: one.balance.disputed })

test('the rules are those that Python applies', () => {
  const { name: _, ...rules } = said.rules
  assert.deepEqual(snake(RULES), rules)
})

for (const one of said.windows) {
  test(`own figures: ${one.name}`, () => {
    const window = one.window.map((month) => month ?? undefined)
    const late = daysLate(windowOf(window), 0, window.length - 1)
    if (one.days_late === null) assert.ok(Number.isNaN(late))
    else assert.ok(Math.abs(late - one.days_late) < 1e-9)
    const days = dso(windowOf(window), 0, window.length - 1)
    assert.equal(Number.isNaN(days) ? null : days, one.dso)
  })
}

for (const one of said.cases) {
  test(`comparison: ${one.name}`, () => {
    const found = facts(one)
    assert.deepEqual(snake(found), one.comparison)
    for (const lang of ['fr', 'en'] as const) {
      assert.equal(sentence(found, lang), one.sentence[lang])
      assert.equal(nextStep(found, lang), one.next_step[lang])
    }
  })
}

for (const one of said.outside) {
  test(`outside the band: ${one.name}`, () => assert.deepEqual(outside(read(one.history)), one.stays))
}

test('clients are ranked by the money at stake', () => {
  const compared = said.cases.map((one) => ({ name: one.name, facts: facts(one) }))
  compared.sort((left, right) => right.facts.stakeCents - left.facts.stakeCents || (right.facts.gap ?? 0) - (left.facts.gap ?? 0))
  assert.deepEqual(compared.map((one) => one.name), said.ranked)
})
