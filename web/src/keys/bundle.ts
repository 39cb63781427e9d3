/** What a person's two secrets open: her role's keys, and those of hers and of the firm that she holds. Base64. */

import type { RoleKeys } from './role_keys.ts'

export interface Bundle {
  role_keys: RoleKeys
  root_seed?: string
  root_public?: string
  device_seed?: string
  delegation?: string
  /** Her own keys in the firm's keyring. */
  subject_seed?: string
}
