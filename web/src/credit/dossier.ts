/** A client's dossier as lines of figures: own data and published cells, each under its section; and its CSV. Pure. */

import { sha256, toHex, utf8 } from '../bytes.ts'

/** What the reader may leave out or hand over. */
export type Part = 'situation' | 'ageing' | 'own' | 'peers' | 'alerts' | 'notices' | 'score' | 'decisions'

/** What is for the firm alone until somebody says otherwise: whom a colleague trusts, and why. */
export const KEPT_BACK: readonly Part[] = ['decisions']

/** `figures`: one row each of the section's columns; the first column names the row. */
export interface Section {
  part: Part
  title: string
  lines: string[]
  columns: string[]
  rows: string[][]
}

/** A cell that a spreadsheet would run is text. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !/^[-+]?[\d\s.,]+$/.test(text) ? `'${text}` : text)

function cell(text: string, separator: string): string {
  const safe = harmless(text)
  return safe.includes(separator) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One figure a line: section, row, figure, value; then the seal by month. UTF-8 with BOM, semicolons in French. */
export function dossierCsv(heads: readonly string[], sections: readonly Section[], sealTitle: string, seal: readonly (readonly [string, string])[], separator: string): string {
  const lines: string[][] = [[...heads]]
  for (const section of sections) {
    section.lines.forEach((text, at) => lines.push([section.title, String(at + 1), '', text]))
    for (const row of section.rows) {
      row.slice(1).forEach((value, at) => {
        if (value !== '' && value !== '–') lines.push([section.title, row[0]!, section.columns[at + 1]!, value])
      })
    }
  }
  for (const [month, digest] of seal) lines.push([sealTitle, month, 'SHA-256', digest])
  return `\ufeff${lines.map((line) => line.map((text) => cell(text, separator)).join(separator)).join('\r\n')}\r\n`
}

export const digestOf = async (csv: string): Promise<string> => toHex(await sha256(utf8(csv)))
