import assert from 'node:assert/strict'
import { test } from 'node:test'

import { zipSync } from 'fflate'

import { unpack } from '../src/connectors/archive.ts'
import { Refusal } from '../src/connectors/problems.ts'

const codeOf = (bytes: Uint8Array): string => {
  try {
    unpack(bytes, () => true)
  } catch (error) {
    assert.ok(error instanceof Refusal)
    assert.doesNotMatch(error.problems[0]?.found ?? '', /[a-z] [a-z]/, 'the words of a library are in one language')
    return error.problems[0]!.code
  }
  return ''
}

test('an archive with a password is said to be locked', () => {
  const bytes = zipSync({ 'a.txt': new Uint8Array(9) })
  bytes[6]! |= 1
  assert.equal(codeOf(bytes), 'file-locked')
})

test('a broken archive is said to be damaged, whatever its bits', () => {
  assert.equal(codeOf(new Uint8Array([0x50, 0x4b, 3, 4, ...new Array<number>(60).fill(0xff)])), 'file-damaged')
  const whole = zipSync({ 'a.txt': new Uint8Array(9) })
  whole[6]! |= 1
  assert.equal(codeOf(whole.slice(0, 40)), 'file-damaged')
})
