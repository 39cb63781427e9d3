/** Calls and conversations from one device of a firm: raise, answer, open, read; everything verified here. Twin: member/conversing.py. */

import { bytesToUuid, fromBase64, random, toBase64, uuidToBytes, type Bytes } from '../bytes.ts'
import { NotOpened, openWith, seal } from '../keys/seal.ts'
import { Refused } from '../network/requests.ts'
import { talks, type CallsAnswer, type TalkFacts } from '../network/talks.ts'
import { PRIVATE_BYTES, PrivateKeys, type Suite } from './keys.ts'
import { CALLER, makeAnswer, makeCall, makeOpening, readAnswer, readCall, readOpening, type Answer, type Call, type Link, type Reason, type Side } from './records.ts'
import { granted, Refusal, TalkRefused, type Code } from './refusals.ts'
import { Session } from './session.ts'
import { callName, sideName } from './state.ts'

/** Whose conversations: the firm, and its *conversations* keys, the one in force first. */
export interface Firm {
  id: string
  keys: readonly [Bytes, ...Bytes[]]
}

export interface RaisedCall {
  id: string
  call: Call
  closesOn: string
  closed: boolean
  secret: Bytes
  answers: { conversation: string; answer: Answer; opened: boolean }[]
}

export interface ReceivedCall {
  id: string
  call: Call
  receivedOn: string
}

/** What a conversation was begun with; `link` is null until the caller has opened it. */
export interface Setting {
  call: Call
  answer: Answer
  link: Link | null
}

const DAY_MS = 86_400_000

/** Verified, or TalkRefused. */
export function settingOf(facts: TalkFacts): Setting {
  const call = granted(readCall(fromBase64(facts.call)))
  const answer = granted(readAnswer(fromBase64(facts.answer), call))
  if (bytesToUuid(answer.conversation) !== facts.id)
    throw new TalkRefused(new Refusal('chat-elsewhere', 'the conversation’s id is not that of its answer'))
  return { call, answer, link: facts.opening === null ? null : granted(readOpening(fromBase64(facts.opening), call, answer)) }
}

/** `today`: the network's business date. */
export async function raiseCall(firm: Firm, pseudonym: Bytes, reason: Reason, today: string, suite: Suite): Promise<string> {
  const id = crypto.randomUUID()
  const seed = random(32)
  const raisedOn = Math.round(Date.parse(`${today}T00:00:00Z`) / DAY_MS)
  const call = makeCall(seed, { suite, id: uuidToBytes(id), pseudonym, reason, raisedOn })
  const secret = await seal(firm.keys[0], seed, callName(firm.id, id))
  await talks.raise(toBase64(call.record), toBase64(secret))
  return id
}

/** Why a call, an answer or a conversation could not be listed or opened, by its id: never more than itself. */
export type LeftOut = Map<string, Refusal>

/** What was verified, in a list of one; none of what was not, and why in `leftOut`. */
export function verified<T>(id: string, leftOut: LeftOut, outcome: T | Refusal): T[] {
  if (!(outcome instanceof Refusal)) return [outcome]
  leftOut.set(id, outcome)
  return []
}

/** Each record verified by itself. */
export function readCalls(found: CallsAnswer, leftOut: LeftOut): { raised: RaisedCall[]; received: ReceivedCall[] } {
  const raised = found.raised.flatMap((one) =>
    verified(one.id, leftOut, readCall(fromBase64(one.record))).map((call) => {
      const answers = one.answers.flatMap(({ conversation, record, opened }) =>
        verified(conversation, leftOut, readAnswer(fromBase64(record), call)).map((answer) => ({ conversation, answer, opened })),
      )
      return { id: one.id, call, closesOn: one.closes_on, closed: one.closed, secret: fromBase64(one.secret), answers }
    }),
  )
  const received = found.received.flatMap((one) =>
    verified(one.id, leftOut, readCall(fromBase64(one.record))).map((call) => ({ id: one.id, call, receivedOn: one.received_on })),
  )
  return { raised, received }
}

/** Answers with keys made for it; the conversation begins when the caller has opened it. */
export async function answerCall(firm: Firm, { id, call }: ReceivedCall): Promise<string> {
  const keys = PrivateKeys.fresh(call.suite)
  const answer = await makeAnswer(keys, call)
  const conversation = bytesToUuid(answer.conversation)
  const secret = await seal(firm.keys[0], keys.toBytes(), sideName(firm.id, conversation))
  await talks.answer(id, toBase64(answer.record), toBase64(secret))
  return conversation
}

/**
 * Opens every answer that no device of the firm has opened, each by itself: one that cannot be opened is told by
 * `leftOut`. A call that was closed has lost its key: what was not opened by then is not opened any more. Whether there
 * were any, and whether a key of an earlier or later roll is wanting.
 */
