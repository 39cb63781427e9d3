/** What a firm's devices share of a conversation, whatever comes between reading it and writing it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Device, FIRM, KEY, network, Shared, States } from './lone_talk.ts'
import type { Bytes } from '../src/bytes.ts'
import { NOTHING, openState, sealState } from '../src/chat/state.ts'

const firm = { id: FIRM, keys: [KEY] as const }
const opened = (states: States): ReturnType<typeof openState> => openState([KEY], FIRM, states.id, states.sealed)

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
