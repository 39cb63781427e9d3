/** A file on its way, and what else happens in the conversation meanwhile. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Device, said, World } from './lone_talk.ts'
import type { Talk } from '../src/chat/talk.svelte.ts'

const { begin, discard, interrupted } = await import('../src/chat/sending.svelte.ts')

beforeEach(() => {
  new Device().use()
})

const chosen = (name: string): File => new File([new Uint8Array(200_000)], name)
const announced = (talk: Talk): string[] => talk.pending.flatMap((one) => (one.kind === 'file' ? [one.name] : []))

/** A conversation that is open, and a network that takes files; `chunk` is called before it has taken one. */
async function open(chunk: (number: number) => Promise<unknown> | void = () => {}): Promise<World> {
  const world = await World.begun()
  world.instead = async (path) => {
    const number = /files\/[^/]+\/(\d+)$/.exec(path)?.[1]
    if (number) await chunk(Number(number))
    if (path.endsWith('/files')) return { side: 0, chunks: 4, received: [] }
    return /\/files\//.test(path) ? new Response('') : undefined
  }
  await world.talk.load(world.facts())
  return world
}

test('a file that is on its way is not begun a second time', async () => {
  const { talk } = await open()
  const one = await begin(talk, chosen('figures.xlsx'))
  const running = one!.run()
  assert.equal(talk.sending, one)
  assert.equal(await begin(talk, chosen('figures.xlsx')), null)
  await running
  assert.deepEqual([announced(talk), talk.sending, await interrupted(talk)], [['figures.xlsx'], null, null])
})

test('what is given up while its last chunk is on the way is not announced', async () => {
  let given: Promise<void> | undefined
  const { talk } = await open((number) => {
    if (number === 3) given = talk.sending!.giveUp()
  })
  await (await begin(talk, chosen('figures.xlsx')))!.run()
  await given
  assert.deepEqual([announced(talk), talk.sending, await interrupted(talk)], [[], null, null])
})

test('a page that has left the conversation announces nothing in it, and what was sent stays to go on with', async () => {
  const { talk } = await open((number) => {
    if (number === 3) talk.stop()
  })
  await (await begin(talk, chosen('figures.xlsx')))!.run()
  assert.deepEqual([announced(talk), (await interrupted(talk))?.name], [[], 'figures.xlsx'])
})

test('a file that is withdrawn takes nothing from another one on its way', async () => {
  const { talk } = await open()
  const before = (await begin(talk, chosen('before.xlsx')))!
  await before.run()
  const running = (await begin(talk, chosen('after.xlsx')))!
  await discard(talk, before.file)
  assert.equal((await interrupted(talk))?.id, running.file.id)
})

test('what one person was about to say in this browser, nobody else of the firm says or sees', async () => {
  const world = await open()
  await world.talk.put(said('not yet sent'))
  await begin(world.talk, chosen('figures.xlsx'))
  const colleagues = world.opened('colleague')
  await colleagues.load(world.facts())
  assert.deepEqual([colleagues.pending, await interrupted(colleagues)], [[], null])
  const own = world.opened()
  await own.load(world.facts())
  assert.deepEqual([own.pending, (await interrupted(own))?.name], [[said('not yet sent')], 'figures.xlsx'])
})