export async function openAnswers(firm: Firm, raised: readonly RaisedCall[], leftOut: LeftOut): Promise<{ any: boolean; locked: boolean }> {
  const waiting = raised.filter((one) => one.secret.length).flatMap((one) => one.answers.filter((got) => !got.opened).map((got) => ({ one, got })))
  let locked = false
  for (const { one, got } of waiting) {
    try {
      await openAnswer(firm, one, got)
    } catch (error) {
      locked ||= error instanceof NotOpened
      if (error instanceof NotOpened) leftOut.set(got.conversation, new Refusal('chat-unreadable', 'the call’s key does not open'))
      else if (error instanceof TalkRefused) leftOut.set(got.conversation, error.refusal)
      else if (error instanceof Refused && error.code.startsWith('chat-')) leftOut.set(got.conversation, new Refusal(error.code as Code, error.message))
      // Another device of the firm was faster, or has closed the call.
      else if (!(error instanceof Refused) || (error.code !== 'conversation-open' && error.code !== 'call-closed')) throw error
    }
  }
  return { any: waiting.length > 0, locked }
}

async function openAnswer(firm: Firm, one: RaisedCall, got: RaisedCall['answers'][number]): Promise<void> {
  const seed = await openWith(firm.keys, one.secret, callName(firm.id, one.id))
  const keys = PrivateKeys.fresh(one.call.suite)
  const link = await makeOpening(seed, keys, one.call, got.answer)
  const epoch = granted(await (await Session.of(link, CALLER, keys)).beginEpoch())
  const secret = await seal(firm.keys[0], keys.toBytes(), sideName(firm.id, got.conversation))
  await talks.open(got.conversation, { record: toBase64(link.opening), epoch: toBase64(epoch.record), secret: toBase64(secret) })
}

/** The conversation with its keys, before its first epoch. */
export async function sessionOf(firm: Firm, facts: TalkFacts): Promise<Session> {
  const { link } = settingOf(facts)
  if (!link || facts.secret === null) throw new TalkRefused(new Refusal('chat-elsewhere', 'the conversation is not open'))
  const [first, ...later] = await keysOf(firm, facts, link.suite)
  return Session.of(link, facts.side as Side, first!, later)
}

/** The own side's private keys, from the first on. */
async function keysOf(firm: Firm, facts: TalkFacts, suite: Suite): Promise<PrivateKeys[]> {
  const packed = await openWith(firm.keys, fromBase64(facts.secret!), sideName(firm.id, facts.id))
  return Array.from({ length: packed.length / PRIVATE_BYTES }, (_, at) =>
    new PrivateKeys(packed.slice(at * PRIVATE_BYTES, (at + 1) * PRIVATE_BYTES), suite),
  )
}

/** Takes up new keys and epochs that came since; whether there was an epoch. Throws TalkRefused. */
export async function adoptNew(firm: Firm, session: Session, facts: TalkFacts): Promise<boolean> {
  const turns = facts.successions
  if (turns.length >= session.links.steps.length) session.later = (await keysOf(firm, facts, session.link.suite)).slice(1)
  let taken = session.links.steps.length - 1
  const known = session.epoch?.number ?? 0
  for (let number = known + 1; number <= facts.epochs.length; number++) {
    while (taken < turns.length && turns[taken]!.after <= number - 1) granted(await session.turn(fromBase64(turns[taken++]!.record)))
    granted(await session.adopt(fromBase64(facts.epochs[number - 1]!.record)))
  }
  while (taken < turns.length) granted(await session.turn(fromBase64(turns[taken++]!.record)))
  return facts.epochs.length > known
}

/** Whether the next own message needs another epoch: after new keys of a side, after one that does not open here, and in a later month. `today`: the business date as this page has heard it last, '' if never. */
export const wantsEpoch = (session: Session, madeOn: string, today: string): boolean =>
  session.wantsEpoch || madeOn.slice(0, 7) < today.slice(0, 7)

/**
 * Makes the epoch that the next own message needs, where no other device was faster; the day on which the newest was
 * made. Only just before an own message: at any other time it would tell the other side when somebody looks.
 */
export async function renewEpoch(firm: Firm, session: Session, id: string, today: string): Promise<string> {
  const facts = await talks.one(id)
  await adoptNew(firm, session, facts)
  const newest = facts.epochs.at(-1)?.made_on ?? ''
  if (!wantsEpoch(session, newest, today)) return newest
  const epoch = granted(await session.beginEpoch())
  try {
    await talks.addEpoch(id, toBase64(epoch.record))
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'chat-epoch') throw error
  }
  const after = await talks.one(id)
  await adoptNew(firm, session, after)
  return after.epochs.at(-1)?.made_on ?? ''
}

