/** Argon2id off the page's thread. */

import { derive } from './secrets.ts'

export interface Asked {
  password: string
  accountKey: Uint8Array
  salt: Uint8Array
}

self.onmessage = (event: MessageEvent<Asked>) => {
  const { password, accountKey, salt } = event.data
  self.postMessage(derive(password, accountKey, salt))
}
