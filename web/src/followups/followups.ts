/**
 * What the firm notes about its clients: whose a client is, the next step, a promise to pay, notes. One segment of the
 * client book, ledger/follow-ups, sealed under the role key ledger; two devices' changes merge by client and note.
 */

export const NOTE_CHARACTERS_MAX = 2000
/** Of one client; older ones go. */
const NOTES_MAX = 200

/** Days as 2026-11-26, moments as ISO; `by` and `owner` are e-mail addresses of colleagues. */
export interface FollowUp {
  owner: string
  next: string
  due: string
  /** Cents; null: no promise. */
  promised: number | null
  promisedFor: string
  at: string
  by: string
}

/** Of a step, what a person writes. */
export type Step = Omit<FollowUp, 'at' | 'by'>

export interface Note {
  id: string
  at: string
  by: string
  text: string
  /** Taken back by who wrote it; its text is gone with it. */
  gone?: true
}

export interface Kept {
  followUp: FollowUp | null
  notes: Note[]
}

/** By the client's id in the book. */
export type FollowUps = Record<string, Kept>

export const NO_STEP: Step = { owner: '', next: '', due: '', promised: null, promisedFor: '' }
export const NOTHING: Kept = { followUp: null, notes: [] }

export const encode = (all: FollowUps): string => JSON.stringify({ version: 1, clients: all })

/** Throws SyntaxError, RangeError: not what a page wrote. */
export function decode(text: string): FollowUps {
  const found = JSON.parse(text) as { version: number; clients: FollowUps }
  if (found.version !== 1) throw new RangeError('follow-ups of another version')
  return found.clients
}

/** Both sides' changes: notes by id, one that either side took back stays so; of two follow-ups the later one. */
export function merge(left: FollowUps, right: FollowUps): FollowUps {
  const all: FollowUps = { ...left }
  for (const [client, kept] of Object.entries(right)) {
    const other = all[client] ?? NOTHING
    const notes = new Map(other.notes.map((note) => [note.id, note]))
    for (const note of kept.notes) if (!notes.get(note.id)?.gone) notes.set(note.id, note)
    all[client] = {
      followUp: later(other.followUp, kept.followUp),
      notes: [...notes.values()].sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id)).slice(-NOTES_MAX),
    }
  }
  return all
}

export const standing = (notes: readonly Note[]): Note[] => notes.filter((one) => !one.gone)

/** A colleague has written since. */
export class Overtaken extends Error {}

/** `step` in the place of the one that stands, and later than it whatever this device's clock says. Throws Overtaken where that is not the one it was begun from. */
export function over(stands: FollowUp | null, begun: FollowUp | null, step: Step, by: string, now = Date.now()): FollowUp {
  if (stands?.at !== begun?.at || stands?.by !== begun?.by) throw new Overtaken()
  const at = new Date(Math.max(now, (stands && Date.parse(stands.at) + 1) || 0)).toISOString()
  return { ...step, at, by }
}

export const sameStep = (left: Step, right: Step): boolean => (Object.keys(NO_STEP) as (keyof Step)[]).every((field) => left[field] === right[field])

const later = (left: FollowUp | null, right: FollowUp | null): FollowUp | null => (!left || (right && right.at >= left.at) ? right : left)

/** Steps and promises whose day has come, the oldest first: [client's id, what is kept]. */
export function dueOn(all: FollowUps, today: string): [number, FollowUp][] {
  const day = (one: FollowUp): string => [one.due, one.promised === null ? '' : one.promisedFor].filter(Boolean).sort()[0] ?? ''
  return Object.entries(all)
    .flatMap(([client, { followUp }]) => (followUp && day(followUp) !== '' && day(followUp) <= today ? [[Number(client), followUp] as [number, FollowUp]] : []))
    .sort((left, right) => day(left[1]).localeCompare(day(right[1])))
}
