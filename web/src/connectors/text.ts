/** A file's bytes as text and its delimiter. Twin of the text half of member/reading.py. */

import { Refusal } from './problems.ts'

export const FILE_BYTES_MAX = 300_000_000
export const ENDS = /\r\n|\n|\r/
const SUPPORTED = 'CSV, XLSX'

/** UTF-8 or UTF-16 by its mark, UTF-8 where it is valid, else the Windows code page of French systems. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } {
  const mark = bytes.subarray(0, 3)
  const wide = mark[0] === 0xff && mark[1] === 0xfe ? 'utf-16le' : mark[0] === 0xfe && mark[1] === 0xff ? 'utf-16be' : null
  try {
    if (wide) return { text: new TextDecoder(wide, { fatal: true }).decode(bytes), encoding: wide }
    if (bytes.includes(0)) throw new Refusal({ code: 'file-not-supported', found: 'binary', expected: SUPPORTED })
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (wide || (mark[0] === 0xef && mark[1] === 0xbb)) throw new Refusal({ code: 'file-damaged', found: wide ?? 'utf-8', expected: 'CSV, UTF-8' })
  }
  const old = eightBit(bytes)
  return { text: new TextDecoder(old).decode(bytes), encoding: old }
}

/** Windows-1252 or ISO-8859-15: they differ in the bytes 0x80 to 0x9f. */
const eightBit = (bytes: Uint8Array): string => (bytes.some((byte) => byte >= 0x80 && byte < 0xa0) ? 'windows-1252' : 'iso-8859-15')
