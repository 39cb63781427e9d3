/** Segments of the book beside names and months: read as they are now, changed by compare-and-swap so that nobody's change is lost. */

import { equal, fromUtf8, utf8, type Bytes } from '../bytes.ts'
import { readNow, readSegment, type Head } from '../book/book.ts'
import { hasMoved, writeSegments, type Signer } from '../book/saving.ts'

const TRIES = 6

/** The book was changed by others again and again: try later. */
export class BookBusy extends Error {}

interface Now {
  head: Head | null
  headBytes: Bytes | null
}

async function textOf(firm: string, name: string, keys: readonly Bytes[], head: Head | null): Promise<string | null> {
  return head?.segments[name] ? fromUtf8(await readSegment(firm, head, name, keys)) : null
}

/** The segment's text; null where there is none yet. Throws BookTampered, NotOpened. */
export async function readSegmentText(firm: string, name: string, keys: readonly Bytes[]): Promise<string | null> {
  return readNow(({ head }) => textOf(firm, name, keys, head))
}

export interface Amended extends Now {
  text: string
  /** The head that this one follows. */
  before: Bytes | null
}

export type Change = (now: string | null) => string | Promise<string>

/** `keys`: the one that seals, then those before it. Writes what `change` makes of the segment as it is now, again where another device was first. Throws BookBusy. */
export async function amendSegment(firm: string, name: string, keys: readonly [Bytes, ...Bytes[]], signer: Signer, change: Change): Promise<Amended> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { now, ...book } = await readNow(async (found) => ({ ...found, now: await textOf(firm, name, keys, found.head) }))
    const text = await change(now)
    if (text === now) return { text, ...book, before: book.headBytes }
    try {
      const written = await writeSegments(firm, book, new Map([[name, { key: keys[0], bytes: utf8(text) }]]), signer)
      return { text, ...written, before: book.headBytes }
    } catch (error) {
      if (!hasMoved(error)) throw error
    }
  }
  throw new BookBusy(name)
}

export const sameHead = (left: Bytes | null, right: Bytes | null): boolean => (left === null || right === null ? left === right : equal(left, right))
