import assert from 'node:assert/strict'
import test from 'node:test'
import { KEPT_DAYS, settle } from '../src/chat/gone.ts'

const NOW = Date.parse('2026-11-27T12:00:00Z')
const ago = (days: number): string => new Date(NOW - days * 86_400_000).toISOString()

test('a conversation that is listed no more is forgotten 12 months after its last message, and not before', () => {
  const before = { old: ago(KEPT_DAYS + 1), hidden: ago(KEPT_DAYS - 1), listed: ago(KEPT_DAYS + 1) }
  const { known, gone } = settle(before, { listed: ago(KEPT_DAYS + 1) }, NOW)
  assert.deepEqual(gone, ['old'])
  assert.deepEqual(Object.keys(known), ['hidden', 'listed'])
})

test('when it was spoken in last never goes back, whatever the network says now', () => {
  const { known } = settle({ one: ago(3) }, { one: ago(400), other: ago(2) }, NOW)
  assert.deepEqual(known, { one: ago(3), other: ago(2) })
})
