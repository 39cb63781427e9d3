/** A person's own passkeys at the network. */

import { makePasskey } from '../keys/passkey.ts'
import { get, post, send } from '../network/requests.ts'
import type { components } from '../network/schema.d.ts'
import { proofOf } from './factor.ts'

export type PasskeyFacts = components['schemas']['PasskeyFacts']
const OWN = '/api/me/passkeys'

export const passkeys = {
  read: () => get<PasskeyFacts[]>(OWN),
  add: async (name: string, password: string) => {
    const { public_key } = await post<{ public_key: unknown }>(`${OWN}/options`, { auth_key: await proofOf(password) })
    return post<PasskeyFacts>(OWN, { name, credential: await makePasskey(public_key) })
  },
  remove: async (id: string) => void (await send('DELETE', `${OWN}/${id}`)),
}
