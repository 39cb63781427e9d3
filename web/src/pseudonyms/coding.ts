/**
 * From identifiers to pseudonyms: blinded in workers, evaluated by the holders, each proof checked, never asked twice.
 * Any two of three holders suffice: one that cheats or does not answer is named in `out`, and asked no more.
 */

import { fromBase64, random, toBase64, uuidToBytes, type Bytes } from '../bytes.ts'
import type { Device } from '../keys/device.ts'
import { sign } from '../keys/signing.ts'
import type { NetworkFacts } from '../network/answers.ts'
import { holderAddress } from '../network/holder_address.ts'
import { network, Unreachable } from '../network/requests.ts'
import { startBlinding } from '../workers.ts'
import { evaluationPayload, split } from './blind.ts'
import type { Asked, Told } from './blind.worker.ts'
import { whoAnswers } from './parts.ts'

/** A batch costs less each the larger it is; a hundred of them let a person see progress, and pause. */
const CHUNK_MIN = 250
const CHUNK_MAX = 500
const CHUNKS = 100
const WORKERS_MAX = 4
/** Of each worker: one is blinded while the holders answer another. */
const CHUNKS_AT_ONCE = 2

export class Stopped extends Error {}

/** Closed, it lets no further chunk begin; what is under way is finished. */
export class Gate {
  #closed: Promise<void> | null = null
  #open: () => void = () => {}

  close(): void {
    this.#closed ??= new Promise((resolve) => (this.#open = resolve))
  }

  open(): void {
    this.#open()
    this.#closed = null
  }

  async pass(): Promise<void> {
    await this.#closed
  }
}

/** One worker, asked one thing after the other. */
class Blinder {
  readonly #worker = startBlinding()
  #last: Promise<unknown> = Promise.resolve()

  ask(asked: Asked): Promise<Told> {
    const told = this.#last.then(() => this.#askNow(asked))
    this.#last = told.catch(() => undefined)
    return told
  }

  #askNow(asked: Asked): Promise<Told> {
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
  out: Out = new Map(),
  gate: Gate = new Gate(),
): Promise<Bytes[]> {
  const found = new Array<Bytes>(identifiers.length)
  const size = Math.min(CHUNK_MAX, Math.max(CHUNK_MIN, Math.ceil(identifiers.length / CHUNKS)))
  const starts: number[] = []
  for (let at = 0; at < identifiers.length; at += size) starts.push(at)
  const count = Math.min(WORKERS_MAX, navigator.hardwareConcurrency || 2, starts.length)
  const blinders = Array.from({ length: count }, () => new Blinder())
  let done = 0
  const work = async (blinder: Blinder): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      await gate.pass()
      if (signal.aborted) throw new Stopped()
      const chunk = identifiers.slice(start, start + size)
      const codes = await codeChunk(blinder, start, chunk, firm, device, facts, out)
      codes.forEach((code, at) => (found[start! + at] = code))
      done += chunk.length
      progress(done)
    }
  }
  // What is under way when a person cancels is not waited for.
  const cancelled = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Stopped()), { once: true }))
  const all = Promise.all(blinders.flatMap((blinder) => Array.from({ length: CHUNKS_AT_ONCE }, () => work(blinder))))
  try {
    await Promise.race([all, cancelled])
  } finally {
    for (const blinder of blinders) blinder.end()
  }
  if (signal.aborted) throw new Stopped()
  return found
}

/** A holder's proof does not fit what is pinned for it. */
export class HolderCheats extends Error {}

/** Why a holder is asked no more, by its number. */
export type Out = Map<number, Error>

async function codeChunk(
  blinder: Blinder,
  batch: number,
  identifiers: string[],
  firm: string,
  device: Device,
  facts: NetworkFacts,
  out: Out,
): Promise<Bytes[]> {
  const told = await blinder.ask({ do: 'blind', batch, identifiers })
  if (told.done !== 'blind') throw new Error('the worker answered something else')
  const { roster } = facts
  const wanted = new Set(Object.keys(roster.parts))
  const pinned = (part: string): Bytes => fromBase64(roster.parts[part]!)
  while (wanted.size) {
    const up = roster.holders.map((one) => one.number).filter((number) => !out.has(number))
    const turn = up.length ? batch % up.length : 0
    const asked = whoAnswers([...up.slice(turn), ...up.slice(0, turn)], wanted)
    if (!asked) throw worst(out)
    await Promise.all(
      [...asked].map(async ([number, parts]) => {
        const holder = roster.holders.find((one) => one.number === number)!
        try {
          const answer = await askHolder(holderAddress(holder), told.blinded, parts, firm, device, roster.epoch)
          const [evaluated, proof] = [fromBase64(answer.evaluated), fromBase64(answer.proof)]
          const checked = await blinder.ask({ do: 'check', batch, evaluated, proof, parts: parts.map(pinned) })
          if (checked.done !== 'check' || !checked.holds) throw new HolderCheats(holder.name)
          for (const part of parts) wanted.delete(part)
        } catch (error) {
          out.set(number, error instanceof Unreachable ? new Unreachable(holder.name) : (error as Error))
        }
      }),
    )
  }
  const finished = await blinder.ask({ do: 'add', batch })
  if (finished.done !== 'add') throw new Error('the worker answered something else')
  return split(finished.pseudonyms)
}

/** Who cheats before who refuses before who does not answer. */
function worst(out: Out): Error {
  const troubles = [...out.values()]
  return (
    troubles.find((one) => one instanceof HolderCheats) ??
    troubles.find((one) => !(one instanceof Unreachable)) ??
    troubles[0] ??
    new Error('this network has no key holder')
  )
}

async function askHolder(
  url: string,
  blinded: Bytes,
  parts: string[],
  firm: string,
  device: Device,
  epoch: number,
): Promise<{ evaluated: string; proof: string }> {
  const requestedAt = Math.floor(Date.now() / 1000)
  const nonce = random(16)
  const payload = await evaluationPayload(uuidToBytes(firm), epoch, blinded, requestedAt, nonce, parts)
  return network.evaluate(url, {
    firm_id: firm,
    delegation: toBase64(device.delegation),
    epoch,
    parts,
    blinded: toBase64(blinded),
    requested_at: requestedAt,
    nonce: toBase64(nonce),
    signature: toBase64(sign(device.seed, 'evaluation', payload)),
  })
}
