/**
 * Opens and seals the messages of one conversation. Twin: chat/session.py.
 *
 * One `Session` is one device's view of the one chain, as far as it has been read; it refuses whatever does not
 * continue it and says why. Nothing here sends or stores. Calls on one session must not overlap.
 */

import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, equal, random, u32le, utf8, type Bytes } from '../bytes.ts'
import { sign } from '../keys/signing.ts'
import { decode, encode, fits, TEXT_BYTES_MAX, type Content, type Unknown } from './contents.ts'
import { BUCKET_BYTES, LENGTH_BYTES, epochOf, packHeader, readEnvelope, SALT_BYTES, signedPart, type Envelope, type Header } from './envelope.ts'
import { EPOCH_KEY_BYTES, mark, packPublic, type PrivateKeys } from './keys.ts'
import { commitToEpochKey, digest, epochInfo, makeEpoch, other, readEpoch, succeeds, type Epoch, type Link, type Side } from './records.ts'
import { Refusal } from './refusals.ts'
import { digestAfter, Links, readSuccession, type Succession } from './succession.ts'

/** The key of an epoch, or why there is none here: its maker sealed it wrongly, or it was not disclosed. */
export type EpochKey = Bytes | Refusal

/** The key is of one message alone (its salt is random), so that a fixed nonce is never used twice with it. */
const NONCE = new Uint8Array(12)

export type Entropy = (length: number) => Bytes

/** A message that continues the chain. `content`: a refusal when its own side sealed it, or its epoch's key, wrongly; null when erased. */
export interface Received {
  counter: number
  side: Side
  mine: boolean
  content: Content | Unknown | Refusal | null
  id: Bytes
  /** Unix seconds, as the network says; absent where it does not. */
  receivedAt?: number
}

/** The very message already read at this counter: nothing is shown twice. */
export class Seen {
  readonly counter: number

  constructor(counter: number) {
    this.counter = counter
  }
}

/** AES-256 key and key commitment: one expansion under the message's own salt. */
function messageKeys(epochKey: Bytes, salt: Bytes): [Bytes, Bytes] {
  const okm = hkdf(sha256, epochKey, salt, utf8('vigie/message/v1'), 64)
  return [okm.slice(0, 32) as Bytes, okm.slice(32) as Bytes]
}

const aes = (key: Bytes, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> => crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use])

/** Length, content, zeros up to the smallest bucket that holds it; null beyond the largest. */
export function pad(content: Bytes): Bytes | null {
  const bucket = BUCKET_BYTES.find((size) => size >= LENGTH_BYTES + content.length)
  if (bucket === undefined) return null
  const padded = new Uint8Array(bucket)
  padded.set(u32le(content.length))
  padded.set(content, LENGTH_BYTES)
  return padded
}

/** Null for what `pad` cannot have made. */
export function unpad(padded: Bytes): Bytes | null {
  const end = LENGTH_BYTES + new DataView(padded.buffer, padded.byteOffset).getUint32(0, true)
  return end <= padded.length && padded.subarray(end).every((byte) => byte === 0) ? padded.slice(LENGTH_BYTES, end) : null
}

async function openBody(message: Envelope, body: Bytes, epochKey: EpochKey): Promise<Content | Unknown | Refusal> {
  if (epochKey instanceof Refusal) return epochKey
  const { counter, salt } = message.header
  const [key, commitment] = messageKeys(epochKey, salt)
  if (!equal(commitment, message.commitment))
    return new Refusal('chat-commitment', `message ${counter} is sealed under another key than its epoch’s`)
  let padded: Bytes
  try {
    const asked = { name: 'AES-GCM', iv: NONCE, additionalData: packHeader(message.header) }
    padded = new Uint8Array(await crypto.subtle.decrypt(asked, await aes(key, 'decrypt'), body))
  } catch {
    return new Refusal('chat-unreadable', `message ${counter} does not open`)
  }
  const plain = unpad(padded)
  return (plain && decode(plain)) ?? new Refusal('chat-unreadable', `message ${counter} opens to nothing known`)
}

/** One chain, read with the epochs' keys: what a device does, and whoever holds a transcript. */
export class Reader {
  /** The keys of every epoch. */
  links: Links
  readonly side: Side
  counter = 0
  /** Id of the last message read; the genesis before the first. */
  head: Bytes
  protected readonly epochKeys: Map<number, EpochKey>
  #ids = new Map<number, Bytes>()
  #messageEpoch = 0

