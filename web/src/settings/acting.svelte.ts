/** What a panel of the settings does: busy meanwhile, then what was said or what failed. */

import { preferences } from '../text/language.svelte.ts'
import { faultText } from './faults.ts'

export interface Panel {
  busy: boolean
  failed: string
  told: string
  /** What waits for a yes: the id of what would be ended, removed or revoked. */
  asked: string
}

/** `read` brings what the panel shows up to date, now and after each deed; `words`: what a failure of its own reads like. */
export function acting(read: () => Promise<unknown>, words: (error: unknown) => string | undefined = () => undefined) {
  const panel = $state<Panel>({ busy: false, failed: '', told: '', asked: '' })
  /** One reading after another: what was asked before a deed never comes over what was asked after it. */
  let last: Promise<unknown> = Promise.resolve()
  let underWay = 0

  async function run<T>(act: () => Promise<T>, said: (answer: T) => string = () => ''): Promise<void> {
    underWay++
    Object.assign(panel, { busy: true, failed: '', told: '', asked: '' })
    const failed = (error: unknown): void => void (panel.failed ||= words(error) ?? faultText(error, preferences.text))
    await act().then((answer) => (panel.told = said(answer)), failed)
    // Read again after a failure too: some of it may be done, and what was done is said even where this fails.
    await (last = last.then(read).catch(failed))
    panel.busy = --underWay > 0
  }
  return { panel, run }
}
