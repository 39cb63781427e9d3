/** Keys rolled after somebody left: each conversation by itself, however many the network lists. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToUuid, fromBase64, fromHex, random, toBase64, type Bytes } from '../src/bytes.ts'
import { sideName } from '../src/chat/state.ts'
import { turnAll } from '../src/chat/turning.ts'
import { open, seal } from '../src/keys/seal.ts'
import { talks, type TalkFacts } from '../src/network/talks.ts'
import { vectors } from './vectors.ts'

interface Setting {
  private: { caller: string }
  call: string
  answer: string
  opening: string
  conversation: string
  epochs: { record: string }[]
}

const given = vectors<Setting>('chat.json')
const FIRM = crypto.randomUUID()
const [fresh, before] = [random(32), random(32)]
const b64 = (hex: string): string => toBase64(fromHex(hex))

async function facts(id: string): Promise<TalkFacts> {
  return {
    id,
    side: 0,
    call: b64(given.call),
    answer: b64(given.answer),
    opening: b64(given.opening),
    epochs: given.epochs.map(({ record }) => ({ record: b64(record), made_on: '2026-11-01' })),
    successions: [],
    counter: 0,
    secret: toBase64(await seal(before, fromHex(given.private.caller), sideName(FIRM, id))),
    started_on: '2026-11-01',
    shown_within_seconds: 0,
  }
}

/** The network: answers by path; PUTs are kept, and refused with a status where `refuses` names one. */
function network(lists: Record<string, unknown>, refuses: (path: string) => number = () => 0): Map<string, { secret: string }> {
  const put = new Map<string, { secret: string }>()
  globalThis.fetch = async (path, init) => {
    const at = String(path)
    if (init?.method === 'PUT') {
      const status = refuses(at)
      if (status) return new Response(JSON.stringify({ type: 'urn:vigie:problem:made-up', title: 'no' }), { status })
      put.set(at, JSON.parse(init.body as string) as { secret: string })
      return new Response(null, { status: 204 })
    }
    return Response.json(lists[at] ?? [])
  }
  return put
}

const NOTHING = { '/api/calls?limit=500': { raised: [], received: [] }, '/api/conversation-states': [] }
const opens = (key: Bytes, { secret }: { secret: string }, id: string): Promise<Bytes> => open(key, fromBase64(secret), sideName(FIRM, id))

test('what does not verify is sealed again without new keys, and the rest is turned', async () => {
  const [bad, good] = [crypto.randomUUID(), bytesToUuid(fromHex(given.conversation))]
  const put = network({ ...NOTHING, '/api/conversations?limit=500': [await facts(bad), await facts(good)] })
  assert.deepEqual(await turnAll(FIRM, fresh, [before]), { anew: 1, resealed: [bad], untouched: [] })
  assert.equal((await opens(fresh, put.get(`/api/conversations/${bad}/secret`)!, bad)).length, 64)
  assert.equal((await opens(fresh, put.get(`/api/conversations/${good}/turn`)!, good)).length, 128)
})

for (const [status, told] of [[422, 'resealed'], [429, 'untouched']] as const)
  test(`what the network refuses with ${status} is ${told}, and the rest is turned`, async () => {
    const good = bytesToUuid(fromHex(given.conversation))
    const put = network({ ...NOTHING, '/api/conversations?limit=500': [await facts(good)] }, (path) => (path.endsWith('/turn') ? status : 0))
    const done = await turnAll(FIRM, fresh, [before])
    assert.deepEqual(done, { anew: 0, resealed: [], untouched: [], [told]: [good] })
    assert.equal(put.has(`/api/conversations/${good}/secret`), told === 'resealed')
  })

test('lists go on where a page is full', async () => {
  const page = Array.from({ length: 500 }, (_, at) => ({ id: `a${at}` }))
  network({
    '/api/conversations?limit=500': page,
    '/api/conversations?limit=500&after=a499': [{ id: 'last' }],
    '/api/calls?limit=500': { raised: page, received: [{ id: 'r' }] },
    '/api/calls?limit=500&raised_after=a499&received_after=r': { raised: [{ id: 'b' }], received: [] },
  })
  assert.equal((await talks.list()).at(-1)!.id, 'last')
  const { raised, received } = await talks.calls()
  assert.deepEqual([raised.length, raised.at(-1)!.id, received.length], [501, 'b', 1])
})
