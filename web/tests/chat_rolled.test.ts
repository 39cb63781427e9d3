/** The role key is rolled, by whoever removes somebody, while a page stands open with the one before. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { toBase64, type Bytes } from '../src/bytes.ts'
import { NOTHING, sealState } from '../src/chat/state.ts'
import type { Talk as OneTalk } from '../src/chat/talk.svelte.ts'
import type { Bundle } from '../src/keys/bundle.ts'
import { Device, FIRM, KEY, ROLLED, said, World } from './lone_talk.ts'

const { desk } = await import('../src/chat/desk.svelte.ts')
const { session } = await import('../src/session.svelte.ts')

beforeEach(() => {
  new Device().use()
})

const bundleOf = (...[key, ...earlier]: Bytes[]): Bundle =>
  ({ role_keys: { conversations: toBase64(key!), earlier: earlier.map((one) => ({ conversations: toBase64(one) })) } }) as unknown as Bundle

/** Logged in under the key before the roll; `newer`: whether her new keys can be had. */
function logIn(newer = true): void {
  session.me = { firm_id: FIRM, user_id: 'user', role: 'credit_manager' } as typeof session.me
  session.bundle = bundleOf(KEY)
  session.takeUpKeys = () => {
    const taken = newer && session.bundle!.role_keys.conversations === toBase64(KEY)
    if (taken) session.bundle = bundleOf(ROLLED, KEY)
    return Promise.resolve(taken)
  }
}

/** Another device has kept what it read, under the key after the roll. */
async function keepState(net: World): Promise<void> {
  net.states.version = 3
  net.states.sealed = await sealState(ROLLED, FIRM, net.id, NOTHING)
}

/** Once it holds; what happens in the page happens by itself. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 500, 'never')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const read = (talk: OneTalk | undefined): string[] => (talk?.ready ? talk.entries.map((one) => JSON.stringify(one.said)) : [])
const SAID = ['before', 'after'].map((text) => JSON.stringify(said(text)))

test('what comes under the new keys is read in the page that was open', async () => {
  const net = await World.begun()
  logIn()
  desk.start()
  await eventually(() => desk.talks[0]?.ready === true)
  await desk.talks[0]!.hear(await net.theySay(said('before')))
  await desk.talks[0]!.hear(await net.roll())
  await eventually(() => desk.talks[0]?.ready === true)
  await desk.talks[0]!.hear(await net.theySay(said('after')))
  assert.deepEqual(read(desk.talks[0]), SAID)
  desk.talks[0]!.stop()
})

test('where her keys cannot be had, the conversation says that it has stopped', async () => {
  const net = await World.begun()
  await net.talk.load(net.facts())
  await net.talk.hear(await net.roll())
  assert.equal(net.talk.broken?.code, 'chat-unreadable')
})

test('a page that comes to the conversations after the roll takes the keys up, whatever was sealed under them', async () => {
  const net = await World.begun()
  await net.theySay(said('before'))
  await net.roll()
  await net.theySay(said('after'))
  await keepState(net)
  logIn()
  desk.start()
  await eventually(() => read(desk.talks[0]).length === 2)
  assert.deepEqual([desk.phase, read(desk.talks[0])], ['ready', SAID])
  desk.talks[0]!.stop()
})

test('what another screen has taken up meanwhile opens them too', async () => {
  const net = await World.begun()
  await net.theySay(said('before'))
  await net.roll()
  await net.theySay(said('after'))
  await keepState(net)
  logIn(false)
  desk.start()
  await desk.load()
  assert.deepEqual(read(desk.talks[0]), [])
  session.bundle = bundleOf(ROLLED, KEY)
  await desk.load()
  await eventually(() => read(desk.talks[0]).length === 2)
  assert.deepEqual(read(desk.talks[0]), SAID)
  desk.talks[0]!.stop()
})

test('what the firm keeps of one conversation and does not open is not written over, and shuts out no conversation', async () => {
  const net = await World.begun()
  await net.theySay(said('before'))
  await keepState(net)
  const kept = net.states.sealed
  logIn(false)
  desk.start()
  await desk.load()
  assert.deepEqual([desk.phase, read(desk.talks[0])], ['ready', SAID.slice(0, 1)])
  desk.talks[0]!.markRead()
  await desk.talks[0]!.shared.commit({ counter: 1, id: new Uint8Array(32) }, new Uint8Array(3))
  assert.equal(net.states.sealed, kept)
  desk.talks[0]!.stop()
})
