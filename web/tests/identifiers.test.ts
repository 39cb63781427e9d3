import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifierShown, readIdentifier } from '../src/pseudonyms/identifiers.ts'
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

test('every kind of number is shown as people write it, and never with its scheme', () => {
  const shown = (identifier: string, lang: 'fr' | 'en' = 'fr'): string => identifierShown(identifier, lang).replaceAll('\u00a0', ' ')
  assert.equal(shown('fr.siren:000093906'), 'SIREN 000 093 906')
  assert.equal(shown('eu.vat:BE0403170701'), 'TVA BE 0403170701')
  assert.equal(shown('eu.vat:BE0403170701', 'en'), 'VAT BE 0403170701')
  assert.equal(shown('lei:969500KSV493XWY0PS33'), 'LEI 9695 00KS V493 XWY0 PS33')
  assert.equal(shown('gb.crn:SC123456', 'en'), 'CRN SC123456')
  assert.equal(shown('duns:150483782'), 'DUNS 150 483 782')
  for (const { canonical } of said.accepted) assert.doesNotMatch(identifierShown(canonical, 'en'), /:/)
})
