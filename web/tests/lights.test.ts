import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AskedSince, NO_TASK, readLights, withLights, withTask, withTaskBack, withTaskDone } from '../src/credit/credit_file.ts'

test('a device that does not know a colleague’s new client yet leaves its light and its task', () => {
  let lights = withLights(readLights(null), { old: 'green', fresh: 'red', asked: 'amber' }, '2026-11-26')
  lights = withTaskDone(withTask(lights, 'asked', 'call', null), 'asked')
  lights = withLights(lights, { old: 'red' }, '2026-11-27')
  assert.deepEqual(lights.clients, {
    old: { ...NO_TASK, light: 'red' },
    fresh: { ...NO_TASK, light: 'red' },
    asked: { light: 'amber', task: 'call', due: null, done: true },
  })
  assert.equal(lights.made_on, '2026-11-27')
})

test('undoing what was asked of sales goes over nothing that a colleague has asked since', () => {
  const before = withTask(readLights(null), 'who', 'call', '2026-12-01')
  const asked = withTask(before, 'who', 'sign', null)
  assert.deepEqual(withTaskBack(asked, 'who', 'sign', before.clients['who']!), before)
  assert.throws(() => withTaskBack(withTask(asked, 'who', 'visit', null), 'who', 'sign', before.clients['who']!), AskedSince)
  const renewed = withTaskBack(withLights(asked, { who: 'red' }, '2026-11-27'), 'who', 'sign', before.clients['who']!)
  assert.equal(renewed.clients['who']!.light, 'red', 'the light is today’s')
})
