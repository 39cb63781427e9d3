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

/** A day since 1970-01-01 as files write it, the day before the month: "2026-11-03", "03/11/2026", "3.11.26". */
export function readDay(text: string): number | null {
  const bare = text.trim().replace(/[T ]00:00(:00)?(\.0+)?Z?$/, '')
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(bare)
  const local = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(bare)
  if (!iso && !local) return null
  const [year, month, day] = iso ? [iso[1]!, iso[2]!, iso[3]!] : [local![3]!, local![2]!, local![1]!]
  const date = new Date(Date.UTC(Number(year.length === 2 ? `20${year}` : year), Number(month) - 1, Number(day)))
  const kept = date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1
  return kept ? date.getTime() / 86_400_000 : null
}

/** "2026-11", "11/2026", "2026-11-30", "30/11/2026". */
export function readMonthCell(text: string): number | null {
  const bare = text.trim()
  const direct = readMonth(bare.slice(0, 7).replace('/', '-'))
  if (direct !== null && /^\d{4}[-/]\d{2}([-/]\d{2}.*)?$/.test(bare)) return direct
  const french = /^(?:\d{1,2}[/.-])?(\d{1,2})[/.-](\d{4})$/.exec(bare)
  return french ? readMonth(`${french[2]}-${french[1]!.padStart(2, '0')}`) : null
}
