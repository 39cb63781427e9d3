/** Somebody logs out while her conversations are being read, and somebody else logs in on the same page. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Device, FIRM, KEY, problem, ROLLED, World } from './lone_talk.ts'
import { toBase64 } from '../src/bytes.ts'

const { desk } = await import('../src/chat/desk.svelte.ts')
const { session } = await import('../src/session.svelte.ts')

beforeEach(() => {
  new Device().use()
})

function logIn(firm: string, key: Uint8Array): void {
  session.me = { firm_id: firm, user_id: `user of ${firm}`, role: 'credit_manager' } as typeof session.me
  session.bundle = { role_keys: { conversations: toBase64(key) } } as unknown as typeof session.bundle
}

const notLoggedIn = (): Response => problem(401, 'not-logged-in')

test('a refusal of the log-in before that comes late does not end the next one', async () => {
  const world = await World.begun()
  let ended = false
  session.end = () => Promise.resolve(void (ended = true))
  world.instead = (path) => {
    if (!path.startsWith('/api/conversations?')) return undefined
    world.instead = (again) => (again.startsWith('/api/conversations?') ? [] : undefined)
    logIn('another firm', ROLLED)
    return notLoggedIn()
  }
  logIn(FIRM, KEY)
  desk.start()
  await desk.load()
  desk.start()
  while (desk.phase === 'loading') await desk.load()
  assert.deepEqual([desk.talks, desk.phase, ended], [[], 'ready', false])
})

test('a conversation of the log-in before says nothing on the line of the next one, and ends no session of it', async () => {
  const world = await World.begun()
  const sent: unknown[] = []
  session.send = (frame) => sent.push(frame) > 0
  let ended = false
  session.end = () => Promise.resolve(void (ended = true))
  logIn(FIRM, KEY)
  desk.start()
  await desk.load()
  const before = desk.talks[0]!
  assert.ok(sent.length)
  sent.length = 0
  logIn('another firm', ROLLED)
  world.instead = notLoggedIn
  await before.readKeeping()
  await before.takeUp()
  assert.deepEqual([sent, ended], [[], false])
  before.stop()
})
