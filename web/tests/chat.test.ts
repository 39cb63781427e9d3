import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concat, fromBase64, fromHex, random, toHex, utf8, type Bytes } from '../src/bytes.ts'
import { decode, encode, type Content } from '../src/chat/contents.ts'
import { leadsTo, messageId, readEnvelope } from '../src/chat/envelope.ts'
import { announce, chunksOf, openFile, sealChunk, SEALED_CHUNK_BYTES } from '../src/chat/files.ts'
import { HYBRID_AES256, mark, PrivateKeys, SUITES, X25519_AES256 } from '../src/chat/keys.ts'
import { Outbox } from '../src/chat/outbox.ts'
import { noticed } from '../src/chat/rails.ts'
import { ANSWERER, CALLER, makeAnswer, makeCall, makeOpening, readAnswer, readCall, readOpening, type Link, type Side } from '../src/chat/records.ts'
import { granted, Refusal } from '../src/chat/refusals.ts'
import { makeStatement, type Own } from '../src/chat/reveal.ts'
import { contradicted, isLost, keepTo, nextStep, peerOf, pinOf } from '../src/chat/revealing.ts'
import { Seen, Session, type Received } from '../src/chat/session.ts'
import { safetyNumber } from '../src/chat/safety.ts'
import { GONE, sealSignal, SIGNAL_BYTES, Signals, TYPING } from '../src/chat/signals.ts'
import { makeSuccession } from '../src/chat/succession.ts'
import { stageOf, Thread } from '../src/chat/thread.ts'
import { checkTranscript, makeTranscript } from '../src/chat/transcript.ts'
import { issueDelegation, SCOPE } from '../src/keys/delegation.ts'
import { publicKey, sign } from '../src/keys/signing.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  private: { call: string; caller: string; answerer: string }
  call_id: string
  pseudonym: string
  raised_on: number
  call: string
  answer: string
  opening: string
  conversation: string
  genesis: string
  marks: string[]
  epochs: { record: string; key: string }[]
  messages: { side: Side; epoch: number; counter: number; text: string; sent_at: number; salt: string; id: string; record: string }[]
  refused: { why: string; code: string; record: string }[]
}

const files = new Map([
  [X25519_AES256, vectors<Vectors>('chat.json')],
  [HYBRID_AES256, vectors<Vectors>('chat_hybrid.json')],
])

function linkOf(given: Vectors): Link {
  const call = granted(readCall(fromHex(given.call)))
  return granted(readOpening(fromHex(given.opening), call, granted(readAnswer(fromHex(given.answer), call))))
}

async function sessionsOf(given: Vectors): Promise<[Session, Session]> {
  const link = linkOf(given)
  const keys = (packed: string): PrivateKeys => new PrivateKeys(fromHex(packed), link.suite)
  return [await Session.of(link, CALLER, keys(given.private.caller)), await Session.of(link, ANSWERER, keys(given.private.answerer))]
}

function received(outcome: Received | Seen | Refusal): Received {
  assert.ok(!(outcome instanceof Seen) && !(outcome instanceof Refusal), JSON.stringify(outcome))
  return outcome
}

