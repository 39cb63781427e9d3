import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ordered } from '../src/portfolio/ranking.ts'

const FIGURES = [3, -0, 0, Number.NaN, -1.5, 2 ** 53 - 1, 2 ** 53 - 2, 1 - 2 ** 53, 1e-9, 2 ** 40 + 1, 2 ** 40, 2 ** 40 + 2, -(2 ** 40), -(2 ** 40) - 1, 3e38, -3e38]
const values = Float64Array.from({ length: 3_000 }, (_, row) => (row % 3 ? FIGURES[row % FIGURES.length]! : ((row * 7_919) % 1_000) - 500))
const rows = Uint32Array.from(values, (_, row) => (row + 1_234) % values.length)
const rank = new Uint32Array(rows.length)
rows.forEach((row, at) => (rank[row] = at))

for (const descending of [false, true]) {
  test(`rows by a figure, ${descending ? 'falling' : 'rising'}: what is unknown last, equals by name`, () => {
    for (const figures of [values, new Float32Array(values)]) {
      const expected = rows.toSorted((left, right) => {
        const [a, b] = [figures[left]!, figures[right]!]
        const missing = Number(Number.isNaN(a)) - Number(Number.isNaN(b))
        const apart = a === b || Number.isNaN(a) || missing ? missing : a < b === descending ? 1 : -1
        return apart || rank[left]! - rank[right]!
      })
      assert.deepEqual(ordered(figures, { rows, rank }, descending), expected)
    }
  })
}

test('no row and one row are in order', () => {
  const none = new Uint32Array(0)
  assert.deepEqual(ordered([], { rows: none, rank: none }, true), none)
  assert.deepEqual(ordered([Number.NaN], { rows: Uint32Array.of(0), rank: Uint32Array.of(0) }, true), Uint32Array.of(0))
})