  constructor(links: Links, side: Side, epochKeys = new Map<number, EpochKey>()) {
    this.links = links
    this.side = side
    this.head = links.newest.genesis
    this.epochKeys = epochKeys
  }

  /** With the keys in force. */
  get link(): Link {
    return this.links.newest
  }

  /** Verifies that a message continues the chain, and opens it. A refusal changes nothing. `known`: see `leadsTo`. */
  async receive(record: Bytes, known = false): Promise<Received | Seen | Refusal> {
    const message = readEnvelope(record, this.links.at(epochOf(record)), true, known)
    if (message instanceof Refusal) return message
    const { counter, previous, epoch, side } = message.header
    if (counter <= this.counter) return this.#seen(message)
    if (counter > this.counter + 1) return new Refusal('chat-gap', `message ${counter} came after message ${this.counter}`)
    if (!equal(previous, this.head))
      return new Refusal('chat-forked', `message ${counter} does not follow the message ${this.counter} read here`)
    const epochKey = this.epochKeys.get(epoch)
    if (!epochKey || epoch < this.#messageEpoch)
      return new Refusal('chat-epoch', `message ${counter} is of epoch ${epoch}, not current there`)
    const content = message.body && (await openBody(message, message.body, epochKey))
    this.counter = counter
    this.head = message.id
    this.#messageEpoch = epoch
    this.#ids.set(counter, message.id)
    return { counter, side, mine: side === this.side, content, id: message.id }
  }

  #seen(message: Envelope): Seen | Refusal {
    const known = this.#ids.get(message.header.counter)
    return known && !equal(known, message.id)
      ? new Refusal('chat-forked', `another message ${message.header.counter} than the one read here`)
      : new Seen(message.header.counter)
  }

  /** Id of a message read here; the genesis for 0. */
  idAt(counter: number): Bytes {
    return counter ? this.#ids.get(counter)! : this.links.at(1).genesis
  }

  /** Refuses a history that ends before what this device had seen, or differs from it there. */
  verifyReach(counter: number, id: Bytes): Refusal | null {
    if (counter > this.counter) return new Refusal('chat-truncated', `the history ends at ${this.counter}; this device has read ${counter}`)
    const known = this.#ids.get(counter)
    return counter && known && !equal(known, id)
      ? new Refusal('chat-forked', `message ${counter} is not the one that this device has read`)
      : null
  }
}

/** One side of an open conversation. */
export class Session extends Reader {
  /** In force. */
  keys: PrivateKeys
  /** The own keys of the beginning, which stay what they were whatever follows them. */
  readonly firstKeys: PrivateKeys
  epoch: Epoch | null = null
  /** New keys are in force, and no epoch is sealed to them yet. */
  turned = false
  /** Own keys that follow the first, as far as this device has them. */
  later: readonly PrivateKeys[]
  /** What the next epoch names. */
  #names: Bytes

  private constructor(link: Link, side: Side, keys: PrivateKeys, later: readonly PrivateKeys[]) {
    super(new Links([1, link]), side)
    this.keys = keys
    this.firstKeys = keys
    this.later = later
    this.#names = link.genesis
  }

  /** Throws RangeError for keys that are not this side's. */
  static async of(link: Link, side: Side, keys: PrivateKeys, later: readonly PrivateKeys[] = []): Promise<Session> {
    if (!equal(packPublic(await keys.public()), packPublic(link.keys[side])))
      throw new RangeError('these are not the keys of this side of the conversation')
    return new Session(link, side, keys, later)
  }

  get ownMark(): string {
    return mark(this.links.at(1).keys[this.side].signing)
  }

  get peerMark(): string {
    return mark(this.links.at(1).keys[other(this.side)].signing)
  }

  /** Secret: only ever disclosed with a transcript. */
  epochKey(number: number): EpochKey {
    return this.epochKeys.get(number)!
  }

  /** Why the newest epoch does not open here, when its maker sealed it wrongly: the next one ends it. */
  get shutOut(): Refusal | null {
    const key = this.epoch && this.epochKeys.get(this.epoch.number)
    return key instanceof Refusal ? key : null
  }

  /** Nothing can be said until a new epoch is made: just before an own message. */
  get wantsEpoch(): boolean {
    return !this.epoch || this.turned || this.shutOut !== null
  }