for (const [suite, given] of files) {
  test(`suite ${suite.number}: the setting up is made again byte for byte`, async () => {
    const seed = fromHex(given.private.call)
    const call = makeCall(seed, { suite, id: fromHex(given.call_id), pseudonym: fromHex(given.pseudonym), reason: 2, raisedOn: given.raised_on })
    const answer = await makeAnswer(new PrivateKeys(fromHex(given.private.answerer), suite), call)
    const link = await makeOpening(seed, new PrivateKeys(fromHex(given.private.caller), suite), call, answer)
    assert.equal(toHex(call.record), given.call)
    assert.equal(toHex(answer.record), given.answer)
    assert.equal(toHex(link.opening), given.opening)
    assert.equal(toHex(link.conversation), given.conversation)
    assert.equal(toHex(link.genesis), given.genesis)
    assert.deepEqual(link.keys.map((keys) => mark(keys.signing)), given.marks)
  })

  test(`suite ${suite.number}: epochs and messages open to what is written`, async () => {
    for (const session of await sessionsOf(given)) {
      for (const epoch of given.epochs) {
        const adopted = granted(await session.adopt(fromHex(epoch.record)))
        assert.equal(toHex(granted(session.epochKey(adopted.number))), epoch.key)
      }
      for (const message of given.messages) {
        const record = fromHex(message.record)
        assert.equal(toHex(messageId(record)), message.id)
        const shown = received(await session.receive(record))
        assert.deepEqual(shown.content, { kind: 'text', text: message.text, sent_at: message.sent_at })
        assert.deepEqual([shown.side, shown.counter], [message.side, message.counter])
        assert.ok((await session.receive(record)) instanceof Seen)
      }
    }
  })

  test(`suite ${suite.number}: what Python refuses is refused for the same reason`, () => {
    const link = linkOf(given)
    for (const { why, code, record } of given.refused) {
      const outcome = readEnvelope(fromHex(record), link)
      assert.equal(outcome instanceof Refusal ? outcome.code : 'read', code, why)
    }
  })

  test(`suite ${suite.number}: a message is sealed again byte for byte from its salt`, async () => {
    const sessions = await sessionsOf(given)
    for (const message of given.messages) {
      for (const session of sessions)
        if ((session.epoch?.number ?? 0) < message.epoch) granted(await session.adopt(fromHex(given.epochs[message.epoch - 1]!.record)))
      const content: Content = { kind: 'text', text: message.text, sent_at: message.sent_at }
      const sealed = granted(await sessions[message.side].seal(content, () => fromHex(message.salt)))
      assert.equal(toHex(sealed), message.record)
      for (const session of sessions) received(await session.receive(sealed))
    }
  })

  test(`suite ${suite.number}: an epoch made here opens on both sides, and a transcript holds`, async () => {
    const [caller, answerer] = await sessionsOf(given)
    const epoch = granted(await caller.beginEpoch())
    for (const session of [caller, answerer]) granted(await session.adopt(epoch.record))
    const record = granted(await answerer.seal({ kind: 'text', text: 'ê', sent_at: 1 }))
    received(await caller.receive(record))
    const taken = { call: fromHex(given.call), answer: fromHex(given.answer), epochs: [epoch.record], messages: [record], successions: [], now: 7 }
    const written = makeTranscript(caller, taken)
    const checked = granted(await checkTranscript(written))
    assert.deepEqual(checked.said[0]!.content, { kind: 'text', text: 'ê', sent_at: 1 })
    const other = new TextDecoder().decode(written).replace('"taken_at":7', '"taken_at":8')
    assert.equal(((await checkTranscript(utf8(other))) as Refusal).code, 'chat-signature')
  })
}

test('keys that are another side’s are refused', async () => {
  const given = files.get(X25519_AES256)!
  await assert.rejects(Session.of(linkOf(given), CALLER, new PrivateKeys(fromHex(given.private.answerer))), RangeError)
  assert.equal(SUITES.size, 2)
})

test('reminders are the ones that Python gives', () => {
  for (const { text, rails } of vectors<{ texts: { text: string; rails: string[] }[] }>('guard_rails.json').texts)
    assert.deepEqual(noticed(text), rails, text)
})

async function opened(): Promise<[Session, Session]> {
  const given = files.get(X25519_AES256)!
  const pair = await sessionsOf(given)
  for (const session of pair) granted(await session.adopt(fromHex(given.epochs[0]!.record)))
  return pair
}

test('who loses the race for a counter seals again, and each text is said once', async () => {
  const [one, two] = await opened()
  const boxes = [new Outbox(one), new Outbox(two)] as const
  boxes[0].put({ kind: 'text', text: 'first', sent_at: 1 })
  boxes[1].put({ kind: 'text', text: 'second', sent_at: 1 })
  const winner = granted(await boxes[0].due()) as Bytes
  const loser = granted(await boxes[1].due()) as Bytes
  assert.notDeepEqual(winner, loser)
  received((await boxes[0].acknowledged(messageId(winner)))!)
  received(await boxes[1].read(winner))
  const again = granted(await boxes[1].due()) as Bytes
  assert.notDeepEqual(again, loser)
  received((await boxes[1].acknowledged(messageId(again)))!)
  assert.deepEqual(boxes[1].waiting, [])
  assert.equal(received(await boxes[0].read(again)).counter, 2)
})

