/** The client book: the only place where a pseudonym meets a name. Sealed on the server, opened here. */

import { fromBase64, fromUtf8, sha256, toHex, type Bytes } from '../bytes.ts'
import { bookName, openWith } from '../keys/seal.ts'
import { readMonth } from '../month.ts'
import type { BookAnswer } from '../network/answers.ts'
import { network, Refused } from '../network/requests.ts'
import { decodeUpload, type Encoded } from '../uploads/encoding.ts'

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

/** Each the one in force first, then the ones before it; none where the role has none. */
export interface BookKeys {
  names: readonly Bytes[]
  ledger: readonly Bytes[]
}

export interface Book {
  head: Head | null
  headBytes: Bytes | null
  clients: Client[]
  /** What was last sent, by month. */
  sent: Map<number, Encoded>
}

/** A segment is not the one the head names: the server's copy was changed or rolled back. */
export class BookTampered extends Error {}

export const NAMES = 'names'
export const LEDGER = 'ledger/'
export const FOLLOW_UPS = 'ledger/follow-ups'

export function readHead(answer: BookAnswer): Pick<Book, 'head' | 'headBytes'> {
  if (!answer.head) return { head: null, headBytes: null }
  const headBytes = fromBase64(answer.head)
  return { head: JSON.parse(fromUtf8(headBytes)) as Head, headBytes }
}

/** What `read` finds under the head of now; again where another device moved the book between its head and a segment. */
export async function readNow<T>(read: (now: Pick<Book, 'head' | 'headBytes'>) => Promise<T>): Promise<T> {
  for (let before: string | null = ''; ; ) {
    const answer = await network.book()
    try {
      return await read(readHead(answer))
    } catch (error) {
      const apart = error instanceof BookTampered || (error instanceof Refused && error.code === 'not-found')
      if (!apart || answer.head === before) throw error
      before = answer.head
    }
  }
}

export const readBook = (firm: string, keys: BookKeys): Promise<Book> =>
  readNow(async ({ head, headBytes }) => {
    const clients = keys.names.length ? await readNames(firm, head, keys.names) : []
    const names = keys.ledger.length ? Object.keys(head?.segments ?? {}).filter((name) => monthOf(name) !== null) : []
    const sent = await Promise.all(names.map(async (name) => [monthOf(name)!, decodeUpload(await readSegment(firm, head!, name, keys.ledger))] as const))
    return { head, headBytes, clients, sent: new Map(sent) }
  })

const monthOf = (name: string): number | null => (name.startsWith(LEDGER) ? readMonth(name.slice(LEDGER.length)) : null)

export async function readNames(firm: string, head: Head | null, keys: readonly Bytes[]): Promise<Client[]> {
  if (!head?.segments[NAMES]) return []
  const parsed = JSON.parse(fromUtf8(await readSegment(firm, head, NAMES, keys))) as { clients: Client[] }
  return parsed.clients
}

/** Throws BookTampered, NotOpened. */
export async function readSegment(firm: string, head: Head, name: string, keys: readonly Bytes[]): Promise<Bytes> {
  const sealed = await network.segment(name)
  if (toHex(await sha256(sealed)) !== head.segments[name]) throw new BookTampered(name)
  return openWith(keys, sealed, bookName(firm, name))
}
