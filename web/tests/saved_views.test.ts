/** Saved views in two tabs of one device. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Device } from './lone_talk.ts'
import type { View } from '../src/portfolio/order.ts'
import type { savedViews } from '../src/screens/saved_views.svelte.ts'

type Views = typeof savedViews

/** A tab of its own: modules are loaded once a page. */
const tab = async (name: string): Promise<Views> => ((await import(`../src/screens/saved_views.svelte.ts?${name}`)) as { savedViews: Views }).savedViews
const names = (views: Views): string[] => views.list.map((one) => one.name)
const view = {} as View

test('a tab that saves or removes a view goes on from what another tab has saved since', async () => {
  new Device().use()
  const [one, two] = [await tab('one'), await tab('two')]
  for (const each of [one, two]) await each.load('firm', 'person')
  await one.save('late', view)
  await two.save('large', view)
  assert.deepEqual(names(two), ['late', 'large'])
  await Promise.all([one.save('abroad', view), two.remove('late')])
  await one.load('firm', 'person')
  assert.deepEqual(names(one).toSorted(), ['abroad', 'large'])
})
