/** Views of the portfolio under a name, on this device, by firm and person. */

import type { View } from '../portfolio/order.ts'
import { keep, recall } from '../vault.ts'

export interface SavedView {
  name: string
  view: View
}

const SAVED_MAX = 20

class SavedViews {
  list = $state.raw<SavedView[]>([])
  #place = ''

  async load(firm: string, person: string): Promise<void> {
    const place = `views:${firm}:${person}`
    if (place === this.#place) return
    this.#place = place
    this.list = (await recall<SavedView[]>(place)) ?? []
  }

  /** A view of the same name is replaced; the oldest gives way beyond SAVED_MAX. */
  async save(name: string, view: View): Promise<void> {
    this.list = [...this.list.filter((one) => one.name !== name), { name, view: { ...view } }].slice(-SAVED_MAX)
    await keep(this.#place, this.list)
  }

  async remove(name: string): Promise<void> {
    this.list = this.list.filter((one) => one.name !== name)
    await keep(this.#place, this.list)
  }
}

export const savedViews = new SavedViews()
