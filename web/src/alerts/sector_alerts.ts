/** A whole sector that has slowed: which of the firm's clients are there, and what its cell shows beside them. Twin of the sector's part of benchmark/alerts.py; pure. */

import { toHex, utf8 } from '../bytes.ts'
import type { AlertFacts } from '../network/answers.ts'
import { SPAN, type Portfolio } from '../portfolio/portfolio.ts'

const SUBJECT = toHex(utf8('vigie: sector'.padEnd(31, '\0')))

/** The sector that an alert's subject stands for, in hex; null: it is a client's pseudonym. */
export const sectorOf = (pseudonym: string): number | null => (pseudonym.startsWith(SUBJECT) && pseudonym.length === 64 ? Number.parseInt(pseudonym.slice(62), 16) : null)

/** Rows of the firm's clients in the sector, who owes most first. */
export const rowsIn = (portfolio: Portfolio, sector: number | null): number[] =>
  portfolio.clients
    .map((_, row) => row)
    .filter((row) => portfolio.clients[row]!.sector === sector)
    .sort((left, right) => (portfolio.outstanding[right]! || 0) - (portfolio.outstanding[left]! || 0))

/** The newest shift of a sector that was raised in the last months; null: none. */
export const shiftOf = (portfolio: Portfolio, sector: number): AlertFacts | null => portfolio.sectorAlerts.find((alert) => alert.sector === sector) ?? null

/** The sector's published days late by column; NaN where not published. */
export const sectorCentre = (portfolio: Portfolio, sector: number | null): Float32Array =>
  Float32Array.from({ length: SPAN }, (_, column) => portfolio.sectorCells[column]?.[String(sector)]?.days_late ?? Number.NaN)
