/** Several devices write one book. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random, toBase64, toHex, utf8, type Bytes } from '../src/bytes.ts'
import { BookTampered, readBook, type Client } from '../src/book/book.ts'
import { writeBook } from '../src/book/saving.ts'
import { amendSegment, readSegmentText } from '../src/credit/segments.ts'
import { Refused, Unreachable } from '../src/network/requests.ts'
import { joined } from '../src/uploads/joining.ts'
import { hiddenSince, saveBook } from '../src/uploads/sending.ts'
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

/** What a page made ready from the clients that it knew. */
const readyFrom = (before: Client[], clients: Client[], sequence = 1) => ({ before: { sequence, clients: before, months: new Map() }, clients, months: new Map() })
const roleKeys = { names: toBase64(names), ledger: toBase64(ledger) }

test('an upload leaves the clients that other devices wrote since it was made ready, and their marks', async () => {
  const shelf = serve()
  const known = client(1, 'one', { accounts: ['A'] })
  await write([known])
  await write([{ ...known, confidential: true, accounts: ['A', 'B'] }, client(2, 'two', { confidential: true })])
  shelf.meanwhile.write = async () => write([...(await read()).clients, client(3, 'three')])
  await saveBook(readyFrom([known], [{ ...known, city: 'Brest', accounts: ['A', 'C'] }, client(2, 'mine')]), FIRM, roleKeys, DEVICE)
  assert.deepEqual(
    (await read()).clients.map(({ id, name, city, confidential, accounts }) => [id, name, city, confidential, accounts.join('')]),
    [[1, 'one', 'Brest', true, 'ABC'], [2, 'two', null, true, ''], [3, 'three', null, false, ''], [4, 'mine', null, false, '']],
  )
})

test('an upload is not put over a book older than the one it was made from', async () => {
  const shelf = serve()
  await write([client(1, 'one')])
  await assert.rejects(saveBook(readyFrom([client(1, 'one'), client(2, 'two')], [client(1, 'one'), client(2, 'two')], 2), FIRM, roleKeys, DEVICE), BookTampered)
  shelf.head = null
  await assert.rejects(saveBook(readyFrom([client(1, 'one')], [client(1, 'one')]), FIRM, roleKeys, DEVICE), BookTampered)
})

test('two devices’ changes of clients are joined field by field; what one forgot and the other left alone is forgotten', async () => {
  const [one, two] = [client(1, 'one', { accounts: ['A', 'B'], confidential: true }), client(2, 'two')]
  const mine = [{ ...one, accounts: ['B'], confidential: false }, two]
  assert.deepEqual(await joined([one, two], mine, [{ ...one, sector: 4 }]), [{ ...one, sector: 4, accounts: ['B'], confidential: false }])
  const both = await joined([], [client(1, 'one', { city: 'Brest' })], [client(7, 'one', { confidential: true })])
  assert.deepEqual(both, [client(7, 'one', { city: 'Brest', confidential: true })])
  assert.deepEqual((await joined([two], [{ ...two, city: 'Brest' }], [])).map(({ city }) => city), ['Brest'])
})

test('a client that was marked confidential since an upload was made ready is found before anything leaves', async () => {
  serve()
  const clients = [client(1, 'one'), client(2, 'two', { confidential: true })]
  await write(clients)
  const ready = readyFrom(clients, clients)
  assert.equal(await hiddenSince(ready, FIRM, roleKeys), false)
  await write([...clients, client(3, 'three', { confidential: true })])
  assert.equal(await hiddenSince(ready, FIRM, roleKeys), false)
  await write([{ ...clients[0]!, confidential: true }, clients[1]!])
  assert.equal(await hiddenSince(ready, FIRM, roleKeys), true)
})
