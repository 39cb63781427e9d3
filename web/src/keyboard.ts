/**
 * Where the keyboard goes when what it was on is gone: into a screen that was opened, back to a control that was
 * switched off while it worked, or to what stands beside one that went with its work. A browser lets it fall to the
 * document, from where the next Tab begins at the top (WCAG 2.4.3).
 */

import { tick } from 'svelte'

const REACHABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]'
/** Outside of these nothing is looked for. */
const BOUNDS = 'main, dialog, [popover], body'
/** A window of rows takes rows away as one scrolls; to go after them would scroll back. */
const WINDOWED = 'tbody'
/** A screen that has not come by then has something else to say. */
const WAIT_MS = 20_000

let last: HTMLElement | null = null
let gone: { parent: Node; before: Node | null; after: Node | null } | null = null
let opening = false
let openings = 0

const fallen = (): boolean => document.activeElement === null || document.activeElement === document.body
const frame = (): Promise<void> => new Promise((go) => requestAnimationFrame(() => go()))
const seen = (one: HTMLElement): boolean => one.getClientRects().length > 0

function firstIn(node: Node | null): HTMLElement | undefined {
  if (!(node instanceof HTMLElement) || !node.isConnected) return undefined
  return [node, ...node.querySelectorAll<HTMLElement>(REACHABLE)].find((one) => one.matches(REACHABLE) && seen(one))
}

function among(start: Node | null, way: 'nextSibling' | 'previousSibling'): HTMLElement | undefined {
  for (let one = start; one; one = one[way]) {
    const found = firstIn(one)
    if (found) return found
  }
  return undefined
}

function heading(): HTMLElement | null {
  const found = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main')
  if (found) found.tabIndex = -1
  return found
}

/** What comes after, else what comes before, at its own level first. */
function beside({ parent, before, after }: NonNullable<typeof gone>): HTMLElement | null {
  let found = among(after, 'nextSibling') ?? among(before, 'previousSibling')
  for (let at: Node | null = parent; !found && at instanceof HTMLElement && at.isConnected && !at.matches(BOUNDS); at = at.parentNode)
    found = among(at.nextSibling, 'nextSibling') ?? among(at.previousSibling, 'previousSibling')
  return found ?? heading()
}

/** After the browser has let go of it, and after whoever took it away has said where to go instead. */
async function pickUp(): Promise<void> {
  await frame()
  await tick()
  if (!last || opening || !fallen()) return
  if (last.isConnected) {
    if (!last.matches(':disabled')) last.focus()
    return
  }
  const from = gone
  last = gone = null
  if (from) beside(from)?.focus()
}

function changed(records: MutationRecord[]): void {
  if (!last) return
  if (last.isConnected) {
    if (records.some((one) => one.type === 'attributes' && one.target instanceof HTMLElement && one.target.contains(last))) void pickUp()
    return
  }
  const record = records.find((one) => [...one.removedNodes].some((node) => node.contains(last)))
  if (!record) return
  if ((record.target as HTMLElement).matches?.(WINDOWED)) last = null
  else {
    gone = { parent: record.target, before: record.previousSibling, after: record.nextSibling }
    void pickUp()
  }
}

/** To be called before a screen is opened: the keyboard goes to its heading, unless the screen takes it elsewhere. */
export async function arrive(): Promise<void> {
  const turn = ++openings
  opening = true
  const left = document.activeElement
  const until = performance.now() + WAIT_MS
  await tick()
  while (turn === openings && !document.querySelector('main h1') && performance.now() < until) await frame()
  await frame()
  await frame()
  if (turn !== openings) return
  opening = false
  if (fallen() || document.activeElement === left) heading()?.focus({ preventScroll: true })
}

export function followKeyboard(): void {
  addEventListener('focusin', (event) => {
    last = event.target as HTMLElement
    gone = null
  })
  // Whoever clicks beside everything means to be nowhere.
  addEventListener('pointerdown', (event) => {
    if (!(event.target as HTMLElement).closest(REACHABLE)) last = null
  })
  new MutationObserver(changed).observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] })
}
