/** Writing the book: sealed segments under a new head in the firm's signed chain. */

import { sha256, toBase64, toHex, utf8, type Bytes } from '../bytes.ts'
import { bookName, seal } from '../keys/seal.ts'
import { sign } from '../keys/signing.ts'
import { network } from '../network/requests.ts'
import { LEDGER, NAMES, type Book, type Client, type Head } from './book.ts'

const NO_PREVIOUS = '0'.repeat(64)

/** What changes in the book after an upload: clients and the months sent. */
export interface Change {
  clients: Client[]
  months: Map<number, Bytes>
}

/** Seals what changed under the next head, signed by this device; 409 (Refused) when another device was first. */
export async function writeBook(
  firm: string,
  keys: { names: Bytes; ledger: Bytes },
  before: Book,
  change: Change,
  device: { id: string; seed: Bytes },
  nameOf: (month: number) => string,
): Promise<void> {
  const plain = new Map<string, { key: Bytes; bytes: Uint8Array }>()
  plain.set(NAMES, { key: keys.names, bytes: utf8(JSON.stringify({ clients: change.clients })) })
  for (const [month, bytes] of change.months) plain.set(LEDGER + nameOf(month), { key: keys.ledger, bytes })
  const segments: Record<string, string> = {}
  const hashes: Record<string, string> = { ...before.head?.segments }
  for (const [name, { key, bytes }] of plain) {
    const sealed = await seal(key, bytes, bookName(firm, name))
    segments[name] = toBase64(sealed)
    hashes[name] = toHex(await sha256(sealed))
  }
  const head: Head = {
    sequence: (before.head?.sequence ?? 0) + 1,
    previous: before.headBytes ? toHex(await sha256(before.headBytes)) : NO_PREVIOUS,
    segments: hashes,
    device: device.id,
  }
  const headBytes = utf8(JSON.stringify(head))
  await network.putBook({
    head: toBase64(headBytes),
    signature: toBase64(sign(device.seed, 'book', headBytes)),
    segments,
  })
}
