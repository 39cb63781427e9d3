/** One-time codes of an app, and the account key for a second device: what a person keeps beside her password. */

import { fromBase64, toBase64 } from '../bytes.ts'
import { deriveAside } from '../keys/derivation.ts'
import { get, network, post, send } from '../network/requests.ts'
import type { components } from '../network/schema.d.ts'
import { session } from '../session.svelte.ts'
import { recall } from '../vault.ts'
import { NoAccountKey } from './refusals.ts'

type Schemas = components['schemas']
export type FactorState = Schemas['FactorState']
export type FactorBegun = Schemas['FactorBegun']
const OWN = '/api/me/second-factor'

/** Throws NoAccountKey where it was forgotten on this device. */
export async function ownAccountKey(): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await recall<string>(`account-key:${session.email.toLowerCase()}`)
  if (!kept) throw new NoAccountKey()
  return fromBase64(kept)
}

/** What proves the password to the network, which never sees it. */
export async function proofOf(password: string): Promise<string> {
  const salt = fromBase64((await network.salt(session.email)).kdf_salt)
  return toBase64((await deriveAside(password, await ownAccountKey(), salt)).authKey)
}

export const factor = {
  read: () => get<FactorState>(OWN),
  begin: async (password: string) => post<FactorBegun>(OWN, { auth_key: await proofOf(password) }),
  confirm: async (code: string) => (await post<{ codes: string[] }>(`${OWN}/confirmation`, { code })).codes,
  paper: async (code: string) => (await post<{ codes: string[] }>(`${OWN}/paper`, { code })).codes,
  remove: async (code: string) => void (await send('POST', `${OWN}/removal`, { json: { code } })),
  reset: async (user: string) => void (await send('DELETE', `/api/users/${user}/second-factor`)),
}
