/**
 * What a firm decides for itself about credit, as the book holds it: parameters, decisions with reasons, notices; lights for sales.
 * Twin of member/credit.py, names included: the agent and the page write the same two segments. Pure.
 */

import { type Light, type Parameters, USUAL } from './score.ts'

/** Sealed under the role key ledger, which sales does not have. */
export const CREDIT = 'ledger/credit'
/** Sealed under the role key names, which sales has: no figure in it. */
export const LIGHTS = 'lights'
export const REASON_CHARACTERS_MAX = 2_000
const MUTES_MAX = 5_000
/** Of one client; older ones go. */
const DECISIONS_MAX = 50

export const CHOICES = ['keep', 'limit', 'block', 'end', 'other'] as const
export type Choice = (typeof CHOICES)[number]
export const CLOCKS = ['claim', 'retention'] as const
export type Clock = (typeof CLOCKS)[number]

/** What a person decided, and why; what was shown then is kept. */
export interface Decision {
  at: string
  by: string
  choice: Choice
  reason: string
  limit_cents: number | null
  score: number | null
  recommended_cents: number | null
}

/** `since`: the relation's first month, 2019-03. */
export interface OwnClient {
  insured_cents: number
  since: string | null
  decisions: Decision[]
}

/** A published judgment and the days that its clocks end on; `_safe` is the last working day at or before. */
export interface PublicNotice {
  id: string
  identifier: string
  published: string
  nature: string
  court: string
  judged: string | null
  text: string
  url: string
  cancelled: boolean
  claim_by: string | null
  claim_safe: string | null
  retention_by: string | null
  retention_safe: string | null
  done: Clock[]
}

export interface OwnComment {
  at: string
  by: string
  text: string
}

/** What the firm did about an alert that own figures raised, with how large it was then. */
export interface OwnAlert {
  at: string
  by: string
  state: 'seen' | 'assigned' | 'snoozed' | 'closed'
  month: string
  size_days: number
  assignee: string | null
  until: string | null
  reason: string | null
  comments: OwnComment[]
}

/** Alerts from own figures that the firm is not told of; null: every client, every kind, for good. */
export interface OwnMute {
  id: string
  identifier: string | null
  kind: string | null
  until: string | null
}

export interface Credit {
  format: number
  parameters: Parameters | null
  clients: Record<string, OwnClient>
  notices: PublicNotice[]
  /** By kind and identifier: "outside fr.siren:...". */
  alerts: Record<string, OwnAlert>
  mutes: OwnMute[]
}

export interface Task {
  task: string
  due: string | null
  done: boolean
}

/** What sales sees of a client. */
export interface Shown extends Task {
  light: Light
}

export interface Lights {
  format: number
  made_on: string
  clients: Record<string, Shown>
}

const NO_CLIENT: OwnClient = { insured_cents: 0, since: null, decisions: [] }

export function readCredit(text: string | null): Credit {
  const found = text === null ? {} : (JSON.parse(text) as Partial<Credit>)
  const notices = (found.notices ?? []).map((one) => ({ ...NO_NOTICE, ...one }))
  const clients = Object.fromEntries(Object.entries(found.clients ?? {}).map(([who, own]) => [who, { ...NO_CLIENT, ...own }]))
  const parameters = found.parameters ? { ...USUAL, ...found.parameters } : null
  return { ...found, format: found.format ?? 1, parameters, clients, notices, alerts: found.alerts ?? {}, mutes: found.mutes ?? [] }
}

const NO_NOTICE = {
  court: '',
  judged: null,
  text: '',
  url: '',
  cancelled: false,
  claim_by: null,
  claim_safe: null,
  retention_by: null,
  retention_safe: null,
  done: [],
}

export function readLights(text: string | null): Lights {
  const found = text === null ? {} : (JSON.parse(text) as Partial<Lights>)
  const clients = Object.fromEntries(Object.entries(found.clients ?? {}).map(([who, one]) => [who, { ...NO_TASK, ...one }]))
  return { ...found, format: found.format ?? 1, made_on: found.made_on ?? '', clients }
}

