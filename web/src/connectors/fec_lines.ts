/**
 * A ledger's lines in columns: the movements of its client accounts, and what each movement is. Twin of
 * member/connectors/fec_lines.py.
 */

import { type Problem, Refusal } from './problems.ts'
import { dayText, label, plain, readDates, readNumbers, type DateOrder, type DecimalSign } from './values.ts'

export const LINES_MAX = 3_000_000
const EARLIEST = Date.UTC(1990, 0, 1) / 86_400_000
const PROBLEMS_MAX = 1_000
/** An invoice is entered within a year or so; a piece dated further back is a slip, or was brought forward. */
export const PIECE_LAG_MAX_DAYS = 400
/** Roundings of an exporting program; a ledger that is cut is out by more. */
const BALANCE_SLACK_CENTS = 100
const CENTS_TOTAL_MAX = 100_000_000_000_000

const [CLIENT, SALE, MONEY, THIRD, FACTOR, CHARGE, GAIN, EQUITY] = [1, 2, 4, 8, 16, 32, 64, 128] as const

/** What a movement is: CLOSED is a credit without money (a write-off), OTHER a debit that is no sale. */
export const [INVOICE, CREDIT_NOTE, PAYMENT, CLOSED, REFUND, OTHER, BROUGHT] = [0, 1, 2, 3, 4, 5, 6] as const

const CLASSES: [RegExp, number][] = [
  [/^(?:41[0136]|4191)/, CLIENT],
  [/^(?:7[0-5]|445[78]|487|418|419)/, SALE],
  [/^5/, MONEY],
  [/^(?:4|108)/, THIRD],
  [/^6/, CHARGE],
  [/^7/, GAIN],
  [/^(?:1[0-2]|890)/, EQUITY],
]
const FACTOR_WORDS = /affactur|\bfactor|factoring|\beurofactor/
const BROUGHT_WORDS = /a ?-?nouveaux?\b|\breports? (?:a|de)\b|ouverture|\bopening\b|\bran\b/
const BROUGHT_JOURNALS = new Set(['an', 'ano', 'ran', 'anouv', 'an0', 'rep', 'ouv', 'nouv', 'rouv', 'open'])
const UNPAID = /impaye|rejet|retour (?:prel|cheque|effet|lcr)|unpaid|bounced|returned/
const DEBIT_REJECTED = /prelev|prlv|sepa|sdd|direct debit/
const BILL_UNPAID = /effet|\blcr\b|traite|\bbor\b|billet|bill of/

/** How a side says that its amount is a credit. */
const CREDIT_SIDES = new Set(['c', 'cr', 'credit', '-1', '-', 'h', 'haben'])

export const FIELDS = [
  'journal',
  'journal_name',
  'entry',
  'entered',
  'general_name',
  'auxiliary',
  'auxiliary_name',
  'piece',
  'piece_date',
  'label',
  'letter',
  'letter_date',
  'due',
  'payer',
] as const
type CellName = (typeof FIELDS)[number]

/** Movements of client accounts, in the file's order: arrays of one length but accounts and names. Days since 1970. */
export interface Movements {
  accounts: string[]
  names: string[]
  account: number[]
  general: string[]
  /** Debits positive. */
  cents: number[]
  day: number[]
  pieceDay: (number | null)[]
  due: (number | null)[]
  kind: number[]
  letter: string[]
  letterDate: string[]
  row: number[]
  entry: number[]
  incident: number[]
  factored: boolean[]
  firstDay: number
  lastDay: number
  problems: Problem[]
}

/** What one pass over a ledger keeps: a little of every line, all of the client accounts' own. */
export interface Gathered {
  entry: number[]
  kind: number[]
  debit: (string | null)[]
  credit: (string | null)[]
  row: number[]
  own: number[]
  generals: string[]
  cells: Record<CellName, string[]>
  entries: number
  short: [number, number][]
}

export type Places = ReadonlyMap<string, number>

/**
 * One pass over (row number, cells); `places` says where each field stands. Refuses more lines than LINES_MAX.
 * `generalDefault`: the account of every line where no column gives it.
 */
