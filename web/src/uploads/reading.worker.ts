/** Files are read off the page's thread: a ledger of a million lines must not stop it. One desk, asked one thing at a time. */

import { Desk } from './desk.ts'

export type Method = 'open' | 'turn' | 'read' | 'mend' | 'learn' | 'propose' | 'contribute'
export interface Asked {
  id: number
  method: Method
  values: unknown[]
}
export type Told = { id: number; value: unknown } | { id: number; failed: string }

const desk = new Desk()

self.onmessage = (event: MessageEvent<Asked>) => {
  const { id, method, values } = event.data
  let told: Told
  try {
    told = { id, value: (desk[method] as (...values: unknown[]) => unknown)(...values) }
  } catch (error) {
    told = { id, failed: String(error) }
  }
  self.postMessage(told)
}