  /** The next epoch, for the server to accept; nothing changes here until `adopt`. */
  beginEpoch(entropy: Entropy = random): Promise<Epoch | Refusal> {
    return makeEpoch(this.keys, this.side, this.link, (this.epoch?.number ?? 0) + 1, this.#names, entropy(EPOCH_KEY_BYTES))
  }

  /** Verifies that one side's new keys follow the ones in force; the next epoch is sealed to them. */
  async turn(record: Bytes): Promise<Succession | Refusal> {
    const succession = readSuccession(record, this.link)
    if (succession instanceof Refusal) return succession
    if (succession.side === this.side) {
      const wanted = packPublic(succession.keys)
      let at = 0
      while (at < this.later.length && !equal(packPublic(await this.later[at]!.public()), wanted)) at++
      if (at === this.later.length) return new Refusal('chat-unreadable', 'the private keys of the own side’s succession are not here')
      // In order: keys that were replaced before their moment are passed over.
      this.keys = this.later[at]!
      this.later = this.later.slice(at + 1)
    }
    this.links = this.links.turn((this.epoch?.number ?? 0) + 1, succession)
    this.#names = digestAfter(this.#names, record)
    this.turned = true
    return succession
  }

  /**
   * Verifies the next epoch and opens its key; from here on messages are sealed under it. An epoch whose key was sealed
   * wrongly to this side is in its place all the same (`shutOut`): the server has taken it, and one bad epoch would end the
   * conversation for good. What is said in it stays unread, and the next one, which either side makes, follows it.
   */
  async adopt(record: Bytes): Promise<Epoch | Refusal> {
    const epoch = readEpoch(record, this.link)
    if (epoch instanceof Refusal) return epoch
    const refusal = succeeds(epoch, this.epoch?.number ?? 0, this.#names)
    if (refusal) return refusal
    this.epochKeys.set(epoch.number, await this.#openKey(epoch))
    this.epoch = epoch
    this.#names = digest(epoch.record)
    this.turned = false
    return epoch
  }

  async #openKey(epoch: Epoch): Promise<EpochKey> {
    const key = await this.keys.open(epoch.sealed[this.side], epochInfo(this.link, epoch.number, this.side))
    if (!key) return new Refusal('chat-unreadable', `epoch ${epoch.number} was not sealed to this side`)
    return equal(commitToEpochKey(key, this.link.genesis, epoch.number), epoch.commitment)
      ? key
      : new Refusal('chat-commitment', `epoch ${epoch.number} holds another key than it commits to`)
  }

  /** The envelope of the next message; it counts as sent when the server has acknowledged it. Nothing changes here. */
  async seal(content: Content, entropy: Entropy = random): Promise<Bytes | Refusal> {
    const padded = fits(content) ? pad(encode(content)) : null
    if (!padded) return new Refusal('chat-too-large', `a text has at most ${TEXT_BYTES_MAX} bytes`)
    const epochKey = this.epoch && !this.turned && this.epochKey(this.epoch.number)
    if (!this.epoch || !epochKey || epochKey instanceof Refusal) return new Refusal('chat-epoch', 'an epoch has to be made or adopted first')
    const salt = entropy(SALT_BYTES)
    const header: Header = {
      suite: this.link.suite.number,
      conversation: this.link.conversation,
      epoch: this.epoch.number,
      side: this.side,
      counter: this.counter + 1,
      salt,
      previous: this.head,
    }
    const [key, commitment] = messageKeys(epochKey, salt)
    const asked = { name: 'AES-GCM', iv: NONCE, additionalData: packHeader(header) }
    const body = new Uint8Array(await crypto.subtle.encrypt(asked, await aes(key, 'encrypt'), padded))
    const signed = signedPart(header, body, commitment)
    return concat(signed, sign(this.keys.signing, 'message', signed), body)
  }
}

/** A whole history from its first message, with keys that are known; or the first thing that is wrong. */
export async function readWith(links: Links, side: Side, keys: Map<number, EpochKey>, records: readonly Bytes[]): Promise<Received[] | Refusal> {
  const reader = new Reader(links, side, keys)
  const said: Received[] = []
  for (const record of records) {
    const outcome = await reader.receive(record)
    if (outcome instanceof Seen) return new Refusal('chat-malformed', `message ${outcome.counter} is there twice`)
    if (outcome instanceof Refusal) return outcome
    said.push(outcome)
  }
  return said
}
