import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64, fromHex, random, toBase64, type Bytes } from '../src/bytes.ts'
import { decode, type Content } from '../src/chat/contents.ts'
import { messageId } from '../src/chat/envelope.ts'
import { PrivateKeys } from '../src/chat/keys.ts'
import { Outbox } from '../src/chat/outbox.ts'
import { readPin, type Pin } from '../src/chat/pin.ts'
import { ANSWERER, CALLER, readAnswer, readCall, readOpening, type Link, type Side } from '../src/chat/records.ts'
import { granted, Refusal } from '../src/chat/refusals.ts'
import { Session } from '../src/chat/session.ts'
import { merge, NOTHING, openState, sealState, type TalkState } from '../src/chat/state.ts'
import { mayDecline, stageOf, Thread } from '../src/chat/thread.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  received_at: number
  folds: {
    why: string
    said: [Side, unknown][]
    pin: Pin | null
    outcome: { stage: string; may_decline: boolean[]; read: Record<string, number>; refused: string | null }
  }[]
  pins: { why: string; pin: Pin; holders: string[]; name: string | null; vouched: number }[]
}

const given = vectors<Vectors>('chat_reveal.json')
const conversation = vectors<Record<'call' | 'answer' | 'opening', string> & { private: Record<'caller' | 'answerer', string>; epochs: { record: string }[] }>('chat.json')

function linkOf(): Link {
  const call = granted(readCall(fromHex(conversation.call)))
  return granted(readOpening(fromHex(conversation.opening), call, granted(readAnswer(fromHex(conversation.answer), call))))
}

const contentOf = (value: unknown): Content => decode(new TextEncoder().encode(JSON.stringify(value)) as Bytes) as Content

for (const { why, said, pin, outcome } of given.folds)
  test(`messages come first, and a pin fills in: ${why}`, () => {
    const thread = new Thread()
    if (pin) thread.hold(pin)
    for (const [at, [side, value]] of said.entries()) {
      const content = value === null ? null : contentOf(value)
      thread.take({ counter: at + 1, side, mine: side === CALLER, content, id: new Uint8Array(32).fill(at + 1), receivedAt: given.received_at })
    }
    const found = {
      stage: stageOf(thread.reveal),
      may_decline: [CALLER, ANSWERER].map((side) => mayDecline(thread.reveal, side as Side)),
      read: { ...thread.read },
      refused: thread.refused?.code ?? null,
    }
    assert.deepEqual(found, outcome)
  })

for (const { why, pin, holders, name, vouched } of given.pins)
  test(`a pin is verified at the time of the opening: ${why}`, () => {
    const found = readPin(pin, linkOf(), ANSWERER, holders.map(fromBase64))
    if (found instanceof Refusal) assert.deepEqual([found.code, name], ['chat-pinned', null])
    else assert.deepEqual([found.name, found.vouchedBy], [name, vouched])
  })

test('a step of the reveal is given up when a decline comes first, and a text is not', async () => {
  const link = linkOf()
  const boxes = await Promise.all(
    (['caller', 'answerer'] as const).map(async (name, side) => {
      const session = await Session.of(link, side as Side, new PrivateKeys(fromHex(conversation.private[name])))
      granted(await session.adopt(fromHex(conversation.epochs[0]!.record)))
      return new Outbox(session)
    }),
  )
  const [box, rival] = boxes as [Outbox, Outbox]
  const stays: Content = { kind: 'text', text: 'stays', sent_at: 0 }
  box.put({ kind: 'reveal-open', statement: '', nonce: '' })
  box.put(stays)
  rival.put({ kind: 'reveal-decline' })
  const lost = granted(await box.due()) as Bytes
  await box.read(granted(await rival.due()) as Bytes)
  assert.deepEqual(box.waiting, [stays])
  const again = granted(await box.due()) as Bytes
  assert.notDeepEqual(messageId(again), messageId(lost))
  assert.deepEqual((await box.acknowledged(messageId(again)))?.content, stays)
})

test('what the firm keeps of a reveal stays whoever writes the state, and its size says nothing of it', async () => {
  const key = new Uint8Array(32) as Bytes
  const pin = given.pins[0]!.pin
  const longest = toBase64(random(934))
  const kept: TalkState = { ...NOTHING, read: 3, id: 'a'.repeat(64), revealed: { ...pin, statement: longest } }
  const sealed = await sealState(key, 'firm', 'talk', kept)
  assert.deepEqual(await openState([key], 'firm', 'talk', sealed), kept)
  const states: TalkState[] = [NOTHING, kept, { ...NOTHING, revealed: pin }, { ...NOTHING, committed: { point: pin.point, statement: longest } }]
  for (const state of states) assert.ok(Math.abs(fromBase64(await sealState(key, 'firm', 'talk', state)).length - 1565) <= 4)
  const merged = merge(kept, { read: 5, id: 'b'.repeat(64), drafts: { me: 'x' } }, 'me')
  assert.deepEqual(merged, { ...kept, read: 5, id: 'b'.repeat(64), drafts: { me: 'x' } })
  assert.deepEqual(merge(kept, { read: 1, id: 'c', drafts: {} }, 'me'), kept)
})
