/** The checks of the screen Verification, in the order of `vigie verify`. Twin: member/verify.py. */

import { fromBase64, toHex } from '../bytes.ts'
import type { Book } from '../book/book.ts'
import { verify } from '../keys/signing.ts'
import { monthText } from '../month.ts'
import type { CellsAnswer, ManifestListed, NetworkFacts, ReceiptFacts } from '../network/answers.ts'
import { fingerprint, readManifest, type Manifest } from '../network/manifest.ts'
import { checkCells, checkReceipts, expectedIn, receiptSigned, type Finding } from '../network/proofs.ts'
import { agrees, HistoryRewritten, ReleaseForged, verifyChain, type KeptManifest } from '../network/releases.ts'
import { network, Refused } from '../network/requests.ts'
import { digest, encodeUpload } from '../uploads/encoding.ts'
import { keep, recall } from '../vault.ts'

/** Days that a witness may be away; later on it is grave. */
export const WITNESS_DAYS = 7

export interface Report {
  findings: Finding[]
  listed: ManifestListed[]
  /** Fingerprints by month, oldest first. */
  fingerprints: [string, string][]
  kept: number
  witnesses: number
  embedded: boolean
  receipts: number
  waiting: number
  cells: number
  cellMonths: number
}

export type Verdict = 'verified' | 'incomplete' | 'untrusted'

export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some((one) => one.grave)) return 'untrusted'
  return findings.some((one) => one.code !== 'withdrawn') ? 'incomplete' : 'verified'
}

export interface Asked {
  firm: string
  facts: NetworkFacts
  book: Book
  kept: readonly KeptManifest[]
  /** Whether this role is served what was published: the auditor is not. */
  cells: boolean
}

/** `step` is told what is being looked at. */
export async function check({ firm, facts, book, kept, cells }: Asked, step: (month: string) => void): Promise<Report> {
  const listed = await network.manifests()
  const report: Report = { findings: [], listed, fingerprints: [], kept: kept.length, witnesses: 0, embedded: false, receipts: 0, waiting: 0, cells: 0, cellMonths: 0 }
  let manifests: Map<string, Manifest>
  try {
    manifests = await verifyChain(listed.map(({ month, manifest, signature }) => ({ month, header: manifest, signature })), facts.release_key, kept)
  } catch (error) {
    if (error instanceof ReleaseForged) report.findings.push({ code: 'forged', grave: true, month: error.message })
    else if (error instanceof HistoryRewritten) report.findings.push({ code: 'rewritten', grave: true, month: error.message })
    else throw error
    return report
  }
  const chain = [...manifests.values()]
  for (const one of listed) report.fingerprints.push([one.month, await fingerprint(fromBase64(one.manifest))])
  for (const manifest of chain)
    for (const { month, reason } of manifest.withdrawn) report.findings.push({ code: 'withdrawn', grave: false, month, reason })
  checkWitnesses(report, chain, facts)
  await checkOwnReceipts(report, chain, firm, facts, book)
  for (const manifest of chain.toReversed()) {
    step(manifest.month)
    if (cells) await checkMonth(report, manifest)
  }
  return report
}

function checkWitnesses(report: Report, chain: readonly Manifest[], facts: NetworkFacts): void {
  const { holders, construction } = facts.roster
  const names = new Map(holders.map(({ key, name }) => [key, name]))
  const expected = construction === 'single' ? 1 : 2
  report.witnesses = names.size
  report.embedded = construction === 'single'
  chain.forEach((manifest, at) => {
    const { month, manifest: bytes, countersignatures } = report.listed[at]!
    const signed = new Set<string>()
    for (const { key, signature } of countersignatures) {
      const name = names.get(key)
      if (name === undefined) continue
      if (verify(fromBase64(key), 'witness', fromBase64(bytes), fromBase64(signature))) signed.add(key)
      else report.findings.push({ code: 'witnessForged', grave: true, month, name })
    }
    if (signed.size >= expected) return
    // The network's date is the operator's word; a real network lives in real time.
    const today = facts.kind === 'production' ? new Date().toISOString().slice(0, 10) : facts.today
    const days = (Date.parse(today) - Date.parse(manifest.published_on)) / 86_400_000
    const late = !(days >= 0 && days <= WITNESS_DAYS)
    report.findings.push({ code: late ? 'witnessNever' : 'witnessMissing', grave: late, month, found: signed.size, expected })
  })
}