export function gather(rows: Iterable<[number, readonly string[]]>, places: Places, generalDefault = ''): Gathered {
  const at = (name: string): number => places.get(name) ?? -1
  const signed = places.has('signed')
  const needed = Math.max(...['general', 'entered', 'debit', 'credit', 'signed'].map(at))
  const [generalAt, dateAt, creditAt, nameAt] = [at('general'), at('entered'), at('credit'), at('general_name')]
  const debitAt = places.has('debit') ? at('debit') : at('signed')
  const sideAt = signed ? at('side') : -1
  const [journalAt, entryAt] = [at('journal'), at('entry')]
  const own = FIELDS.filter((name) => places.has(name)).map((name) => [name, at(name)] as const)
  const cells = Object.fromEntries(FIELDS.map((name) => [name, [] as string[]])) as Record<CellName, string[]>
  const found: Gathered = { entry: [], kind: [], debit: [], credit: [], row: [], own: [], generals: [], cells, entries: 0, short: [] }
  const kinds = new Map<string, number>()
  const entries = new Map<string, number>()
  for (const [number, line] of rows) {
    if (line.length <= needed) {
      if (line.some((cell) => cell.trim())) found.short.push([number, line.length])
      continue
    }
    if (found.row.length >= LINES_MAX) throw new Refusal({ code: 'too-many-rows', expected: String(LINES_MAX) })
    const general = generalAt >= 0 ? line[generalAt]!.trim() : generalDefault
    let kind = kinds.get(general)
    if (kind === undefined) {
      kind = accountKind(general, nameAt >= 0 ? (line[nameAt] ?? '') : '')
      kinds.set(general, kind)
    }
    const key = `${journalAt >= 0 ? line[journalAt] : ''}\n${entryAt >= 0 ? line[entryAt] : ''}\n${line[dateAt]}`
    let entry = entries.get(key)
    if (entry === undefined) {
      entry = entries.size
      entries.set(key, entry)
    }
    let debit = line[debitAt]!.trim()
    let credit = creditAt >= 0 ? line[creditAt]!.trim() : ''
    if (sideAt >= 0 && CREDIT_SIDES.has(plain(line[sideAt] ?? ''))) [debit, credit] = ['', debit]
    found.entry.push(entry)
    found.kind.push(kind)
    found.debit.push(debit || null)
    found.credit.push(credit || null)
    if (kind === CLIENT) {
      found.own.push(found.row.length)
      found.generals.push(general)
      for (const [name, place] of own) cells[name].push((line[place] ?? '').trim())
    }
    found.row.push(number)
  }
  found.entries = entries.size
  return found
}

/** What an account is, by its number, and by its name where that tells a factor. */
function accountKind(general: string, name: string): number {
  if (FACTOR_WORDS.test(plain(name))) return FACTOR
  return CLASSES.find(([pattern]) => pattern.test(general))?.[1] ?? 0
}

/** What a pass gathered, read and classified. Throws Refusal where a line cannot be used. `today` in days since 1970. */
export function movements(found: Gathered, today: number, written: { decimal: DecimalSign; dates: DateOrder }): Movements {
  const all = amounts(found, written.decimal)
  const total = all.reduce((sum, cents) => sum + Math.abs(cents), 0)
  if (total > CENTS_TOTAL_MAX) throw new Refusal({ code: 'amount-too-large', field: 'debit', found: 'total', expected: String(CENTS_TOTAL_MAX / 100) })
  const notices = balance(all, found)
  const { day, pieceDay, due } = ownDates(found, today, written.dates)
  const touched = touchedBy(all, found)
  const cents = found.own.map((at) => all[at]!)
  const entry = found.own.map((at) => found.entry[at]!)
  const { kind, factored } = kindsOf(found, cents, entry, day, touched)
  const empty = found.own.map(() => '')
  let [firstDay, lastDay] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const one of day) {
    if (one < firstDay) firstDay = one
    if (one > lastDay) lastDay = one
  }
  return {
    ...accountsOf(found),
    general: found.generals,
    cents,
    day,
    pieceDay,
    due,
    kind,
    letter: found.cells.letter.length ? found.cells.letter : empty,
    letterDate: found.cells.letter_date.length ? found.cells.letter_date : empty,
    row: found.own.map((at) => found.row[at]!),
    entry,
    incident: incidents(found, kind),
    factored,
    firstDay,
    lastDay,
    problems: notices,
  }
}

