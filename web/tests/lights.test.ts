import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_TASK, readLights, withLights, withTask, withTaskDone } from '../src/credit/credit_file.ts'

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
