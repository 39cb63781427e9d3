/** Which alerts are listed, in which order: pure functions over what the network and the firm say. */

import type { AlertFacts, LifeFacts } from '../network/answers.ts'
import type { Severity } from '../portfolio/alertWords.ts'

export const WHICH = ['open', 'new', 'mine', 'info', 'aside', 'all'] as const
export type Which = (typeof WHICH)[number]
export const SEVERITIES: readonly Severity[] = ['urgent', 'act', 'watch', 'info']

/** Out of the way until somebody asks for them. */
const ASIDE: ReadonlySet<string> = new Set(['closed', 'snoozed', 'muted'])
const NEWS: ReadonlySet<string> = new Set(['new', 'reopened'])

export interface Item {
  alert: AlertFacts
  /** The client's row in the portfolio; -1: a whole sector. */
  row: number
  name: string
  city: string
  life: LifeFacts | undefined
  state: string
  /** Cents owed to the firm; NaN where unknown. */
  owed: number
}

export interface Wanted {
  which: Which
  /** A kind of alert; empty: every one. */
  kind: string
  search: string
}

export const isAside = (state: string): boolean => ASIDE.has(state)
export const isNews = (state: string): boolean => NEWS.has(state)

/** Somebody has to do something about it: what is for information is nobody's task, unless it was given to somebody. */
export const waits = (alert: AlertFacts, state: string): boolean => !isAside(state) && (alert.severity !== 'info' || state === 'assigned')

function chosen(item: Item, which: Which, me: string | undefined): boolean {
  if (which === 'all') return true
  if (which === 'aside') return isAside(item.state)
  if (isAside(item.state)) return false
  if (which === 'mine') return me !== undefined && item.life?.assignee === me
  const open = waits(item.alert, item.state)
  if (which === 'info') return !open
  return open && (which === 'open' || isNews(item.state))
}

/** Case and accents apart: "Négoce" is found by "negoce". */
export const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** What is wanted, most urgent first, then by what is owed; the same order whenever it is asked. */
export function listed(items: readonly Item[], wanted: Wanted, me: string | undefined): Item[] {
  const words = folded(wanted.search).split(/\s+/).filter(Boolean)
  return items
    .filter(
      (item) =>
        chosen(item, wanted.which, me) &&
        (!wanted.kind || item.alert.kind === wanted.kind) &&
        words.every((word) => folded(`${item.name} ${item.city}`).includes(word)),
    )
    .toSorted(
      (left, right) =>
        SEVERITIES.indexOf(left.alert.severity) - SEVERITIES.indexOf(right.alert.severity) ||
        right.alert.month.localeCompare(left.alert.month) ||
        (right.owed || 0) - (left.owed || 0) ||
        left.alert.id.localeCompare(right.alert.id),
    )
}

export function counted(items: readonly Item[], me: string | undefined): Record<Which, number> {
  return Object.fromEntries(WHICH.map((which) => [which, items.filter((item) => chosen(item, which, me)).length])) as Record<Which, number>
}

/** Runs of the same severity, in the order given. */
export function bySeverity(items: readonly Item[]): [Severity, Item[]][] {
  const groups = new Map<Severity, Item[]>()
  for (const item of items) groups.set(item.alert.severity, [...(groups.get(item.alert.severity) ?? []), item])
  return [...groups]
}
