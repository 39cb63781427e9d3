/**
 * What a person writes beside a client's score: the firm's parameters, this client's cover and the relation's beginning.
 * Only what she changed is written, and nothing over what a colleague has changed since she began. Pure.
 */

import { ownOf, withClient, withParameters, type Credit } from './credit_file.ts'
import { USUAL, type Parameters } from './score.ts'

/** The firm's parameters, but the cover is this client's; `since`: the relation's first month, 2019-03. */
export interface OwnTerms extends Parameters {
  since: string | null
}
export type Term = keyof OwnTerms

const OF_CLIENT = ['insured_cents', 'since'] as const
const OF_FIRM = (Object.keys(USUAL) as (keyof Parameters)[]).filter((name) => name !== 'insured_cents')

/** A colleague has changed these otherwise since the form was begun. */
export class Overtaken extends Error {
  readonly terms: Term[]

  constructor(terms: Term[]) {
    super('overtaken')
    this.terms = terms
  }
}

/** As the form shows them: a weight in whole percents. */
export function termsOf(credit: Credit, identifier: string): OwnTerms {
  const parameters = credit.parameters ?? USUAL
  const { insured_cents, since } = ownOf(credit, identifier)
  const classes = parameters.classes.map(({ name, score_min, share }) => ({ name: name.trim(), score_min, share }))
  return { ...parameters, own_weight: Math.round(parameters.own_weight * 100) / 100, classes, insured_cents, since }
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right)

export const changedIn = (from: OwnTerms, to: OwnTerms): Term[] => [...OF_FIRM, ...OF_CLIENT].filter((name) => !same(from[name], to[name]))

export const picked = (terms: OwnTerms, names: readonly Term[]): Partial<OwnTerms> => Object.fromEntries(names.map((name) => [name, terms[name]]))

/** `begun`: what stood when the form was begun. Throws Overtaken. */
export function withTerms(credit: Credit, identifier: string, begun: OwnTerms, asked: OwnTerms): Credit {
  const stands = termsOf(credit, identifier)
  const mine = changedIn(begun, asked)
  const overtaken = mine.filter((name) => !same(begun[name], stands[name]) && !same(asked[name], stands[name]))
  if (overtaken.length) throw new Overtaken(overtaken)
  const [firm, client] = [OF_FIRM, OF_CLIENT].map((names) => mine.filter((name) => (names as readonly Term[]).includes(name)))
  let next = credit
  if (firm!.length) {
    const parameters = { ...(credit.parameters ?? USUAL), ...picked(asked, firm!) }
    next = withParameters(next, same(parameters, USUAL) ? null : parameters)
  }
  return client!.length ? withClient(next, identifier, picked(asked, client!)) : next
}
