import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commentName, readComments, writeComment } from '../src/alerts/comments.ts'
import { fromBase64, fromUtf8, utf8, toBase64 } from '../src/bytes.ts'
import { NotOpened, open, seal } from '../src/keys/seal.ts'
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

const [KEY, FIRM] = [fromBase64(known.key), known.firm]

async function sealedFor(life: string, id: string, text: string): Promise<{ id: string; author: string; at: string; sealed: string }> {
  return { id, author: 'user:1', at: '2026-01-05', sealed: toBase64(await seal(KEY, utf8(text), commentName(FIRM, life, id))) }
}

test('a comment for any alert of the life opens, and one for another keeps nobody from the others', async (test) => {
  const found = [await sealedFor('first', '1', 'Called.'), await sealedFor('later', '2', 'Agreed.'), await sealedFor('elsewhere', '3', 'Moved.')]
  test.mock.method(globalThis, 'fetch', () => Promise.resolve(Response.json(found)))
  const read = await readComments([KEY], FIRM, ['first', 'later'], 'later')
  assert.deepEqual(read.map((one) => one.text), ['Called.', 'Agreed.', null])
})

test('what is sent again because no answer came is the same comment, and the same words later are another', async (test) => {
  const sent: { id: string }[] = []
  test.mock.method(globalThis, 'fetch', (_path: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body) as { id: string })
    return sent.length === 1 ? Promise.reject(new TypeError('no answer')) : Promise.resolve(Response.json({ id: sent.at(-1)!.id }))
  })
  const say = (text: string): Promise<void> => writeComment(KEY, FIRM, 'life', 'alert', text)
  await assert.rejects(say('Called.'))
  await say('Called, twice.')
  await say('Called.')
  await say('Called.')
  const [lost, changed, again, once] = sent.map((one) => one.id)
  assert.equal(again, lost)
  assert.equal(new Set([lost, changed, once]).size, 3)
})
