import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex, type Bytes } from '../src/bytes.ts'
import { decode, type Content } from '../src/chat/contents.ts'
import { PrivateKeys } from '../src/chat/keys.ts'
import { readAnswer, readCall, readOpening, type Side } from '../src/chat/records.ts'
import { granted, Refusal } from '../src/chat/refusals.ts'
import { Session, type Received } from '../src/chat/session.ts'
import { GONE, HERE, HOLDS_SECONDS, sealSignal, Signals, type Signal } from '../src/chat/signals.ts'
import { makeSuccession } from '../src/chat/succession.ts'
import { Thread } from '../src/chat/thread.ts'
import { vectors } from './vectors.ts'

interface Step {
  what: 'succession' | 'epoch' | 'message'
  record: string
  refused?: string
  why?: string
  key?: string
  side?: Side
  keys?: string
  text?: string
  id?: string
  counter?: number
}

interface Written {
  private: Record<string, string>
  story: Step[]
  signals: { record: string; to: Side; now: number; at: number; signal: Signal; refused?: string; why?: string }[]
}

interface Setting {
  private: { caller: string; answerer: string }
  call: string
  answer: string
  opening: string
  epochs: { record: string }[]
  messages: { record: string }[]
}

const NAMES = ['chat.json', 'chat_hybrid.json'] as const
const turns = vectors<Record<(typeof NAMES)[number], Written> & { receipts: { side: Side; content: unknown; read: Record<string, number> }[] }>('chat_turns.json')

/** Both sides where the setting's file ends. */
async function sessionsOf(name: (typeof NAMES)[number]): Promise<Session[]> {
  const given = vectors<Setting>(name)
  const call = granted(readCall(fromHex(given.call)))
  const link = granted(readOpening(fromHex(given.opening), call, granted(readAnswer(fromHex(given.answer), call))))
  const made = ([0, 1] as const).map(async (side) => {
    const who = side === 0 ? 'caller' : 'answerer'
    const own = Object.entries(turns[name].private).filter(([one]) => one.startsWith(who))
    const later = own.map(([, packed]) => new PrivateKeys(fromHex(packed), link.suite))
    const session = await Session.of(link, side, new PrivateKeys(fromHex(given.private[who]), link.suite), later)
    for (const { record } of given.epochs) granted(await session.adopt(fromHex(record)))
    for (const { record } of given.messages) assert.ok(!((await session.receive(fromHex(record))) instanceof Refusal))
    return session
  })
  return Promise.all(made)
}

async function play(sessions: Session[], step: Step): Promise<unknown> {
  const record = fromHex(step.record)
  let outcome: unknown
  for (const session of sessions) {
    outcome = await (step.what === 'succession' ? session.turn(record) : step.what === 'epoch' ? session.adopt(record) : session.receive(record))
    if (outcome instanceof Refusal) return outcome
  }
  return outcome
}

function opened(): Thread {
  const thread = new Thread()
  const zeros = 'A'.repeat(43) + '='
  const said: Content[] = [{ kind: 'reveal-offer' }, { kind: 'reveal-commit', commitment: zeros }, { kind: 'reveal-open', statement: 'cw==', nonce: zeros }]
  let counter = 0
  for (const content of said) for (const side of [0, 1] as const) thread.take({ counter: ++counter, side, mine: side === 0, content, id: new Uint8Array(32) })
  return thread
}

for (const name of NAMES) {
  test(`${name}: new keys follow the ones before, and are made again byte for byte`, async () => {
    const sessions = await sessionsOf(name)
    for (const step of turns[name].story) {
      if (step.what === 'succession' && !step.refused) {
        const session = sessions[step.side!]!
        const fresh = new PrivateKeys(fromHex(turns[name].private[step.keys!]!), session.link.suite)
        assert.equal(toHex((await makeSuccession(session.keys, fresh, session.link, step.side!)).record), step.record)
      }
      const outcome = await play(sessions, step)
      if (step.refused) {
        assert.equal(outcome instanceof Refusal ? outcome.code : 'taken', step.refused, step.why ?? step.what)
        continue
      }
      assert.ok(!(outcome instanceof Refusal), JSON.stringify(outcome))
      if (step.what === 'succession') assert.ok(sessions.every((one) => one.turned))
      if (step.what === 'epoch') for (const one of sessions) assert.equal(toHex(granted(one.epochKey(one.epoch!.number))), step.key)
      if (step.what === 'message') {
        const { counter, side, content, id } = outcome as Received
        assert.deepEqual([counter, side, content, toHex(id)], [step.counter, step.side, { kind: 'text', text: step.text, sent_at: 0 }, step.id])
      }
    }
  })

  test(`${name}: presence opens to what was written, once, for the other side alone`, async () => {
    const sessions = await sessionsOf(name)
    const thread = opened()
    for (const step of turns[name].story) if (!step.refused) await play(sessions, step)
    const heard = [new Signals(), new Signals()]
    for (const one of turns[name].signals) {
      const record = fromHex(one.record)
      const outcome = await heard[one.to]!.take(record, sessions[one.to]!, thread, one.now)
      if (one.refused) {
        assert.equal(outcome instanceof Refusal ? outcome.code : 'taken', one.refused, one.why ?? '')
        continue
      }
      assert.equal(outcome, one.signal)
      assert.equal(heard[one.to]!.shows(one.now + HOLDS_SECONDS - 1), one.signal)
      assert.equal(heard[one.to]!.shows(one.now + HOLDS_SECONDS), GONE)
      const again = granted(await sealSignal(sessions[1 - one.to]!, thread, one.signal, one.at, () => record.slice(22, 54) as Bytes))
      assert.equal(toHex(again), one.record)
    }
    assert.ok((await sealSignal(sessions[0]!, new Thread(), HERE, 1)) instanceof Refusal)
  })
}

test('receipts count after the reveal alone and never go back', () => {
  const thread = new Thread()
  turns.receipts.forEach(({ side, content, read }, at) => {
    const said = decode(new TextEncoder().encode(JSON.stringify(content)))
    thread.take({ counter: at + 1, side, mine: side === 0, content: said, id: new Uint8Array(32) })
    assert.deepEqual(thread.read, read)
  })
})
