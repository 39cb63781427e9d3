import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64, sha256, toBase64, toHex } from '../src/bytes.ts'
import { headOf } from '../src/book/saving.ts'
import { joined } from '../src/keys/bundle.ts'
import { readAccountKey, showAccountKey } from '../src/keys/account_key.ts'
import { bundleName, NotOpened, open, seal } from '../src/keys/seal.ts'
import { derive } from '../src/keys/secrets.ts'
import { publicKey, sign, verify } from '../src/keys/signing.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  two_secrets: { password: string; account_key: string; kdf_salt: string; auth_key: string; wrapping_key: string }[]
  seals: { key: string; aad: string; plain: string; nonce: string; sealed: string }[]
  not_opened: { why: string; key: string; aad: string; sealed: string }[]
  bundles: { email: string; wrapping_key: string; name: string; sealed: string; role_keys: Record<string, string>; root_seed: string | null; device_seed: string | null }[]
  account_keys: { good: { account_key: string; text: string }[]; also_read: { account_key: string; text: string }[]; refused: string[] }
  book_heads: { head: string; seed: string; public: string; signature: string; previous: string | null }[]
}
const said = vectors<Vectors>('keys.json')

for (const one of said.two_secrets) {
  test(`two secrets give the same keys as in Python: ${one.password.length} characters`, () => {
    const found = derive(one.password, fromBase64(one.account_key), fromBase64(one.kdf_salt))
    assert.equal(toBase64(found.authKey), one.auth_key)
    assert.equal(toBase64(found.wrappingKey), one.wrapping_key)
  })
}

test('what Python sealed opens here, and what is sealed here opens again', async () => {
  for (const one of said.seals) {
    const key = fromBase64(one.key)
    assert.equal(toBase64(await open(key, fromBase64(one.sealed), one.aad)), one.plain)
    const again = await seal(key, fromBase64(one.plain), one.aad, fromBase64(one.nonce))
    assert.equal(toBase64(await open(key, again, one.aad)), one.plain)
  }
})

for (const one of said.not_opened) {
  test(`does not open: ${one.why}`, () => assert.rejects(open(fromBase64(one.key), fromBase64(one.sealed), one.aad), NotOpened))
}

test("a user's bundle opens under her wrapping key", async () => {
  for (const one of said.bundles) {
    assert.equal(bundleName(one.email), one.name)
    const plain = await open(fromBase64(one.wrapping_key), fromBase64(one.sealed), bundleName(one.email))
    const bundle = JSON.parse(new TextDecoder().decode(plain)) as { role_keys: Record<string, string>; root_seed?: string; device_seed?: string }
    assert.deepEqual(bundle.role_keys, one.role_keys)
    assert.equal(bundle.root_seed ?? null, one.root_seed)
    assert.equal(bundle.device_seed ?? null, one.device_seed)
  }
})

test('account keys are shown and read as by every program of the network', () => {
  for (const one of said.account_keys.good) {
    assert.equal(showAccountKey(fromBase64(one.account_key)), one.text)
    assert.equal(toBase64(readAccountKey(one.text)!), one.account_key)
  }
  for (const one of said.account_keys.also_read) assert.equal(toBase64(readAccountKey(one.text)!), one.account_key)
  for (const text of said.account_keys.refused) assert.equal(readAccountKey(text), null, text)
})

test("a book's head is the same bytes and the same signature", async () => {
  for (const one of said.book_heads) {
    const head = JSON.parse(new TextDecoder().decode(fromBase64(one.head))) as { sequence: number; segments: Record<string, string>; device: string }
    const previous = one.previous ? fromBase64(one.previous) : null
    const bytes = headOf(head.sequence, previous && toHex(await sha256(previous)), head.segments, head.device)
    assert.equal(toBase64(bytes), one.head)
    const seed = fromBase64(one.seed)
    assert.equal(toBase64(publicKey(seed)), one.public)
    assert.equal(toBase64(sign(seed, 'book', bytes)), one.signature)
    assert.ok(verify(fromBase64(one.public), 'book', bytes, fromBase64(one.signature)))
  }
})

test('what another device has put in stays: own keys that were there first, role keys of the newest roll', () => {
  const first = { names: 'n1', conversations: 'c1' }
  const second = { names: 'n2', conversations: 'c2', earlier: [{ conversations: 'c1' }] }
  assert.deepEqual(joined({ role_keys: first, subject_seed: 'own' }, { role_keys: first }), { role_keys: first, subject_seed: 'own' })
  assert.deepEqual(joined({ role_keys: first, subject_seed: 'own' }, { role_keys: second, subject_seed: 'another' }), { role_keys: second, subject_seed: 'own' })
  assert.deepEqual(joined({ role_keys: second }, { role_keys: first, delegation: 'd' }), { role_keys: second, delegation: 'd' })
})
