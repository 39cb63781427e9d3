/** Small portfolios for tests: one month of own figures, and a cell where a band is given. */

import { toBase64 } from '../src/bytes.ts'
import type { Book } from '../src/book/book.ts'
import { monthText } from '../src/month.ts'
import { decodeUpload, encodeUpload } from '../src/uploads/encoding.ts'
import { assemble, type Portfolio } from '../src/portfolio/portfolio.ts'

export interface Row {
  overdue: number
  notDue: number
  band?: number
  name?: string
  sector?: number
  region?: number
}

const MONTH = 24321
const code = (at: number): Uint8Array<ArrayBuffer> => new Uint8Array(32).fill(at + 1)
const int16 = (values: number[]): string => toBase64(new Uint8Array(Int16Array.from(values).buffer))

export function portfolioOf(rows: readonly Row[]): Portfolio {
  const book: Book = {
    head: null,
    headBytes: null,
    clients: rows.map((row, at) => ({
      id: at, name: row.name ?? `Client ${at}`, identifier: `fr.siren:${at}`, pseudonym: toBase64(code(at)), city: 'Metz', sector: row.sector ?? 0, region: row.region ?? 0, terms_days: 30, terms_kind: 0, confidential: false, accounts: [],
    })),
    sent: new Map([[MONTH, decodeUpload(encodeUpload({
      firm: new Uint8Array(16), month: MONTH, currency: 'EUR', replaces: null, key: new Uint8Array(32),
      rows: rows.map((row, at) => ({ pseudonym: code(at), figures: {
        outstanding: row.overdue + row.notDue, not_due: row.notDue, late_1_30: row.overdue, late_31_60: 0, late_61_90: 0, late_91_plus: 0, paid: 1000, paid_days_late: 0, open_late_days: 0, dso: 400,
      } })),
    }))]]),
  }
  const compared = rows.flatMap((row, at) => (row.band ? [{ at, band: row.band }] : []))
  const bytes = (of: number): string => toBase64(new Uint8Array(compared.length).fill(of))
  const cells = {
    month: monthText(MONTH),
    network: { days_late: 9, dso: 50, band: 3 },
    network_salt: '',
    sectors: { '3': { days_late: 14, dso: 40, band: 2 } },
    regions: { '2': { days_late: 6, dso: null, band: 1 } },
    wide_salt: '',
    count: compared.length,
    pseudonyms: toBase64(Uint8Array.from(compared.flatMap(({ at }) => [...code(at)]))),
    band: toBase64(Uint8Array.from(compared.map(({ band }) => band))),
    days_late: int16(compared.map(() => 4)),
    spread: int16(compared.map(() => 3)),
    dso: int16(compared.map(() => 45)),
    incident: bytes(0),
    sector: bytes(0),
    terms_30: bytes(0), terms_45: bytes(0), terms_60: bytes(0), terms_more: bytes(0),
  }
  return assemble(book, { cells: [cells], alerts: [] })
}
