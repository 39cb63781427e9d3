/** Releases as a signed chain: each manifest under the pinned key, each naming the one before. Cells are shown after this check. */

import { concat, fromBase64, fromUtf8, toHex, utf8, type Bytes } from '../bytes.ts'
import { readMonth } from '../month.ts'
import type { CellsAnswer, NetworkFacts, ReleaseFacts } from './answers.ts'
import { RosterRefused, saysTheSame, type Roster } from './roster_facts.ts'
import { canonical, earliestClose, fingerprint, NO_PREVIOUS, partEntry, readManifest, salted, type Manifest } from './manifest.ts'

/** A manifest is not what the network's key signed, or the chain has a hole. */
export class ReleaseForged extends Error {}

/** The signed history is not the one that this device has verified before. */
export class HistoryRewritten extends Error {}

/** The key holders made another key: the agent sends the firm's months again under it. */
export class Rekeyed extends Error {}

/** The network presents other keys than when this device first met it. */
export class KeysChanged extends Error {}

/** `roster`: the signed bytes (base64) of the key holders' roster, whose changes are followed. */
export type Pins = Pick<NetworkFacts, 'receipt_key' | 'release_key' | 'key_id'> & { roster: string }

/** Pins of a network that this device meets for the first time. Throws RosterRefused. */
export async function pinsOf({ receipt_key, release_key, key_id, roster, rosters }: NetworkFacts): Promise<Pins> {
  const { checkRoster } = await import('./roster.ts')
  const newest = rosters.at(-1)
  if (!newest || !saysTheSame(roster, checkRoster(newest))) throw new RosterRefused('shape')
  return { receipt_key, release_key, key_id, roster: newest.body }
}

/**
 * The pins to go on with: key holders are followed along their signed chain. The pinned roster was verified when it was
 * pinned, so that the arithmetic is fetched only where another one follows it. Throws RosterRefused, Rekeyed.
 */
export async function followHolders(pins: Pins, facts: NetworkFacts): Promise<Pins> {
  if (facts.rosters.at(-1)?.body === pins.roster) {
    if (!saysTheSame(facts.roster, JSON.parse(fromUtf8(fromBase64(pins.roster))) as Roster)) throw new RosterRefused('shape')
    return pins
  }
  const { follow } = await import('./roster.ts')
  const followed = await follow(pins.roster, facts.rosters)
  if (followed.rekeyed) throw new Rekeyed()
  if (!saysTheSame(facts.roster, followed.roster)) throw new RosterRefused('shape')
  return { ...pins, roster: followed.body }
}

type Keys = Omit<Pins, 'roster'>

export function samePins(left: Keys, right: Keys): boolean {
  return left.receipt_key === right.receipt_key && left.release_key === right.release_key && left.key_id === right.key_id
}

/** A manifest that this device has verified, with the operator's signature: proof, should it be rewritten. */
export interface KeptManifest {
  manifest: string
  signature: string
}

type Link = Pick<ReleaseFacts, 'month' | 'header' | 'signature'>

/** Verifies the whole list, oldest first, from its beginning and beyond what this device has kept. Throws ReleaseForged, HistoryRewritten. */
export async function verifyChain(releases: readonly Link[], releaseKey: string, kept: readonly KeptManifest[]): Promise<Map<string, Manifest>> {
  const verify = await verifier(fromBase64(releaseKey))
  const found = new Map<string, Manifest>()
  let previous = NO_PREVIOUS
  let before: string | null = null
  const chain = releases.toSorted((left, right) => left.month.localeCompare(right.month))
  for (const release of chain) {
    const bytes = fromBase64(release.header)
    const manifest = readManifest(bytes)
    const signed = await verify(concat(utf8('vigie/release/v1\0'), bytes), fromBase64(release.signature))
    const follows = manifest?.previous === previous && (before === null || readMonth(release.month) === readMonth(before)! + 1)
    if (!signed || !manifest || manifest.month !== release.month || !follows) throw new ReleaseForged(release.month)
    if (manifest.closed < earliestClose(manifest.month)) throw new ReleaseForged(release.month)
    previous = await fingerprint(bytes)
    before = release.month
    found.set(release.month, manifest)
  }
  const rewritten = kept.findIndex((one, place) => chain[place]?.header !== one.manifest)
  if (rewritten >= 0) throw new HistoryRewritten(readManifest(fromBase64(kept[rewritten]!.manifest))?.month)
  return found
}

/** Months whose release a later manifest says nobody should rely on. */
export const withdrawnMonths = (manifests: ReadonlyMap<string, Manifest>): Set<string> =>
  new Set([...manifests.values()].flatMap((manifest) => manifest.withdrawn.map((one) => one.month)))

/** What every member may see must be what the manifest signs salted hashes of: the network's own cell, sectors and regions. */
export function agrees(cells: CellsAnswer, manifest: Manifest | undefined): boolean {
  if (!manifest || cells.month !== manifest.month) return false
  const holds = (name: string, salt: string, shown: unknown): boolean =>
    toHex(salted(fromBase64(salt), partEntry(name, manifest.month, canonical(shown)))) === manifest.parts[name]
  return holds('network', cells.network_salt, cells.network) && holds('wide', cells.wide_salt, { regions: cells.regions, sectors: cells.sectors })
}

type Verify = (payload: Bytes, signature: Bytes) => Promise<boolean>

/** The platform's Ed25519, or ours where an older browser has none. */
async function verifier(publicKey: Bytes): Promise<Verify> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    return (payload, signature) => crypto.subtle.verify('Ed25519', key, signature, payload)
  } catch {
    const { ed25519 } = await import('@noble/curves/ed25519.js')
    return async (payload, signature) => {
      try {
        return ed25519.verify(signature, payload, publicKey, { zip215: false })
      } catch {
        return false
      }
    }
  }
}
