/** Months made ready, merged with what was sent before, signed, sent, and their receipts verified. */

import { concat, fromBase64, fromHex, sha256, toBase64, toHex, u32le, utf8, uuidToBytes, type Bytes } from '../bytes.ts'
import { BookTampered, NAMES, readNames, readNow, type Book, type Client } from '../book/book.ts'
import { hasMoved, writeBook, type Signer } from '../book/saving.ts'
import { joined } from './joining.ts'
import type { Device } from '../keys/device.ts'
import { sign, verify } from '../keys/signing.ts'
import { keysOf, type RoleKeys } from '../keys/role_keys.ts'
import { monthText, readMonth } from '../month.ts'
import type { NetworkFacts, Receipt } from '../network/answers.ts'
import { network } from '../network/requests.ts'
import type { Checked } from '../connectors/prepared.ts'
import { inSteps } from '../steps.ts'
import { decodeUpload, digest, frame, type Row } from './encoding.ts'
import { encodeInSteps } from './encoding_steps.ts'

export interface Ready {
  /** Canonical bytes by month: exactly what leaves. */
  months: Map<number, Bytes>
  /** The book's clients after this upload. */
  clients: Client[]
  /** What stood before: the book's clients under its head of that number, and the upload of each month that the network has. */
  before: { sequence: number; clients: readonly Client[]; months: Map<number, Uint8Array> }
}

export class ReceiptWrong extends Error {}

/** `codes` belong to `checked.clients`, in order; null where nothing may be contributed. */
export async function prepare(checked: Checked, codes: readonly (Bytes | null)[], book: Book, firm: string, facts: NetworkFacts): Promise<Ready> {
  const clients = await mergeClients(checked, codes, book.clients)
  const hidden = new Set(clients.filter((client) => client.confidential).map((client) => client.identifier))
  const gone = hiddenCodes(clients)
  const current = await currentUploads()
  const months = new Map<number, Bytes>()
  const standing = new Map<number, Uint8Array>()
  for (const month of checked.months) {
    const rows: Row[] = []
    const own = checked.contributions.filter((one) => one.month === month)
    await inSteps(own, ({ client, figures }) => {
      const pseudonym = codes[client]
      if (pseudonym && !hidden.has(checked.clients[client]!.identifier)) rows.push({ pseudonym, figures })
    })
    const replaces = current.get(month) ?? null
    const kept = replaces && (await uploadSent(month, replaces, book))
    if (kept) standing.set(month, kept)
    const key = keyBytes(facts.key_id)
    months.set(month, await encodeInSteps({ firm: uuidToBytes(firm), month, currency: facts.currency, replaces, key, rows }, kept, gone))
  }
  return { months, clients, before: { sequence: book.head?.sequence ?? 0, clients: book.clients, months: standing } }
}

/** Codes of the confidential clients, hex: what was sent of them before they were leaves with the next sending of its month, as the agent's push does it. */
const hiddenCodes = (clients: readonly Client[]): Set<string> =>
  new Set(clients.filter((client) => client.confidential && client.pseudonym).map((client) => toHex(fromBase64(client.pseudonym))))

/** Of each client in order its code: made just now, or known to the book; null without one. */
export async function codesInOrder(checked: Checked, fresh: ReadonlyMap<string, Bytes>, known: ReadonlyMap<string, string>): Promise<(Bytes | null)[]> {
  const codes: (Bytes | null)[] = []
  await inSteps(checked.clients, ({ identifier }) => {
    const before = known.get(identifier)
    codes.push(fresh.get(identifier) ?? (before ? fromBase64(before) : null))
  })
  return codes
}

/**
 * What takes a sending back: each month with the rows that it had, one that was new without any. Clients are as
 * they were; of those that were new only the codes stay, which the key holders need not be asked for again.
 */
export async function takingBack(sent: Ready): Promise<Ready> {
  const known = new Map(sent.before.clients.map((client) => [client.identifier, client]))
  const clients = sent.clients.map((client) => known.get(client.identifier) ?? { ...client, accounts: [] })
  const gone = hiddenCodes(clients)
  const months = new Map<number, Bytes>()
  for (const [month, bytes] of sent.months) {
    const { firm, currency, key } = decodeUpload(bytes)
    months.set(month, await encodeInSteps({ firm, month, currency, replaces: await digest(bytes), key, rows: [] }, sent.before.months.get(month), gone))
  }
  return { months, clients, before: { sequence: sent.before.sequence, clients: sent.clients, months: new Map(sent.months) } }
}

/** The digest that the network holds for each month. */
async function currentUploads(): Promise<Map<number, Bytes>> {
  const found = new Map<number, Bytes>()
  for (const receipt of await network.receipts()) {
    const month = readMonth(receipt.month)
    if (month !== null && receipt.current && !receipt.erased) found.set(month, anyBytes(receipt.digest))
  }
  return found
}

