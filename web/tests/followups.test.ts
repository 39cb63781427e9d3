import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, dueOn, encode, merge, NO_STEP, over, Overtaken, standing, type FollowUp, type FollowUps } from '../src/followups/followups.ts'

const step = (at: string, more: Partial<FollowUp> = {}): FollowUp => ({ owner: '', next: 'call', due: '', promised: null, promisedFor: '', at, by: 'a@b.example', ...more })
const note = (id: string, at: string) => ({ id, at, by: 'a@b.example', text: id })

test('two devices’ changes merge: notes of both, and of the steps the later one, whoever merges', () => {
  const left: FollowUps = { 7: { followUp: step('2026-11-02'), notes: [note('a', '1')] } }
  const right: FollowUps = { 7: { followUp: step('2026-11-03'), notes: [note('b', '2')] }, 8: { followUp: null, notes: [] } }
  const merged = merge(left, right)
  assert.deepEqual(merged, merge(right, left))
  assert.equal(merged[7]!.followUp!.at, '2026-11-03')
  assert.deepEqual(merged[7]!.notes.map((one) => one.id), ['a', 'b'])
})

test('a note that its writer took back stays so, whichever side is merged into which, and its text is gone', () => {
  const written: FollowUps = { 7: { followUp: null, notes: [note('a', '1'), note('b', '2')] } }
  const taken: FollowUps = { 7: { followUp: null, notes: [{ ...note('a', '1'), text: '', gone: true }] } }
  for (const merged of [merge(written, taken), merge(taken, written)]) {
    assert.deepEqual(standing(merged[7]!.notes).map((one) => one.id), ['b'])
    assert.equal(merged[7]!.notes[0]!.text, '')
  }
})

test('a note alone leaves the step as it was', () => {
  const before: FollowUps = { 7: { followUp: step('2026-11-02'), notes: [] } }
  assert.equal(merge(before, { 7: { followUp: null, notes: [note('a', '1')] } })[7]!.followUp!.at, '2026-11-02')
})

test('what is due comes with its day, the oldest first; a promise counts as a day', () => {
  const all: FollowUps = {
    1: { followUp: step('x', { due: '2026-11-12' }), notes: [] },
    2: { followUp: step('x', { promised: 5, promisedFor: '2026-11-10' }), notes: [] },
    3: { followUp: step('x', { due: '2026-11-13' }), notes: [] },
    4: { followUp: step('x', { promisedFor: '2026-11-01' }), notes: [] },
  }
  assert.deepEqual(dueOn(all, '2026-11-12').map(([client]) => client), [2, 1])
})

test('the segment reads back, and another version is refused', () => {
  const all: FollowUps = { 1: { followUp: step('x'), notes: [note('a', '1')] } }
  assert.deepEqual(decode(encode(all)), all)
  assert.throws(() => decode('{"version":2,"clients":{}}'))
})

test('a step goes over the one that it was begun from alone, and is the later one whatever the clock says', () => {
  const [stands, next] = [step('2026-11-02T10:00:00.000Z'), { ...NO_STEP, next: 'write' }]
  const written = over(stands, stands, next, 'c@b.example', Date.parse('2026-11-02T09:57:00Z'))
  assert.equal(merge({ 7: { followUp: stands, notes: [] } }, { 7: { followUp: written, notes: [] } })[7]!.followUp!.next, 'write')
  assert.equal(written.by, 'c@b.example')
  assert.throws(() => over(stands, null, next, 'c@b.example'), Overtaken)
  assert.throws(() => over(stands, { ...stands, by: 'c@b.example' }, next, 'c@b.example'), Overtaken)
  assert.equal(over(null, null, next, 'c@b.example', 0).at, '1970-01-01T00:00:00.000Z')
})
