/**
 * Electronic documents out of what holds them: files, or an archive of them, each within limits. Twin of
 * member/connectors/einvoice_files.py.
 */

import { isArchive, namesIn, unpack } from './archive.ts'
import type { Documents } from './einvoice.ts'
import { attachedXml } from './pdf.ts'
import { Refusal, type Problem } from './problems.ts'

const DOCUMENTS_MAX = 50_000

const suffixed = (name: string): boolean => /\.(?:xml|pdf)$/i.test(name)
const isPdf = (bytes: Uint8Array): boolean => new TextDecoder('latin1').decode(bytes.subarray(0, 1024)).includes('%PDF-')

/** Whether bytes are a PDF, XML, or an archive of them (a workbook is an archive too, and is none). */
export function looksLikeDocuments(bytes: Uint8Array): boolean {
  if (isPdf(bytes) || startsLikeXml(bytes)) return true
  if (!isArchive(bytes)) return false
  try {
    const names = namesIn(bytes).map((name) => name.toLowerCase())
    return !names.some((name) => name === '[content_types].xml' || name === 'mimetype') && names.some(suffixed)
  } catch {
    return false
  }
}

function startsLikeXml(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200).filter((byte) => byte !== 0)).replace(/^[ï»¿ÿþ\s]+/, '')
  return head.startsWith('<') && !/^<(?:html|!doctype html)/i.test(head)
}

/** The documents of several files, of which each may be an archive. Throws Refusal. */
export function openDocuments(files: readonly { name: string; bytes: Uint8Array }[]): Documents {
  const given: [string, Uint8Array][] = files.flatMap(({ name, bytes }) => (isArchive(bytes) ? unzipped(bytes) : [[name, bytes] as [string, Uint8Array]]))
  if (given.length > DOCUMENTS_MAX) throw new Refusal({ code: 'archive-too-large', expected: String(DOCUMENTS_MAX) })
  const alone = given.length === 1
  const found: Documents = { documents: [], problems: [], plainPdfs: 0 }
  for (const [name, bytes] of given) {
    if (!isPdf(bytes)) {
      found.documents.push([name, bytes])
      continue
    }
    const attached = attachedIn(bytes)
    if (attached instanceof Uint8Array) found.documents.push([name, attached])
    else if (attached.code === 'pdf-without-invoice' && !alone) found.plainPdfs++
    else found.problems.push([name, attached])
  }
  return found
}

function attachedIn(bytes: Uint8Array): Uint8Array | Problem {
  try {
    return attachedXml(bytes)
  } catch (error) {
    if (error instanceof Refusal) return error.problems[0]!
    throw error
  }
}

function unzipped(bytes: Uint8Array): [string, Uint8Array][] {
  const { files } = unpack(bytes, (name) => suffixed(name))
  const found = Object.entries(files)
  if (!found.length) throw new Refusal({ code: 'file-empty' })
  return found
}
