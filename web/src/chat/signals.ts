/**
 * Presence and typing: sealed, all of one size, passed on to the other side's devices and never stored; after the
 * reveal alone. Layout, rules of order and twin: chat/signals.py.
 */

import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, equal, random, toHex, u32le, u64le, utf8, type Bytes } from '../bytes.ts'
import { SALT_BYTES } from './envelope.ts'
import { other } from './records.ts'
import { Refusal } from './refusals.ts'
import type { Entropy, Session } from './session.ts'
import { stageOf, type Thread } from './thread.ts'

export const SIGNAL_BYTES = 86
export const FRESH_SECONDS = 120
export const HOLDS_SECONDS = 60
/** How often a device that is looked at says so. */
export const EVERY_SECONDS = 25
const SALTS_KEPT = 512
const HEAD_BYTES = 54

export const HERE = 1
export const TYPING = 2
export const GONE = 3
export type Signal = typeof HERE | typeof TYPING | typeof GONE

const keyOf = (epochKey: Bytes, salt: Bytes): Promise<CryptoKey> => {
  const key = hkdf(sha256, epochKey, salt, utf8('vigie/signal/v1'), 32) as Bytes
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** A signal to send; refused before the reveal. */
export async function sealSignal(
  session: Session,
  thread: Thread,
  signal: Signal,
  nowUnix: number,
  entropy: Entropy = random,
): Promise<Bytes | Refusal> {
  if (stageOf(thread.reveal) !== 'opened') return new Refusal('chat-reveal', 'presence is shown after the reveal alone')
  const epochKey = session.epoch && session.epochKey(session.epoch.number)
  if (!session.epoch || !epochKey || epochKey instanceof Refusal) return new Refusal('chat-epoch', 'no epoch that opens here has been adopted yet')
  const salt = entropy(SALT_BYTES)
  const { link, side, epoch } = session
  const head = concat(Uint8Array.of(link.suite.number), link.conversation, u32le(epoch.number), Uint8Array.of(side), salt)
  const said = concat(Uint8Array.of(signal), u64le(nowUnix), new Uint8Array(7))
  const asked = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: head }
  return concat(head, new Uint8Array(await crypto.subtle.encrypt(asked, await keyOf(epochKey, salt), said)))
}

/** What the other side's signals say, for one device in one conversation. */
export class Signals {
  #signal: Signal = GONE
  #until = 0
  #salts: string[] = []

  /** What the record says; a refusal changes nothing. */
  async take(record: Bytes, session: Session, thread: Thread, nowUnix: number): Promise<Signal | Refusal> {
    if (stageOf(thread.reveal) !== 'opened') return new Refusal('chat-reveal', 'presence counts after the reveal alone')
    if (record.length !== SIGNAL_BYTES) return new Refusal('chat-malformed', `signal of ${record.length} bytes; expected ${SIGNAL_BYTES}`)
    const { link, side, epoch } = session
    if (record[0] !== link.suite.number || !equal(record.slice(1, 17), link.conversation))
      return new Refusal('chat-elsewhere', 'the signal is of another conversation')
    if (record[21] !== other(side)) return new Refusal('chat-side', 'the signal is not the other side’s')
    const named = new DataView(record.buffer, record.byteOffset).getUint32(17, true)
    if (!epoch || named !== epoch.number) return new Refusal('chat-epoch', `signal of epoch ${named}, not the newest`)
    const epochKey = session.epochKey(named)
    if (epochKey instanceof Refusal) return epochKey
    const salt = record.slice(22, HEAD_BYTES)
    let plain: DataView
    try {
      const asked = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: record.slice(0, HEAD_BYTES) }
      plain = new DataView(await crypto.subtle.decrypt(asked, await keyOf(epochKey, salt), record.slice(HEAD_BYTES)))
    } catch {
      return new Refusal('chat-unreadable', 'the signal does not open')
    }
    const signal = plain.getUint8(0) as Signal
    const at = Number(plain.getBigInt64(1, true))
    if (signal < HERE || signal > GONE || Math.abs(nowUnix - at) > FRESH_SECONDS || this.#salts.includes(toHex(salt)))
      return new Refusal('chat-behind', 'the signal is old, or has been seen')
    this.#salts = [...this.#salts, toHex(salt)].slice(-SALTS_KEPT)
    this.#signal = signal
    this.#until = nowUnix + HOLDS_SECONDS
    return signal
  }

  /** What was typed has come. */
  said(): void {
    if (this.#signal === TYPING) this.#signal = HERE
  }

  /** What to show now. */
  shows(nowUnix: number): Signal {
    return nowUnix < this.#until ? this.#signal : GONE
  }
}
