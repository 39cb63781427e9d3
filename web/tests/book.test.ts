/** Several devices write one book. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random, toHex, utf8, type Bytes } from '../src/bytes.ts'
import { BookTampered, readBook, type Client } from '../src/book/book.ts'
import { writeBook } from '../src/book/saving.ts'
import { amendSegment, readSegmentText } from '../src/credit/segments.ts'
import { Refused, Unreachable } from '../src/network/requests.ts'
import { client, DEVICE, FIRM, serve } from './shelves.ts'

const [names, ledger] = [random(32), random(32)]
const keys = { names: [names], ledger: [ledger] }
const NOTES = 'ledger/notes'
const read = () => readBook(FIRM, keys)
const write = async (clients: Client[]): Promise<void> => writeBook(FIRM, { names, ledger }, await read(), { clients, months: new Map() }, DEVICE, String)
const add = (word: string, key: Bytes = ledger) => amendSegment(FIRM, NOTES, [key], DEVICE, (now) => (now ?? '') + word)

test('a book that another device moves between its head and its names is read as it then is', async () => {
  const shelf = serve()
  await write([client(1, 'one')])
  shelf.meanwhile.segment = () => write([client(1, 'one'), client(2, 'two')])
  assert.deepEqual((await read()).clients.map(({ name }) => name), ['one', 'two'])
})

test('a segment that another device writes meanwhile is read and amended as it then is', async () => {
  const shelf = serve()
  await add('a')
  shelf.meanwhile.segment = async () => void (await add('b'))
  assert.equal(await readSegmentText(FIRM, NOTES, [ledger]), 'ab')
  shelf.meanwhile.segment = async () => void (await add('c'))
  assert.equal((await add('d')).text, 'abcd')
  shelf.meanwhile.write = async () => void (await add('e'))
  assert.equal((await add('f')).text, 'abcdef')
})

test('a segment that is not the head’s, of a head that stays, is a copy that was changed', async () => {
  const shelf = serve()
  await write([client(1, 'one')])
  await add('a')
  shelf.segments.set(NOTES, utf8('another'))
  await assert.rejects(readSegmentText(FIRM, NOTES, [ledger]), BookTampered)
  shelf.segments.delete('names')
  await assert.rejects(read(), (error) => error instanceof Refused && error.code === 'not-found')
})

test('a change whose answer was lost is not made twice, even where another device wrote right after it', async () => {
  const shelf = serve()
  await add('a')
  shelf.loseAnswer = true
  assert.equal((await add('b')).text, 'ab')
  const { fetch } = globalThis
  globalThis.fetch = async (path, init) => {
    if (init?.method !== 'PUT') return fetch(path, init)
    globalThis.fetch = fetch
    await fetch(path, init)
    await add('d')
    throw new TypeError('the line broke')
  }
  const { head } = await add('c')
  assert.equal(head!.sequence, 3)
  assert.equal(await readSegmentText(FIRM, NOTES, [ledger]), 'abcd')
})

test('a change that never arrived is said to be so', async () => {
  const shelf = serve()
  await add('a')
  shelf.meanwhile.write = () => Promise.reject(new TypeError('no line'))
  await assert.rejects(add('b'), Unreachable)
  assert.equal(await readSegmentText(FIRM, NOTES, [ledger]), 'a')
  assert.equal(toHex(shelf.head!), toHex((await read()).headBytes!))
})