test('what was uncertain when the page was closed is recognised when the chain has it', async () => {
  const [one, two] = await opened()
  const before = new Outbox(one)
  before.put({ kind: 'text', text: 'once', sent_at: 1 })
  const sealed = granted(await before.due()) as Bytes
  const [fresh] = await opened()
  const after = new Outbox(fresh)
  after.recall(before.waiting, before.sealedIds)
  received(await two.receive(sealed))
  received(await after.read(sealed))
  assert.deepEqual(after.waiting, [])
})

test('both sides fold the chain alike: edits, withdrawals, the reveal', async () => {
  const [one, two] = await opened()
  const threads = [new Thread(), new Thread()] as const
  const put = async (from: Session, content: Content): Promise<void> => {
    const record = granted(await from.seal(content))
    for (const [at, session] of [one, two].entries()) threads[at]!.take(received(await session.receive(record)))
  }
  await put(one, { kind: 'text', text: 'pays late', sent_at: 1 })
  await put(two, { kind: 'edit', of: 1, text: 'not mine', sent_at: 1 })
  await put(one, { kind: 'edit', of: 1, text: 'pays 40 days late', sent_at: 2 })
  assert.equal((threads[1].entries.get(1)!.said as { text: string }).text, 'pays 40 days late')
  await put(one, { kind: 'withdraw', of: 1 })
  await put(one, { kind: 'edit', of: 1, text: 'again', sent_at: 3 })
  assert.equal(threads[1].entries.get(1)!.said, null)
  assert.equal(threads[1].entries.get(1)!.withdrawn, true)
  await put(one, { kind: 'read', through: 1 })
  assert.deepEqual(threads[1].read, {})
  await put(one, { kind: 'reveal-offer' })
  await put(one, { kind: 'reveal-offer' })
  assert.equal(stageOf(threads[1].reveal), 'offered')
  await put(two, { kind: 'reveal-decline' })
  assert.equal(stageOf(threads[0].reveal), 'hidden')
  await put(two, { kind: 'reveal-offer' })
  await put(one, { kind: 'reveal-offer' })
  assert.equal(stageOf(threads[0].reveal), 'agreed')
  assert.deepEqual(threads[0].reveal.point, threads[1].reveal.point)
  assert.deepEqual(threads[0].events.map((one) => one.step), threads[1].events.map((one) => one.step))
})

test('messages that lead to a pinned one are known, and no others', async () => {
  const given = files.get(X25519_AES256)!
  const records = given.messages.map((one) => fromHex(one.record))
  const last = messageId(records.at(-1)!)
  assert.ok(leadsTo(records, fromHex(given.genesis), last))
  assert.ok(!leadsTo(records.slice(1), fromHex(given.genesis), last))
  assert.ok(!leadsTo(records.slice(0, -1), fromHex(given.genesis), last))
  records[1] = fromHex(given.refused[0]!.record)
  assert.ok(!leadsTo(records, fromHex(given.genesis), last))
})

test('a file is sealed in chunks that open in their place alone', async () => {
  const content = new Uint8Array(70_000).map((_, at) => at % 251)
  const file = announce(content, 'extrait.txt', 'text/plain', 1) as Exclude<ReturnType<typeof announce>, Refusal>
  const where = new Uint8Array(16)
  const chunks = await Promise.all([0, 1].map((number) => sealChunk(file, where, content, number)))
  assert.equal(chunksOf(file.size), 2)
  assert.equal(chunks[0]!.length, SEALED_CHUNK_BYTES)
  assert.deepEqual(await openFile(file, where, async (number) => chunks[number]!), content)
  assert.equal(((await openFile(file, where, async (number) => chunks[1 - number]!)) as Refusal).code, 'chat-unreadable')
  assert.ok(announce(new Uint8Array(10 * 1024 * 1024 + 1), 'x', '', 1) instanceof Refusal)
})

