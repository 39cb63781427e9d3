import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bySeverity, counted, folded, listed, type Item } from '../src/alerts/listing.ts'
import type { AlertFacts, LifeFacts } from '../src/network/answers.ts'
import { wayBack } from '../src/alerts/way_back.ts'

const item = (id: string, severity: string, state: string, owed: number, more: Partial<Item> = {}): Item => ({
  alert: { id, severity, month: '2026-10', kind: 'drift' } as AlertFacts,
  row: 0,
  name: 'Négoce Aubrac',
  city: 'Brest',
  life: undefined,
  state,
  owed,
  ...more,
})
const items = [
  item('a', 'info', 'new', 1),
  item('b', 'urgent', 'closed', 2),
  item('c', 'act', 'assigned', 3, { life: { assignee: 'me' } as LifeFacts, name: 'Câblerie Plouha' }),
  item('d', 'act', 'seen', 900),
  item('e', 'urgent', 'reopened', Number.NaN),
  item('f', 'info', 'seen', 0, { name: 'Sel de Guérande' }),
  item('g', 'info', 'assigned', 50, { name: 'Toiles de Locronan' }),
]
const ids = (found: readonly Item[]): string => found.map((one) => one.alert.id).join('')

test('the most urgent comes first, then what is owed; closed, snoozed and muted are aside, and information is nobody’s task until it is given to somebody', () => {
  assert.equal(ids(listed(items, { which: 'open', kind: '', search: '' }, 'me')), 'edcg')
  assert.equal(ids(listed(items, { which: 'info', kind: '', search: '' }, 'me')), 'af')
  assert.equal(ids(listed(items, { which: 'aside', kind: '', search: '' }, 'me')), 'b')
  assert.equal(ids(listed(items, { which: 'new', kind: '', search: '' }, 'me')), 'e')
  assert.equal(ids(listed(items, { which: 'mine', kind: '', search: '' }, 'me')), 'c')
  assert.equal(ids(listed(items, { which: 'mine', kind: '', search: '' }, undefined)), '')
  assert.deepEqual(counted(items, 'me'), { open: 4, new: 1, mine: 1, info: 2, aside: 1, all: 7 })
  assert.deepEqual(bySeverity(listed(items, { which: 'all', kind: '', search: '' }, 'me')).map(([level, found]) => [level, ids(found)]), [
    ['urgent', 'be'],
    ['act', 'dc'],
    ['info', 'gaf'],
  ])
})

test('a client is found without its accents, by several words, and by city', () => {
  assert.equal(folded('Négoce'), 'negoce')
  assert.equal(ids(listed(items, { which: 'all', kind: '', search: 'plouha cable' }, 'me')), 'c')
  assert.equal(ids(listed(items, { which: 'all', kind: '', search: 'brest AUBRAC' }, 'me')), 'beda')
  assert.equal(ids(listed(items, { which: 'all', kind: 'shock', search: '' }, 'me')), '')
})

test('every action has its way back to how the life stood', () => {
  const life = (more: Partial<LifeFacts>): LifeFacts => ({ state: 'seen', assignee: null, snoozed_until: null, reason: null, ...more }) as LifeFacts
  assert.deepEqual(wayBack(undefined, { action: 'assign', assignee: 'x' }), [{ action: 'unassign' }])
  assert.deepEqual(wayBack(life({ assignee: 'y' }), { action: 'assign', assignee: 'x' }), [{ action: 'assign', assignee: 'y' }])
  assert.deepEqual(wayBack(life({}), { action: 'snooze', until: '2026-12-01' }), [{ action: 'wake' }])
  assert.deepEqual(wayBack(life({ state: 'snoozed', snoozed_until: '2026-12-05' }), { action: 'wake' }), [{ action: 'snooze', until: '2026-12-05' }])
  assert.deepEqual(wayBack(life({}), { action: 'close', reason: 'paid' }), [{ action: 'reopen' }, { action: 'see' }])
  assert.deepEqual(wayBack(life({ state: 'reopened' }), { action: 'close', reason: 'paid' }), [{ action: 'reopen' }])
  assert.deepEqual(wayBack(life({ state: 'closed', reason: 'known' }), { action: 'reopen' }), [{ action: 'close', reason: 'known' }])
  assert.deepEqual(wayBack(life({}), { action: 'see' }), [])
})
