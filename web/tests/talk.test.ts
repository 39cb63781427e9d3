/** One conversation on a page: what comes between two of its steps, one interleaving a test. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { away, Device, FIRM, KEY, said, World } from './lone_talk.ts'
import { toHex } from '../src/bytes.ts'
import { messageId } from '../src/chat/envelope.ts'
import { NOTHING, sealState } from '../src/chat/state.ts'

beforeEach(() => {
  new Device().use()
})

const texts = (world: World): unknown[] => world.talk.entries.map(({ said }) => said && 'text' in said && said.text)

test('what another device has read meanwhile does not cut off a history that is being read', async () => {
  const world = await World.begun()
  await world.theySay(said('before'))
  let meanwhile: Awaited<ReturnType<World['theySay']>> | undefined
  world.instead = async (path) => {
    if (!path.includes(`/messages?after=1`)) return undefined
    world.instead = () => undefined
    const page = { counter: 1, messages: [] }
    meanwhile = await world.theySay(said('meanwhile'))
    const id = toHex(messageId(world.messages[1]!))
    await world.talk.applyState(1, await sealState(KEY, FIRM, world.id, { ...NOTHING, read: 2, id }))
    return page
  }
  await world.talk.load(world.facts())
  await world.talk.hear(meanwhile!)
  assert.equal(world.talk.broken, null)
  assert.deepEqual(texts(world), ['before', 'meanwhile'])
})

test('a load that failed midway is read from the start, each message once', async () => {
  const world = await World.begun()
  await world.theySay(said('one'))
  const stale = world.facts()
  await world.theirEpoch()
  await world.theySay(said('two'))
  world.instead = (path) => (path.endsWith(world.id) ? away() : undefined)
  await world.talk.load(stale)
  assert.equal(world.talk.ready, false)
  world.instead = () => undefined
  await world.talk.load(world.facts())
  assert.deepEqual(texts(world), ['one', 'two'])
  assert.equal((await world.talk.taken()).messages.length, 2)
})

test('a network that answers as it should again ends what stopped the first load', async () => {
  const world = await World.begun()
  await world.theySay(said('one'))
  await world.talk.load(world.facts())
  const later = world.opened()
  world.instead = (path) => (path.includes('/messages?') ? { counter: 0, messages: [] } : undefined)
  await later.load(world.facts())
  assert.equal(later.broken?.code, 'chat-truncated')
  world.instead = () => undefined
  await later.load(world.facts())
  assert.equal(later.broken, null)
  assert.equal(later.ready, true)
})

test('a page left open over the turn of a month makes no epoch for every message', async () => {
  const world = await World.begun()
  world.today = '2026-12-01' // the page has not heard of it
  await world.talk.load(world.facts())
  await world.talk.hear(await world.theirEpoch())
  for (const text of ['one', 'two']) {
    await world.talk.put(said(text))
    await world.talk.hear(await world.stored())
  }
  assert.equal(world.made, 0)
  assert.deepEqual(texts(world), ['one', 'two'])
})

async function agreed(): Promise<World> {
  const world = await World.begun()
  await world.talk.load(world.facts())
  await world.talk.put({ kind: 'reveal-offer' })
  await world.talk.hear(await world.stored())
  await world.talk.hear(await world.theySay({ kind: 'reveal-offer' }))
  return world
}

const COMMIT = { kind: 'reveal-commit' as const, commitment: 'A'.repeat(43) + '=' }
const OPEN = { kind: 'reveal-open' as const, statement: '', nonce: COMMIT.commitment }

/** As the chain has it; what the openings say proves nothing. */
async function revealed(): Promise<World> {
  const world = await agreed()
  for (const step of [COMMIT, OPEN]) {
    await world.talk.put(step)
    await world.talk.hear(await world.stored())
    await world.talk.hear(await world.theySay(step))
  }
  assert.equal(world.talk.stage, 'opened')
  return world
}

test('a step of the reveal that a page takes by itself leaves unread what nobody has seen', async () => {
  const world = await agreed()
  await world.talk.hear(await world.theySay(said('important')))
  await world.talk.put(COMMIT)
  await world.talk.hear(await world.stored())
  assert.equal(world.talk.unread, 1)
  assert.ok(world.talk.shared.readThrough < 3)
})

test('a step of the reveal after all has been read is no news', async () => {
  const world = await agreed()
  world.talk.markRead()
  await world.talk.put(COMMIT)
  await world.talk.hear(await world.stored())
  assert.equal(world.talk.shared.readThrough, 3)
})

test('what was read with another device’s own word is still told to the other side, once', async () => {
  const world = await revealed()
  await world.talk.hear(await world.theySay(said('one')))
  world.talk.shared.readThrough = world.messages.length // as another device has told
  world.talk.markRead()
  world.talk.markRead()
  await world.talk.hear({ type: 'none' })
  assert.deepEqual(world.talk.pending, [{ kind: 'read', through: world.messages.length }])
})
