/**
 * What is shown, as a CSV file for a spreadsheet. A suppressed figure is `[c]`, the shorthand of the UK Government
 * Analysis Function, explained in the file; a text that a spreadsheet would run as a formula is made text (OWASP).
 */

import { aboveBand, hasCell, ownKind, SPAN, type Portfolio } from './portfolio.ts'

export const SUPPRESSED = '[c]'

export interface ExportText {
  locale: string
  columns: readonly string[]
  bands: readonly string[]
  badges: Record<string, string>
  /** 0 net, 1 end of month then days, 2 days then end of month */
  termKinds: readonly string[]
  notes: readonly string[]
}

/** Text beginning with = + - @, a tab or a return gets an apostrophe in front; quotes are doubled. */
export function cell(text: string, separator: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return safe.includes(separator) || /["\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** UTF-8 with a mark, CRLF; in French `;` and decimal commas, as its spreadsheets read it. */
export function portfolioCsv(portfolio: Portfolio, rows: Iterable<number>, text: ExportText): string {
  const french = text.locale.startsWith('fr')
  const separator = french ? ';' : ','
  const number = (value: number | null, decimals = 0): string => {
    if (value === null || Number.isNaN(value)) return ''
    const written = (Math.round(value * 10 ** decimals) / 10 ** decimals + 0).toFixed(decimals)
    return french ? written.replace('.', ',') : written
  }
  const lines = [text.columns.map((name) => cell(name, separator))]
  for (const row of rows) lines.push(lineOf(portfolio, row, text, number, (value) => cell(value, separator)))
  for (const note of text.notes) lines.push([cell(note, separator)])
  return `\ufeff${lines.map((line) => line.join(separator)).join('\r\n')}\r\n`
}

type Write = (value: number | null, decimals?: number) => string

function lineOf(portfolio: Portfolio, row: number, text: ExportText, number: Write, safe: (value: string) => string): string[] {
  const client = portfolio.clients[row]!
  const facts = portfolio.facts[row]!
  const place = row * SPAN + portfolio.at
  const known = hasCell(portfolio, row)
  const peers = (value: number | null): string => (known ? number(value) : SUPPRESSED)
  const reach = facts.spread === null && facts.uncertainty === null ? null : (facts.spread ?? 0) + (facts.uncertainty ?? 0)
  const edge = (sign: number): number | null => (facts.centre === null || reach === null ? null : facts.centre + sign * reach)
  const badges = [...new Set(portfolio.alertsOf[row]!.map((at) => text.badges[portfolio.alerts[at]!.kind] ?? ''))]
  if (aboveBand(portfolio, row)) badges.push(text.badges['outside'] ?? '')
  if (ownKind(portfolio, row) === 'own') badges.push(text.badges['own'] ?? '')
  return [
    safe(client.name),
    safe(client.identifier),
    safe(client.city ?? ''),
    number(portfolio.outstanding[row]! / 100, 2),
    number(client.terms_days),
    client.terms_days === null ? '' : safe(text.termKinds[client.terms_kind] ?? ''),
    number(portfolio.ownDso[place]!),
    peers(portfolio.peersDso[place]!),
    number(facts.own),
    peers(facts.centre),
    peers(edge(-1)),
    peers(edge(1)),
    peers(facts.gap),
    known ? safe(text.bands[portfolio.band[place]!]!) : SUPPRESSED,
    number(facts.stakeCents / 100, 2),
    safe(badges.join(', ')),
  ]
}
