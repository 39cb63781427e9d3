/** Starts our workers: a Trusted Types policy that accepts our own addresses and nothing else. */

import blindUrl from './pseudonyms/blind.worker.ts?worker&url'
import secretsUrl from './keys/secrets.worker.ts?worker&url'
import readingUrl from './uploads/reading.worker.ts?worker&url'

const ours = new Set([blindUrl, secretsUrl, readingUrl])

interface ScriptPolicy {
  createScriptURL(url: string): string
}
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): ScriptPolicy
}

function accept(url: string): string {
  if (!ours.has(url)) throw new TypeError('not a worker of this page')
  return url
}

const trusted = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
const policy: ScriptPolicy = trusted?.createPolicy('app-worker', { createScriptURL: accept }) ?? { createScriptURL: accept }

const start = (url: string): Worker => new Worker(policy.createScriptURL(url), { type: 'module' })

export const startBlinding = (): Worker => start(blindUrl)
export const startSecrets = (): Worker => start(secretsUrl)
export const startReading = (): Worker => start(readingUrl)
