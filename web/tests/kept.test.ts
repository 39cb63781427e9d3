/** The firm's follow-ups on a page that stays open while colleagues write. */
import './runes.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random, toBase64, type Bytes } from '../src/bytes.ts'
import { FOLLOW_UPS, readBook } from '../src/book/book.ts'
import { writeBook } from '../src/book/saving.ts'
import { amendSegment } from '../src/credit/segments.ts'
import { decode, encode, merge, NO_STEP, Overtaken, type FollowUps, type Kept } from '../src/followups/followups.ts'
import type { Me } from '../src/network/answers.ts'
import { client, DEVICE, FIRM, serve } from './shelves.ts'

// Once the runes are known.
const [{ session }, { followUps }] = await Promise.all([import('../src/session.svelte.ts'), import('../src/followups/kept.svelte.ts')])

const [names, ledger] = [random(32), random(32)]
const note = (text: string): Kept => ({ followUp: null, notes: [{ id: text, at: '2026-11-01', by: 'b@firm.example', text }] })

/** As a colleague's page writes. */
const colleague = (change: FollowUps, key: Bytes = ledger, ...earlier: Bytes[]) =>
  amendSegment(FIRM, FOLLOW_UPS, [key, ...earlier], DEVICE, (now) => encode(merge(now ? decode(now) : {}, change)))
const read = () => readBook(FIRM, { names: [names], ledger: [ledger] })
const texts = (): string[] => followUps.of(1).notes.map(({ text }) => text).toSorted()

async function page(): Promise<ReturnType<typeof serve>> {
  const shelf = serve()
  await writeBook(FIRM, { names, ledger }, await read(), { clients: [client(1, 'one')], months: new Map() }, DEVICE, String)
  session.me = { firm_id: FIRM, user_id: 'u', role: 'credit_manager' } as Me
  session.email = 'a@firm.example'
  session.bundle = { role_keys: { names: toBase64(names), ledger: toBase64(ledger) }, device_seed: toBase64(DEVICE.seed), delegation: toBase64(random(8)) } as typeof session.bundle
  session.takeUpKeys = async () => false
  session.refresh = async () => {}
  session.book = await read()
  return shelf
}

test('what colleagues wrote since the page read the book is read, and written on', async () => {
  await page()
  await colleague({ 1: note('B') })
  session.book = await read()
  await colleague({ 1: note('C') })
  await followUps.load()
  assert.deepEqual(texts(), ['B', 'C'])
  await colleague({ 1: note('D') })
  await followUps.note(1, 'mine')
  assert.deepEqual(texts(), ['B', 'C', 'D', 'mine'])
})

test('the page takes no newer head without the clients that came with it', async () => {
  const shelf = await page()
  const clients = [client(1, 'one'), client(2, 'two', { confidential: true })]
  shelf.meanwhile.write = async () => writeBook(FIRM, { names, ledger }, await read(), { clients, months: new Map() }, DEVICE, String)
  const before = session.book!.headBytes
  await followUps.note(1, 'mine')
  assert.deepEqual(session.book!.headBytes, before)
  session.book = await read()
  await followUps.note(1, 'again')
  assert.deepEqual(session.book.headBytes, (await read()).headBytes)
  assert.equal(session.book.clients.length, 2)
})

test('after keys were rolled the page goes on under the new ones, and seals nothing under the old', async () => {
  await page()
  const newer = random(32)
  const role_keys = { names: toBase64(names), ledger: toBase64(newer), earlier: [{ ledger: toBase64(ledger) }] }
  session.takeUpKeys = async () => {
    session.bundle = { ...session.bundle!, role_keys } as typeof session.bundle
    return true
  }
  await followUps.note(1, 'first')
  const { head } = await colleague({ 1: note('B') }, newer)
  session.bundle = { ...session.bundle!, role_keys: { names: toBase64(names), ledger: toBase64(ledger) } } as typeof session.bundle
  await followUps.load()
  assert.deepEqual(texts(), ['B', 'first'])
  assert.equal(head!.sequence, 3)
})

test('a step that a colleague wrote since the form was opened stays, and is then shown', async () => {
  await page()
  await followUps.load()
  const begun = followUps.of(1).followUp
  const theirs = { ...NO_STEP, next: 'theirs', at: '2099-01-01T00:00:00.000Z', by: 'b@firm.example' }
  await colleague({ 1: { followUp: theirs, notes: [] } })
  await assert.rejects(followUps.follow(1, { ...NO_STEP, next: 'mine' }, begun), Overtaken)
  assert.equal(followUps.of(1).followUp!.next, 'theirs')
  await followUps.follow(1, { ...NO_STEP, next: 'mine' }, followUps.of(1).followUp)
  assert.equal(followUps.of(1).followUp!.next, 'mine')
})
