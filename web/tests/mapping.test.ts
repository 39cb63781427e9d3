import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepMapping, mappingOf, readMapping } from '../src/connectors/mapping.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  read: { name: string; mapping: string; valid: boolean; kind?: string }[]
}

for (const one of vectors<Vectors>('mapping.json').read) {
  test(`a kept mapping is read as the agent reads it: ${one.name}`, () => {
    const read = readMapping(one.mapping)
    assert.equal(read !== null, one.valid)
    if (read && one.kind) assert.equal(read.kind, one.kind)
  })
}

test('what the page keeps, it reads back, in the agent’s own shape, without the month of one file', () => {
  const mapping = mappingOf('figures', { identifier: 'SIREN', outstanding: 'Encours' }, { defaults: { month: '2026-01', currency: 'EUR' } })
  const kept = JSON.parse(keepMapping(mapping)) as Record<string, unknown>
  assert.deepEqual(Object.keys(kept), ['kind', 'columns', 'date_order', 'decimal', 'defaults', 'heading_row', 'sheet', 'rates', 'added', 'version'])
  assert.deepEqual(readMapping(keepMapping(mapping)), { ...mapping, defaults: { currency: 'EUR' } })
})
