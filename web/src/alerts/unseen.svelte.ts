/**
 * How many alerts nobody in the firm has looked at yet, those of its own figures with them: what their screen counts
 * under "new", and what stands beside its entry in the navigation.
 */

import { creditFile } from '../credit/credit.svelte.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import { counts } from '../screens/counts.svelte.ts'
import { session } from '../session.svelte.ts'
import { isNews } from './listing.ts'
import { ownWork } from './own_work.svelte.ts'
import { work } from './work.svelte.ts'

let stop: (() => void) | null = null

function unseen(portfolio: Portfolio): number {
  const heads = work.heads([...portfolio.alerts, ...portfolio.sectorAlerts])
  return heads.filter((alert) => isNews(work.stateOf(alert))).length + ownWork.alerts.filter((alert) => isNews(ownWork.stateOf(alert))).length
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