/** What was last sent for a month: from the book, or from the network where the book was not saved. */
async function uploadSent(month: number, current: Bytes, book: Book): Promise<Uint8Array> {
  const sent = book.sent.get(month)?.bytes
  if (sent && toHex(await digest(sent)) === toHex(current)) return sent
  const bytes = await network.ownUpload(toHex(current))
  if (toHex(await digest(bytes)) !== toHex(current)) throw new Error('the network returned another upload')
  return decodeUpload(bytes).bytes
}

async function mergeClients(checked: Checked, codes: readonly (Bytes | null)[], known: readonly Client[]): Promise<Client[]> {
  const merged = known.map((client) => ({ ...client }))
  const byIdentifier = new Map(merged.map((client) => [client.identifier, client]))
  let nextId = merged.reduce((most, client) => Math.max(most, client.id), 0) + 1
  await inSteps(checked.clients, (found, at) => {
    let client = byIdentifier.get(found.identifier)
    if (!client) {
      client = {
        id: nextId++,
        name: '',
        identifier: found.identifier,
        pseudonym: '',
        city: null,
        sector: 0,
        region: 0,
        terms_days: null,
        terms_kind: 0,
        confidential: false,
        accounts: [],
      }
      merged.push(client)
    }
    if (!client.pseudonym && codes[at]) client.pseudonym = toBase64(codes[at])
    // A file that bears no names calls a client by its account: that is no reason to forget its name.
    client.name = (found.accounts.includes(found.name) ? '' : found.name) || client.name || found.name || found.identifier
    client.city = found.city ?? client.city
    client.sector = found.sector || client.sector
    client.region = found.region || client.region
    client.terms_days = found.termsDays ?? client.terms_days
    client.terms_kind = found.termsDays === null ? client.terms_kind : found.termsKind
    client.confidential ||= found.confidential
    client.accounts = [...new Set([...client.accounts, ...found.accounts])]
  })
  return merged
}

/** Sends all months as one transaction and verifies each receipt against the pinned key. Throws ReceiptWrong. */
export async function send(ready: Ready, firm: string, device: Device, facts: NetworkFacts): Promise<Receipt[]> {
  const body = frame([...ready.months.values()])
  const hash = await sha256(body)
  const { receipts } = await network.upload(body, toHex(hash), toBase64(sign(device.seed, 'upload', hash)), device.id)
  for (const [month, bytes] of ready.months) {
    const receipt = receipts.find((one) => readMonth(one.month) === month)
    if (!receipt || !receiptHolds(receipt, firm, month, await digest(bytes), fromBase64(facts.receipt_key))) {
      throw new ReceiptWrong(monthText(month))
    }
  }
  return receipts
}

/** What the network signs on receipt. */
export function receiptPayload(firm: string, month: number, uploadDigest: Uint8Array, replaces: Uint8Array, receivedAt: string): Bytes {
  return concat(uuidToBytes(firm), u32le(month), uploadDigest, replaces, utf8(receivedAt))
}

function receiptHolds(receipt: Receipt, firm: string, month: number, expected: Bytes, key: Bytes): boolean {
  if (toHex(anyBytes(receipt.digest)) !== toHex(expected)) return false
  const replaces = receipt.replaces ? anyBytes(receipt.replaces) : new Uint8Array(32)
  return verify(key, 'receipt', receiptPayload(firm, month, expected, replaces, receipt.received_at), fromBase64(receipt.signature))
}

/** Whether somebody has marked a client confidential since `ready` was made with its figures. */
export async function hiddenSince(ready: Ready, firm: string, roleKeys: RoleKeys): Promise<boolean> {
  const open = new Set(ready.clients.filter((client) => !client.confidential).map((client) => client.identifier))
  const now = await readNow(({ head }) => readNames(firm, head, keysOf(roleKeys, 'names')))
  return now.some((client) => client.confidential && open.has(client.identifier))
}

const SAVES = 6

/** Goes over the book as it now is: what others changed of its clients since `ready` was made stays. Throws BookTampered: it is an older one. */
export async function saveBook(ready: Ready, firm: string, roleKeys: RoleKeys, device: Signer): Promise<void> {
  const [names, ledger] = [keysOf(roleKeys, 'names'), keysOf(roleKeys, 'ledger')]
  for (let tries = 1; ; tries++) {
    const { clients, ...book } = await readNow(async (now) => ({ ...now, clients: await readNames(firm, now.head, names) }))
    if ((book.head?.sequence ?? 0) < ready.before.sequence) throw new BookTampered(NAMES)
    const change = { clients: await joined(ready.before.clients, ready.clients, clients), months: ready.months }
    try {
      return await writeBook(firm, { names: names[0]!, ledger: ledger[0]! }, book, change, device, monthText)
    } catch (error) {
      if (!hasMoved(error) || tries === SAVES) throw error
    }
  }
}

/** Digests travel as hex or as JSON's base64. */
function anyBytes(text: string): Bytes {
  return /^[0-9a-f]{64}$/.test(text) ? fromHex(text) : fromBase64(text)
}
const keyBytes = anyBytes
