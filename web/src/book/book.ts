/** The client book: the only place where a pseudonym meets a name. Sealed on the server, opened here. */

import { fromBase64, fromUtf8, sha256, toBase64, toHex, utf8, type Bytes } from '../bytes.ts'
import { bookName, open, seal } from '../keys/seal.ts'
import { sign } from '../keys/signing.ts'
import { readMonth } from '../month.ts'
import { network } from '../network/requests.ts'
import { decodeUpload, type Upload } from '../uploads/encoding.ts'

export interface Client {
  id: number
  name: string
  identifier: string
  /** base64, as in the book */
  pseudonym: string
  city: string | null
  sector: number
  region: number
  terms_days: number | null
  terms_kind: number
  confidential: boolean
  accounts: string[]
}

export interface Head {
  sequence: number
  previous: string
  segments: Record<string, string>
  device: string
}

export interface RoleKeys {
  names: Bytes | null
  ledger: Bytes | null
}

export interface Book {
  head: Head | null
  headBytes: Bytes | null
  clients: Client[]
  /** What was last sent, by month. */
  sent: Map<number, Upload>
}

/** A segment is not the one the head names: the server's copy was changed or rolled back. */
export class BookTampered extends Error {}

const NAMES = 'names'
const LEDGER = 'ledger/'
const NO_PREVIOUS = '0'.repeat(64)

export async function readBook(firm: string, keys: RoleKeys): Promise<Book> {
  const answer = await network.book()
  if (!answer.head) return { head: null, headBytes: null, clients: [], sent: new Map() }
  const headBytes = fromBase64(answer.head)
  const head = JSON.parse(fromUtf8(headBytes)) as Head
  const clients = keys.names && head.segments[NAMES] ? await readNames(firm, head, keys.names) : []
  const sent = new Map<number, Upload>()
  if (keys.ledger) {
    const names = Object.keys(head.segments).filter((name) => name.startsWith(LEDGER))
    const opened = await Promise.all(names.map((name) => readSegment(firm, head, name, keys.ledger!)))
    opened.forEach((bytes, at) => {
      const month = readMonth(names[at]!.slice(LEDGER.length))
      if (month !== null) sent.set(month, decodeUpload(bytes))
    })
  }
  return { head, headBytes, clients, sent }
}

async function readNames(firm: string, head: Head, key: Bytes): Promise<Client[]> {
  const parsed = JSON.parse(fromUtf8(await readSegment(firm, head, NAMES, key))) as { clients: Client[] }
  return parsed.clients
}

async function readSegment(firm: string, head: Head, name: string, key: Bytes): Promise<Bytes> {
  const sealed = await network.segment(name)
  if (toHex(await sha256(sealed)) !== head.segments[name]) throw new BookTampered(name)
  return open(key, sealed, bookName(firm, name))
}

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
    device_id: device.id,
    segments,
  })
}
