/** Where the reader is, in the address's fragment: it is never sent to the server, so no log knows which client was read. */

export type Route =
  | { screen: 'portfolio' }
  | { screen: 'client'; client: number }
  | { screen: 'alerts' }
  | { screen: 'upload' }
  | { screen: 'verification' }
  | { screen: 'settings' }

function read(): Route {
  const [screen, argument] = location.hash.replace(/^#\/?/, '').split('/')
  if (screen === 'client' && /^\d+$/.test(argument ?? '')) return { screen, client: Number(argument) }
  if (screen === 'alerts' || screen === 'upload' || screen === 'verification' || screen === 'settings') return { screen }
  return { screen: 'portfolio' }
}

class Place {
  route = $state.raw<Route>(read())

  constructor() {
    addEventListener('hashchange', () => {
      this.route = read()
      scrollTo(0, 0)
    })
  }

  go(fragment: string): void {
    location.hash = fragment
  }
}

export const place = new Place()
export const clientLink = (id: number): string => `#/client/${id}`
