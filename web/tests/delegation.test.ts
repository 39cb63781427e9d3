import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../src/bytes.ts'
import { DELEGATION_BYTES, issueDelegation, readDelegation, SCOPE } from '../src/keys/delegation.ts'
import { publicKey, sign, verify } from '../src/keys/signing.ts'

test('a delegation is read back under its root and firm alone', () => {
  const [root, other, device, firm] = [random(32), random(32), random(32), random(16)]
  const grant = { firm, device: publicKey(device), scopes: SCOPE.evaluate | SCOPE.upload, notBefore: 1_790_000_000, expires: 1_800_000_000 }
  const bytes = issueDelegation(root, grant)
  assert.equal(bytes.length, DELEGATION_BYTES)
  assert.deepEqual(readDelegation(bytes, publicKey(root), firm), grant)
  assert.equal(readDelegation(bytes, publicKey(other), firm), null)
  assert.equal(readDelegation(bytes, publicKey(root), random(16)), null)
})

test('a signature for one purpose serves no other', () => {
  const seed = random(32)
  const payload = random(20)
  const signature = sign(seed, 'upload', payload)
  assert.ok(verify(publicKey(seed), 'upload', payload, signature))
  assert.ok(!verify(publicKey(seed), 'book', payload, signature))
  assert.ok(!verify(random(31), 'upload', payload, signature))
})
