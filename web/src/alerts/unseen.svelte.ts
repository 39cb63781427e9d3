/**
 * How many alerts that wait for somebody nobody in the firm has looked at yet, those of its own figures with them: what their screen counts
 * under "new", and what stands beside its entry in the navigation.
 */

import { creditFile } from '../credit/credit.svelte.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import { counts } from '../screens/counts.svelte.ts'
import { session } from '../session.svelte.ts'
import { isNews, waits } from './listing.ts'
import { ownWork } from './own_work.svelte.ts'
import { work } from './work.svelte.ts'

let stop: (() => void) | null = null

function unseen(portfolio: Portfolio): number {
  const heads = work.heads([...portfolio.alerts, ...portfolio.sectorAlerts])
  const states = [...heads.map((alert) => [alert, work.stateOf(alert)] as const), ...ownWork.alerts.map((alert) => [alert, ownWork.stateOf(alert)] as const)]
  return states.filter(([alert, state]) => isNews(state) && waits(alert, state)).length
}

/** Until the log-out; nothing is said before it is known what was looked at. */
export async function watchUnseen(): Promise<void> {
  const { me } = session
  stop?.()
  await Promise.all([work.load(), creditFile.load()])
  if (session.me !== me) return
  stop = $effect.root(() => {
    $effect(() => {
      counts['alerts'] = session.portfolio && work.readable ? unseen(session.portfolio) : 0
    })
  })
}
