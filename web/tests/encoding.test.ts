import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, random, toHex } from '../src/bytes.ts'
import { decodeUpload, digest, encodeUpload, type Figures, frame, HEADER_BYTES, NotCanonical, ROW_BYTES } from '../src/uploads/encoding.ts'
import { encodeInSteps, fieldsTold, firstRows, rowsIn } from '../src/uploads/encoding_steps.ts'
import { vectors } from './vectors.ts'

const upload = () => ({
  firm: random(16),
  month: 24322,
  currency: 'EUR',
  replaces: null,
  key: random(32),
  rows: [
    { pseudonym: new Uint8Array(32).fill(200), figures: { outstanding: 125_000, paid_days_late: -4_000_000_000_000, dso: 457 } },
    { pseudonym: new Uint8Array(32).fill(3), figures: { outstanding: -1, sector: 3 } },
  ],
})

test('rows leave sorted by pseudonym and come back with what was known, nothing more', () => {
  const before = upload()
  const bytes = encodeUpload(before)
  assert.equal(bytes.length, HEADER_BYTES + 2 * ROW_BYTES)
  const after = decodeUpload(bytes)
  assert.deepEqual(after.rows, before.rows.toReversed())
  assert.equal(after.month, 24322)
  assert.equal(after.replaces, null)
})

test('a large upload written in steps has the same bytes, and is looked at without reading all of it', async () => {
  const rows = Array.from({ length: 12_345 }, (_, at) => ({ pseudonym: random(32), figures: at % 2 ? { outstanding: at } : { dso: at % 100 } }))
  const large = { ...upload(), rows }
  const bytes = await encodeInSteps(large)
  assert.equal(await digest(bytes).then(toHex), await digest(encodeUpload(large)).then(toHex))
  assert.equal(rowsIn(bytes), 12_345)
  assert.deepEqual(fieldsTold(bytes), ['outstanding', 'dso'])
  assert.deepEqual(firstRows(bytes, 3), decodeUpload(bytes).rows.slice(0, 3))
  assert.deepEqual(firstRows(await encodeInSteps(upload()), 50), decodeUpload(encodeUpload(upload())).rows)
  assert.deepEqual(fieldsTold(encodeUpload({ ...upload(), rows: [] })), [])
})

test('rows that are not written anew stay as they were, in order, each pseudonym once', async () => {
  const row = (at: number, outstanding: number) => ({ pseudonym: new Uint8Array(32).fill(at), figures: { outstanding } })
  const kept = encodeUpload({ ...upload(), rows: [row(9, 90), row(1, 10), row(5, 50)] })
  const written = await encodeInSteps({ ...upload(), rows: [row(7, 71), row(5, 51)] }, kept)
  assert.deepEqual(decodeUpload(written).rows, [row(1, 10), row(5, 51), row(7, 71), row(9, 90)])
  const empty = { ...upload(), rows: [] }
  assert.deepEqual(decodeUpload(await encodeInSteps(empty, kept)).rows, decodeUpload(kept).rows)
  assert.equal(rowsIn(await encodeInSteps(empty, encodeUpload(empty))), 0)
  const gone = new Set([toHex(row(9, 0).pseudonym), toHex(row(1, 0).pseudonym)])
  assert.deepEqual(decodeUpload(await encodeInSteps({ ...upload(), rows: [row(7, 71)] }, kept, gone)).rows, [row(5, 50), row(7, 71)])
})

test('an amount that no JavaScript number holds exactly is not written', () => {
  assert.throws(() => encodeUpload({ ...upload(), rows: [{ pseudonym: random(32), figures: { sales: 2 ** 53 } }] }), RangeError)
  const largest = { pseudonym: random(32), figures: { sales: 1 - 2 ** 53, paid: 2 ** 53 - 1, outstanding: -(2 ** 32), not_due: 2 ** 32 } }
  assert.deepEqual(decodeUpload(encodeUpload({ ...upload(), rows: [largest] })).rows, [largest])
})

test('cut bytes are not an upload', () => {
  assert.throws(() => decodeUpload(encodeUpload(upload()).slice(0, -1)), NotCanonical)
  assert.throws(() => decodeUpload(new Uint8Array(10)), NotCanonical)
})

test('each upload in a request stands behind its length', () => {
  assert.deepEqual([...frame([Uint8Array.of(7), Uint8Array.of(8, 9)])], [1, 0, 0, 0, 7, 2, 0, 0, 0, 8, 9])
})

interface Cases {
  cases: { name: string; firm: string; month: number; currency: string; replaces: string | null; key: string; rows: { pseudonym: string; figures: Figures }[]; encoded: string; digest: string }[]
}

for (const one of vectors<Cases>('upload.json').cases) {
  test(`the canonical bytes are Python's: ${one.name}`, async () => {
    const rows = one.rows.map((row) => ({ pseudonym: fromHex(row.pseudonym), figures: row.figures }))
    const bytes = encodeUpload({ firm: fromHex(one.firm), month: one.month, currency: one.currency, replaces: one.replaces ? fromHex(one.replaces) : null, key: fromHex(one.key), rows })
    assert.equal(toHex(bytes), one.encoded)
    assert.equal(toHex(await digest(bytes)), one.digest)
    assert.equal(toHex(encodeUpload(decodeUpload(fromHex(one.encoded)))), one.encoded)
  })
}
