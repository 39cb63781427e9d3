/** Large uploads without holding up the page's thread: written a few thousand rows at a time, looked at without reading them all. */

import { compare, concat, type Bytes } from '../bytes.ts'
import { decodeUpload, encodeUpload, FIELDS, HEADER_BYTES, ROW_BYTES, type Field, type Row, type Upload } from './encoding.ts'

const STEP_ROWS = 5_000
const COUNT_AT = 34
const PRESENT_AT = 32

/** Lets what waits on this thread go first: a click, a frame. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The bytes of encodeUpload. */
export async function encodeInSteps(upload: Upload): Promise<Bytes> {
  const rows = upload.rows.toSorted((left, right) => compare(left.pseudonym, right.pseudonym))
  const header = encodeUpload({ ...upload, rows: [] })
  viewOf(header).setUint32(COUNT_AT, rows.length, true)
  const parts: Uint8Array[] = [header]
  for (let at = 0; at < rows.length; at += STEP_ROWS) {
    await breathe()
    parts.push(encodeUpload({ ...upload, rows: rows.slice(at, at + STEP_ROWS) }).subarray(HEADER_BYTES))
  }
  return concat(...parts)
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
