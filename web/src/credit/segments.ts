/** Segments of the book beside names and months: read as they are now, changed by compare-and-swap so that nobody's change is lost. */

import { equal, fromBase64, fromUtf8, sha256, toBase64, toHex, utf8, type Bytes } from '../bytes.ts'
import { bookName, openWith, seal } from '../keys/seal.ts'
import { sign } from '../keys/signing.ts'
import { network, Refused } from '../network/requests.ts'
import { BookTampered, type Head } from '../book/book.ts'
import { headOf } from '../book/saving.ts'

const TRIES = 6

/** The book was changed by others again and again: try later. */
export class BookBusy extends Error {}

export interface Signer {
  id: string
  seed: Bytes
}

interface Now {
  head: Head | null
  headBytes: Bytes | null
}

async function headNow(): Promise<Now> {
  const { head } = await network.book()
  if (!head) return { head: null, headBytes: null }
  const headBytes = fromBase64(head)
  return { head: JSON.parse(fromUtf8(headBytes)) as Head, headBytes }
}

async function textOf(firm: string, name: string, keys: readonly Bytes[], head: Head | null): Promise<string | null> {
  const expected = head?.segments[name]
  if (!expected) return null
  const sealed = await network.segment(name)
  if (toHex(await sha256(sealed)) !== expected) throw new BookTampered(name)
  return fromUtf8(await openWith(keys, sealed, bookName(firm, name)))
}

/** The segment's text; null where there is none yet. Throws BookTampered, NotOpened. */
export async function readSegmentText(firm: string, name: string, keys: readonly Bytes[]): Promise<string | null> {
  return textOf(firm, name, keys, (await headNow()).head)
}

export interface Amended extends Now {
  text: string
  /** The head that this one follows. */
  before: Bytes | null
}

/** `keys`: the one that seals, then those before it. Writes what `change` makes of the segment as it is now, again where another device was first. Throws BookBusy. */
export async function amendSegment(firm: string, name: string, keys: readonly [Bytes, ...Bytes[]], signer: Signer, change: (now: string | null) => string): Promise<Amended> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { head, headBytes } = await headNow()
    const now = await textOf(firm, name, keys, head)
    const text = change(now)
    if (text === now) return { text, head, headBytes, before: headBytes }
    const sealed = await seal(keys[0], utf8(text), bookName(firm, name))
    const segments = { ...head?.segments, [name]: toHex(await sha256(sealed)) }
    const previous = headBytes ? toHex(await sha256(headBytes)) : null
    const next = headOf((head?.sequence ?? 0) + 1, previous, segments, signer.id)
    try {
      await network.putBook({ head: toBase64(next), signature: toBase64(sign(signer.seed, 'book', next)), segments: { [name]: toBase64(sealed) } })
      return { text, head: JSON.parse(fromUtf8(next)) as Head, headBytes: next, before: headBytes }
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'book-moved') throw error
    }
  }
  throw new BookBusy(name)
}

export const sameHead = (left: Bytes | null, right: Bytes | null): boolean => (left === null || right === null ? left === right : equal(left, right))
