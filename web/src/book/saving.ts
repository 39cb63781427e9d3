/** Writing the book: sealed segments under a new head in the firm's signed chain. */

import { equal, fromUtf8, sha256, toBase64, toHex, utf8, type Bytes } from '../bytes.ts'
import { bookName, seal } from '../keys/seal.ts'
import { sign } from '../keys/signing.ts'
import { network, Refused, Unreachable } from '../network/requests.ts'
import { LEDGER, NAMES, readHead, type Book, type Client, type Head } from './book.ts'

const NO_PREVIOUS = '0'.repeat(64)

/** The head as it is signed; `previous` is the SHA-256 in hex of the head before it. */
export function headOf(sequence: number, previous: string | null, segments: Record<string, string>, device: string): Bytes {
  const named = Object.fromEntries(Object.entries(segments).sort(([left], [right]) => (left < right ? -1 : 1)))
  const head: Head = { sequence, previous: previous ?? NO_PREVIOUS, segments: named, device }
  return utf8(JSON.stringify(head))
}

/** What changes in the book after an upload: clients and the months sent. */
export interface Change {
  clients: Client[]
  months: Map<number, Bytes>
}

/** A segment before it is sealed, and the role key that seals it. */
export interface Plain {
  key: Bytes
  bytes: Uint8Array
}

export interface Signer {
  id: string
  seed: Bytes
}

/** Seals what changed under the next head, signed by this device; 409 (Refused) when another device was first. */
export async function writeBook(
  firm: string,
  keys: { names: Bytes; ledger: Bytes },
  before: Pick<Book, 'head' | 'headBytes'>,
  change: Change,
  device: Signer,
  nameOf: (month: number) => string,
): Promise<void> {
  const plain = new Map<string, Plain>()
  plain.set(NAMES, { key: keys.names, bytes: utf8(JSON.stringify({ clients: change.clients })) })
  for (const [month, bytes] of change.months) plain.set(LEDGER + nameOf(month), { key: keys.ledger, bytes })
  await writeSegments(firm, before, plain, device)
}

/** These segments under the next head, the others as they are; returns that head. 409 (Refused) when another device was first. */
export async function writeSegments(
  firm: string,
  before: Pick<Book, 'head' | 'headBytes'>,
  plain: ReadonlyMap<string, Plain>,
  device: Signer,
): Promise<{ head: Head; headBytes: Bytes }> {
  const segments: Record<string, string> = {}
  const hashes: Record<string, string> = { ...before.head?.segments }
  for (const [name, { key, bytes }] of plain) {
    const sealed = await seal(key, bytes, bookName(firm, name))
    segments[name] = toBase64(sealed)
    hashes[name] = toHex(await sha256(sealed))
  }
  const previous = before.headBytes ? toHex(await sha256(before.headBytes)) : null
  const headBytes = headOf((before.head?.sequence ?? 0) + 1, previous, hashes, device.id)
  try {
    await network.putBook({
      head: toBase64(headBytes),
      signature: toBase64(sign(device.seed, 'book', headBytes)),
      segments,
    })
  } catch (error) {
    if (!(error instanceof Unreachable || hasMoved(error)) || !(await stands(headBytes))) throw error
  }
  return { head: JSON.parse(fromUtf8(headBytes)) as Head, headBytes }
}

export const hasMoved = (error: unknown): boolean => error instanceof Refused && error.code === 'book-moved'

/** Whether this head was written although its answer was lost: it is the book's, or the one before it. */
async function stands(headBytes: Bytes): Promise<boolean> {
  const now = readHead(await network.book())
  return now.headBytes !== null && (equal(now.headBytes, headBytes) || now.head!.previous === toHex(await sha256(headBytes)))
}
