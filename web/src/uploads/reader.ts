/** The desk in its worker, as the page asks it. */

import { startReading } from '../workers.ts'
import type { Desk } from './desk.ts'
import type { Asked, Method, Told } from './reading.worker.ts'

type Remote = { [M in Method]: (...values: Parameters<Desk[M]>) => Promise<ReturnType<Desk[M]>> }

export interface Reader extends Remote {
  end: () => void
}

const METHODS: readonly Method[] = ['open', 'turn', 'read', 'mend', 'learn', 'propose', 'contribute']

export function startReader(): Reader {
  const worker = startReading()
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let next = 0
  worker.onmessage = (event: MessageEvent<Told>) => {
    const one = waiting.get(event.data.id)
    waiting.delete(event.data.id)
    if ('failed' in event.data) one?.reject(new Error(event.data.failed))
    else one?.resolve(event.data.value)
  }
  worker.onerror = (event) => {
    for (const one of waiting.values()) one.reject(new Error(event.message))
    waiting.clear()
  }
  const ask = (method: Method, values: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const asked: Asked = { id: next++, method, values }
      waiting.set(asked.id, { resolve, reject })
      worker.postMessage(asked)
    })
  const remote = Object.fromEntries(METHODS.map((method) => [method, (...values: unknown[]) => ask(method, values)])) as unknown as Remote
  return { ...remote, end: () => worker.terminate() }
}
