import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commentName } from '../src/alerts/comments.ts'
import { fromBase64, fromUtf8 } from '../src/bytes.ts'
import { NotOpened, open } from '../src/keys/seal.ts'
import { vectors } from './vectors.ts'

const known = vectors<Record<'firm' | 'life' | 'comment' | 'name' | 'key' | 'text' | 'sealed', string>>('alert_comment.json')

test('a comment that the agent sealed opens in the page, in its own place and nowhere else', async () => {
  const name = commentName(known.firm, known.life, known.comment)
  assert.equal(name, known.name)
  const sealed = fromBase64(known.sealed)
  assert.equal(fromUtf8(await open(fromBase64(known.key), sealed, name)), known.text)
  const elsewhere = commentName(known.firm, known.comment, known.life)
  await assert.rejects(open(fromBase64(known.key), sealed, elsewhere), NotOpened)
})
