/** Two secrets: what is derived from the password and the account key. Neither ever leaves this side. */

import { argon2id } from '@noble/hashes/argon2.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, utf8, type Bytes } from '../bytes.ts'

export const ARGON2ID = { t: 2, m: 19456, p: 1, dkLen: 32 } as const

export interface Derived {
  /** What the server compares, hashed again there. */
  authKey: Bytes
  /** What opens the bundle; never sent. */
  wrappingKey: Bytes
}

/** About half a second of Argon2id: call it in a worker. */
export function derive(password: string, accountKey: Uint8Array, salt: Uint8Array): Derived {
  const stretched = argon2id(utf8(password.normalize('NFKC')), salt, ARGON2ID)
  const master = hkdf(sha256, concat(stretched, accountKey), salt, utf8('vigie/master/v1'), 32)
  return {
    authKey: hkdf(sha256, master, new Uint8Array(0), utf8('vigie/auth/v1'), 32) as Bytes,
    wrappingKey: hkdf(sha256, master, new Uint8Array(0), utf8('vigie/wrap/v1'), 32) as Bytes,
  }
}
