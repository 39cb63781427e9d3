/** Role keys that were rolled by another device, opened here. Twin: take_up in member/keyring.py and member/own_secrets.py. */

import { fromBase64, toBase64 } from '../bytes.ts'
import { PrivateKeys } from '../chat/keys.ts'
import { rootOf } from '../keys/delegation.ts'
import { sameInForce, type RoleKeys } from '../keys/role_keys.ts'
import type { Bundle } from '../keys/bundle.ts'
import { followRing, openWrap, rootKeys } from './keyring.ts'

/**
 * The bundle with the keys that are in force; null: it has them, or nothing was sealed to this person. An administrator
 * opens them with the root key, certified or not. Throws KeyringRefused: the chain or the seal is not the firm's.
 */
export async function takeUp(firm: string, user: string, bundle: Bundle): Promise<Bundle | null> {
  const root = rootOf(bundle)
  if (!root) return null
  const { ring, facts } = await followRing(firm, root)
  let keys: RoleKeys | null = null
  if (bundle.subject_seed && ring.subjects.has(user)) {
    keys = await openWrap(facts.wrap, ring, user, root, new PrivateKeys(fromBase64(bundle.subject_seed)))
  } else if (bundle.root_seed && facts.root_wrap) {
    keys = await openWrap(facts.root_wrap, ring, firm, root, await rootKeys(fromBase64(bundle.root_seed)))
  }
  return keys && !sameInForce(keys, bundle.role_keys) ? { ...bundle, root_public: bundle.root_public ?? toBase64(root), role_keys: keys } : null
}
