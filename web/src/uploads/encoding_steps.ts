/** Large uploads without holding up the page's thread: written some rows at a time, looked at without reading them all. */

import { compare, concat, toHex, type Bytes } from '../bytes.ts'
import { breathe, inSteps } from '../steps.ts'
import { decodeUpload, encodeUpload, FIELDS, HEADER_BYTES, ROW_BYTES, type Field, type Row, type Upload } from './encoding.ts'

const STEP_ROWS = 1_000
const COUNT_AT = 34
const PRESENT_AT = 32
const PSEUDONYM_BYTES = 32

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const NOBODY: ReadonlySet<string> = new Set()

/** The bytes of encodeUpload; with those rows of the upload `kept` that are not written anew, but of no pseudonym (hex) that is `gone`. */
export async function encodeInSteps(upload: Upload, kept: Uint8Array | null = null, gone = NOBODY): Promise<Bytes> {
  const rows = await inOrder(upload.rows)
  const parts: Uint8Array[] = []
  for (let at = 0; at < rows.length; at += STEP_ROWS) {
    await breathe()
    parts.push(encodeUpload({ ...upload, rows: rows.slice(at, at + STEP_ROWS) }).subarray(HEADER_BYTES))
  }
  const body = kept ? [await merged(concat(...parts), await staying(kept.subarray(HEADER_BYTES), gone))] : parts
  const header = encodeUpload({ ...upload, rows: [] })
  viewOf(header).setUint32(COUNT_AT, body.reduce((sum, part) => sum + part.length, 0) / ROW_BYTES, true)
  return concat(header, ...body)
}

/** By pseudonym. Their first bytes are spread evenly: what shares one is sorted by itself. */
async function inOrder(rows: readonly Row[]): Promise<Row[]> {
  const sharing = Array.from({ length: 256 }, (): Row[] => [])
  for (const row of rows) sharing[row.pseudonym[0]!]!.push(row)
  const steps = Math.max(1, Math.ceil(rows.length / STEP_ROWS))
  await inSteps(sharing, (some) => void some.sort((left, right) => compare(left.pseudonym, right.pseudonym)), Math.ceil(sharing.length / steps))
  return sharing.flat()
}

async function staying(rows: Uint8Array, gone: ReadonlySet<string>): Promise<Uint8Array> {
  if (!gone.size) return rows
  const starts = Array.from({ length: rows.length / ROW_BYTES }, (_, at) => at * ROW_BYTES)
  const parts: Uint8Array[] = []
  await inSteps(starts, (start) => {
    if (!gone.has(toHex(rows.subarray(start, start + PSEUDONYM_BYTES)))) parts.push(rows.subarray(start, start + ROW_BYTES))
  })
  return concat(...parts)
}

/** Rows in order, each pseudonym once: where both have it, the row of `fresh`. */
async function merged(fresh: Uint8Array, kept: Uint8Array): Promise<Uint8Array> {
  const whole = new Uint8Array(fresh.length + kept.length)
  let [left, right, end] = [0, 0, 0]
  for (let count = 1; left < fresh.length || right < kept.length; count++) {
    const order = left === fresh.length ? 1 : right === kept.length ? -1 : comparedAt(fresh, left, kept, right)
    whole.set(order <= 0 ? fresh.subarray(left, left + ROW_BYTES) : kept.subarray(right, right + ROW_BYTES), end)
    if (order <= 0) left += ROW_BYTES
    if (order >= 0) right += ROW_BYTES
    end += ROW_BYTES
    if (count % (4 * STEP_ROWS) === 0) await breathe()
  }
  return whole.subarray(0, end)
}

function comparedAt(one: Uint8Array, left: number, other: Uint8Array, right: number): number {
  for (let at = 0; at < PSEUDONYM_BYTES; at++) {
    const difference = one[left + at]! - other[right + at]!
    if (difference) return difference
  }
  return 0
}

export const rowsIn = (upload: Uint8Array): number => viewOf(upload).getUint32(COUNT_AT, true)

/** Fields that at least one row tells. */
export function fieldsTold(upload: Uint8Array): Field[] {
  const view = viewOf(upload)
  let present = 0
  for (let start = HEADER_BYTES; start < upload.length; start += ROW_BYTES) present |= view.getUint32(start + PRESENT_AT, true)
  return FIELDS.filter((_, bit) => present & (1 << bit))
}

export function firstRows(upload: Uint8Array, count: number): Row[] {
  const shown = Math.min(count, rowsIn(upload))
  const head = upload.slice(0, HEADER_BYTES + shown * ROW_BYTES)
  viewOf(head).setUint32(COUNT_AT, shown, true)
  return decodeUpload(head).rows
}
