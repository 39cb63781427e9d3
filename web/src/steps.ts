/** Long work in steps: what waits on the page's thread, a click or a frame, goes in between. */

const STEP = 500

/** Lets what waits on this thread go first. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** `each` for every item in order, so many of them before a breath. */
export async function inSteps<T>(items: readonly T[], each: (item: T, at: number) => void, step = STEP): Promise<void> {
  for (let from = 0; from < items.length; from += step) {
    if (from) await breathe()
    for (let at = from; at < Math.min(from + step, items.length); at++) each(items[at]!, at)
  }
}
