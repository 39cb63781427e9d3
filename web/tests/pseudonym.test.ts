import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ristretto255_oprf } from '@noble/curves/ed25519.js'
import { concat, fromHex, toHex, type Bytes } from '../src/bytes.ts'
import { blind, evaluationPayload, finalizeSum, keyId, proved, type Blinded } from '../src/pseudonyms/blind.ts'
import { elementsOf } from '../src/pseudonyms/proof.ts'
import { vectors } from './vectors.ts'

interface Vector {
  Batch: number
  Input: string
  Blind: string
  BlindedElement: string
  EvaluationElement: string
  Output: string
  Proof: { proof: string }
}
const suites = vectors<{ mode: number; pkSm: string; vectors: Vector[] }[]>('rfc9497_ristretto255_sha512.json')
const { voprf: suite } = ristretto255_oprf
const voprf = suites.find((suite) => suite.mode === 1)!
const list = (text: string): Bytes[] => text.split(',').map(fromHex)
const asText = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes)

/** Randomness that gives these scalars: the library draws 48 bytes and maps them to 1..order-1 by adding one. */
function drawing(scalars: Bytes[]): () => Uint8Array {
  const left = [...scalars]
  return () => {
    const drawn = new Uint8Array(48)
    drawn.set(left.shift()!)
    let at = 0
    while (drawn[at] === 0) drawn[at++] = 255
    drawn[at]! -= 1
    return drawn
  }
}

function finalized(batch: Blinded, evaluated: Bytes, proof: Bytes): Bytes[] {
  const checked = proved(elementsOf(batch.blinded), evaluated, proof, fromHex(voprf.pkSm))
  if (!checked) throw new Error('the proof does not hold')
  return finalizeSum(batch, [checked])
}

for (const [at, vector] of voprf.vectors.entries()) {
  test(`RFC 9497, VOPRF(ristretto255, SHA-512), vector ${at + 1}, batch of ${vector.Batch}`, () => {
    const inputs = list(vector.Input)
    if (inputs.every((input) => input.every((byte) => byte < 128))) {
      const batch = blind(inputs.map(asText), drawing(list(vector.Blind)))
      assert.deepEqual(batch.blinded.map(toHex), vector.BlindedElement.split(','))
      assert.deepEqual(batch.blinds.map(toHex), vector.Blind.split(','))
    }
    const batch = { inputs, blinds: list(vector.Blind), blinded: list(vector.BlindedElement) }
    const evaluated = concat(...list(vector.EvaluationElement))
    const proof = fromHex(vector.Proof.proof)
    const outputs = finalized(batch, evaluated, proof).map(toHex)
    assert.deepEqual(outputs, vector.Output.split(',').map((output) => output.slice(0, 64)))
    const touched = proof.slice()
    touched[0]! ^= 1
    assert.throws(() => finalized(batch, evaluated, touched))
    assert.throws(() => finalized(batch, evaluated.slice(32), proof))
    assert.throws(() => finalized(batch, evaluated.slice(1), proof))
    assert.throws(() => finalized(batch, evaluated, proof.slice(1)))
    assert.throws(() => finalized(batch, new Uint8Array(evaluated.length), proof))
    assert.throws(() => finalized(batch, concat(...batch.blinded), proof))
  })
}

test('two blindings of one identifier share nothing', () => {
  const [first, second] = [blind(['fr.siren:552100554']), blind(['fr.siren:552100554'])]
  assert.notDeepEqual(first.blinded, second.blinded)
})

test('a request to the holder is signed over the firm, the elements and the moment', async () => {
  const payload = await evaluationPayload(new Uint8Array(16).fill(1), 1, new Uint8Array(64), 1_790_000_000, new Uint8Array(16).fill(2), ['k'])
  assert.equal(payload.length, 16 + 4 + 4 + 32 + 8 + 16 + 1)
  assert.equal(toHex(payload.slice(16, 24)), '0100000002000000')
  assert.equal((await keyId(new Uint8Array(32))).length, 32)
})

/** What the library's own finalize takes of one element. */
function oneOf(key: { secretKey: Uint8Array; publicKey: Uint8Array }, blinded: Uint8Array) {
  const { evaluated, proof } = suite.blindEvaluate(key.secretKey, key.publicKey, blinded)
  return [evaluated, blinded, key.publicKey, proof] as const
}

test('a proof over hundreds of elements holds, and not with one of them exchanged', () => {
  const key = suite.generateKeyPair()
  const batch = blind(Array.from({ length: 260 }, (_, at) => `fr.siren:${at}`))
  const { evaluated, proof } = suite.blindEvaluateBatch(key.secretKey, key.publicKey, batch.blinded)
  const elements = elementsOf(batch.blinded)
  const checked = proved(elements, concat(...evaluated), proof, key.publicKey)
  const last = batch.inputs.length - 1
  const alone = suite.finalize(batch.inputs[last]!, batch.blinds[last]!, ...oneOf(key, batch.blinded[last]!))
  assert.deepEqual(finalizeSum(batch, [checked!])[last], alone.slice(0, 32))
  const exchanged = [evaluated[1]!, evaluated[0]!, ...evaluated.slice(2)]
  assert.equal(proved(elements, concat(...exchanged), proof, key.publicKey), null)
})