function amounts(found: Gathered, decimal: DecimalSign): number[] {
  const problems: Problem[] = found.short.slice(0, PROBLEMS_MAX).map(([row, count]) => ({ code: 'line-too-short', row, found: String(count) }))
  const size = found.row.length
  const texts = found.debit.concat(found.credit)
  const read = readNumbers(texts, decimal)
  for (const [places, code] of [[read.wrong, 'amount-invalid'], [read.tooLarge, 'amount-too-large']] as const) {
    for (const place of places.slice(0, PROBLEMS_MAX)) {
      problems.push({ code, row: found.row[place % size]!, field: place < size ? 'debit' : 'credit', found: texts[place] ?? '', expected: '1234,56' })
    }
  }
  if (!found.own.length) problems.push({ code: 'ledger-without-clients', expected: '411, 413, 416, 4191' })
  if (problems.length) throw new Refusal(...problems)
  const credited = read.values.slice(size).map((cents) => cents ?? 0)
  // Some write every credit below zero.
  const sign = credited.some((cents) => cents < 0) && !credited.some((cents) => cents > 0) ? 1 : -1
  return found.row.map((_, at) => (read.values[at] ?? 0) + sign * credited[at]!)
}

/** A ledger balances; an extract of the client accounts alone need not. */
function balance(cents: number[], found: Gathered): Problem[] {
  let [out, debits, credits, last] = [0, 0, 0, 0]
  const lastEntry = found.entry.at(-1)
  cents.forEach((amount, at) => {
    out += amount
    if (amount > 0) debits += amount
    else credits -= amount
    if (found.entry[at] === lastEntry) last += amount
  })
  if (Math.abs(out) <= BALANCE_SLACK_CENTS || found.kind.every((kind) => kind === CLIENT)) return []
  const told = { found: (debits / 100).toFixed(2), expected: (credits / 100).toFixed(2) }
  if (last === out) throw new Refusal({ code: 'ledger-cut', ...told })
  return [{ code: 'ledger-not-balanced', ...told }]
}

function ownDates(found: Gathered, today: number, order: DateOrder): { day: number[]; pieceDay: (number | null)[]; due: (number | null)[] } {
  const problems: Problem[] = []
  const rowOf = (at: number): number => found.row[found.own[at]!]!
  const read = (['entered', 'piece_date', 'due'] as const).map((name) => {
    const cells = found.cells[name]
    if (!cells.length) return found.own.map(() => null)
    const dates = readDates(cells.map((cell) => cell || null), order)
    if (name === 'entered') {
      for (const at of dates.wrong) problems.push({ code: 'date-invalid', row: rowOf(at), field: name, found: cells[at]!, expected: '20251231' })
      const told = new Set(dates.wrong)
      dates.values.forEach((value, at) => value === null && !told.has(at) && problems.push({ code: 'date-missing', row: rowOf(at), field: name }))
    }
    return dates.values
  })
  const day = read[0]!
  day.forEach((one, at) => one !== null && one > today && problems.push({ code: 'date-in-future', row: rowOf(at), field: 'entered', found: dayText(one), expected: dayText(today) }))
  day.forEach(
    (one, at) => one !== null && one < EARLIEST && problems.push({ code: 'date-too-far', row: rowOf(at), field: 'entered', found: dayText(one), expected: `${dayText(EARLIEST)} – ${dayText(today)}` }),
  )
  if (problems.length) throw new Refusal(...problems.slice(0, PROBLEMS_MAX))
  return { day: day as number[], pieceDay: read[1]!, due: read[2]! }
}

interface Touched {
  debited: number[]
  credited: number[]
}

/** What each entry debits and credits, as bits. */
function touchedBy(cents: number[], found: Gathered): Touched {
  const debited = new Array<number>(found.entries).fill(0)
  const credited = new Array<number>(found.entries).fill(0)
  cents.forEach((amount, at) => {
    const entry = found.entry[at]!
    if (amount > 0) debited[entry]! |= found.kind[at]!
    if (amount < 0) credited[entry]! |= found.kind[at]!
  })
  return { debited, credited }
}