export const NO_TASK: Task = { task: '', due: null, done: false }

export const written = (segment: Credit | Lights): string => JSON.stringify(segment)

export const ownOf = (credit: Credit, identifier: string): OwnClient => credit.clients[identifier] ?? NO_CLIENT

/** The firm's parameters with this client's insurance cover. */
export function parametersFor(credit: Credit, identifier: string): Parameters {
  const own = credit.clients[identifier]
  const parameters = credit.parameters ?? USUAL
  return own ? { ...parameters, insured_cents: own.insured_cents } : parameters
}

export const withParameters = (credit: Credit, parameters: Parameters | null): Credit => ({ ...credit, parameters })

export const withClient = (credit: Credit, identifier: string, told: Partial<Pick<OwnClient, 'insured_cents' | 'since'>>): Credit => ({
  ...credit,
  clients: { ...credit.clients, [identifier]: { ...ownOf(credit, identifier), ...told } },
})

/** Decisions are added, never changed. */
export function withDecision(credit: Credit, identifier: string, decision: Decision): Credit {
  const own = ownOf(credit, identifier)
  return { ...credit, clients: { ...credit.clients, [identifier]: { ...own, decisions: [...own.decisions, decision].slice(-DECISIONS_MAX) } } }
}

/** Notices by their id: a newer reading of one goes over it, what was done about it stays. */
export function withNotices(credit: Credit, found: readonly PublicNotice[]): Credit {
  const kept = new Map(credit.notices.map((one) => [one.id, one]))
  for (const one of found) kept.set(one.id, { ...one, done: kept.get(one.id)?.done ?? one.done })
  const notices = [...kept.values()].sort((left, right) => (left.published + left.id < right.published + right.id ? -1 : 1))
  return { ...credit, notices }
}

/** A clock of a notice is stopped, or runs again. */
export const withDone = (credit: Credit, notice: string, clock: Clock, done: boolean): Credit => ({
  ...credit,
  notices: credit.notices.map((one) =>
    one.id === notice ? { ...one, done: CLOCKS.filter((name) => (name === clock ? done : one.done.includes(name))) } : one,
  ),
})

/** What is done about an alert of own figures. */
export const withOwnAlert = (credit: Credit, key: string, life: OwnAlert): Credit => ({ ...credit, alerts: { ...credit.alerts, [key]: life } })

export const withMute = (credit: Credit, mute: OwnMute): Credit => ({ ...credit, mutes: [...credit.mutes, mute].slice(-MUTES_MAX) })

export const withoutMute = (credit: Credit, mute: string): Credit => ({ ...credit, mutes: credit.mutes.filter((one) => one.id !== mute) })

/** New lights for these clients alone; others' stay, and every task: a colleague's device may know clients that this one does not yet. */
export function withLights(lights: Lights, found: Record<string, Light>, today: string): Lights {
  const renewed = Object.fromEntries(Object.entries(found).map(([who, light]) => [who, { ...NO_TASK, ...lights.clients[who], light }]))
  return { ...lights, made_on: today, clients: { ...lights.clients, ...renewed } }
}

/** Ask something of sales about a client; an empty task takes it back. */
export const withTask = (lights: Lights, identifier: string, task: string, due: string | null): Lights => ({
  ...lights,
  clients: { ...lights.clients, [identifier]: { light: lights.clients[identifier]?.light ?? 'amber', task, due, done: false } },
})

/** Something else is asked of sales by now. */
export class AskedSince extends Error {}

/** What was asked before stands again. Throws AskedSince where `asked` does not stand any more. */
export function withTaskBack(lights: Lights, identifier: string, asked: string, { task, due, done }: Task): Lights {
  const one = lights.clients[identifier] ?? { ...NO_TASK, light: 'amber' }
  if (one.task !== asked) throw new AskedSince()
  return { ...lights, clients: { ...lights.clients, [identifier]: { ...one, task, due, done } } }
}

export const withTaskDone = (lights: Lights, identifier: string): Lights => {
  const one = lights.clients[identifier]
  return one ? { ...lights, clients: { ...lights.clients, [identifier]: { ...one, done: true } } } : lights
}
