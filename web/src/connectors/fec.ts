/** From a ledger's movements to invoices by account. Twin of member/connectors/fec.py, which says why. */

import type { Payment } from '../uploads/ledger.ts'
import { blankAccount, type Account } from './accounts.ts'
import { BROUGHT, CREDIT_NOTE, INVOICE, PIECE_LAG_MAX_DAYS, type Movements } from './fec_lines.ts'
import { lettering, match, sold, type Matched } from './fec_matching.ts'
import { join, type Years } from './fec_years.ts'
import type { OpenInvoice, Prepared } from './prepared.ts'
import type { Problem } from './problems.ts'
import { dayText, monthOf } from './values.ts'

/** One or more years of one ledger. `last`: the last month that is over. Throws Refusal. */
export function readLedger(files: readonly Movements[], last: number): Prepared {
  const joined = join(files)
  const { moved } = joined
  const matched = match(moved, joined.year)
  const told = lettering(moved)
  const invoiceLines = [...moved.kind.keys()].filter((at) => moved.kind[at] === INVOICE)
  return {
    source: 'ledger',
    accounts: accountsOf(moved),
    invoices: invoicesOf(joined, matched),
    figures: [],
    through: Math.min(last, monthOf(moved.lastDay)),
    tellsDisputes: false,
    incidents: moved.incident.flatMap((code, at) => (code ? [{ account: moved.account[at]!, month: monthOf(moved.day[at]!), code }] : [])),
    untold: [],
    problems: [...moved.problems, ...notices(joined, matched)],
    onlyLast: false,
    rowsRefused: 0,
    summary: {
      accounts: moved.accounts.length,
      rows: moved.cents.length,
      invoices: invoiceLines.length,
      open: invoiceLines.filter((at) => matched.left[at]! > 0).length,
      disputed: null,
      outstandingCents: moved.cents.reduce((sum, cents) => sum + cents, 0),
      letterings: told.groups,
      balancedLetterings: told.balanced,
      weightedDaysToPay: told.daysToPay,
      from: moved.firstDay,
      to: moved.lastDay,
    },
  }
}

function accountsOf(moved: Movements): Account[] {
  const accounts = moved.accounts.map((key, at) => blankAccount(key, moved.names[at]!))
  for (const one of accounts) one.outstandingCents = 0
  moved.cents.forEach((cents, at) => {
    const one = accounts[moved.account[at]!]!
    one.outstandingCents! += cents
    if (moved.factored[at]) one.factored = true
  })
  return accounts
}

/** Every debit and credit as an item, with the parts paid of it. */
function invoicesOf(joined: Years, matched: Matched): OpenInvoice[] {
  const { moved } = joined
  const amount = amountsOf(moved, matched)
  const items: OpenInvoice[] = []
  const place = amount.map((cents, at) => {
    if (!cents) return -1
    const invoiced = invoiceDay(moved, at)
    const due = moved.due[at] ?? null
    items.push({
      client: moved.account[at]!,
      cents,
      invoiced,
      due: due !== null && due >= invoiced ? due : null,
      settled: null,
      disputed: false,
      parts: [],
      sold: sold(moved.kind[at]!),
      undated: joined.undated[at]!,
    })
    return items.length - 1
  })
  const paid = (at: number, part: Payment): void => {
    if (place[at]! >= 0) items[place[at]!]!.parts!.push(part)
  }
  const pairs = [...matched.cents.keys()]
  for (const pair of pairs) paid(matched.debit[pair]!, { cents: matched.cents[pair]!, day: matched.day[pair]!, cash: matched.money[pair]! })
  for (const pair of pairs) {
    const [credit, cents, day] = [matched.credit[pair]!, matched.cents[pair]!, matched.day[pair]!]
    const whole = moved.kind[credit] === CREDIT_NOTE && matched.start[credit]! < 0
    if (cents > 0 && (whole || day > moved.day[credit]!)) paid(credit, { cents: -cents, day, cash: false })
  }
  return items
}

/** What each movement is worth as an item of its own; 0 where it is none. */
function amountsOf(moved: Movements, matched: Matched): number[] {
  const waiting = moved.cents.map(() => 0)
  matched.cents.forEach((cents, pair) => {
    const credit = matched.credit[pair]!
    if (cents > 0 && matched.day[pair]! > moved.day[credit]!) waiting[credit]! -= cents
  })
  return moved.cents.map((_, at) => {
    const [start, left] = [matched.start[at]!, matched.left[at]!]
    if (start < 0) return moved.kind[at] === CREDIT_NOTE ? start : waiting[at]! + Math.min(0, left)
    return matched.paidBack.has(at) ? 0 : Math.max(0, start)
  })
}

/** An invoice's own date where the file gives a plausible one, else the day of its entry. */
function invoiceDay(moved: Movements, at: number): number {
  const [piece, day] = [moved.pieceDay[at] ?? null, moved.day[at]!]
  const own = ([INVOICE, CREDIT_NOTE, BROUGHT] as number[]).includes(moved.kind[at]!)
  return own && piece !== null && piece <= day && day - piece <= PIECE_LAG_MAX_DAYS ? piece : day
}

/** What was assumed: payments matched without a lettering, balances whose dates are lost. */
function notices(joined: Years, matched: Matched): Problem[] {
  const problems: Problem[] = []
  let paid = 0
  matched.cents.forEach((cents, at) => {
    if (matched.money[at] && cents > 0) paid += cents
  })
  if (matched.fifoCents && paid) problems.push({ code: 'paid-first-in-first-out', found: ((100 * matched.fifoCents) / paid).toFixed(0) })
  if (joined.undated.some(Boolean)) {
    const cents = joined.moved.cents.reduce((sum, one, at) => sum + (joined.undated[at] ? one : 0), 0)
    problems.push({ code: 'brought-forward', found: (cents / 100).toFixed(2), expected: dayText(joined.moved.firstDay).slice(0, 7) })
  }
  return problems
}
