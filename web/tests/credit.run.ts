/** The firm's credit file on standard input, changed as the page changes it, and lights: for tests/browser/test_credit.py. */

import { readFileSync } from 'node:fs'
import { readCredit, readLights, withClient, withDecision, withLights, withParameters, withTask, written } from '../src/credit/credit_file.ts'
import { USUAL } from '../src/credit/score.ts'

let credit = readCredit(readFileSync(0, 'utf8'))
credit = withDecision(credit, 'fr.siren:1', { at: '2026-11-27', by: 'c@d.test', choice: 'end', reason: 'page', limit_cents: null, score: null, recommended_cents: 7 })
credit = withClient(withParameters(credit, { ...USUAL, own_weight: 0.25 }), 'fr.siren:1', { insured_cents: 2_000 })
const lights = withTask(withLights(readLights(null), { 'fr.siren:1': 'red', 'fr.siren:2': 'green' }, '2026-11-27'), 'fr.siren:1', 'call', '2026-12-01')
process.stdout.write(`[${written(credit)},${written(lights)}]`)
