/** This browser's signing key: made here, delegated by the firm's root key, known to the network by its id. */

import { equal, fromBase64, random, toBase64, uuidToBytes, type Bytes } from '../bytes.ts'
import { network } from '../network/requests.ts'
import type { Bundle } from '../session.svelte.ts'
import { keep, recall } from '../vault.ts'
import { issueDelegation, SCOPE } from './delegation.ts'
import { publicKey } from './signing.ts'

export interface Device {
  id: string
  seed: Bytes
  delegation: Bytes
}

interface Kept {
  id: string
  seed: string
  delegation: string
  expires: number
  scopes?: number
}

const SCOPES = SCOPE.evaluate | SCOPE.upload | SCOPE.book | SCOPE.reveal

/** A browser's delegation lasts a year; a lost one is withdrawn by deleting the device. */
const LIFE_SECONDS = 365 * 24 * 3600
const SOON_SECONDS = 7 * 24 * 3600
/** A device clock may run a little ahead of the holder's. */
const AHEAD_SECONDS = 600

/** Null when this role holds neither a root nor a device key: it cannot sign. */
export async function deviceOf(firm: string, user: string, bundle: Bundle): Promise<Device | null> {
  const now = Math.floor(Date.now() / 1000)
  if (bundle.root_seed) return browserDevice(firm, user, fromBase64(bundle.root_seed), now)
  if (!bundle.device_seed || !bundle.delegation) return null
  const seed = fromBase64(bundle.device_seed)
  const id = await idOf(publicKey(seed))
  return id ? { id, seed, delegation: fromBase64(bundle.delegation) } : null
}

async function browserDevice(firm: string, user: string, rootSeed: Bytes, now: number): Promise<Device> {
  const place = `device:${firm}:${user}`
  const kept = await recall<Kept>(place)
  // One that was made before reveals were known to the page is made again.
  if (kept && kept.scopes === SCOPES && kept.expires > now + SOON_SECONDS) {
    const seed = fromBase64(kept.seed)
    if ((await idOf(publicKey(seed))) === kept.id) return { id: kept.id, seed, delegation: fromBase64(kept.delegation) }
  }
  const seed = random(32)
  const expires = now + LIFE_SECONDS
  const delegation = issueDelegation(rootSeed, {
    firm: uuidToBytes(firm),
    device: publicKey(seed),
    scopes: SCOPES,
    notBefore: now - AHEAD_SECONDS,
    expires,
  })
  const answer = await network.addDevice(toBase64(publicKey(seed)), toBase64(delegation))
  const id = answer.device_id
  await keep(place, { id, seed: toBase64(seed), delegation: toBase64(delegation), expires, scopes: SCOPES } satisfies Kept)
  return { id, seed, delegation }
}

async function idOf(key: Bytes): Promise<string | null> {
  const devices = await network.devices()
  return devices.find((device) => !device.revoked && equal(fromBase64(device.public_key), key))?.device_id ?? null
}
