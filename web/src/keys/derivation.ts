/** Argon2id in a worker, one answer per worker. */

import { startSecrets } from '../workers.ts'
import type { Derived } from './secrets.ts'

export function deriveAside(password: string, accountKey: Uint8Array, salt: Uint8Array): Promise<Derived> {
  const worker = startSecrets()
  return new Promise<Derived>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Derived>) => resolve(event.data)
    worker.onerror = (event) => reject(new Error(event.message))
    worker.postMessage({ password, accountKey, salt })
  }).finally(() => worker.terminate())
}
