/** Two devices' changes to the book's clients, so that none is lost. Twin: merge in member/book.py. */

import type { Client } from '../book/book.ts'
import { inSteps } from '../steps.ts'

/**
 * What `theirs` holds, with every field that `mine` changed since `base`; one changed by both is mine. Of a client that
 * is new on both sides, what one of them knows. One that is new here gets a number that nobody else has taken.
 */
export async function joined(base: readonly Client[], mine: readonly Client[], theirs: readonly Client[]): Promise<Client[]> {
  const before = by(base)
  const all = by(theirs)
  let number = theirs.reduce((most, client) => Math.max(most, client.id), 0)
  await inSteps(mine, (own) => {
    const other = all.get(own.identifier)
    const one = before.get(own.identifier)
    // One that another device forgot, and that nothing was changed of here, stays forgotten.
    if (other) all.set(own.identifier, joinedClient(one, own, other))
    else if (!one || !same(one, own)) all.set(own.identifier, { ...own, id: ++number })
  })
  return [...all.values()]
}

const by = (clients: readonly Client[]): Map<string, Client> => new Map(clients.map((client) => [client.identifier, client]))

const FIELDS = ['name', 'pseudonym', 'city', 'sector', 'region', 'terms_days', 'terms_kind', 'confidential'] as const

const same = (left: Client, right: Client): boolean =>
  FIELDS.every((field) => left[field] === right[field]) && left.accounts.length === right.accounts.length && left.accounts.every((account, at) => account === right.accounts[at])

function joinedClient(before: Client | undefined, own: Client, other: Client): Client {
  const changed = FIELDS.filter((field) => (before ? own[field] !== before[field] : own[field]))
  const givenAway = before?.accounts.filter((account) => !own.accounts.includes(account)) ?? []
  const kept = other.accounts.filter((account) => !givenAway.includes(account))
  const added = own.accounts.filter((account) => !before?.accounts.includes(account))
  return { ...other, ...Object.fromEntries(changed.map((field) => [field, own[field]])), accounts: [...new Set([...kept, ...added])] }
}
