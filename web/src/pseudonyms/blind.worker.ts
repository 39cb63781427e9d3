/** Blinding and unblinding off the page's thread: blinds stay in here, only blinded elements come out. */

import { concat, type Bytes } from '../bytes.ts'
import { blind, finalize, type Blinded } from './blind.ts'

export type Asked =
  | { do: 'blind'; batch: number; identifiers: string[] }
  | { do: 'finalize'; batch: number; evaluated: Bytes; proof: Bytes; publicKey: Bytes }

export type Told =
  | { done: 'blind'; batch: number; blinded: Bytes }
  | { done: 'finalize'; batch: number; pseudonyms: Bytes[] }
  | { done: 'failed'; batch: number; reason: string }

const held = new Map<number, Blinded>()

function work(asked: Asked): Told {
  if (asked.do === 'blind') {
    const made = blind(asked.identifiers)
    held.set(asked.batch, made)
    return { done: 'blind', batch: asked.batch, blinded: concat(...made.blinded) }
  }
  const batch = held.get(asked.batch)
  if (!batch) throw new Error('unknown batch')
  held.delete(asked.batch)
  return { done: 'finalize', batch: asked.batch, pseudonyms: finalize(batch, asked.evaluated, asked.proof, asked.publicKey) }
}

self.onmessage = (event: MessageEvent<Asked>) => {
  let told: Told
  try {
    told = work(event.data)
  } catch (error) {
    told = { done: 'failed', batch: event.data.batch, reason: String(error) }
  }
  self.postMessage(told)
}
