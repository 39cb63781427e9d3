/** Views of the portfolio under a name, on this device, by firm and person. */

import type { View } from '../portfolio/order.ts'
import { keep, recall } from '../vault.ts'

export interface SavedView {
  name: string
  view: View
}

const SAVED_MAX = 20

class SavedViews {
  /** What the device keeps: nothing is shown as saved before it is. */
  list = $state.raw<SavedView[]>([])
  #place = ''
  /** Readings and changes, one after the other. */
  #last: Promise<void> = Promise.resolve()

  load(firm: string, person: string): Promise<void> {
    const place = `views:${firm}:${person}`
    return this.#then(async () => {
      const shown = place === this.#place ? this.list : []
      this.list = (await recall<SavedView[]>(place)) ?? shown
      this.#place = place
    })
  }

  /** A view of the same name is replaced; the oldest gives way beyond SAVED_MAX. */
  save(name: string, view: View): Promise<void> {
    const kept = { name, view: { ...view } }
    return this.#change((list) => [...list.filter((one) => one.name !== name), kept].slice(-SAVED_MAX))
  }

  remove(name: string): Promise<void> {
    return this.#change((list) => list.filter((one) => one.name !== name))
  }

  /** One that was removed stands again where it stood. */
  restore(one: SavedView, at: number): Promise<void> {
    return this.#change((list) => list.filter((other) => other.name !== one.name).toSpliced(at, 0, one).slice(-SAVED_MAX))
  }

  /** Of what the device keeps by now: another tab may have changed it. What it cannot keep goes on from what is shown. */
  #change(change: (list: SavedView[]) => SavedView[]): Promise<void> {
    const act = async (): Promise<void> => {
      const changed = change((await recall<SavedView[]>(this.#place)) ?? this.list)
      await keep(this.#place, changed)
      this.list = changed
    }
    return this.#then(() => (navigator.locks ? navigator.locks.request(this.#place, act) : act()))
  }

  #then(act: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(act)
    return this.#last
  }
}

export const savedViews = new SavedViews()
