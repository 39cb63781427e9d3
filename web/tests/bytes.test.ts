import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToUuid, fromBase32, fromBase64, fromBase64Url, fromUtf8, toBase32, toBase64, uuidToBytes } from '../src/bytes.ts'
import { readAccountKey, showAccountKey } from '../src/keys/account_key.ts'

test('base32 is that of RFC 4648, without padding', () => {
  const said: [string, string][] = [['', ''], ['f', 'MY'], ['fo', 'MZXQ'], ['foo', 'MZXW6'], ['foob', 'MZXW6YQ'], ['fooba', 'MZXW6YTB'], ['foobar', 'MZXW6YTBOI']]
  for (const [plain, text] of said) {
    assert.equal(toBase32(new TextEncoder().encode(plain)), text)
    assert.equal(fromUtf8(fromBase32(text)!), plain)
  }
})

test('an account key is read back however a person types it, and nothing else is', () => {
  const key = Uint8Array.from({ length: 16 }, (_, at) => at * 16 + 3)
  const shown = showAccountKey(key)
  assert.match(shown, /^VK1-/)
  for (const typed of [shown, shown.toLowerCase(), shown.replaceAll('-', ' '), ` ${shown.slice(4)} `]) assert.deepEqual(readAccountKey(typed), key)
  for (const wrong of ['', 'VK1-', shown.slice(0, -2), `${shown}AAAA`, 'VK1-!!!!']) assert.equal(readAccountKey(wrong), null)
})

test('base64 and UUIDs survive the round trip', () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256)
  assert.deepEqual(fromBase64(toBase64(bytes)), bytes)
  assert.equal(bytesToUuid(uuidToBytes('6f1c2c5e-0d0b-4c52-9f61-8f1a2b3c4d5e')), '6f1c2c5e-0d0b-4c52-9f61-8f1a2b3c4d5e')
  assert.deepEqual([...fromBase64Url('_-8')], [255, 239])
})
