/** An administrator adds people of the firm: keys wrapped for each alone. Twin: member/people.py. */

import { fromBase64, random, toBase64, utf8, type Bytes } from '../bytes.ts'
import { showAccountKey } from '../keys/account_key.ts'
import { deriveAside } from '../keys/derivation.ts'
import { everyRight } from '../keys/device.ts'
import { bundleName, seal } from '../keys/seal.ts'
import { publicKey } from '../keys/signing.ts'
import { packPublic, PrivateKeys } from '../chat/keys.ts'
import type { Bundle } from '../keys/bundle.ts'
import { KEYS_OF, type Role } from './roles.ts'
import { certify, followRing } from './keyring.ts'
import { ask } from './requests.ts'

/** Her keys were made here a moment ago: there is no fingerprint to compare, and rolled keys reach her from the first day. */
async function certifyNew(firm: string, own: Bundle, user: string, role: Role, seed: Bytes): Promise<void> {
  const { ring } = await followRing(firm, publicKey(fromBase64(own.root_seed!)))
  await ask.changeKeyring(await certify(ring, own, user, role, packPublic(await new PrivateKeys(seed).public())))
}


export interface Invited {
  email: string
  password: string
  accountKey: string
}

/** Both secrets are shown once. `own` is an administrator's bundle. */
export async function invite(firm: string, own: Bundle, email: string, role: Role): Promise<Invited> {
  const address = email.trim().toLowerCase()
  const root = fromBase64(own.root_seed!)
  const held = Object.fromEntries(KEYS_OF[role].flatMap((name) => (own.role_keys[name] ? [[name, own.role_keys[name]]] : [])))
  const subject = random(64)
  const bundle: Bundle = { role_keys: held, root_public: toBase64(publicKey(root)), subject_seed: toBase64(subject) }
  if (role === 'administrator') bundle.root_seed = own.root_seed!
  if (role === 'credit_manager') {
    const seed = random(32)
    const delegation = everyRight(root, firm, publicKey(seed))
    bundle.device_seed = toBase64(seed)
    bundle.delegation = toBase64(delegation)
  }
  const [accountKey, salt, password] = [random(16), random(16), toBase64(random(12)).replaceAll('+', '-').replaceAll('/', '_')]
  const derived = await deriveAside(password, accountKey, salt)
  const wrapped = await seal(derived.wrappingKey, utf8(JSON.stringify(bundle)), bundleName(address))
  const device = bundle.device_seed ? { public_key: toBase64(publicKey(fromBase64(bundle.device_seed))), delegation: bundle.delegation } : null
  const { user_id } = await ask.addUser({ email: address, role, kdf_salt: toBase64(salt), auth_key: toBase64(derived.authKey), wrapped_bundle: toBase64(wrapped), device })
  await certifyNew(firm, own, user_id, role, subject)
  return { email: address, password, accountKey: showAccountKey(accountKey) }
}
