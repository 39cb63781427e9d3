/** How the portfolio was last looked at: kept while one reads a client and comes back. */

import type { View } from '../portfolio/order.ts'

class Looked {
  view = $state<View>({ sort: 'gap', descending: true, filter: 'all', search: '', sector: 0, bin: null }) // order.ts: WHOLE
  /** The client whose row the keyboard is on. */
  client = $state<number | null>(null)
  scroll = 0
  /** The search field is to be focused, once there is one. */
  searching = $state(false)
  /** A client was opened from a row: the row is found again. */
  away = false
}

export const looked = new Looked()
export const ROW_PX = 44
export const NARROW_ROW_PX = 92
