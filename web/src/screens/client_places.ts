/** What stands on a client's page beside its figures, one entry each; code and texts are fetched with the page. */

import type { Component } from 'svelte'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { Part } from '../text/parts.ts'

interface Place {
  name: string
  /** At the right of the name, under the chart, or beside it. */
  where: 'head' | 'main' | 'beside'
  words: readonly Part[]
  load: () => Promise<{ default: Component<{ portfolio: Portfolio; row: number }> }>
}

export const PLACES: readonly Place[] = [
  { name: 'talk', where: 'head', words: [], load: () => import('../parts/TalkTo.svelte') },
  { name: 'follow-up', where: 'main', words: ['follow'], load: () => import('./FollowUp.svelte') },
]
