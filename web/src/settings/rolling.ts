/**
 * Somebody leaves, or a device is lost: shut out at once, and every key that she held is rolled. Twin: member/rolling.py.
 *
 * Rules of order, whose guardian this is:
 * 1. The password is proven before anything changes.
 * 2. One transaction removes the subject from the chain, a person's devices with her, ends them at the network, and seals
 *    the new role keys to all who stay and to the root key: from there every administrator has them, whatever happens to
 *    this page. Where another administrator was first, hers are taken up and it is tried again.
 * 3. Then what the old keys sealed is sealed again: the book as one version, the keys of calls and conversations with
 *    new ones behind them. Where the page ends in between, the next administrator's page or `vigie keys` goes on.
 */

import type { Signer } from '../book/saving.ts'
import { fromBase64, random, toBase64, type Bytes } from '../bytes.ts'
import { turnAll, type Turned } from '../chat/turning.ts'
import { LIGHTS, readLights, written } from '../credit/credit_file.ts'
import { amendSegment } from '../credit/segments.ts'
import { eraseDone, readDone, withDoneNotes } from '../credit/tasks_done.ts'
import { deviceOf } from '../keys/device.ts'
import { publicKey } from '../keys/signing.ts'
import { KEY_NAMES, keysOf, type RoleKeys } from '../keys/role_keys.ts'
import { network, Refused } from '../network/requests.ts'
import { session } from '../session.svelte.ts'
import { followRing, taken, type Change, type Ring } from './keyring.ts'
import { ask } from './requests.ts'
import { reseal } from './resealing.ts'
import { wrapAgain } from './secrets.ts'
import { takeUp } from './taking_up.ts'

const TRIES = 5
const KEY_BYTES = 32

/** Shut out and rolled; what the old keys sealed is not all sealed again. */
export class Halfway extends Error {}

export interface Rolled {
  /** To how many subjects of the keyring the new keys went. */
  given: number
  /** What came of calls and conversations. */
  turned: Turned
}

/** Four fresh keys, and the ones before behind them. */
export function rolledFrom(before: RoleKeys): RoleKeys {
  const { earlier = [], ...inForce } = before
  return { ...Object.fromEntries(KEY_NAMES.map((name) => [name, toBase64(random(KEY_BYTES))])), earlier: [inForce, ...earlier] }
}

/** Takes a user or a device out of the firm. Throws NoAccountKey, Refused, KeyringRefused. */
export async function remove(subject: string, password: string): Promise<Rolled> {
  const me = session.me!
  const firm = me.firm_id!
  await adopt()
  await wrapAgain(password, password)
  const { change, rolled } = await swap(firm, subject)
  await session.keepBundle(me, { ...session.bundle!, role_keys: rolled })
  try {
    await wrapAgain(password, password)
    return { given: change.wraps.length - 1, turned: await finish() }
  } catch (error) {
    throw new Halfway('rolled, and not everything sealed again', { cause: error })
  }
}

/** Compare-and-swap: the chain that the entry follows is the network's, or it is read and tried again. */
async function swap(firm: string, subject: string): Promise<{ change: Change; rolled: RoleKeys }> {
  for (let tried = 1; ; tried++) {
    const root = fromBase64(session.bundle!.root_seed!)
    const { ring } = await followRing(firm, publicKey(root))
    const rolled = rolledFrom(session.bundle!.role_keys)
    const change = await taken(ring, root, [...(await devicesOf(subject, ring)), subject], rolled)
    try {
      await ask.changeKeyring({ entries: change.entries, wraps: change.wraps })
      return { change, rolled }
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'keyring-order' || tried === TRIES) throw error
      await adopt()
    }
  }
}

/** A person's devices that are in the keyring by themselves; none of a device. */
async function devicesOf(subject: string, ring: Ring): Promise<string[]> {
  const devices = await network.devices()
  return devices.filter((one) => one.user_id === subject && ring.subjects.has(one.device_id)).map((one) => one.device_id)
}

/** Takes up what another administrator rolled. */
async function adopt(): Promise<void> {
  const { me, bundle } = session
  const newer = await takeUp(me!.firm_id!, me!.user_id!, bundle!)
  if (newer) await session.keepBundle(me, newer)
}

/** Whether something may still be sealed under keys that were rolled. */
export const unfinished = (): boolean => Boolean(session.bundle?.role_keys.earlier?.some((one) => one.names || one.ledger))

/** What sales has done, into the lights: before a key that its notes are sealed under is forgotten. */
async function takeInDone(firm: string, keys: Bytes[], device: Signer): Promise<void> {
  const notes = await readDone(keys, firm)
  const [key, ...earlier] = keys
  if (!key || !notes.length) return
  await amendSegment(firm, LIGHTS, [key, ...earlier], device, (now) => written(withDoneNotes(readLights(now), notes)))
  await eraseDone(notes)
}

/** Seals again what earlier keys sealed; what came of calls and conversations, each by itself. */
export async function finish(): Promise<Turned> {
  const [me, bundle] = [session.me!, session.bundle!]
  const firm = me.firm_id!
  const [key, ...earlier] = keysOf(bundle.role_keys, 'conversations')
  const turned = key ? await turnAll(firm, key, earlier) : { anew: 0, resealed: [], untouched: [] }
  const device = unfinished() ? await deviceOf(firm, me.user_id!, bundle) : null
  if (device) {
    await reseal(firm, bundle.role_keys, device)
    await takeInDone(firm, keysOf(bundle.role_keys, 'names'), device)
    // What could not be sealed again is tried again, as long as `unfinished` says so.
    const kept = turned.untouched.length ? bundle.role_keys.earlier! : bundle.role_keys.earlier!.map(({ conversations, notes }) => ({ ...(conversations && { conversations }), ...(notes && { notes }) }))
    // Not over keys that were taken up meanwhile: `unfinished` still says what is left.
    if (session.bundle?.role_keys === bundle.role_keys) await session.keepBundle(me, { ...session.bundle, role_keys: { ...bundle.role_keys, earlier: kept } })
  }
  void session.refresh()
  return turned
}
