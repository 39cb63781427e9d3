import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownOf, readCredit, withClient, withParameters, type Credit } from '../src/credit/credit_file.ts'
import { Overtaken, termsOf, withTerms, type OwnTerms } from '../src/credit/own_terms.ts'
import { USUAL } from '../src/credit/score.ts'

const [HERE, THERE] = ['fr.siren:732829320', 'fr.siren:552100554']
const NONE = readCredit(null)
const OWN = { ...USUAL, own_weight: 0.25, limit_max_cents: 1_000_000 }

/** What a form that was begun on `before` leaves of `now`, where a person changed `mine` in it. */
const saved = (before: Credit, mine: Partial<OwnTerms>, now: Credit): Credit => {
  const begun = termsOf(before, HERE)
  return withTerms(now, HERE, begun, { ...begun, ...mine })
}

test('a client’s cover alone leaves the firm’s parameters as a colleague has set them meanwhile', () => {
  const kept = saved(NONE, { insured_cents: 200_000 }, withParameters(NONE, OWN))
  assert.deepEqual(kept.parameters, OWN)
  assert.equal(ownOf(kept, HERE).insured_cents, 200_000)
  assert.equal(kept.clients[THERE], undefined)
})

test('a parameter alone leaves the cover, the beginning and the other parameters as they are now', () => {
  const meanwhile = withParameters(withClient(NONE, HERE, { insured_cents: 200_000, since: '2019-03' }), { ...USUAL, terms_days: 45 })
  const kept = saved(NONE, { own_weight: 0.3 }, meanwhile)
  assert.deepEqual(kept.parameters, { ...USUAL, terms_days: 45, own_weight: 0.3 })
  assert.deepEqual(ownOf(kept, HERE), ownOf(meanwhile, HERE))
})

test('what both have changed is not written over, and it is said what', () => {
  const meanwhile = withClient(withParameters(NONE, OWN), HERE, { since: '2019-03' })
  assert.throws(
    () => saved(NONE, { own_weight: 0.3, since: '2018-01', terms_days: 45 }, meanwhile),
    (error) => error instanceof Overtaken && assert.deepEqual(error.terms, ['own_weight', 'since']) === undefined,
  )
  assert.deepEqual(saved(NONE, { own_weight: 0.25, terms_days: 45 }, meanwhile).parameters, { ...OWN, terms_days: 45 }, 'both meant the same')
})

test('back to the usual ones is none of one’s own; a form that nothing was changed in writes nothing', () => {
  const own = withParameters(NONE, OWN)
  assert.equal(saved(own, USUAL, own).parameters, null)
  const exact = withParameters(NONE, { ...OWN, own_weight: 0.333 })
  assert.equal(saved(exact, {}, exact), exact)
  assert.deepEqual(saved(exact, { terms_days: 45 }, exact).parameters, { ...OWN, own_weight: 0.333, terms_days: 45 })
})
