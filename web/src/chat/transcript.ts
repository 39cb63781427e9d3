/** A conversation taken out of the network by one of its sides, for a third person to check. Twin: chat/transcript.py. */

import { sha256 } from '@noble/hashes/sha2.js'
import { equal, fromBase64, fromUtf8, toBase64, utf8, type Bytes } from '../bytes.ts'
import { sign, verify } from '../keys/signing.ts'
import { epochOf } from './envelope.ts'
import { commitToEpochKey, digest, readAnswer, readCall, readEpoch, readOpening, succeeds, type Link, type Side } from './records.ts'
import { Refusal } from './refusals.ts'
import { readWith, type EpochKey, type Received, type Session } from './session.ts'
import { digestAfter, readLinks, type Links, type Turn } from './succession.ts'

export const VERSION = 1

interface Bundle {
  version: number
  side: number
  taken_at: number
  call: string
  answer: string
  opening: string
  /** `key` null: it does not open to who brings it. */
  epochs: { record: string; key: string | null }[]
  messages: string[]
  successions?: { record: string; after: number }[]
}

export interface Taken {
  call: Bytes
  answer: Bytes
  epochs: readonly Bytes[]
  messages: readonly Bytes[]
  successions: readonly Turn[]
  /** Unix seconds. */
  now: number
}

/** The transcript as JSON. `session` has adopted all of the epochs. */
export function makeTranscript(session: Session, taken: Taken): Bytes {
  const bundle: Bundle = {
    version: VERSION,
    side: session.side,
    taken_at: taken.now,
    call: toBase64(taken.call),
    answer: toBase64(taken.answer),
    opening: toBase64(session.link.opening),
    epochs: taken.epochs.map((record, at) => ({ record: toBase64(record), key: disclosed(session.epochKey(at + 1)) })),
    messages: taken.messages.map(toBase64),
    successions: taken.successions.map(({ record, after }) => ({ record: toBase64(record), after })),
  }
  const text = JSON.stringify(bundle)
  const signature = toBase64(sign(session.keys.signing, 'transcript', sha256(utf8(text))))
  return utf8(`{"bundle":${text},"signature":"${signature}"}`)
}

const disclosed = (key: EpochKey): string | null => (key instanceof Refusal ? null : toBase64(key))

export interface Checked {
  link: Link
  side: Side
  takenAt: number
  said: Received[]
  /** Epochs whose key was not disclosed: what was said in them is signed, in its place, and unread. */
  withoutKey: number[]
}

/** As `makeTranscript` and its twin write it: the signature is over the bundle's very text. */
const OUTER = /^\{"bundle":(\{.*\}),"signature":"([A-Za-z0-9+/=]+)"\}$/s

/** What it proves, or the first thing that does not hold. */
export async function checkTranscript(bytes: Bytes): Promise<Checked | Refusal> {
  const parts = OUTER.exec(fromUtf8(bytes))
  if (!parts) return new Refusal('chat-malformed', 'not a transcript')
  let bundle: Opened
  try {
    bundle = openBundle(JSON.parse(parts[1]!) as Bundle)
  } catch {
    return new Refusal('chat-malformed', 'not a transcript')
  }
  const { side } = bundle
  if (bundle.version !== VERSION || (side !== 0 && side !== 1))
    return new Refusal('chat-malformed', `version ${bundle.version}, side ${side}; expected 1, 0 or 1`)
  const call = readCall(bundle.call)
  if (call instanceof Refusal) return call
  const answer = readAnswer(bundle.answer, call)
  if (answer instanceof Refusal) return answer
  const link = readOpening(bundle.opening, call, answer)
  if (link instanceof Refusal) return link
  const links = readLinks(link, bundle.turns)
  if (links instanceof Refusal) return links
  if (!verify(links.newest.keys[side].signing, 'transcript', sha256(utf8(parts[1]!)), fromBase64(parts[2]!)))
    return new Refusal('chat-signature', 'the transcript is not signed by the side that brings it')
  const keys = keysOf(bundle, links)
  if (keys instanceof Refusal) return keys
  const spoke = bundle.messages.map((record) => (record[21] === side ? epochOf(record) : 0)).find((number) => keys.get(number) instanceof Refusal)
  // A side seals nothing in an epoch that does not open to it: where it has spoken, it has the key.
  if (spoke) return new Refusal('chat-malformed', `the key of epoch ${spoke}, in which who brings it spoke, is missing`)
  const said = await readWith(links, side, keys, bundle.messages)
  if (said instanceof Refusal) return said
  const withoutKey = [...keys].flatMap(([number, key]) => (key instanceof Refusal ? [number] : []))
  return { link, side, takenAt: bundle.takenAt, said, withoutKey }
}

interface Opened {
  version: number
  side: number
  takenAt: number
  call: Bytes
  answer: Bytes
  opening: Bytes
  epochs: { record: Bytes; key: Bytes | null }[]
  messages: Bytes[]
  turns: Turn[]
}

const openBundle = (bundle: Bundle): Opened => ({
  version: bundle.version,
  side: bundle.side,
  takenAt: bundle.taken_at,
  call: fromBase64(bundle.call),
  answer: fromBase64(bundle.answer),
  opening: fromBase64(bundle.opening),
  epochs: bundle.epochs.map(({ record, key }) => ({ record: fromBase64(record), key: key === null ? null : fromBase64(key) })),
  messages: bundle.messages.map(fromBase64),
  turns: (bundle.successions ?? []).map(({ record, after }) => ({ record: fromBase64(record), after })),
})

function keysOf({ epochs, turns }: Opened, links: Links): Map<number, EpochKey> | Refusal {
  const keys = new Map<number, EpochKey>()
  const { genesis } = links.newest
  let named = genesis
  let next = 0
  for (const [at, { record, key }] of epochs.entries()) {
    const number = at + 1
    while (next < turns.length && turns[next]!.after < number) named = digestAfter(named, turns[next++]!.record)
    const epoch = readEpoch(record, links.at(number))
    if (epoch instanceof Refusal) return epoch
    const refusal = succeeds(epoch, at, named)
    if (refusal) return refusal
    if (key && !equal(commitToEpochKey(key, genesis, number), epoch.commitment))
      return new Refusal('chat-commitment', `the key disclosed for epoch ${number} is another one`)
    keys.set(number, key ?? new Refusal('chat-unreadable', `the key of epoch ${number} was not disclosed`))
    named = digest(record)
  }
  return keys
}
