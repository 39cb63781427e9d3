/** An entry of the log as people read it: names where the firm knows them, months and roles in the reader's language. */

import { readMonth } from '../month.ts'
import { network } from '../network/requests.ts'
import type { Numbers } from '../text/numbers.ts'
import type { Catalogue } from '../text/parts.ts'
import { ask, type AuditFacts } from './requests.ts'

/** Whom the reader's own lists name: e-mails by user, users by device; to the operator, firms. */
export interface Known {
  people: ReadonlyMap<string, string>
  devices: ReadonlyMap<string, string | null>
  firms: ReadonlyMap<string, string>
}

export const NOBODY: Known = { people: new Map(), devices: new Map(), firms: new Map() }
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-/
const PEOPLE = new Set(['user', 'subject'])
const DAY = /^\d{4}-\d{2}-\d{2}$/

export async function readKnown(): Promise<Known> {
  const [users, devices] = await Promise.all([ask.users(), network.devices()])
  return { ...NOBODY, people: new Map(users.map((one) => [one.user_id, one.email])), devices: new Map(devices.map((one) => [one.device_id, one.user_id])) }
}

/** An id is shown by its beginning; all of it is in the title. */
export const short = (id: string): string => (ID.test(id) ? id.slice(0, 8) : id)

function machine(id: string, known: Known, w: Catalogue['firm']['audit']): string {
  const owner = known.people.get(known.devices.get(id) ?? '')
  return owner ? w.machineOf(owner, short(id)) : w.machine(short(id))
}

export function actorText(actor: string, known: Known, w: Catalogue['firm']['audit']): string {
  const [kind = '', id] = actor.split(':')
  if (kind === 'user' && id) return known.people.get(id) ?? w.person(short(id))
  if (kind === 'device' && id) return machine(id, known, w)
  return w.actors[actor] ?? actor
}

/** Name and value of each detail that who acted does not say already; `whole`: what is cut short in the value. */
export function detailsOf(entry: AuditFacts, known: Known, { firm }: Catalogue, n: Numbers): { name: string; value: string; whole: string }[] {
  const w = firm.audit
  const say = (name: string, value: unknown): string => {
    const text = String(value)
    if (PEOPLE.has(name) && known.people.has(text)) return known.people.get(text)!
    if (name === 'firm' && known.firms.has(text)) return known.firms.get(text)!
    if (name === 'device' || (name === 'subject' && known.devices.has(text))) return machine(text, known, w)
    if (name === 'role') return firm.roles[text] ?? text
    if (typeof value === 'number') return n.whole(value)
    if (DAY.test(text)) return n.date(text)
    const month = readMonth(text)
    return month === null ? short(text) : n.month(month)
  }
  const details = Object.entries(JSON.parse(entry.detail) as Record<string, unknown>)
  return details.filter(([name, value]) => entry.actor !== `${name}:${String(value)}`).map(([name, value]) => {
    const all = Array.isArray(value) ? (value as unknown[]) : [value]
    return { name: w.fields[name] ?? name, value: all.map((one) => say(name, one)).join(', '), whole: all.join(', ') }
  })
}
