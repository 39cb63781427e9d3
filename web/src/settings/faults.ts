/** What a person is told when something in the settings did not work. */

import { NotOpened } from '../keys/seal.ts'
import { Refused, SessionEnded, Unreachable } from '../network/requests.ts'
import { session } from '../session.svelte.ts'
import type { Catalogue } from '../text/parts.ts'
import { KeyringRefused, NoAccountKey } from './refusals.ts'

/** A session that is over ends here too: the log-in is shown. */
export function faultText(error: unknown, { firm, faults }: Catalogue): string {
  if (error instanceof SessionEnded) void session.end()
  if (error instanceof NotOpened) return faults.notOpened
  if (error instanceof Unreachable) return faults.unreachableFirst
  if (error instanceof NoAccountKey) return firm.password.noKey
  if (error instanceof KeyringRefused) return firm.ring.refused[error.code]
  if (error instanceof Refused && error.code === 'credentials') return firm.password.wrong
  return (error instanceof Error && error.message) || firm.failed
}
