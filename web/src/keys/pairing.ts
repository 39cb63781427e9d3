/**
 * A second device gets the account key from the first, both showing one code. Twin: member/pairing.py, whose
 * rules of order these are: commitment, random bytes, key; and nothing is sealed before a person has compared.
 */

import { concat, equal, fromBase64, random, toBase64, utf8, uuidToBytes, type Bytes } from '../bytes.ts'
import { PrivateKeys, sealTo } from '../chat/keys.ts'
import { get, post, send } from '../network/requests.ts'
import type { components } from '../network/schema.d.ts'
import { ACCOUNT_KEY_BYTES } from './account_key.ts'

type State = components['schemas']['PairingState']
const NONCE_BYTES = 16
const OFFER_BYTES = 32

/** What came is not what was committed to, or not sealed for this device. */
export class PairingForged extends Error {}

const hash = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
export const commitmentTo = (revealed: Bytes): Promise<Bytes> => hash(concat(utf8('vigie/pairing/v1\0'), revealed))

/** The six digits that both devices show. */
export async function codeOf(pairing: string, offered: Bytes, revealed: Bytes): Promise<string> {
  const digest = await hash(concat(utf8('vigie/pairing-code/v1\0'), uuidToBytes(pairing), offered, revealed))
  return String(new DataView(digest.buffer).getBigUint64(0, false) % 1_000_000n).padStart(6, '0')
}

const infoOf = (pairing: string, email: string): Bytes => concat(utf8('vigie/pairing-key/v1\0'), uuidToBytes(pairing), utf8(email.trim().toLowerCase()))
const give = async (pairing: string, what: string, value: Bytes): Promise<void> => void (await send('PUT', `/api/pairings/${pairing}/${what}`, { json: { value: toBase64(value) } }))

/** The device that has nothing yet. */
export class SecondDevice {
  readonly #email: string
  readonly #id: string
  readonly #keys: PrivateKeys
  readonly #revealed: Bytes
  #offered: Bytes | null = null

  private constructor(email: string, id: string, keys: PrivateKeys, revealed: Bytes) {
    this.#email = email
    this.#id = id
    this.#keys = keys
    this.#revealed = revealed
  }

  static async begin(email: string): Promise<SecondDevice> {
    const keys = new PrivateKeys(random(64))
    const revealed = concat(random(NONCE_BYTES), (await keys.public()).sealing)
    const { id } = await post<{ id: string }>('/api/pairings', { email, commitment: toBase64(await commitmentTo(revealed)) })
    return new SecondDevice(email, id, keys, revealed)
  }

  /** One look: the code once the first device has answered, the account key once it has given it. */
  async look(): Promise<{ code: string; accountKey: Bytes | null } | null> {
    const state = await get<State>(`/api/pairings/${this.#id}`)
    if (!this.#offered && state.offered) {
      const offered = fromBase64(state.offered)
      await give(this.#id, 'reveal', this.#revealed)
      this.#offered = offered
    }
    if (!this.#offered) return null
    const code = await codeOf(this.#id, this.#offered, this.#revealed)
    if (!state.sealed) return { code, accountKey: null }
    const accountKey = await this.#keys.open(fromBase64(state.sealed), infoOf(this.#id, this.#email))
    if (accountKey?.length !== ACCOUNT_KEY_BYTES) throw new PairingForged()
    return { code, accountKey }
  }
}

/** The device that has the account key, logged in. */
export class FirstDevice {
  readonly #offered = random(OFFER_BYTES)
  #found: { id: string; commitment: Bytes } | null = null
  #revealed: Bytes | null = null

  /** One look: whether the other device has shown its key, so that its digits can be compared. Throws PairingForged. */
  async look(): Promise<boolean> {
    const [state] = await get<State[]>('/api/pairings')
    if (!this.#found) {
      if (!state?.commitment || state.offered) return false
      await give(state.id, 'offer', this.#offered)
      this.#found = { id: state.id, commitment: fromBase64(state.commitment) }
      return false
    }
    if (state?.id !== this.#found.id || !state.revealed) return false
    const revealed = fromBase64(state.revealed)
    if (!equal(await commitmentTo(revealed), this.#found.commitment)) throw new PairingForged()
    this.#revealed = revealed
    return true
  }

  /** `compared`: the digits that the other device shows. False: they are not those, and nothing was given. */
  async handOver(compared: string, email: string, accountKey: Bytes): Promise<boolean> {
    if (!this.#found || !this.#revealed) return false
    const { id } = this.#found
    if (compared.replace(/\s/g, '') !== (await codeOf(id, this.#offered, this.#revealed))) return false
    const sealed = await sealTo(this.#revealed.slice(NONCE_BYTES), accountKey, infoOf(id, email))
    if (!sealed) throw new PairingForged()
    await give(id, 'key', sealed)
    return true
  }
}
