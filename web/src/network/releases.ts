/** Releases as a signed chain: each header under the pinned key, each naming the one before. Cells are shown after this check. */

import { concat, fromBase64, fromUtf8, sha256, toHex, utf8, type Bytes } from '../bytes.ts'
import type { CellsAnswer, NetworkCell, NetworkFacts, ReleaseFacts } from './answers.ts'

/** A header is not what the network's key signed, or the chain has a hole. */
export class ReleaseForged extends Error {}

/** The network presents other keys than when this device first met it. */
export class KeysChanged extends Error {}

export type Pins = Pick<NetworkFacts, 'receipt_key' | 'release_key' | 'key_id'>

export const pinsOf = ({ receipt_key, release_key, key_id }: NetworkFacts): Pins => ({ receipt_key, release_key, key_id })

export function samePins(left: Pins, right: Pins): boolean {
  return left.receipt_key === right.receipt_key && left.release_key === right.release_key && left.key_id === right.key_id
}

interface Header {
  month: string
  network: NetworkCell
  previous: string
}

/** Verifies the whole list, oldest first, and returns what each header says of its month. Throws ReleaseForged. */
export async function verifyChain(releases: readonly ReleaseFacts[], releaseKey: string): Promise<Map<string, Header>> {
  const verify = await verifier(fromBase64(releaseKey))
  const found = new Map<string, Header>()
  let previous = '0'.repeat(64)
  for (const release of releases.toSorted((left, right) => left.month.localeCompare(right.month))) {
    const bytes = fromBase64(release.header)
    const header = JSON.parse(fromUtf8(bytes)) as Header
    const signed = await verify(concat(utf8('vigie/release/v1\0'), bytes), fromBase64(release.signature))
    if (!signed || header.month !== release.month || header.previous !== previous) throw new ReleaseForged(release.month)
    previous = toHex(await sha256(bytes))
    found.set(release.month, header)
  }
  return found
}

/** The network's own cell must be the one that the header signs. */
export function agrees(cells: CellsAnswer, header: Header | undefined): boolean {
  if (!header || cells.month !== header.month) return false
  return (['days_late', 'dso', 'band'] as const).every((field) => (cells.network[field] ?? null) === (header.network[field] ?? null))
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
