/** The keys of one side of one conversation, fresh for each, and the suites they belong to. Twin: chat/keys.py. */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, fromBase64Url, random, toHex, utf8, type Bytes } from '../bytes.ts'
import { publicKey } from '../keys/signing.ts'

export const SIGNING_BYTES = 32
export const SIGNATURE_BYTES = 64
export const EPOCH_KEY_BYTES = 32
export const PRIVATE_BYTES = 64
const TAG_BYTES = 16

/** What a suite byte stands for; the lengths of every record follow from it. */
export interface Suite {
  number: number
  sealingPublicBytes: number
  encapsulatedBytes: number
  sealedEpochBytes: number
}

const suiteOf = (number: number, sealingPublicBytes: number, encapsulatedBytes: number): Suite => ({
  number,
  sealingPublicBytes,
  encapsulatedBytes,
  sealedEpochBytes: encapsulatedBytes + EPOCH_KEY_BYTES + TAG_BYTES,
})

/** Ed25519; HPKE base mode with DHKEM(X25519), HKDF-SHA256, AES-256-GCM (RFC 9180). */
export const X25519_AES256 = suiteOf(1, 32, 32)
/** The same with MLKEM768-X25519 (X-Wing). */
export const HYBRID_AES256 = suiteOf(2, 1184 + 32, 1088 + 32)
export const SUITES = new Map([X25519_AES256, HYBRID_AES256].map((one) => [one.number, one] as const))

const hybridKem = new XWing()
const HPKE = new Map<number, CipherSuite>([
  [1, new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })],
  [2, new CipherSuite({ kem: hybridKem, kdf: new HkdfSha256(), aead: new Aes256Gcm() })],
])

/** What the other side and the server see of one side. */
export interface PublicKeys {
  signing: Bytes
  sealing: Bytes
}

export const packPublic = (keys: PublicKeys): Bytes => concat(keys.signing, keys.sealing)
export const unpackPublic = (packed: Bytes): PublicKeys => ({
  signing: packed.slice(0, SIGNING_BYTES),
  sealing: packed.slice(SIGNING_BYTES),
})

const PRIME = 2n ** 255n - 19n
/** u of the points whose order divides 8, on the curve and its twist: with them every shared secret is 0. */
const SMALL_ORDER_U = new Set([
  0n,
  1n,
  PRIME - 1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
])
const LATTICE_BYTES = 1184
/** 768 of 12 bits, two in three bytes (FIPS 203, ByteEncode12). */
const LATTICE_COEFFICIENTS_BYTES = 1152
const LATTICE_PRIME = 3329

/**
 * Whether an honest side can have made this sealing key: what no key pair has is refused at the door. X25519: the
 * canonical u of a point of large order. ML-KEM-768: coefficients below 3,329 (FIPS 203, section 7.2, the modulus check).
 */
export function canBeSealedTo(sealing: Bytes): boolean {
  if (sealing.length < 32) return false
  const lattice = sealing.subarray(0, -32)
  const point = BigInt(`0x${toHex(sealing.slice(-32).reverse())}`)
  if (point >= PRIME || SMALL_ORDER_U.has(point) || (lattice.length !== 0 && lattice.length !== LATTICE_BYTES)) return false
  for (let at = 0; lattice.length && at < LATTICE_COEFFICIENTS_BYTES; at += 3) {
    const [a, b, c] = [lattice[at]!, lattice[at + 1]!, lattice[at + 2]!]
    if ((a | ((b & 15) << 8)) >= LATTICE_PRIME || ((b >> 4) | (c << 4)) >= LATTICE_PRIME) return false
  }
  return true
}

/** HPKE single shot: encapsulated key, ciphertext. Null: not a usable public key. */
export async function sealTo(sealing: Bytes, secret: Bytes, info: Bytes): Promise<Bytes | null> {
  const suite = [...SUITES.values()].find((one) => one.sealingPublicBytes === sealing.length)
  if (!suite) return null
  const hpke = HPKE.get(suite.number)!
  try {
    const recipientPublicKey = await hpke.kem.importKey('raw', sealing.slice().buffer, true)
    const { enc, ct } = await hpke.seal({ recipientPublicKey, info: info.slice().buffer }, secret.slice().buffer)
    return concat(new Uint8Array(enc), new Uint8Array(ct))
  } catch {
    return null
  }
}

/** One side's own keys. Packed: Ed25519 seed (32), then the suite's seed for sealing (32). */
export class PrivateKeys {
  readonly suite: Suite
  readonly signing: Bytes
  readonly #sealing: Bytes

  constructor(packed: Bytes, suite: Suite = X25519_AES256) {
    if (packed.length !== PRIVATE_BYTES) throw new RangeError('a side’s private keys are 64 bytes')
    this.suite = suite
    this.signing = packed.slice(0, 32)
    this.#sealing = packed.slice(32)
  }

  static fresh(suite: Suite): PrivateKeys {
    return new PrivateKeys(random(PRIVATE_BYTES), suite)
  }

  /** Secret: only ever kept sealed under the firm's *conversations* key. */
  toBytes(): Bytes {
    return concat(this.signing, this.#sealing)
  }

  async public(): Promise<PublicKeys> {
    const signing = publicKey(this.signing)
    if (this.suite === X25519_AES256) {
      const key = (await HPKE.get(1)!.kem.importKey('raw', this.#sealing.slice().buffer, false)) as CryptoKey
      return { signing, sealing: fromBase64Url((await crypto.subtle.exportKey('jwk', key)).x!) }
    }
    const pair = await hybridKem.generateKeyPairDerand(this.#sealing.slice())
    return { signing, sealing: new Uint8Array(await hybridKem.serializePublicKey(pair.publicKey)) }
  }

  /** The secret that was sealed to this side; null when it was sealed to another or changed since. */
  async open(sealed: Bytes, info: Bytes): Promise<Bytes | null> {
    const hpke = HPKE.get(this.suite.number)!
    const at = this.suite.encapsulatedBytes
    try {
      const recipientKey = await hpke.kem.importKey('raw', this.#sealing.slice().buffer, false)
      const asked = { recipientKey, enc: sealed.slice(0, at).buffer, info: info.slice().buffer }
      return new Uint8Array(await hpke.open(asked, sealed.slice(at).buffer))
    } catch {
      return null
    }
  }
}

/** The four hexadecimal digits by which one side of one conversation is named: a name for people, not a proof. */
export function mark(signing: Uint8Array): string {
  const digits = toHex(sha256(concat(utf8('vigie/mark/v1\0'), signing)).subarray(0, 2))
  return `${digits.slice(0, 2)}-${digits.slice(2)}`
}