async function checkOwnReceipts(report: Report, chain: readonly Manifest[], firm: string, facts: NetworkFacts, book: Book): Promise<void> {
  let listed: ReceiptFacts[]
  try {
    listed = await network.receipts()
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 403) throw error
    report.findings.push({ code: 'noReceipts', grave: false })
    return
  }
  const known = new Map<string, ReceiptFacts>()
  // What this device was shown before stays known: a receipt that is denied later is told.
  for (const receipt of [...((await recall<ReceiptFacts[]>(`receipts:${firm}`)) ?? []), ...listed]) {
    const own = receipt.firm_id === firm && verify(fromBase64(facts.receipt_key), 'receipt', receiptSigned(receipt), fromBase64(receipt.signature))
    const first = known.get(receipt.digest) ?? receipt
    if (own) known.set(receipt.digest, first)
    // Another one later, signed too, would move the upload to a later manifest.
    if (own && toHex(receiptSigned(first)) !== toHex(receiptSigned(receipt))) report.findings.push({ code: 'receiptChanged', grave: true, sent: first.month })
    if (!own) report.findings.push({ code: 'receiptForged', grave: true, sent: receipt.month })
  }
  const shown = new Set(listed.map((one) => one.digest))
  for (const receipt of known.values()) if (!shown.has(receipt.digest)) report.findings.push({ code: 'receiptDenied', grave: true, sent: receipt.month })
  await keep(`receipts:${firm}`, [...known.values()])
  const digests = new Set([...known.values()].map((one) => toHex(fromBase64(one.digest))))
  for (const [month, upload] of book.sent)
    if (!digests.has(toHex(await digest(encodeUpload(upload))))) report.findings.push({ code: 'receiptOfBook', grave: true, sent: monthText(month) })
  let since: string | null = null
  for (const manifest of chain) {
    const expected = expectedIn(manifest, since, known.values())
    since = manifest.closed
    if (!expected.size) continue
    const faults = checkReceipts(manifest, expected, await network.proveReceipts(manifest.month))
    report.findings.push(...faults)
    if (!faults.length) report.receipts += expected.size
  }
  report.waiting = [...known.values()].filter((one) => since === null || one.received_at >= since).length
}

/** A month out of sight is none of this firm's business. */
async function checkMonth(report: Report, manifest: Manifest): Promise<void> {
  let cells: CellsAnswer
  try {
    cells = await network.cells(manifest.month)
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return
    throw error
  }
  const faults: Finding[] = agrees(cells, manifest)
    ? checkCells(manifest, cells, await network.proveCells(manifest.month))
    : [{ code: 'cellsForged', grave: true, month: manifest.month }]
  report.findings.push(...faults)
  if (faults.length) return
  report.cells += cells.count
  report.cellMonths += 1
}

/** Another's view: a fingerprint as people write it, or the text of a file of manifests. */
export async function compare(report: Report, given: string, releaseKey: string): Promise<{ same: number; findings: Finding[] }> {
  const plain = given.replace(/[\s:-]/g, '').toLowerCase()
  if (/^[0-9a-f]{64}$/.test(plain)) {
    const same = report.fingerprints.some(([, one]) => one === plain)
    return { same: same ? 1 : 0, findings: same ? [] : [{ code: 'fingerprintUnknown', grave: true }] }
  }
  const findings: Finding[] = []
  const ours = new Map(report.listed.map((one) => [one.month, one.manifest]))
  let same = 0
  const theirs = readView(given)
  if (!theirs.length) findings.push({ code: 'viewEmpty', grave: false })
  for (const { manifest, signature } of theirs) {
    const bytes = fromBase64(manifest)
    const month = readManifest(bytes)?.month ?? '–'
    const own = ours.get(month)
    if (!verify(fromBase64(releaseKey), 'release', bytes, fromBase64(signature))) findings.push({ code: 'viewUnsigned', grave: false, month })
    else if (own === undefined) findings.push({ code: 'viewAhead', grave: false, month })
    else if (own !== manifest) findings.push({ code: 'forkedViews', grave: true, month })
    else same += 1
  }
  return { same, findings }
}

function readView(text: string): { manifest: string; signature: string }[] {
  try {
    const found = JSON.parse(text) as unknown
    if (!Array.isArray(found)) return []
    return found.filter((one): one is { manifest: string; signature: string } => typeof one?.manifest === 'string' && typeof one?.signature === 'string')
  } catch {
    return []
  }
}

/** As people read it to each other: eight groups of eight. */
export const grouped = (fingerprint: string): string => fingerprint.replace(/.{8}(?=.)/g, '$& ')
