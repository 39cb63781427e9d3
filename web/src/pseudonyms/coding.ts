/** From identifiers to pseudonyms: blinded in workers, evaluated by the holder, proof checked, never asked twice. */

import { fromBase64, random, toBase64, uuidToBytes, type Bytes } from '../bytes.ts'
import type { Device } from '../keys/device.ts'
import { sign } from '../keys/signing.ts'
import type { NetworkFacts } from '../network/answers.ts'
import { network } from '../network/requests.ts'
import { startBlinding } from '../workers.ts'
import { evaluationPayload } from './blind.ts'
import type { Asked, Told } from './blind.worker.ts'

const CHUNK = 250
const WORKERS_MAX = 4

export class Stopped extends Error {}

/** One worker; it answers in the order it is asked. */
class Blinder {
  readonly #worker = startBlinding()

  ask(asked: Asked): Promise<Told> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = (event: MessageEvent<Told>) =>
        event.data.done === 'failed' ? reject(new Error(event.data.reason)) : resolve(event.data)
      this.#worker.onerror = (event) => reject(new Error(event.message))
      this.#worker.postMessage(asked)
    })
  }

  end(): void {
    this.#worker.terminate()
  }
}

/** Pseudonyms of distinct identifiers, in order. `progress` counts identifiers done; aborting throws Stopped. */
export async function codesOf(
  identifiers: readonly string[],
  firm: string,
  device: Device,
  facts: NetworkFacts,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<Bytes[]> {
  const found = new Array<Bytes>(identifiers.length)
  const starts: number[] = []
  for (let at = 0; at < identifiers.length; at += CHUNK) starts.push(at)
  const count = Math.min(WORKERS_MAX, navigator.hardwareConcurrency || 2, starts.length)
  const blinders = Array.from({ length: count }, () => new Blinder())
  let done = 0
  const work = async (blinder: Blinder): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      if (signal.aborted) throw new Stopped()
      const chunk = identifiers.slice(start, start + CHUNK)
      const codes = await codeChunk(blinder, start, chunk, firm, device, facts)
      codes.forEach((code, at) => (found[start! + at] = code))
      done += chunk.length
      progress(done)
    }
  }
  try {
    await Promise.all(blinders.map(work))
  } finally {
    for (const blinder of blinders) blinder.end()
  }
  if (signal.aborted) throw new Stopped()
  return found
}

async function codeChunk(
  blinder: Blinder,
  batch: number,
  identifiers: string[],
  firm: string,
  device: Device,
  facts: NetworkFacts,
): Promise<Bytes[]> {
  const told = await blinder.ask({ do: 'blind', batch, identifiers })
  if (told.done !== 'blind') throw new Error('the worker answered something else')
  const { roster } = facts
  const parts = Object.keys(roster.parts)
  const publicKey = roster.parts[parts[0] ?? '']
  const holder = roster.holders[0]
  if (parts.length !== 1 || !publicKey || !holder) throw new Error('this page knows networks with one key holder only')
  const requestedAt = Math.floor(Date.now() / 1000)
  const nonce = random(16)
  const payload = await evaluationPayload(uuidToBytes(firm), roster.epoch, told.blinded, requestedAt, nonce, parts)
  const answer = await network.evaluate(holder.url, {
    firm_id: firm,
    delegation: toBase64(device.delegation),
    epoch: roster.epoch,
    parts,
    blinded: toBase64(told.blinded),
    requested_at: requestedAt,
    nonce: toBase64(nonce),
    signature: toBase64(sign(device.seed, 'evaluation', payload)),
  })
  const finished = await blinder.ask({
    do: 'finalize',
    batch,
    evaluated: fromBase64(answer.evaluated),
    proof: fromBase64(answer.proof),
    publicKey: fromBase64(publicKey),
  })
  if (finished.done !== 'finalize') throw new Error('the worker answered something else')
  return finished.pseudonyms
}
