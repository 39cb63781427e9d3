/** Reads invoices as JSON and prints the contributions: what the Python test beside it compares with its own. */

import { readFileSync } from 'node:fs'
import { FIELDS } from '../src/uploads/encoding.ts'
import { contributionsOf, type Invoice } from '../src/uploads/ledger.ts'

const { invoices, through, months, disputes } = JSON.parse(readFileSync(0, 'utf-8')) as {
  invoices: Invoice[]
  through: number
  months: number
  disputes: boolean
}
const found: unknown[] = []
for (const [month, rows] of contributionsOf(invoices, through, months, disputes)) {
  for (const [client, figures] of rows) found.push([month, client, Object.fromEntries(FIELDS.filter((field) => figures[field] !== undefined).map((field) => [field, figures[field]]))])
}
process.stdout.write(JSON.stringify(found))
