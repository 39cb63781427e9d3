import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COEFFICIENTS } from '../src/credit/coefficients.ts'
import { assess, CHANCE_BACK_MONTHS, light, points, stopped, TREND_MONTHS, USUAL, wrongIn, type Days, type Light, type Parameters, type Score } from '../src/credit/score.ts'
import { chanceWords, formula, headline, inputs, lightWords, nothingKnown, notice } from '../src/credit/score_words.ts'
import { vectors } from './vectors.ts'

type Both<T> = { fr: T; en: T }
interface Vectors {
  trend_months: number
  chance_back_months: number
  coefficients: Record<string, number[]>
  parameters: Record<string, Parameters>
  points: [number, number][]
  cases: {
    name: string
    own: Days[]
    centre: Days[]
    monthly_sales_cents: number
    terms_days: Days
    parameters: string
    score: Score | null
    said: { headline: Both<string>; chance: Both<string>; formula: Both<string>; inputs: Both<[string, string][]> } | null
    lights: Record<string, Light>
  }[]
  stopped: [string[], boolean][]
  light_of_stopped: Light
  nothing_known: Both<string>
  lights: Record<Light, Both<[string, string]>>
  notices: { months: number; parameters: string; said: Both<string | null> }[]
}

const said = vectors<Vectors>('score.json')
const LANGUAGES = ['fr', 'en'] as const

test('parameters, coefficients and the scale are those that Python applies', () => {
  assert.deepEqual(COEFFICIENTS, said.coefficients)
  assert.deepEqual(USUAL, said.parameters['usual'])
  assert.equal(TREND_MONTHS, said.trend_months)
  assert.equal(CHANCE_BACK_MONTHS, said.chance_back_months)
  for (const [days, score] of said.points) assert.equal(points(days), score, `${days} days`)
})

for (const one of said.cases) {
  test(`scored as Python scores it: ${one.name}`, () => {
    const parameters = said.parameters[one.parameters]!
    const score = assess(one.own, one.centre, one.monthly_sales_cents, one.terms_days, parameters)
    assert.deepEqual(score, one.score)
    for (const [severity, shown] of Object.entries(one.lights)) assert.equal(light(score, severity === 'None' ? null : severity), shown)
    if (!score) return
    for (const lang of LANGUAGES) {
      assert.equal(headline(score, lang), one.said!.headline[lang])
      assert.equal(chanceWords(score, lang), one.said!.chance[lang])
      assert.equal(formula(score.limit, lang), one.said!.formula[lang])
      assert.deepEqual(inputs(score.limit, parameters, lang), one.said!.inputs[lang])
    }
  })
}

test('what a person has stopped is red until a newer decision lifts it, as in Python', () => {
  for (const [choices, expected] of said.stopped) assert.equal(stopped(choices), expected, choices.join())
  assert.equal(light(assess([0], [0], 1_000, 30, USUAL), null, true), said.light_of_stopped)
  assert.equal(said.light_of_stopped, 'red')
})

test('lights, absence and the reminder of notice are told in the words that Python uses', () => {
  for (const lang of LANGUAGES) {
    assert.equal(nothingKnown(lang), said.nothing_known[lang])
    for (const shown of ['green', 'amber', 'red'] as const) assert.deepEqual(lightWords(shown, lang), said.lights[shown][lang])
    for (const one of said.notices) assert.equal(notice(one.months, lang, said.parameters[one.parameters]!), one.said[lang])
  }
})

test('parameters that cannot be are named', () => {
  for (const parameters of Object.values(said.parameters)) assert.equal(wrongIn(parameters), null)
  assert.equal(wrongIn({ ...USUAL, own_weight: 1.1 }), 'own_weight')
  assert.equal(wrongIn({ ...USUAL, own_weight: Number.NaN }), 'own_weight')
  assert.equal(wrongIn({ ...USUAL, classes: [] }), 'classes')
  assert.equal(wrongIn({ ...USUAL, classes: [{ name: 'A', score_min: 10, share: 1 }] }), 'classes')
  assert.equal(wrongIn({ ...USUAL, classes: [{ name: 'A', score_min: 0, share: -1 }] }), 'classes')
  assert.equal(wrongIn({ ...USUAL, classes: [{ name: 'A', score_min: 101, share: 1 }, { name: 'B', score_min: 0, share: 1 }] }), 'classes')
  assert.equal(wrongIn({ ...USUAL, rounded_to_cents: 0 }), 'rounded_to_cents')
  assert.equal(wrongIn({ ...USUAL, sales_months: 0.5 }), 'sales_months')
})
