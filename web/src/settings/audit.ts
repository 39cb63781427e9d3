/** The chained audit log, verified here: no entry is missing, changed or taken off the end since it was last seen. */

import { concat, equal, fromBase64, sha256, toBase64, utf8, type Bytes } from '../bytes.ts'
import { keep, recall } from '../vault.ts'
import { ask, type AuditFacts } from './requests.ts'

export const OPERATOR_CHAIN = '00000000-0000-0000-0000-000000000000'
const GENESIS = new Uint8Array(32)

/** What an auditor recomputes; twin: server/audit.py. */
export const entryDigest = (previous: Uint8Array, chain: string, { sequence, at, actor, event, detail }: AuditFacts): Promise<Bytes> =>
  sha256(concat(utf8('vigie/audit/v1\0'), previous, utf8(JSON.stringify([chain, sequence, at, actor, event, detail]))))

/** The number of the first entry that does not follow; null: all do, from the first one on. */
export async function brokenAt(chain: string, entries: readonly AuditFacts[]): Promise<number | null> {
  let previous: Uint8Array = GENESIS
  for (const [place, entry] of entries.entries()) {
    const digest = await entryDigest(previous, chain, entry)
    const follows = entry.sequence === place + 1 && equal(fromBase64(entry.previous), previous) && equal(fromBase64(entry.digest), digest)
    if (!follows) return entry.sequence
    previous = digest
  }
  return null
}

interface Seen {
  sequence: number
  digest: string
}

export interface Log {
  entries: AuditFacts[]
  /** Where the chain breaks; null: nowhere. */
  broken: number | null
  /** This device saw entries that are not there any more, or are others now. */
  rewritten: boolean
}

export async function readLog(path: '/api/audit' | '/api/operator/audit', chain: string): Promise<Log> {
  // Before the log is asked for: another tab that reads it may keep a longer one meanwhile.
  const seen = await recall<Seen>(`audit:${chain}`)
  const entries: AuditFacts[] = []
  for (;;) {
    const page = await ask.audit(path, entries.at(-1)?.sequence ?? 0)
    if (!page.length) break
    entries.push(...page)
  }
  const broken = await brokenAt(chain, entries)
  const rewritten = Boolean(seen && entries[seen.sequence - 1]?.digest !== seen.digest)
  const last = entries.at(-1)
  if (last && broken === null && !rewritten) await keep(`audit:${chain}`, { sequence: last.sequence, digest: toBase64(fromBase64(last.digest)) } satisfies Seen)
  return { entries, broken, rewritten }
}
