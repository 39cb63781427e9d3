import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64, type Bytes } from '../src/bytes.ts'
import { follow, readRoster, total } from '../src/network/roster.ts'
import { RosterRefused, type SignedRoster } from '../src/network/roster_facts.ts'
import { finalizeSum, keyId, proved, publicOf, type Blinded } from '../src/pseudonyms/blind.ts'
import { elementsOf } from '../src/pseudonyms/proof.ts'
import { PARTS_OF, whoAnswers } from '../src/pseudonyms/parts.ts'
import { vectors } from './vectors.ts'

interface Vector {
  name: string
  pinned: string
  chain: SignedRoster[]
  outcome: string
}

for (const vector of vectors<Vector[]>('roster.json')) {
  test(`a chain of rosters: ${vector.name}`, async () => {
    let outcome: string
    try {
      const followed = await follow(vector.pinned, vector.chain)
      outcome = followed.rekeyed ? 'rekeyed' : followed.body === vector.pinned ? 'same' : 'moved'
    } catch (error) {
      assert.ok(error instanceof RosterRefused, String(error))
      outcome = error.code
    }
    assert.equal(outcome, vector.outcome)
  })
}

test('the key id is that of the sum of the parts', async () => {
  const [first] = vectors<Vector[]>('roster.json')
  const roster = readRoster(fromBase64(first!.pinned))
  assert.equal((await keyId(total(roster))).length, 32)
})

test('any two of three holders have every part, one alone has not', () => {
  const wanted = new Set(PARTS_OF['three'])
  for (const up of [[1, 2], [2, 1], [1, 3], [3, 2]]) {
    const asked = whoAnswers(up, wanted)!
    assert.deepEqual([...asked.values()].flat().sort(), ['k12', 'k13', 'k23'])
  }
  assert.equal(whoAnswers([2], wanted), null)
})

interface Shared {
  inputs: string[]
  blinds: string[]
  blinded: string[]
  answers: { evaluated: string; proof: string; parts: string[] }[]
  pseudonyms: string[]
}

test('the answers of two holders add up to the pseudonyms that Python finds', () => {
  const shared = vectors<Shared>('holders.json')
  const batch: Blinded = {
    inputs: shared.inputs.map((one) => new TextEncoder().encode(one) as Bytes),
    blinds: shared.blinds.map(fromBase64),
    blinded: shared.blinded.map(fromBase64),
  }
  const blinded = elementsOf(batch.blinded)
  const checked = shared.answers.map(({ evaluated, proof, parts }, at) => {
    const publicKey = publicOf(parts.map(fromBase64))
    const other = shared.answers[1 - at]!
    assert.equal(proved(blinded, fromBase64(other.evaluated), fromBase64(other.proof), publicKey), null)
    return proved(blinded, fromBase64(evaluated), fromBase64(proof), publicKey)!
  })
  const found = finalizeSum(batch, checked)
  assert.deepEqual(found.map((one) => Buffer.from(one).toString('base64')), shared.pseudonyms)
})
