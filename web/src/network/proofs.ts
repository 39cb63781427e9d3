/** Whether a manifest's trees hold what this firm sent and was shown; what does not hold is a finding. Twin: member/proofs.py. */

import { fromBase64, toHex, utf8, uuidToBytes, u32le, concat, type Bytes } from '../bytes.ts'
import { readMonth } from '../month.ts'
import type { CellProof, CellsAnswer, ReceiptFacts, ReceiptProof } from './answers.ts'
import { cellEntry, receiptEntry, salted, type Manifest, type Tree } from './manifest.ts'
import { HASH_BYTES, rootFrom } from './merkle.ts'

export type Code =
  | 'receiptAbsent'
  | 'receiptNotCurrent'
  | 'receiptUnknown'
  | 'receiptsUnproven'
  | 'receiptForged'
  | 'receiptChanged'
  | 'receiptDenied'
  | 'receiptOfBook'
  | 'cellUnproven'
  | 'cellWithheld'
  | 'cellsUnproven'
  | 'cellsForged'
  | 'columnsUnknown'
  | 'forged'
  | 'rewritten'
  | 'witnessUnknown'
  | 'witnessForged'
  | 'witnessMissing'
  | 'witnessNever'
  | 'forkedViews'
  | 'fingerprintUnknown'
  | 'viewUnsigned'
  | 'viewAhead'
  | 'viewEmpty'
  | 'noReceipts'
  | 'withdrawn'

/** `grave`: no honest network shows it. Otherwise it is still open, or to be known. Months are texts; `pseudonym` is hexadecimal. */
export interface Finding {
  code: Code
  grave: boolean
  month?: string
  sent?: string
  name?: string
  pseudonym?: string
  found?: number
  expected?: number
  reason?: string
}

export const receiptSigned = (receipt: ReceiptFacts): Bytes =>
  concat(uuidToBytes(receipt.firm_id), u32le(readMonth(receipt.month)!), fromBase64(receipt.digest), fromBase64(receipt.replaces), utf8(receipt.received_at))

export interface Expected {
  receipt: ReceiptFacts
  current: boolean
}

/** Own receipts, by digest, that this manifest has to hold; `since`: when the window of the one before closed. */
export function expectedIn(manifest: Manifest, since: string | null, receipts: Iterable<ReceiptFacts>): Map<string, Expected> {
  const [first, last] = manifest.window
  const told = [...receipts].filter((one) => one.received_at < manifest.closed)
  const replaced = new Set(told.map((one) => one.replaces))
  const found = new Map<string, Expected>()
  for (const receipt of told) {
    const current = first <= receipt.month && receipt.month <= last && !replaced.has(receipt.digest)
    if (current || since === null || receipt.received_at >= since) found.set(receipt.digest, { receipt, current })
  }
  return found
}

export function checkReceipts(manifest: Manifest, expected: ReadonlyMap<string, Expected>, proof: ReceiptProof): Finding[] {
  const { month } = manifest
  const found: Finding[] = []
  const leaves: Leaf[] = []
  const shown = new Map(proof.receipts.map((leaf) => [leaf.digest, leaf]))
  for (const [digest, { receipt, current }] of expected) {
    const leaf = shown.get(digest)
    if (!leaf) {
      found.push({ code: 'receiptAbsent', grave: true, month, sent: receipt.month })
      continue
    }
    if (leaf.current !== current) found.push({ code: 'receiptNotCurrent', grave: true, month, sent: receipt.month })
    leaves.push([leaf.place, salted(fromBase64(leaf.salt), receiptEntry(month, receiptSigned(receipt), leaf.current))])
  }
  for (const digest of shown.keys()) if (!expected.has(digest)) found.push({ code: 'receiptUnknown', grave: true, month })
  if (!found.length && leaves.length && !holds(manifest.uploads, leaves, fromBase64(proof.proof))) found.push({ code: 'receiptsUnproven', grave: true, month })
  return found
}

const WIDTHS: Record<string, number> = { u1: 1, i1: 1, '<i2': 2, '<u2': 2, '<i4': 4, '<u4': 4, V32: HASH_BYTES }

/** Each cell's packed row, columns as the manifest lists them; null: a column that this page does not know. */
export function packedRows(manifest: Manifest, cells: CellsAnswer): Bytes[] | null {
  const columns = manifest.cells.columns.map(([name, kind]) => {
    const packed = (cells as unknown as Record<string, unknown>)[name === 'pseudonym' ? 'pseudonyms' : name]
    return { width: WIDTHS[kind], bytes: typeof packed === 'string' ? fromBase64(packed) : null }
  })
  if (!columns.every(({ width, bytes }) => width && bytes?.length === width * cells.count)) return null
  return Array.from({ length: cells.count }, (_, at) => concat(...columns.map(({ width, bytes }) => bytes!.subarray(at * width!, (at + 1) * width!))))
}

export function checkCells(manifest: Manifest, cells: CellsAnswer, proof: CellProof): Finding[] {
  const { month } = manifest
  const rows = packedRows(manifest, cells)
  if (!rows) return [{ code: 'columnsUnknown', grave: false, month }]
  const [names, salts, places] = [proof.pseudonyms, proof.salts, proof.places].map(fromBase64) as [Bytes, Bytes, Bytes]
  const count = names.length / HASH_BYTES
  if (!Number.isInteger(count) || salts.length !== names.length || places.length !== 4 * count) return [{ code: 'cellsUnproven', grave: true, month }]
  const view = new DataView(places.buffer)
  const proven = new Map<string, number>()
  for (let at = 0; at < count; at++) proven.set(toHex(names.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)), at)
  const found: Finding[] = []
  const leaves: Leaf[] = []
  for (const row of rows) {
    const pseudonym = toHex(row.subarray(0, HASH_BYTES))
    const at = proven.get(pseudonym)
    if (at === undefined) {
      found.push({ code: 'cellUnproven', grave: true, month, pseudonym })
      continue
    }
    proven.delete(pseudonym)
    leaves.push([view.getUint32(4 * at, true), salted(salts.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES), cellEntry(month, row))])
  }
  for (const pseudonym of proven.keys()) found.push({ code: 'cellWithheld', grave: true, month, pseudonym })
  if (!found.length && leaves.length && !holds(manifest.cells, leaves, fromBase64(proof.proof))) found.push({ code: 'cellsUnproven', grave: true, month })
  return found
}

type Leaf = [place: number, hash: Bytes]

/** Each leaf at a place of its own: two at one place would be one, and the other would pass without a proof. */
function holds(tree: Tree, leaves: readonly Leaf[], proof: Uint8Array): boolean {
  const places = new Map(leaves)
  const root = rootFrom(tree.size, places, proof)
  return places.size === leaves.length && root !== null && toHex(root) === tree.root
}
