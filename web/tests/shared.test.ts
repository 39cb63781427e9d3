/** What a firm's devices share of a conversation, whatever comes between reading it and writing it. */
import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { away, Device, FIRM, KEY, network, Shared, States, until } from './lone_talk.ts'
import type { Bytes } from '../src/bytes.ts'
import { NOTHING, openState, sealState } from '../src/chat/state.ts'

const firm = { id: FIRM, keys: [KEY] as const }
const opened = (states: States): ReturnType<typeof openState> => openState([KEY], FIRM, states.id, states.sealed)

beforeEach(() => {
  mock.timers.reset()
})

async function states(): Promise<States> {
  const found = new States('conversation')
  found.version = 5
  found.sealed = await sealState(KEY, FIRM, found.id, { ...NOTHING, read: 3, id: 'aa' })
  network((path, init) => found.answer(path, init))
  new Device().use()
  return found
}

const device = (user = 'user'): InstanceType<typeof Shared> => new Shared('conversation', firm, user, () => ({ counter: 9, idAt: () => new Uint8Array(32) as Bytes }))

test('of two devices that commit at once the first statement stands on both', async () => {
  const found = await states()
  const point = { counter: 9, id: new Uint8Array(32) as Bytes }
  const [one, two] = [device('one'), device('two')]
  for (const each of [one, two]) await each.apply(found.version, found.sealed)
  const theirs = (await two.commit(point, new Uint8Array(200).fill(2) as Bytes))!
  const own = one.commit(point, new Uint8Array(200).fill(1) as Bytes)
  await one.apply(found.version, found.sealed) // the news of it, while the own one is being sealed
  assert.deepEqual(await own, theirs)
  assert.equal((await opened(found)).committed!.statement, Buffer.from(theirs).toString('base64'))
})

const drafts = async (found: States): Promise<Record<string, string>> => (await opened(found)).drafts
const TOLD_MS = 2_000

/** The person's page on a device, as it is opened now. */
async function page(on: Device, found: States): Promise<InstanceType<typeof Shared>> {
  on.use()
  const one = device()
  await one.apply(found.version, found.sealed)
  await one.recallDraft()
  return one
}

async function typed(on: Device, found: States, text: string): Promise<InstanceType<typeof Shared>> {
  const one = await page(on, found)
  one.write(text)
  mock.timers.tick(TOLD_MS)
  await until(async () => (await drafts(found))['user'] === text && one.draftKept)
  return one
}

test('what was sent is no draft on the person’s other device, though the page was closed at once', async () => {
  const found = await states()
  const [one, two] = [new Device(), new Device()]
  mock.timers.enable({ apis: ['setTimeout'] })
  const writing = await typed(one, found, 'sent')
  network(away)
  writing.write('')
  mock.timers.tick(0)
  await until(() => writing.draftKept)
  writing.stop()
  network((path, init) => found.answer(path, init))
  const again = await page(one, found)
  assert.equal(again.draft, '')
  mock.timers.tick(TOLD_MS)
  await until(async () => !('user' in (await drafts(found))))
  assert.equal((await page(two, found)).draft, '')
})

test('the other devices are told at once that a draft was sent', async () => {
  const found = await states()
  mock.timers.enable({ apis: ['setTimeout'] })
  const writing = await typed(new Device(), found, 'sent')
  writing.write('')
  mock.timers.tick(0)
  await until(async () => !('user' in (await drafts(found))))
})

test('a draft begun on one device is shown on another that has sent something before', async () => {
  const found = await states()
  const [one, two] = [new Device(), new Device()]
  mock.timers.enable({ apis: ['setTimeout'] })
  const sent = await page(two, found)
  sent.write('')
  mock.timers.tick(0)
  await until(() => sent.draftKept)
  await typed(one, found, 'begun')
  assert.equal((await page(two, found)).draft, 'begun')
})

test('a draft that another device has sent is no draft here any more', async () => {
  const found = await states()
  const [one, two] = [new Device(), new Device()]
  mock.timers.enable({ apis: ['setTimeout'] })
  await typed(one, found, 'sent elsewhere')
  const elsewhere = await page(two, found)
  assert.equal(elsewhere.draft, 'sent elsewhere')
  elsewhere.write('')
  mock.timers.tick(0)
  await until(async () => !('user' in (await drafts(found))))
  assert.equal((await page(one, found)).draft, '')
})

test('what was typed here and told nobody stays, whatever came meanwhile', async () => {
  const found = await states()
  const [one, two] = [new Device(), new Device()]
  mock.timers.enable({ apis: ['setTimeout'] })
  network(away)
  const here = await page(one, found)
  here.write('typed here')
  mock.timers.tick(TOLD_MS)
  await until(() => here.draftKept)
  network((path, init) => found.answer(path, init))
  await typed(two, found, 'typed there')
  assert.equal((await page(one, found)).draft, 'typed here')
})

test('a device that keeps nothing does not say that a draft is kept', async () => {
  const found = await states()
  const on = new Device()
  on.forbids = true
  mock.timers.enable({ apis: ['setTimeout'] })
  const one = await page(on, found)
  one.write('typed')
  await one.flush()
  assert.equal(one.draftKept, false)
})
