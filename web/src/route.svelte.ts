/** Where the reader is, in the address's fragment: it is never sent to the server, so no log knows which client was read. */

import { arrive } from './keyboard.ts'

export interface Route {
  /** The name of a screen in screens.ts; '' is the first one. */
  screen: string
  /** What stands behind it, "12" in "#/client/12". */
  argument: string
}

function read(): Route {
  const [screen = '', ...rest] = location.hash.replace(/^#\/?/, '').split('/')
  return { screen, argument: rest.join('/') }
}

class Place {
  route = $state.raw<Route>(read())
  /** The screen before this one, to come back to. */
  before = ''

  constructor() {
    addEventListener('hashchange', () => {
      const next = read()
      void arrive()
      if (next.screen !== this.route.screen) this.before = this.route.screen
      this.route = next
      scrollTo(0, 0)
    })
  }

  go(fragment: string): void {
    location.hash = fragment
  }
}

export const place = new Place()
export const clientLink = (id: number): string => `#/client/${id}`
