import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readIdentifier } from '../src/pseudonyms/identifiers.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  accepted: { text: string; canonical: string }[]
  refused: { text: string }[]
}
const said = vectors<Vectors>('identifiers.json')
/** The schemes that the page reads; the agent reads more. */
const french = (text: string): boolean => /^(FR\s?\d\d)?[\d\s.\u00a0\u202f-]+$/i.test(text)

for (const { text, canonical } of said.accepted) {
  test(`${text} is the client that the agent knows, or nobody`, () => {
    const found = readIdentifier(text)
    if (french(text) && canonical.startsWith('fr.siren:')) assert.equal(found, canonical)
    else if (typeof found === 'string') assert.equal(found, canonical)
  })
}

for (const { text } of said.refused) {
  test(`${text || 'nothing'} is refused as the agent refuses it`, () => {
    assert.equal(typeof readIdentifier(text), 'object')
  })
}
