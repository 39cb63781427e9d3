/** People's roles, and which keys each holds. Twin: ROLES in member/people.py. */

import type { KeyName } from '../keys/role_keys.ts'

export const ROLES = ['administrator', 'credit_manager', 'analyst', 'sales', 'auditor'] as const
export type Role = (typeof ROLES)[number]

/** Which role holds which keys. */
export const KEYS_OF: Readonly<Record<Role, readonly KeyName[]>> = {
  administrator: ['names', 'ledger', 'conversations', 'notes'],
  credit_manager: ['names', 'ledger', 'conversations', 'notes'],
  analyst: ['names', 'ledger'],
  sales: ['names'],
  auditor: [],
}
