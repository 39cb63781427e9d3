/** The page's stores run under node as plain classes: nothing draws what they hold. Imported before any of them. */
import { registerHooks } from 'node:module'

const same = (value: unknown): unknown => value
Object.assign(globalThis, {
  $state: Object.assign((value: unknown) => value, { raw: same }),
  // Where the page is, and what it asks of its window as it begins.
  location: { hash: '', href: 'http://vigie.test/', origin: 'http://vigie.test' },
  addEventListener: () => {},
  document: { documentElement: {}, addEventListener: () => {} },
  localStorage: { getItem: () => null, setItem: () => {} },
  matchMedia: () => ({ matches: false, addEventListener: () => {} }),
  $derived: Object.assign((value: unknown) => value, { by: (compute: () => unknown) => compute() }),
})
// A worker's address, which only the bundler knows.
registerHooks({
  resolve: (name, context, next) => (name.includes('?worker') ? { url: 'data:text/javascript,export default ""', shortCircuit: true } : next(name, context)),
})
