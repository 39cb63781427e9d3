/** What a person does about an alert, wherever its life is kept: by the network, or sealed in the firm's own file. */

import type { Bytes } from '../bytes.ts'
import { keysOf } from '../keys/role_keys.ts'
import type { AlertFacts } from '../network/answers.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import { session } from '../session.svelte.ts'
import { readComments, writeComment, type Comment } from './comments.ts'
import type { Item } from './listing.ts'
import { isOwn } from './own_alerts.ts'
import { ownWork } from './own_work.svelte.ts'
import type { Action } from './way_back.ts'
import { work, type NewMute } from './work.svelte.ts'

/** On single clients, the network's and this firm's own. */
export const everyAlert = (portfolio: Portfolio): AlertFacts[] => [...portfolio.alerts, ...ownWork.alerts]

export const stateOf = (alert: AlertFacts): string => (isOwn(alert) ? ownWork.stateOf(alert) : work.stateOf(alert))

export const actOn = (alert: AlertFacts, action: Action, said = ''): Promise<'done' | 'changed'> =>
  isOwn(alert) ? ownWork.act(alert, action, said) : work.act(alert.id, action, said)

/** Opening is looking: what was news is seen. */
export async function lookAt(item: Item): Promise<void> {
  if (item.life && !item.life.news) return
  await (isOwn(item.alert) ? ownWork.see([item.alert]) : work.see([item.alert.id]))
}

export const muteFrom = (alert: AlertFacts, wanted: NewMute, said: string): Promise<void> => (isOwn(alert) ? ownWork.mute(alert, wanted, said) : work.mute(wanted, said, alert.id))

/** The role holds the key under which comments on it are sealed. */
export const mayTalk = (alert: AlertFacts): boolean => (isOwn(alert) ? ownWork.readable : Boolean(session.bundle?.role_keys.notes))

const notes = (): Bytes[] => keysOf(session.bundle!.role_keys, 'notes')

export async function commentsOn(item: Item): Promise<Comment[]> {
  const alert = item.alert
  return isOwn(alert) ? ownWork.comments(alert) : readComments(notes(), session.me!.firm_id!, item.life?.alerts ?? [alert.id], alert.id)
}

export async function sayOn(item: Item, text: string): Promise<void> {
  const alert = item.alert
  if (isOwn(alert)) return ownWork.say(alert, text)
  await writeComment(notes()[0]!, session.me!.firm_id!, item.life?.id ?? alert.id, alert.id, text)
  void work.load().catch(() => {}) // it is said, whatever becomes of the reading
}
