/** One conversation on a page: what comes between two of its steps, one interleaving a test. */
import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { away, Device, FIRM, KEY, said, until, World } from './lone_talk.ts'
import { toBase64, toHex } from '../src/bytes.ts'
import { messageId } from '../src/chat/envelope.ts'
import { granted } from '../src/chat/refusals.ts'
import { HERE, sealSignal, TYPING } from '../src/chat/signals.ts'
import { NOTHING, sealState } from '../src/chat/state.ts'

let device: Device
beforeEach(() => {
  mock.timers.reset()
  device = new Device().use()
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

test('what is sent while an answer is waited for is shown and kept at once, and said when the page is opened again', async () => {
  const world = await World.begun()
  await world.talk.load(world.facts())
  world.instead = (path) => (path.endsWith('/keeping') ? new Promise(() => {}) : undefined)
  void world.talk.readKeeping()
  void world.talk.put(said('typed'))
  assert.deepEqual(world.talk.pending, [said('typed')])
  await until(() => device.kept.has(`talk-outbox:user:${world.id}`))
  const later = world.opened()
  await later.load(world.facts())
  await later.hear(await world.stored())
  assert.deepEqual(later.entries.map((one) => one.said), [said('typed')])
  assert.equal(world.appends.length, 1)
})

test('a request that is never answered ends, and what waits behind it is sent', async () => {
  const world = await World.begun()
  await world.talk.load(world.facts())
  mock.timers.enable({ apis: ['setTimeout'] })
  world.instead = (path) => (path.endsWith('/keeping') ? new Promise(() => {}) : undefined)
  void world.talk.readKeeping()
  const sending = world.talk.put(said('typed'))
  await until(() => device.kept.has(`talk-outbox:user:${world.id}`))
  mock.timers.tick(30_000)
  await sending
  assert.equal(world.appends.length, 1)
})

test('what could not be read while the network was away is asked for again', async () => {
  const world = await World.begun()
  await world.talk.load(world.facts())
  const resumes = (): number => world.sent.filter((one) => one['type'] === 'resume').length
  const epoch = await world.theirEpoch()
  const message = await world.theySay(said('one'))
  world.instead = away
  mock.timers.enable({ apis: ['setTimeout'] })
  await world.talk.hear(epoch)
  await world.talk.hear(message)
  const before = resumes()
  mock.timers.tick(5_000)
  await world.talk.hear({ type: 'none' })
  assert.equal(resumes(), before + 1)
  await world.talk.hear(message)
  mock.timers.tick(5_000)
  await world.talk.hear({ type: 'none' })
  assert.equal(resumes(), before + 1, 'less and less often')
  mock.timers.tick(5_000)
  world.instead = () => undefined
  await world.talk.hear(message)
  assert.equal(resumes(), before + 2)
  assert.deepEqual(texts(world), ['one'])
  world.talk.stop()
})

test('what a side that has been shut up had typed comes back, a correction too, and what cannot come back is named', async () => {
  const world = await World.begun()
  await world.talk.load(world.facts())
  await world.talk.put(said('one'))
  await world.talk.hear(await world.stored())
  const file = { kind: 'file' as const, id: '', name: 'a.pdf', media_type: '', size: 1, key: '', digest: '', sent_at: 0 }
  await world.talk.put({ kind: 'edit', of: 1, text: 'a long correction', sent_at: 0 })
  for (const one of [said('two'), file, { kind: 'withdraw' as const, of: 1 }]) await world.talk.put(one)
  await world.talk.hear({ type: 'error', code: 'chat-closed', detail: '', conversation: world.id })
  assert.deepEqual(world.talk.pending, [])
  assert.equal(world.talk.shared.draft, 'a long correction\ntwo')
  assert.deepEqual(world.talk.unsaid, [file, { kind: 'withdraw', of: 1 }])
  world.talk.stop()
})

test('nobody is typing any more when what was typed has come', async () => {
  const world = await revealed()
  const now = Math.floor(Date.now() / 1000)
  const signal = granted(await sealSignal(world.peer, world.talk.thread, TYPING, now))
  await world.talk.hear({ type: 'signal', signal: toBase64(signal) })
  assert.equal(world.talk.presence.shows, TYPING)
  await world.talk.hear(await world.theySay(said('typed')))
  assert.equal(world.talk.presence.shows, HERE)
})

test('a history that could not be fetched is fetched once the network is back', async () => {
  const world = await World.begun()
  await world.theySay(said('one'))
  mock.timers.enable({ apis: ['setTimeout'] })
  world.instead = (path) => (path.includes('/messages?') ? away() : undefined)
  await world.talk.load(world.facts())
  assert.equal(world.talk.ready, false)
  world.instead = () => undefined
  mock.timers.tick(5_000)
  await until(() => world.talk.entries.length)
  assert.deepEqual(texts(world), ['one'])
})
