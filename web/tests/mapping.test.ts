import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepMapping, readMapping } from '../src/uploads/mapping.ts'
import type { Kind, Meaning } from '../src/uploads/sheet.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  read: { name: string; headers: string[]; mapping: string; valid: boolean; kind?: string; page: (Meaning | null)[] | string }[]
  kept: { kind: Kind; headers: string[]; mapping: (Meaning | null)[]; columns: Record<string, string>; date_order: string }[]
}

const known = vectors<Vectors>('mapping.json')

for (const one of known.read) {
  test(`a kept mapping is read as the agent reads it, or left to it: ${one.name}`, () => {
    const read = readMapping(one.mapping, one.headers)
    if (typeof one.page === 'string') assert.equal('what' in read && read.what, one.page)
    else assert.deepEqual(read, { kind: one.kind, mapping: one.page })
  })
}

test('what the page keeps, it reads back, in the agent’s own shape', () => {
  for (const one of known.kept) {
    const text = keepMapping(one.kind, one.headers, one.mapping)
    const kept = JSON.parse(text) as Record<string, unknown>
    assert.deepEqual(kept['columns'], one.columns)
    assert.equal(kept['date_order'], one.date_order)
    assert.deepEqual(Object.keys(kept), ['kind', 'columns', 'date_order', 'decimal', 'defaults', 'heading_row', 'sheet', 'rates', 'added', 'version'])
    assert.deepEqual(readMapping(text, one.headers), { kind: one.kind, mapping: one.mapping })
  }
})
