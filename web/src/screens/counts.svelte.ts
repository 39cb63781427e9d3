/** What waits on a screen, by its name in screens.ts: the figure beside its entry in the navigation. */

export const counts = $state<Record<string, number>>({})
