/** This browser's signing key: made here, delegated by the firm's root key, known to the network by its id. */

import { concat, equal, fromBase64, random, toBase64, uuidToBytes, type Bytes } from '../bytes.ts'
import type { DeviceFacts } from '../network/answers.ts'
import { network } from '../network/requests.ts'
import type { Bundle } from './bundle.ts'
import { keep, recall } from '../vault.ts'
import { issueDelegation, readDelegation, rootOf, SCOPE } from './delegation.ts'
import { publicKey, sign } from './signing.ts'

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

export const SCOPES = SCOPE.evaluate | SCOPE.upload | SCOPE.book | SCOPE.reveal

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
  const listed = await listedUnder(publicKey(seed))
  if (!listed) return null
  // One that an administrator's page registered before it could say whose it is.
  if (listed.user_id !== user) await own(listed.device_id, user, seed).catch(() => {})
  return { id: listed.device_id, seed, delegation: wider(bundle, firm, fromBase64(bundle.delegation), fromBase64(listed.delegation)) }
}

/** The root's newer word for the same key, where an administrator has renewed its rights; never one for less. */
function wider(bundle: Bundle, firm: string, own: Bytes, listed: Bytes): Bytes {
  const root = rootOf(bundle)
  const [before, after] = root ? [own, listed].map((one) => readDelegation(one, root, uuidToBytes(firm))) : []
  if (!after || !before || !equal(after.device, before.device) || (before.scopes & ~after.scopes) !== 0) return own
  return after.scopes !== before.scopes || after.expires > before.expires ? listed : own
}

async function own(device: string, user: string, seed: Bytes): Promise<void> {
  const signature = sign(seed, 'device-owner', concat(uuidToBytes(device), uuidToBytes(user)))
  await network.ownDevice(device, toBase64(signature))
}

/** Everything that a person's device may, for a year, under the root's word. */
export function everyRight(root: Bytes, firm: string, device: Bytes, scopes = SCOPES): Bytes {
  const now = Math.floor(Date.now() / 1000)
  return issueDelegation(root, { firm: uuidToBytes(firm), device, scopes, notBefore: now - AHEAD_SECONDS, expires: now + LIFE_SECONDS })
}

/** The id under which this browser signs for an administrator; null: it has not signed yet. */
export const ownDeviceOf = async (firm: string, user: string): Promise<string | null> => (await recall<Kept>(`device:${firm}:${user}`))?.id ?? null

async function browserDevice(firm: string, user: string, rootSeed: Bytes, now: number): Promise<Device> {
  const place = `device:${firm}:${user}`
  const kept = await recall<Kept>(place)
  // One that was made before reveals were known to the page is made again.
  if (kept && kept.scopes === SCOPES && kept.expires > now + SOON_SECONDS) {
    const seed = fromBase64(kept.seed)
    if ((await listedUnder(publicKey(seed)))?.device_id === kept.id) return { id: kept.id, seed, delegation: fromBase64(kept.delegation) }
  }
  const seed = random(32)
  const expires = now + LIFE_SECONDS
  const delegation = everyRight(rootSeed, firm, publicKey(seed))
  const answer = await network.addDevice(toBase64(publicKey(seed)), toBase64(delegation))
  const id = answer.device_id
  await keep(place, { id, seed: toBase64(seed), delegation: toBase64(delegation), expires, scopes: SCOPES } satisfies Kept)
  return { id, seed, delegation }
}

async function listedUnder(key: Bytes): Promise<DeviceFacts | undefined> {
  const devices = await network.devices()
  return devices.find((device) => !device.revoked && equal(fromBase64(device.public_key), key))
}
