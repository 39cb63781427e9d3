import assert from 'node:assert/strict'
import { test } from 'node:test'
import { abovePath, axisOver, bandPath, commonAxis, linePath } from '../src/charts/axis.ts'

test('an axis holds its values between round ticks, and exists without any', () => {
  const axis = axisOver([3, 17, Number.NaN], 5)
  assert.ok(axis.low <= 3 && axis.high >= 17)
  assert.ok(axis.ticks.length <= 7)
  assert.deepEqual(axisOver([], 5).ticks, [0, 10])
  assert.ok(commonAxis(Float32Array.of(-3, 40, Number.NaN)).high >= 40)
})

test('a hole in the figures is a hole in the line and in the band', () => {
  assert.equal(linePath([0, 1, 2, 3], [1, Number.NaN, 2, 3]), 'M0.0 1.0h1.5M2.0 2.0L3.0 3.0')
  assert.equal(bandPath([0, 1, 2], [1, 1, Number.NaN], [5, 5, 5]).match(/Z/g)?.length, 1)
})

test('only what lies above the upper edge is filled', () => {
  assert.equal(abovePath([0, 10], [5, 5], [4, 4]), '')
  assert.match(abovePath([0, 10], [2, 6], [4, 4]), /L5\.0 4\.0/)
})
