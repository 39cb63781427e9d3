/**
 * New keys for one side of a conversation, when somebody leaves its firm: signed by the keys before them.
 * Layout, rules of order and twin: chat/succession.py.
 */

import { concat, equal, utf8, type Bytes } from '../bytes.ts'
import { sign, verify } from '../keys/signing.ts'
import { packPublic, SIGNATURE_BYTES, SIGNING_BYTES, unpackPublic, type PrivateKeys, type PublicKeys } from './keys.ts'
import { DIGEST_BYTES, digest, ID_BYTES, suiteByte, unusable, type Link, type Side } from './records.ts'
import { Refusal } from './refusals.ts'

const HEAD_BYTES = 1 + ID_BYTES + 1 + DIGEST_BYTES

/** Verified: `keys` follow the ones in force. */
export interface Succession {
  side: Side
  keys: PublicKeys
  record: Bytes
}

/** `link` has the keys in force; `fresh` are made for this conversation alone. */
export async function makeSuccession(old: PrivateKeys, fresh: PrivateKeys, link: Link, side: Side): Promise<Succession> {
  const keys = await fresh.public()
  const before = digest(packPublic(link.keys[side]))
  const payload = concat(Uint8Array.of(link.suite.number), link.conversation, Uint8Array.of(side), before, packPublic(keys))
  const record = concat(payload, sign(old.signing, 'succession', payload), sign(fresh.signing, 'succession-taken', payload))
  return { side, keys, record }
}

/** A succession of keys in force in `link`; or why not. */
export function readSuccession(record: Bytes, link: Link): Succession | Refusal {
  const suite = suiteByte(record)
  if (suite instanceof Refusal) return suite
  const size = HEAD_BYTES + SIGNING_BYTES + suite.sealingPublicBytes
  if (record.length !== size + 2 * SIGNATURE_BYTES)
    return new Refusal('chat-malformed', `succession of ${record.length} bytes; expected ${size + 2 * SIGNATURE_BYTES}`)
  const payload = record.slice(0, size)
  if (suite !== link.suite || !equal(payload.slice(1, 17), link.conversation))
    return new Refusal('chat-elsewhere', 'the succession is of another conversation')
  const side = payload[17] as Side
  if (side !== 0 && side !== 1) return new Refusal('chat-malformed', `side ${String(side)}; expected 0 or 1`)
  const keys = unpackPublic(payload.slice(HEAD_BYTES))
  if (!equal(payload.slice(18, HEAD_BYTES), digest(packPublic(link.keys[side]))))
    return new Refusal('chat-forked', 'the succession follows other keys than the ones in force')
  if (!verify(link.keys[side].signing, 'succession', payload, record.slice(size, size + SIGNATURE_BYTES)))
    return new Refusal('chat-signature', 'the succession is not signed by the key before')
  if (!verify(keys.signing, 'succession-taken', payload, record.slice(size + SIGNATURE_BYTES)))
    return new Refusal('chat-signature', 'the succession is not signed by the key that it brings')
  if (link.keys.some((one) => equal(keys.signing, one.signing) || equal(keys.sealing, one.sealing)))
    return new Refusal('chat-malformed', 'a key is used twice; expected fresh ones')
  return unusable(keys, 'succession') ?? { side, keys, record }
}

/** The link with the keys that are in force from here on. */
export const turned = (link: Link, { side, keys }: Succession): Link => ({
  ...link,
  keys: side === 0 ? [keys, link.keys[1]] : [link.keys[0], keys],
})

/** What the next epoch names, instead of the epoch before alone. */
export const digestAfter = (before: Bytes, record: Bytes): Bytes => digest(utf8('vigie/turn/v1\0'), before, digest(record))

/** Which keys are in force from which epoch on, in order. */
export class Links {
  readonly steps: readonly (readonly [number, Link])[]

  constructor(...steps: (readonly [number, Link])[]) {
    this.steps = steps
  }

  get newest(): Link {
    return this.steps.at(-1)![1]
  }

  /** The keys in force in an epoch. */
  at(epoch: number): Link {
    return (this.steps.findLast(([first]) => first <= epoch) ?? this.steps[0]!)[1]
  }

  turn(first: number, succession: Succession): Links {
    return new Links(...this.steps, [first, turned(this.newest, succession)])
  }
}

/** A succession in force, as the network lists it: the number of epochs before it, and the record. */
export interface Turn {
  after: number
  record: Bytes
}

/** All of a conversation's keys. */
export function readLinks(link: Link, turns: readonly Turn[]): Links | Refusal {
  let links = new Links([1, link])
  for (const { after, record } of turns) {
    const succession = readSuccession(record, links.newest)
    if (succession instanceof Refusal) return succession
    links = links.turn(after + 1, succession)
  }
  return links
}
