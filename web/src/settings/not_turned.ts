/** Which conversations could not get new keys after somebody left, in words; nothing where all did. */

import type { Turned } from '../chat/turning.ts'
import type { preferences } from '../text/language.svelte.ts'

export function notTurned({ resealed, untouched }: Turned, { text, numbers }: typeof preferences): string[] {
  const w = text.firm.removal
  return [
    ...(resealed.length ? [w.notTurned(numbers.whole(resealed.length))] : []),
    ...(untouched.length ? [w.untouched(numbers.whole(untouched.length))] : []),
  ]
}
