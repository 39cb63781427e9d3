/** Reads files as JSON and prints what the page's importer makes of them: the Python test beside it compares it with its own. */

import { readFileSync } from 'node:fs'
import { FIELDS } from '../src/uploads/encoding.ts'
import { contribute, type Terms } from '../src/connectors/prepared.ts'
import { blocking, Refusal } from '../src/connectors/problems.ts'
import { readFiles, recognised, type Book } from '../src/connectors/reading.ts'

interface Asked {
  files: { name: string; base64: string }[]
  today: number
  last: number
  terms: Terms | null
  book: [string, { identifier: string; termsDays: number | null; termsKind: number }][]
}

function run({ files, today, last, terms, book }: Asked): unknown {
  const given = files.map(({ name, base64 }) => ({ name, bytes: new Uint8Array(Buffer.from(base64, 'base64')) }))
  const known: Book = new Map(book.map(([account, one]) => [account, { name: '', city: '', sector: 0, region: 0, confidential: false, ...one }]))
  try {
    const prepared = readFiles(given, { today, last, currency: 'EUR' })
    prepared.accounts = recognised(prepared.accounts, known)
    const wrong = blocking(prepared.problems)
    if (wrong.length) return { refused: wrong, summary: prepared.summary }
    const { clients, contributions } = contribute(prepared, terms)
    const rows = contributions.map(({ client, month, figures }) => [
      month,
      clients[client]!.identifier,
      Object.fromEntries(FIELDS.filter((field) => figures[field] !== undefined).map((field) => [field, figures[field]])),
    ])
    return { rows, names: prepared.accounts.map((one) => one.name), summary: prepared.summary, problems: prepared.problems }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.problems }
    throw error
  }
}

const every = JSON.parse(readFileSync(0, 'utf-8')) as Asked[]
process.stdout.write(JSON.stringify(every.map(run)))
