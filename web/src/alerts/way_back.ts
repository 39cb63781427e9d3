/** Undoing: the actions that lead an alert's life back to how it stood. */

import type { LifeFacts } from '../network/answers.ts'

export interface Action {
  action: 'see' | 'assign' | 'unassign' | 'snooze' | 'wake' | 'close' | 'reopen'
  assignee?: string
  until?: string
  reason?: string
}

/** The actions that lead back to how a life stood. */
export function wayBack(before: LifeFacts | undefined, done: Action): Action[] {
  switch (done.action) {
    case 'assign':
    case 'unassign':
      return [before?.assignee ? { action: 'assign', assignee: before.assignee } : { action: 'unassign' }, ...asleep(before)]
    case 'snooze':
      return before?.state === 'snoozed' ? asleep(before) : [{ action: 'wake' }]
    case 'wake':
      return asleep(before)
    case 'close':
      return [{ action: 'reopen' }, ...(before?.state === 'reopened' || !before ? [] : [{ action: 'see' } as const]), ...asleep(before)]
    case 'reopen':
      return [{ action: 'close', reason: before?.reason ?? 'other' }]
    case 'see':
      return []
  }
}

const asleep = (before: LifeFacts | undefined): Action[] =>
  before?.state === 'snoozed' && before.snoozed_until ? [{ action: 'snooze', until: before.snoozed_until }] : []
