/** Reads accounts and parties as JSON and prints the proposals: the Python test beside it compares them with its own. */

import { readFileSync } from 'node:fs'
import { blankAccount } from '../src/connectors/accounts.ts'
import { proposeIdentifiers, type Party } from '../src/connectors/identify.ts'

const { accounts, parties } = JSON.parse(readFileSync(0, 'utf-8')) as {
  accounts: { account: string; name: string; postcode: string; city: string; vat: string; registration: string }[]
  parties: Party[]
}
const found = proposeIdentifiers(
  accounts.map((one) => ({ ...blankAccount(one.account, one.name), ...one })),
  parties,
)
process.stdout.write(JSON.stringify(found.map((one) => [one.account.account, one.candidates.map((each) => [each.identifier, each.percent, each.sources]), one.doubt, one.sameAs, one.refused])))
