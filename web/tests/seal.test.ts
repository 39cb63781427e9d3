import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random, utf8 } from '../src/bytes.ts'
import { bookName, NotOpened, open, seal } from '../src/keys/seal.ts'

test('what was sealed opens under its key and its name, and under no other', async () => {
  const key = random(32)
  const plain = utf8('Verrerie Gâtinais')
  const sealed = await seal(key, plain, bookName('firm', 'names'))
  assert.deepEqual(await open(key, sealed, bookName('firm', 'names')), plain)
  await assert.rejects(open(key, sealed, bookName('firm', 'ledger/2026-11')), NotOpened)
  await assert.rejects(open(random(32), sealed, bookName('firm', 'names')), NotOpened)
  const touched = sealed.slice()
  touched[touched.length - 1]! ^= 1
  await assert.rejects(open(key, touched, bookName('firm', 'names')), NotOpened)
})

test('a seal of another version is refused before any key is tried', async () => {
  await assert.rejects(open(random(32), Uint8Array.of(2, ...random(40)), 'x'), NotOpened)
})
