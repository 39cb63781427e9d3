/** One firm's whole month in its canonical bytes. Twin of benchmark/upload.py, read by the same vectors. */

import { compare, concat, sha256, type Bytes } from '../bytes.ts'

export const MAGIC = 'VIGIEUP1'
export const HEADER_BYTES = 112
export const ROW_BYTES = 144
export const FORMULA_COUNTBACK_1 = 1
export const ROWS_MAX = 1_000_000

/** Field, place in the row and width; bit i of `present` says whether field i is known. */
const LAYOUT = [
  ['sales', 36, 'i64'],
  ['outstanding', 44, 'i64'],
  ['not_due', 52, 'i64'],
  ['late_1_30', 60, 'i64'],
  ['late_31_60', 68, 'i64'],
  ['late_61_90', 76, 'i64'],
  ['late_91_plus', 84, 'i64'],
  ['paid', 92, 'i64'],
  ['paid_days_late', 100, 'i64'],
  ['paid_days_to_pay', 108, 'i64'],
  ['open_late_days', 116, 'i64'],
  ['disputed', 124, 'i64'],
  ['dso', 132, 'i32'],
  ['terms_days', 136, 'i16'],
  ['terms_kind', 138, 'u8'],
  ['incident', 139, 'u8'],
  ['factored', 140, 'u8'],
  ['sector', 141, 'u8'],
  ['region', 142, 'u8'],
] as const

export type Field = (typeof LAYOUT)[number][0]
export const FIELDS: readonly Field[] = LAYOUT.map(([name]) => name)

/** A contribution: money in cents, dso in tenths of a day; what is absent is unknown, never zero. */
export type Figures = Partial<Record<Field, number>>

export interface Row {
  pseudonym: Bytes
  figures: Figures
}

export interface Upload {
  firm: Uint8Array
  /** year * 12 + month - 1 */
  month: number
  currency: string
  replaces: Uint8Array | null
  key: Uint8Array
  rows: Row[]
}

/** An upload as it was read: its rows are made when somebody asks for them, its columns without making any. */
export interface Encoded extends Upload {
  readonly bytes: Uint8Array
}

export const LIMITS: Partial<Record<Field, readonly [number, number]>> = {
  terms_kind: [0, 2],
  incident: [0, 5],
  factored: [0, 1],
  sector: [0, 21],
  region: [0, 13],
  terms_days: [0, 720],
  dso: [0, 36_000],
}

export class NotCanonical extends Error {}

export function encodeUpload(upload: Upload): Bytes {
  const rows = upload.rows.toSorted((left, right) => compare(left.pseudonym, right.pseudonym))
  const bytes = new Uint8Array(HEADER_BYTES + rows.length * ROW_BYTES)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < 8; at++) bytes[at] = MAGIC.charCodeAt(at)
  bytes.set(upload.firm, 8)
  view.setUint32(24, upload.month, true)
  view.setUint16(28, FORMULA_COUNTBACK_1, true)
  for (let at = 0; at < 3; at++) bytes[30 + at] = upload.currency.charCodeAt(at)
  view.setUint32(34, rows.length, true)
  if (upload.replaces) bytes.set(upload.replaces, 38)
  bytes.set(upload.key, 70)
  rows.forEach((row, index) => writeRow(view, bytes, HEADER_BYTES + index * ROW_BYTES, row))
  return bytes
}

function writeRow(view: DataView, bytes: Uint8Array, start: number, row: Row): void {
  bytes.set(row.pseudonym, start)
  let present = 0
  LAYOUT.forEach(([name, place, width], bit) => {
    const value = row.figures[name]
    if (value === undefined) return
    present |= 1 << bit
    if (width === 'i64') writeInt64(view, start + place, value)
    else if (width === 'i32') view.setInt32(start + place, value, true)
    else if (width === 'i16') view.setInt16(start + place, value, true)
    else view.setUint8(start + place, value)
  })
  view.setUint32(start + 32, present, true)
}

/** Reads our own upload back, from the book; a month's header and rows. Throws NotCanonical. */
export function decodeUpload(bytes: Uint8Array): Encoded {
  const view = viewOf(bytes)
  if (bytes.length < HEADER_BYTES || String.fromCharCode(...bytes.subarray(0, 8)) !== MAGIC) throw new NotCanonical('header')
  const count = view.getUint32(34, true)
  if (count > ROWS_MAX || bytes.length !== HEADER_BYTES + count * ROW_BYTES) throw new NotCanonical('size')
  const replaces = bytes.slice(38, 70)
  let rows: Row[] | null = null
  return {
    bytes,
    firm: bytes.slice(8, 24),
    month: view.getUint32(24, true),
    currency: String.fromCharCode(...bytes.subarray(30, 33)),
    replaces: replaces.some((byte) => byte !== 0) ? replaces : null,
    key: bytes.slice(70, 102),
    get rows() {
      rows ??= Array.from({ length: count }, (_, index) => readRow(view, bytes, HEADER_BYTES + index * ROW_BYTES))
      return rows
    },
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Calls `each` with every row's place in the bytes, and a reader of its fields; NaN where a field is unknown. */
export function eachRow(bytes: Uint8Array, each: (start: number, read: (field: Field) => number) => void): void {
  const view = viewOf(bytes)
  let start = HEADER_BYTES
  let present = 0
  const read = (field: Field): number => {
    const bit = PLACES[field]
    return present & (1 << bit) ? readField(view, start, bit) : Number.NaN
  }
  for (; start + ROW_BYTES <= bytes.length; start += ROW_BYTES) {
    present = view.getUint32(start + 32, true)
    each(start, read)
  }
}

const PLACES = Object.fromEntries(LAYOUT.map(([name], bit) => [name, bit])) as Record<Field, number>

function readField(view: DataView, start: number, bit: number): number {
  const [, place, width] = LAYOUT[bit]!
  if (width === 'i64') return readInt64(view, start + place)
  if (width === 'i32') return view.getInt32(start + place, true)
  if (width === 'i16') return view.getInt16(start + place, true)
  return view.getUint8(start + place)
}

function readRow(view: DataView, bytes: Uint8Array, start: number): Row {
  const present = view.getUint32(start + 32, true)
  const figures: Figures = {}
  LAYOUT.forEach(([name], bit) => {
    if (present & (1 << bit)) figures[name] = readField(view, start, bit)
  })
  return { pseudonym: bytes.slice(start, start + 32) as Bytes, figures }
}

/** Exact up to 2^53, which no amount of cent-days of ours exceeds; far quicker than a BigInt for each field. */
const readInt64 = (view: DataView, at: number): number => view.getInt32(at + 4, true) * 4_294_967_296 + view.getUint32(at, true)

function writeInt64(view: DataView, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError('no amount')
  const high = Math.floor(value / 4_294_967_296)
  view.setInt32(at + 4, high, true)
  view.setUint32(at, value - high * 4_294_967_296, true)
}

/** What a receipt signs: SHA-256 of the canonical bytes. */
export const digest = (encoded: Uint8Array): Promise<Bytes> => sha256(encoded)

/** Uploads in one request: each behind its length. */
export function frame(uploads: Uint8Array[]): Bytes {
  return concat(
    ...uploads.flatMap((upload) => {
      const length = new Uint8Array(4)
      new DataView(length.buffer).setUint32(0, upload.length, true)
      return [length, upload]
    }),
  )
}
