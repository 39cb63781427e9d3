/** What a side that does not play by the rules can send: keys that nothing seals to, an epoch sealed wrongly. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, utf8 } from '../src/bytes.ts'
import { HYBRID_AES256, PrivateKeys, X25519_AES256, canBeSealedTo } from '../src/chat/keys.ts'
import { readAnswer, readCall, readOpening, type Side } from '../src/chat/records.ts'
import { granted, Refusal } from '../src/chat/refusals.ts'
import { Seen, Session } from '../src/chat/session.ts'
import { readSuccession } from '../src/chat/succession.ts'
import { checkTranscript, makeTranscript } from '../src/chat/transcript.ts'
import { vectors } from './vectors.ts'

interface Setting {
  private: { caller: string; answerer: string }
  call: string
  answer: string
  opening: string
  epochs: { record: string }[]
  messages: { record: string }[]
}

interface Hostile {
  keys: { what: 'answer' | 'opening' | 'succession'; why: string; record: string }[]
  story: ({ what: 'epoch'; record: string; shut_out: Side[] } | { what: 'message'; record: string; text: string; unread: Side[]; code?: string })[]
  transcript: string
  without_key: number[]
  said: string[]
}

const NAMES = ['chat.json', 'chat_hybrid.json'] as const
const hostile = vectors<Record<(typeof NAMES)[number], Hostile>>('chat_hostile.json')

async function sessionsOf(given: Setting): Promise<Session[]> {
  const call = granted(readCall(fromHex(given.call)))
  const link = granted(readOpening(fromHex(given.opening), call, granted(readAnswer(fromHex(given.answer), call))))
  const made = ([0, 1] as const).map(async (side) => {
    const session = await Session.of(link, side, new PrivateKeys(fromHex(given.private[side === 0 ? 'caller' : 'answerer']), link.suite))
    for (const { record } of given.epochs) granted(await session.adopt(fromHex(record)))
    for (const { record } of given.messages) assert.ok(!((await session.receive(fromHex(record))) instanceof Refusal))
    return session
  })
  return Promise.all(made)
}

for (const name of NAMES) {
  const given = vectors<Setting>(name)

  test(`${name}: a record that brings a key that nothing can be sealed to is refused`, async () => {
    const call = granted(readCall(fromHex(given.call)))
    const answer = granted(readAnswer(fromHex(given.answer), call))
    const { link } = (await sessionsOf(given))[0]!
    for (const { what, why, record } of hostile[name].keys) {
      const bytes = fromHex(record)
      const outcome = what === 'answer' ? readAnswer(bytes, call) : what === 'opening' ? readOpening(bytes, call, answer) : readSuccession(bytes, link)
      assert.equal(outcome instanceof Refusal ? outcome.code : 'read', 'chat-key', `${what}: ${why}`)
    }
  })

  test(`${name}: a bad epoch costs what was said in it and nothing else`, async () => {
    const sessions = await sessionsOf(given)
    for (const step of hostile[name].story)
      for (const session of sessions) {
        if (step.what === 'epoch') {
          granted(await session.adopt(fromHex(step.record)))
          assert.equal(session.shutOut !== null, step.shut_out.includes(session.side))
          assert.equal(session.wantsEpoch, step.shut_out.includes(session.side))
          const sealed = await session.seal({ kind: 'text', text: 'x', sent_at: 0 })
          assert.equal(sealed instanceof Refusal, step.shut_out.includes(session.side))
          continue
        }
        const outcome = granted(await session.receive(fromHex(step.record)))
        assert.ok(!(outcome instanceof Seen))
        if (step.unread.includes(session.side)) assert.equal(outcome.content instanceof Refusal ? outcome.content.code : 'read', step.code)
        else assert.deepEqual(outcome.content, { kind: 'text', text: step.text, sent_at: 0 })
      }
  })

  test(`${name}: its transcript holds with the key left out, whoever wrote it`, async () => {
    const told = async (text: ReturnType<typeof utf8>): Promise<[number[], unknown[]]> => {
      const found = granted(await checkTranscript(text))
      return [found.withoutKey, found.said.map(({ content }) => (content instanceof Refusal ? content.code : (content as { text: string }).text))]
    }
    const expected = [hostile[name].without_key, hostile[name].said]
    assert.deepEqual(await told(utf8(hostile[name].transcript)), expected)
    const answerer = (await sessionsOf(given))[1]!
    const { story } = hostile[name]
    for (const { what, record } of story) granted(await (what === 'epoch' ? answerer.adopt(fromHex(record)) : answerer.receive(fromHex(record))))
    const records = (of: 'epoch' | 'message'): ReturnType<typeof fromHex>[] => story.filter(({ what }) => what === of).map(({ record }) => fromHex(record))
    const epochs = [...given.epochs.map((one) => fromHex(one.record)), ...records('epoch')]
    const messages = [...given.messages.map((one) => fromHex(one.record)), ...records('message')]
    const made = makeTranscript(answerer, { call: fromHex(given.call), answer: fromHex(given.answer), epochs, messages, successions: [], now: 7 })
    assert.deepEqual(await told(made), expected)
    const caller = (await sessionsOf(given))[0]!
    for (const { what, record } of story) granted(await (what === 'epoch' ? caller.adopt(fromHex(record)) : caller.receive(fromHex(record))))
    caller.epochKey = (number) => (number === 3 ? new Refusal('chat-unreadable', 'so it says') : granted(Session.prototype.epochKey.call(caller, number)))
    const brought = makeTranscript(caller, { call: fromHex(given.call), answer: fromHex(given.answer), epochs, messages, successions: [], now: 7 })
    assert.equal(((await checkTranscript(brought)) as Refusal).code, 'chat-malformed')
  })
}

test('every key that a side makes can be sealed to', async () => {
  for (const suite of [X25519_AES256, HYBRID_AES256])
    for (let count = 0; count < 20; count++) assert.ok(canBeSealedTo((await PrivateKeys.fresh(suite).public()).sealing))
})