function kindsOf(found: Gathered, cents: number[], entry: number[], day: number[], touched: Touched): { kind: number[]; factored: boolean[] } {
  const mostly = mostlyDebits(found, cents)
  const brought = broughtForward(found, day, entry, touched)
  const factored: boolean[] = []
  const kind = cents.map((amount, at) => {
    const [debited, credited] = [touched.debited[entry[at]!]!, touched.credited[entry[at]!]!]
    factored.push(amount <= 0 && (debited & FACTOR) > 0)
    if (brought[at]) return BROUGHT
    if (amount > 0) {
      if (credited & SALE) return INVOICE
      if (credited & (MONEY | FACTOR)) return REFUND
      if ((debited | credited) & ~CLIENT) return OTHER
      return mostly[at]! >= 0 ? INVOICE : REFUND
    }
    if (debited & (MONEY | FACTOR)) return PAYMENT
    if (debited & SALE) return CREDIT_NOTE
    if (debited & THIRD) return PAYMENT
    if (debited & (CHARGE | GAIN)) return CLOSED
    return mostly[at]! > 0 ? CREDIT_NOTE : PAYMENT
  })
  return { kind, factored }
}

/** For each movement whether its journal mostly debits clients (+1) or credits them (-1), 0 where unknown. */
function mostlyDebits(found: Gathered, cents: number[]): number[] {
  const journals = found.cells.journal
  if (!journals.length) return cents.map(() => 0)
  const sums = new Map<string, number>()
  journals.forEach((code, at) => sums.set(code, (sums.get(code) ?? 0) + Math.sign(cents[at]!)))
  return journals.map((code) => Math.sign(sums.get(code)!))
}

/** Balances brought forward: by the words of their journal, or by an opening entry's accounts. */
function broughtForward(found: Gathered, day: number[], entry: number[], touched: Touched): boolean[] {
  const first = day.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY)
  const byWords = new Map<string, boolean>()
  const { journal, journal_name: names, label: labels } = found.cells
  return day.map((one, at) => {
    const pair = `${journal[at] ?? ''}\n${names[at] ?? ''}`
    let said = byWords.get(pair)
    if (said === undefined) {
      said = BROUGHT_JOURNALS.has(plain(journal[at] ?? '')) || BROUGHT_WORDS.test(plain(names[at] ?? ''))
      byWords.set(pair, said)
    }
    if (one !== first) return said
    const bits = touched.debited[entry[at]!]! | touched.credited[entry[at]!]!
    return said || BROUGHT_WORDS.test(plain(labels[at] ?? '')) || ((bits & EQUITY) > 0 && (bits & (CHARGE | GAIN)) === 0)
  })
}

/** Payments that came back, by the words of the entry: codes of an upload's incidents. */
function incidents(found: Gathered, kind: number[]): number[] {
  const labels = found.cells.label
  return kind.map((one, at) => {
    if (one !== REFUND || !labels.length) return 0
    const text = plain(labels[at]!)
    if (!UNPAID.test(text)) return 0
    return DEBIT_REJECTED.test(text) ? 2 : BILL_UNPAID.test(text) ? 3 : 1
  })
}

/** Accounts that stand for several clients, told apart by their names alone. */
function collective(found: Gathered): Set<string> {
  const { auxiliary, payer, auxiliary_name: names } = found.cells
  const named = new Map<string, Set<string>>()
  found.generals.forEach((general, at) => {
    const name = names[at]
    if (!name || auxiliary[at] || payer[at]) return
    const several = named.get(general)
    if (several) several.add(name)
    else named.set(general, new Set([name]))
  })
  return new Set([...named].filter(([, several]) => several.size > 1).map(([general]) => general))
}

/** Client accounts by their auxiliary number, their own, or the name beside a collective one; a name for each. */
function accountsOf(found: Gathered): { accounts: string[]; names: string[]; account: number[] } {
  const { auxiliary, payer, auxiliary_name: names, general_name: generalNames } = found.cells
  const shared = collective(found)
  const places = new Map<string, number>()
  const accounts: string[] = []
  const shown: string[] = []
  const account = found.own.map((_, at) => {
    const key = auxiliary[at] || payer[at] || (shared.has(found.generals[at]!) ? names[at] : '') || found.generals[at]!
    const bare = key.replace(/\s+/g, '')
    const name = names[at] || (auxiliary[at] ? '' : (generalNames[at] ?? ''))
    let place = places.get(bare)
    if (place === undefined) {
      place = accounts.length
      places.set(bare, place)
      accounts.push(label(key))
      shown.push(name)
    } else if (!shown[place]) shown[place] = name
    return place
  })
  return { accounts, names: shown.map((name, at) => name || accounts[at]!), account }
}
