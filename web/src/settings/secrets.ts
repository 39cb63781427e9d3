/** A person's two secrets anew: another password, her keys wrapped again. Twin: member/own_secrets.py. */

import { fromBase64, fromUtf8, random, sha256, toBase64, utf8 } from '../bytes.ts'
import { deriveAside } from '../keys/derivation.ts'
import { bundleName, open, seal } from '../keys/seal.ts'
import { network } from '../network/requests.ts'
import { joined, type Bundle } from '../keys/bundle.ts'
import { session } from '../session.svelte.ts'
import { ownAccountKey } from './factor.ts'
import { ask } from './requests.ts'

export const PASSWORD_CHARACTERS_MIN = 8

/**
 * Wraps her keys, with `more` of them, under `next` (the password from now on); with the same password the other sessions
 * stay. What another device has put in since this one logged in is kept. Throws Refused "credentials" where `password`
 * is not the one.
 */
export async function wrapAgain(password: string, next: string, more: Partial<Bundle> = {}): Promise<void> {
  const { me, email } = session
  const accountKey = await ownAccountKey()
  const before = fromBase64((await network.salt(email)).kdf_salt)
  const now = await deriveAside(password, accountKey, before)
  const salt = next === password ? before : random(16)
  const after = next === password ? now : await deriveAside(next, accountKey, salt)
  const authKey = toBase64(now.authKey)
  const replaced = fromBase64((await ask.ownWrap(authKey)).wrapped_bundle)
  const kept = JSON.parse(fromUtf8(await open(now.wrappingKey, replaced, bundleName(email)))) as Bundle
  const bundle = joined(kept, { ...session.bundle!, ...more })
  const wrapped = await seal(after.wrappingKey, utf8(JSON.stringify(bundle)), bundleName(email))
  await ask.newSecrets({
    auth_key: authKey,
    replaces: toBase64(await sha256(replaced)),
    kdf_salt: toBase64(salt),
    new_auth_key: toBase64(after.authKey),
    wrapped_bundle: toBase64(wrapped),
  })
  await session.keepBundle(me, bundle)
}
