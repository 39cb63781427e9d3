/**
 * The invoice attached to a PDF (Factur-X, ZUGFeRD). An attachment is a stream of its own (ISO 32000-2 §7.11.4),
 * and streams lie in the file's body, never inside other objects: looking through the streams finds it without
 * reading pages, fonts or cross references.
 */

import { Unzlib } from 'fflate'
import { Refusal, type Problem } from './problems.ts'
import { XML_BYTES_MAX } from './xml.ts'

const STREAMS_MAX = 20_000
const INVOICE = /<(?:[A-Za-z][\w.-]*:)?(?:CrossIndustryInvoice|Invoice|CreditNote)[\s>]/
const HEAD_BYTES = 4_000

/** The XML, or that there is none. Throws Refusal for what is no PDF, damaged or locked. */
export function attachedXml(bytes: Uint8Array): Uint8Array | Problem {
  const text = new TextDecoder('latin1').decode(bytes)
  if (!/\d\s+obj\b/.test(text) || !text.includes('startxref')) throw new Refusal({ code: 'file-damaged', found: 'PDF', expected: 'PDF, Factur-X' })
  if (/\/Encrypt\s+\d+\s+\d+\s+R/.test(text)) throw new Refusal({ code: 'file-locked' })
  let from = 0
  for (let count = 0; count < STREAMS_MAX; count++) {
    const found = /stream\r?\n/g
    found.lastIndex = from
    const start = found.exec(text)
    if (!start) break
    const end = text.indexOf('endstream', found.lastIndex)
    if (end < 0) break
    from = end + 'endstream'.length
    const dictionary = text.slice(Math.max(0, text.lastIndexOf(' obj', start.index)), start.index)
    const body = bytes.subarray(found.lastIndex, end)
    const content = dictionary.includes('/FlateDecode') ? inflated(body, HEAD_BYTES) : dictionary.includes('/Filter') ? null : body.subarray(0, HEAD_BYTES)
    if (!content || !INVOICE.test(new TextDecoder('latin1').decode(content).replaceAll('\0', ''))) continue
    return dictionary.includes('/FlateDecode') ? (inflated(body, XML_BYTES_MAX) ?? { code: 'file-damaged', found: 'PDF', expected: 'PDF, Factur-X' }) : body
  }
  return { code: 'pdf-without-invoice' }
}

/** What a stream unpacks to, at most `most` bytes of it; null where it does not unpack at all. */
function inflated(body: Uint8Array, most: number): Uint8Array | null {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    const reader = new Unzlib((part) => {
      parts.push(part)
      size += part.length
    })
    for (let at = 0; at < body.length && size < most; at += 65_536) reader.push(body.subarray(at, at + 65_536), at + 65_536 >= body.length)
  } catch {
    if (!size) return null
  }
  const whole = new Uint8Array(Math.min(size, most))
  let place = 0
  for (const part of parts) {
    whole.set(part.subarray(0, whole.length - place), place)
    place += Math.min(part.length, whole.length - place)
  }
  return whole
}
