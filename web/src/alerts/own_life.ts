/**
 * The life of alerts that own figures raise: seen, assigned, snoozed, muted, closed, as those of the network. Twin of member/own_alerts.py; pure.
 * It is kept in the firm's sealed credit file, by kind and client, so that the next month's alert continues it: the network is told of none of it.
 */

import type { OwnAlert, OwnMute } from '../credit/credit_file.ts'
import { readMonth } from '../month.ts'
import type { AlertFacts, LifeFacts } from '../network/answers.ts'
import { sizeNow } from './own_alerts.ts'
import type { Action } from './way_back.ts'

/** As of the network's alerts: grown by so many days, it is told again. */
const GROWTH_DAYS = 15

export const keyOf = (kind: string, identifier: string): string => `${kind} ${identifier}`

/** How the work on it stands today; null: it is new. */
export function lifeOf(kept: OwnAlert | undefined, alert: AlertFacts, today: string): LifeFacts | null {
  if (!kept) return null
  const rested = kept.state === 'closed' || kept.state === 'snoozed'
  const grown = sizeNow(alert) >= kept.size_days + GROWTH_DAYS
  const again = alert.kind === 'outside' && (readMonth(alert.month) ?? 0) > (readMonth(kept.month) ?? 0)
  const over = kept.state === 'snoozed' && (kept.until ?? '') <= today
  const state = rested && (grown || again || over) ? 'reopened' : kept.state
  return {
    ...begun(alert.id),
    state: state as LifeFacts['state'],
    news: state === 'reopened',
    assignee: kept.assignee,
    snoozed_until: state === 'snoozed' ? kept.until : null,
    reason: state === 'closed' ? (kept.reason as LifeFacts['reason']) : null,
    comments: kept.comments.length,
  }
}

const begun = (alert: string): LifeFacts => ({ id: alert, alerts: [alert], state: 'new', news: true, assignee: null, snoozed_until: null, reason: null, comments: 0, version: 0 })

export const isMuted = (mutes: readonly OwnMute[], kind: string, identifier: string, today: string): boolean =>
  mutes.some((one) => (one.identifier ?? identifier) === identifier && (one.kind ?? kind) === kind && (one.until === null || one.until >= today))

/** With mutes: one that nobody has touched has a life where it is muted. */
export function shownLife(kept: OwnAlert | undefined, alert: AlertFacts, today: string, muted: boolean): LifeFacts | null {
  const life = lifeOf(kept, alert, today)
  return muted && life?.state !== 'closed' ? { ...(life ?? begun(alert.id)), state: 'muted' } : life
}

const UNTOUCHED: Omit<OwnAlert, 'at' | 'by'> = { state: 'seen', month: '', size_days: 0, assignee: null, until: null, reason: null, comments: [] }

/** The life after an action. */
export function after(kept: OwnAlert | undefined, alert: AlertFacts, done: Action, at: string, by: string): OwnAlert {
  const before: OwnAlert = kept ?? { ...UNTOUCHED, at, by }
  const now: OwnAlert = { ...before, at, by, month: alert.month, size_days: sizeNow(alert) }
  if (done.action === 'assign') return { ...now, state: 'assigned', assignee: done.assignee! }
  if (done.action === 'snooze') return { ...now, state: 'snoozed', until: done.until! }
  if (done.action === 'close') return { ...now, state: 'closed', reason: done.reason!, until: null }
  if (done.action === 'see' && now.state !== 'seen') return before
  const assignee = done.action === 'unassign' ? null : now.assignee
  const state = assignee !== null && (done.action === 'wake' || done.action === 'reopen') ? 'assigned' : 'seen'
  return { ...now, assignee, state, until: null, reason: null }
}

/** A life that has opened again by itself is acted on as an open one. */
export const awake = (kept: OwnAlert | undefined, alert: AlertFacts, today: string): OwnAlert | undefined =>
  kept && lifeOf(kept, alert, today)?.state === 'reopened' ? { ...kept, state: 'seen' } : kept

const standing = (kept: OwnAlert | undefined): string => JSON.stringify([kept?.state ?? 'seen', kept?.assignee ?? null, kept?.until ?? null, kept?.reason ?? null])

/** Nobody has done anything with it in between: looking at it and talking about it are no deeds. */
export const standsAs = (kept: OwnAlert | undefined, shown: OwnAlert | undefined): boolean => standing(kept) === standing(shown)
