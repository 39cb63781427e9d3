/** What a roster of key holders says, without the arithmetic that verifies one (roster.ts): all that an unchanged roster needs. */

import { fromBase64, toHex } from '../bytes.ts'
import type { NetworkFacts } from './answers.ts'

export type RosterFault = 'shape' | 'signature' | 'threshold' | 'chain' | 'dealt'

/** A roster, or a change of it, that is not to be believed. */
export class RosterRefused extends Error {
  readonly code: RosterFault

  constructor(code: RosterFault) {
    super(code)
    this.code = code
  }
}

export interface HolderFacts {
  number: number
  name: string
  url: string
  key: string
}

/** What the signed bytes say; keys and parts in hexadecimal. */
export interface Roster {
  construction: string
  dealt: boolean
  epoch: number
  holders: HolderFacts[]
  parts: Record<string, string>
  previous: string
}

/** As the network sends it, base64. */
export type SignedRoster = NetworkFacts['rosters'][number]

/** Whether the facts that the page reads are those of the verified roster. */
export function saysTheSame(facts: NetworkFacts['roster'], roster: Roster): boolean {
  const shown = (parts: Record<string, string>): string => Object.entries(parts).sort().join()
  const holder = (one: HolderFacts, key: string): string => [one.number, one.name, one.url, key].join()
  return (
    facts.construction === roster.construction &&
    facts.dealt === roster.dealt &&
    facts.epoch === roster.epoch &&
    facts.holders.map((one) => holder(one, toHex(fromBase64(one.key)))).join() === roster.holders.map((one) => holder(one, one.key)).join() &&
    shown(Object.fromEntries(Object.entries(facts.parts).map(([name, part]) => [name, toHex(fromBase64(part))]))) === shown(roster.parts)
  )
}