test('contents are decoded strictly, and a later version’s are known as such', () => {
  const plain = (value: unknown): Bytes => new TextEncoder().encode(JSON.stringify(value)) as Bytes
  assert.deepEqual(decode(plain({ kind: 'dance' })), { kind: 'unknown', named: 'dance' })
  assert.equal(decode(plain({ kind: 'edit', of: 0, text: 'x', sent_at: 1 })), null)
  assert.equal(decode(plain({ kind: 'reveal-commit', commitment: 'AAAA' })), null)
  assert.equal(decode(plain([1])), null)
  assert.equal(decode(plain({ kind: 'toString' }))?.kind, 'unknown')
  assert.equal(new TextDecoder().decode(encode({ kind: 'text', text: '\ud800', sent_at: 1 })), '{"kind":"text","text":"\ufffd","sent_at":1}')
})

test('new keys of a side follow the old ones, and messages of both times are read', async () => {
  const given = files.get(X25519_AES256)!
  const link = linkOf(given)
  const first = new PrivateKeys(fromHex(given.private.caller))
  const fresh = PrivateKeys.fresh(X25519_AES256)
  const one = await Session.of(link, CALLER, first, [fresh])
  const two = await Session.of(link, ANSWERER, new PrivateKeys(fromHex(given.private.answerer)))
  const pair = [one, two]
  for (const session of pair) granted(await session.adopt(fromHex(given.epochs[0]!.record)))
  const old = granted(await one.seal({ kind: 'text', text: 'before', sent_at: 1 }))
  for (const session of pair) received(await session.receive(old))
  const succession = await makeSuccession(first, fresh, link, CALLER)
  for (const session of pair) granted(await session.turn(succession.record))
  assert.equal(((await two.seal({ kind: 'text', text: 'x', sent_at: 1 })) as Refusal).code, 'chat-epoch')
  const epoch = granted(await two.beginEpoch())
  for (const session of pair) granted(await session.adopt(epoch.record))
  assert.equal(one.keys, fresh)
  assert.equal(two.peerMark, given.marks[0])
  const young = granted(await one.seal({ kind: 'text', text: 'after', sent_at: 1 }))
  for (const session of pair) received(await session.receive(young))
  assert.equal(((await two.turn(succession.record)) as Refusal).code, 'chat-forked')
  const taken = {
    call: fromHex(given.call),
    answer: fromHex(given.answer),
    epochs: [fromHex(given.epochs[0]!.record), epoch.record],
    messages: [old, young],
    successions: [{ after: 1, record: succession.record }],
    now: 7,
  }
  assert.equal(granted(await checkTranscript(makeTranscript(one, taken))).said.length, 2)
})

async function revealed(): Promise<{ sessions: [Session, Session]; threads: [Thread, Thread]; owns: [Own, Own]; holder: Bytes }> {
  const sessions = await opened()
  const threads: [Thread, Thread] = [new Thread(), new Thread()]
  const holderSeed = random(32)
  const holder = publicKey(holderSeed)
  const own = (name: string): Own => {
    const root = random(32)
    const device = random(32)
    const firm = random(16)
    const grant = { firm, device: publicKey(device), scopes: SCOPE.reveal, notBefore: 0, expires: 2_000_000_000 }
    const signature = sign(holderSeed, 'root', concat(firm, publicKey(root)))
    return { device, delegation: issueDelegation(root, grant), firm, root: publicKey(root), name, vouchings: [{ holder, signature }] }
  }
  const owns: [Own, Own] = [own('Maison Une (fictif)'), own('Maison Deux (fictif)')]
  const put = async (from: 0 | 1, content: Content): Promise<void> => {
    const record = granted(await sessions[from].seal(content))
    for (const at of [0, 1] as const) threads[at].take(received(await sessions[at].receive(record)))
  }
  for (const at of [0, 1] as const) await put(at, { kind: 'reveal-offer' })
  for (const _ of ['commit', 'open']) for (const at of [0, 1] as const) await put(at, nextStep(threads[at], sessions[at], makeStatement(owns[at], sessions[at].link, sessions[at].side, threads[at].reveal.point!))!)
  return { sessions, threads, owns, holder }
}

