/** What a person is told when something of the conversations did not work; a session that has ended is left. */

import { Refused, SessionEnded, Unreachable } from '../network/requests.ts'
import { session } from '../session.svelte.ts'
import { preferences } from '../text/language.svelte.ts'
import { TalkRefused } from './refusals.ts'

/** A rule's code in words; a code of a later version is not shown raw. */
export const refusalTold = (code: string): string => preferences.text.talk.refusals[code] ?? preferences.text.talk.unknownRefusal

export function wentWrong(error: unknown): string {
  const t = preferences.text.talk
  if (error instanceof SessionEnded) {
    void session.end()
    return ''
  }
  if (error instanceof Unreachable) return t.offline
  if (error instanceof TalkRefused) return t.unexpected(refusalTold(error.refusal.code))
  // The network's own words come in the reader's language.
  if (error instanceof Refused) return error.message
  return t.unexpected(error instanceof Error ? error.message : String(error))
}
