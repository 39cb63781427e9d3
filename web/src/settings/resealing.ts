/** The whole book under the role keys of today, as one version: after keys were rolled. Twin: reseal in member/shelf.py. */

import { sha256, toHex, type Bytes } from '../bytes.ts'
import { LIGHTS } from '../credit/credit_file.ts'
import { keysOf, type KeyName, type RoleKeys } from '../keys/role_keys.ts'
import { bookName, NotOpened, open, openWith } from '../keys/seal.ts'
import { network, Refused } from '../network/requests.ts'
import { BookTampered, NAMES, readHead, type Head } from '../book/book.ts'
import { writeSegments, type Plain, type Signer } from '../book/saving.ts'

const TRIES = 8
/** What sales may open; all else is the ledger's. */
const BY_NAMES: ReadonlySet<string> = new Set([NAMES, LIGHTS])

/** Nothing is written where the newest keys open everything. Throws BookTampered, NotOpened, Refused. */
export async function reseal(firm: string, keys: RoleKeys, device: Signer): Promise<void> {
  for (let tried = 1; ; tried++) {
    const now = readHead(await network.book())
    if (!now.head) return
    try {
      const plain = await openedByEarlier(firm, keys, now.head)
      if (plain.size) await writeSegments(firm, now, plain, device)
      return
    } catch (error) {
      // Another device may have moved the book, between its head and its segments too.
      const moved = (error instanceof Refused && (error.code === 'book-moved' || error.code === 'not-found')) || error instanceof BookTampered
      if (!moved || tried === TRIES) throw error
    }
  }
}

async function openedByEarlier(firm: string, keys: RoleKeys, head: Head): Promise<Map<string, Plain>> {
  const plain = new Map<string, Plain>()
  for (const [name, digest] of Object.entries(head.segments)) {
    const role: KeyName = BY_NAMES.has(name) ? 'names' : 'ledger'
    const [key, ...earlier] = keysOf(keys, role)
    if (!key) continue
    const sealed = await network.segment(name)
    if (toHex(await sha256(sealed)) !== digest) throw new BookTampered(name)
    if (await opens(key, sealed, bookName(firm, name))) continue
    plain.set(name, { key, bytes: await openWith(earlier, sealed, bookName(firm, name)) })
  }
  return plain
}

async function opens(key: Bytes, sealed: Bytes, aad: string): Promise<boolean> {
  try {
    await open(key, sealed, aad)
    return true
  } catch (error) {
    if (error instanceof NotOpened) return false
    throw error
  }
}
