/** What a person's two secrets open: her role's keys, and those of hers and of the firm that she holds. Base64. */

import { rolledSince, type RoleKeys } from './role_keys.ts'

export interface Bundle {
  role_keys: RoleKeys
  root_seed?: string
  root_public?: string
  device_seed?: string
  delegation?: string
  /** Her own keys in the firm's keyring. */
  subject_seed?: string
}

/** What a device of hers holds and what is kept at the network: her own keys are those that were there first, the role's the newest. */
export function joined(kept: Bundle, held: Bundle): Bundle {
  const role_keys = rolledSince(held.role_keys, kept.role_keys) ? kept.role_keys : held.role_keys
  return { ...kept, ...held, ...(kept.subject_seed && { subject_seed: kept.subject_seed }), role_keys }
}
