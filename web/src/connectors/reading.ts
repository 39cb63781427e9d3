/** From files' bytes to what they say: which kind a file is follows from its content. Twin of member/import_file.py. */

import type { Account } from './accounts.ts'
import { accountKey } from './accounts.ts'
import { readLedger } from './fec.ts'
import { looksLikeFec, readFec } from './fec_file.ts'
import { movements } from './fec_lines.ts'
import type { Prepared } from './prepared.ts'
import { Refusal } from './problems.ts'

export interface GivenFile {
  name: string
  bytes: Uint8Array
}

/** What is known before a file is read. `today` in days since 1970; `last` the last month that is over. */
export interface Known {
  today: number
  last: number
  currency: string
}

/** A ledger and the years before it, as one. Throws Refusal. */
export function readLedgers(files: readonly GivenFile[], known: Known): Prepared {
  const years = files.map((file) => {
    if (!looksLikeFec(file.bytes)) throw new Refusal({ code: 'previous-not-expected', document: file.name })
    return movements(readFec(file.bytes), known.today, { decimal: 'auto', dates: 'auto' })
  })
  return readLedger(years, known.last)
}

/** What the book knows of accounts, by account as it is compared. */
export type Book = ReadonlyMap<string, Pick<Account, 'identifier' | 'name' | 'city' | 'sector' | 'region' | 'termsDays' | 'termsKind' | 'confidential'>>

/** Accounts with what the book knows of them. */
export function recognised(accounts: readonly Account[], book: Book): Account[] {
  return accounts.map((one) => {
    const known = book.get(accountKey(one.account))
    if (!known) return one
    return {
      ...one,
      identifier: one.identifier ?? known.identifier,
      name: one.name && one.name !== one.account ? one.name : known.name || one.name,
      city: one.city || known.city,
      sector: one.sector || known.sector,
      region: one.region || known.region,
      termsDays: one.termsDays ?? known.termsDays,
      termsKind: one.termsDays === null ? known.termsKind : one.termsKind,
      confidential: one.confidential || known.confidential,
    }
  })
}
