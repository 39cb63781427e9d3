/** Amounts and months as people write them. Null where a reading would be a guess. */

import { readMonth } from '../month.ts'

/** Hundredths of what is written: "1 250,5" is 125050. Null when it is no amount or could be two. */
export function readAmount(text: string): number | null {
  let bare = text.replace(/[\s\u00a0\u202f€']/g, '').replace('\u2212', '-')
  if (/^\(.*\)$/.test(bare)) bare = `-${bare.slice(1, -1)}`
  const comma = bare.lastIndexOf(',')
  const point = bare.lastIndexOf('.')
  if (comma >= 0 && point >= 0) {
    const thousands = comma > point ? '.' : ','
    bare = bare.replaceAll(thousands, '')
  }
  bare = bare.replace(',', '.')
  // A lone separator before three digits may mean thousands or thousandths.
  if (!/^[-+]?\d+(\.\d{1,2})?$/.test(bare)) return null
  const cents = Math.round(Number(bare) * 100)
  return Number.isSafeInteger(cents) ? cents : null
}

export function readWhole(text: string): number | null {
  const bare = text.replace(/[\s\u00a0\u202f]/g, '').replace('\u2212', '-')
  if (!/^[-+]?\d+$/.test(bare)) return null
  const value = Number(bare)
  return Number.isSafeInteger(value) ? value : null
}

/** "2026-11", "11/2026", "2026-11-30", "30/11/2026". */
export function readMonthCell(text: string): number | null {
  const bare = text.trim()
  const direct = readMonth(bare.slice(0, 7).replace('/', '-'))
  if (direct !== null && /^\d{4}[-/]\d{2}([-/]\d{2}.*)?$/.test(bare)) return direct
  const french = /^(?:\d{1,2}[/.-])?(\d{1,2})[/.-](\d{4})$/.exec(bare)
  return french ? readMonth(`${french[2]}-${french[1]!.padStart(2, '0')}`) : null
}
