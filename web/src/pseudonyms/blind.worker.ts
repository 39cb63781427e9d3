/** Blinding and unblinding off the page's thread: blinds stay in here, only blinded elements come out. */

import { concat, type Bytes } from '../bytes.ts'
import { blind, finalizeSum, proved, publicOf, type Blinded } from './blind.ts'
import { elementsOf, type Elements } from './proof.ts'

/** `parts`: the pinned public keys of the parts that a holder was asked for. */
export type Asked =
  | { do: 'blind'; batch: number; identifiers: string[] }
  | { do: 'check'; batch: number; evaluated: Bytes; proof: Bytes; parts: Bytes[] }
  | { do: 'add'; batch: number }

export type Told =
  | { done: 'blind'; batch: number; blinded: Bytes }
  | { done: 'check'; batch: number; holds: boolean }
  /** One pseudonym after the other. */
  | { done: 'add'; batch: number; pseudonyms: Bytes }
  | { done: 'failed'; batch: number; reason: string }

/** `checked`: what holders evaluated whose proofs held. */
const held = new Map<number, Blinded & { elements: Elements; checked: Elements[] }>()

function work(asked: Asked): Told {
  if (asked.do === 'blind') {
    const made = blind(asked.identifiers)
    held.set(asked.batch, { ...made, elements: elementsOf(made.blinded), checked: [] })
    return { done: 'blind', batch: asked.batch, blinded: concat(...made.blinded) }
  }
  const batch = held.get(asked.batch)
  if (!batch) throw new Error('unknown batch')
  if (asked.do === 'check') {
    const elements = proved(batch.elements, asked.evaluated, asked.proof, publicOf(asked.parts))
    if (elements) batch.checked.push(elements)
    return { done: 'check', batch: asked.batch, holds: elements !== null }
  }
  held.delete(asked.batch)
  return { done: 'add', batch: asked.batch, pseudonyms: concat(...finalizeSum(batch, batch.checked)) }
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
