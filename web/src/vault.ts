/** What this device remembers (IndexedDB): account keys by email and the opened bundle, sealed under a key that no script can export. */

import { fromUtf8, utf8, type Bytes } from './bytes.ts'

const DATABASE = 'vigie'
const STORE = 'kept'

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no storage'))
  })
}

async function transact<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase()
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('storage'))
    })
  } finally {
    database.close()
  }
}

async function deviceKey(): Promise<CryptoKey> {
  const kept = await transact<CryptoKey | undefined>('readonly', (store) => store.get('device-key'))
  if (kept) return kept
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await transact('readwrite', (store) => store.put(made, 'device-key'))
  return made
}

/** Keeps a value that JSON can hold. False: not, since the browser forbids storage (private windows). */
export async function keep(name: string, value: unknown): Promise<boolean> {
  try {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await deviceKey(), utf8(JSON.stringify(value)))
    await transact('readwrite', (store) => store.put({ iv, data }, name))
    return true
  } catch {
    return false // the person types it again next time
  }
}

export async function recall<T>(name: string): Promise<T | null> {
  try {
    const found = await transact<{ iv: Bytes; data: ArrayBuffer } | undefined>('readonly', (store) => store.get(name))
    if (!found) return null
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: found.iv }, await deviceKey(), found.data)
    return JSON.parse(fromUtf8(new Uint8Array(plain))) as T
  } catch {
    return null
  }
}

export async function forget(name: string): Promise<void> {
  try {
    await transact('readwrite', (store) => store.delete(name))
  } catch {
    // Nothing was kept.
  }
}