test('both sides learn who they are, with the holders’ word, and compare one safety number', async () => {
  const { sessions, threads, owns, holder } = await revealed()
  const numbers = new Set<string>()
  for (const at of [0, 1] as const) {
    const found = peerOf(threads[at], sessions[at], [holder], 1_800_000_000)
    assert.ok(found && !(found instanceof Refusal), JSON.stringify(found))
    assert.deepEqual([found.name, found.vouchedBy], [owns[1 - at]!.name, 1])
    numbers.add(safetyNumber(sessions[at].link, sessions[at].side, owns[at].root, found.root))
    assert.equal((peerOf(threads[at], sessions[at], [], 1_800_000_000) as { vouchedBy: number }).vouchedBy, 0)
    assert.equal((peerOf(threads[at], sessions[at], [holder], 2_000_000_000) as Refusal).code, 'chat-signature')
  }
  assert.equal(numbers.size, 1)
  const written = vectors<{ numbers: Record<string, string> }>('safety.json').numbers
  const roots = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const
  for (const [name, number] of Object.entries(written)) assert.equal(safetyNumber(linkOf(vectors<Vectors>(name)), CALLER, ...roots), number)
})

test('a pin keeps who the other side is when the messages say nothing any more, and judges as on that day', async () => {
  const { sessions, threads, owns, holder } = await revealed()
  const pin = pinOf(threads[0], sessions[0], [holder], 1_800_000_000)!
  const later = new Thread()
  assert.equal(keepTo(later, sessions[0], pin, [holder]), null)
  for (let counter = 1; counter <= 6; counter++) later.take({ counter, side: CALLER, mine: true, content: null, id: counter === 6 ? fromBase64(pin.opened[1]) : new Uint8Array(32) })
  assert.equal(stageOf(later.reveal), 'opened')
  assert.equal(contradicted(later, sessions[0]), null)
  const found = peerOf(later, sessions[0], [holder], 2_100_000_000)
  assert.ok(found && !(found instanceof Refusal), JSON.stringify(found))
  assert.equal(found.name, owns[1]!.name)
  assert.deepEqual(fromBase64(pin.own_root), owns[0]!.root)
  const other = { ...pin, opened: [pin.opened[0], pin.point[1]] as const }
  const wrong = new Thread()
  keepTo(wrong, sessions[0], other, [holder])
  assert.equal(contradicted(wrong, sessions[0])?.code, 'chat-forked')
  assert.equal(keepTo(threads[0], sessions[0], other, [holder])?.code, 'chat-pinned')
})

test('what was committed to and is not kept any more is lost', async () => {
  const { sessions, threads, owns } = await revealed()
  const { point, commits } = threads[0].reveal
  const thread = new Thread()
  thread.reveal = { ...threads[0].reveal, opens: {}, received: {}, opened: null }
  const statement = makeStatement(owns[0], sessions[0].link, CALLER, point!)
  assert.equal(stageOf(thread.reveal), 'committed')
  assert.equal(isLost(thread, sessions[0], statement), false)
  assert.equal(nextStep(thread, sessions[0], statement)?.kind, 'reveal-open')
  for (const other of [null, makeStatement({ ...owns[0], vouchings: [] }, sessions[0].link, CALLER, point!)]) {
    assert.equal(isLost(thread, sessions[0], other), true)
    assert.equal(nextStep(thread, sessions[0], other), null)
  }
  assert.ok(commits[CALLER])
})

test('presence is seen after the reveal, once, and for a minute', async () => {
  const { sessions, threads } = await revealed()
  const signals = new Signals()
  const record = granted(await sealSignal(sessions[0], threads[0], TYPING, 1000))
  assert.equal(record.length, SIGNAL_BYTES)
  assert.equal(granted(await signals.take(record, sessions[1], threads[1], 1010)), TYPING)
  assert.equal(signals.shows(1069), TYPING)
  assert.equal(signals.shows(1070), GONE)
  assert.equal(((await signals.take(record, sessions[1], threads[1], 1010)) as Refusal).code, 'chat-behind')
  assert.equal(((await signals.take(record, sessions[0], threads[0], 1010)) as Refusal).code, 'chat-side')
  assert.equal(((await sealSignal(sessions[0], new Thread(), TYPING, 1000)) as Refusal).code, 'chat-reveal')
})
