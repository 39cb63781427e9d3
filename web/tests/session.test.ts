/** What is read twice at once: of two readings the later one is shown, and what another tab knows already is no alarm. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Device, network } from './lone_talk.ts'
import { toBase64, utf8 } from '../src/bytes.ts'
import { publicKey } from '../src/keys/signing.ts'
import { readRing, followRing } from '../src/settings/keyring.ts'
import type { Me } from '../src/network/answers.ts'
import { keep } from '../src/vault.ts'

const { session } = await import('../src/session.svelte.ts')

const FIRM = '00000000-0000-0000-0000-000000000001'
const KEY = publicKey(new Uint8Array(32).fill(7))
const ROSTER = { version: 1, holders: [], parts: {} }
const PINS = { receipt_key: 'r', release_key: toBase64(KEY), key_id: 'k' }
const FACTS = { ...PINS, roster: ROSTER, rosters: [{ body: toBase64(utf8(JSON.stringify(ROSTER))) }], latest_release: null }

/** An auditor's page: it reads the chain of releases alone. The answers to `held` wait, in the order in which they were asked for. */
async function auditor(held: string): Promise<(() => void)[]> {
  new Device().use()
  await keep(`pins:${FIRM}`, { ...PINS, roster: FACTS.rosters[0]!.body })
  const waiting: (() => void)[] = []
  network((path) => {
    const answer = path.endsWith('/network') ? FACTS : path.endsWith('/keyring') ? { entries: [], wrap: null, root_wrap: null, offered: [] } : []
    return path.endsWith(held) ? new Promise((done) => waiting.push(() => done(answer))) : answer
  })
  Object.assign(session, { me: { user_id: 'u', firm_id: FIRM, role: 'auditor' } as unknown as Me, bundle: { role_keys: {} }, portfolio: null, failure: null, newRelease: null })
  return waiting
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 2000)
    await new Promise((done) => setTimeout(done, 1))
  }
}

test('of two readings that overlap the later one is shown, whichever ends last', async () => {
  const waiting = await auditor('/releases')
  const [earlier, later] = [session.refresh(), session.refresh()]
  await until(() => waiting.length === 2)
  waiting[1]!()
  await later
  const shown = session.portfolio
  assert.equal(session.failure, null)
  assert.ok(shown)
  assert.equal(session.loading, false)
  waiting[0]!()
  await earlier
  assert.equal(session.portfolio, shown)
})

test('a release that is told while the page reads is told until it is read', async () => {
  const waiting = await auditor('/releases')
  const reading = session.refresh()
  await until(() => waiting.length === 1)
  session.newRelease = 2026 * 12
  waiting[0]!()
  await reading
  assert.ok(session.portfolio)
  assert.equal(session.newRelease, 2026 * 12)
})

test('a longer chain that another tab keeps meanwhile is not called a rewritten one', async () => {
  const waiting = await auditor('/releases')
  const reading = session.refresh()
  await until(() => waiting.length === 1)
  await keep(`manifests:${FIRM}`, [{ manifest: 'AA==', signature: 'AA==' }])
  waiting[0]!()
  await reading
  assert.equal(session.failure, null)
})

test('the same of the keyring', async () => {
  const waiting = await auditor('/keyring')
  const following = followRing(FIRM, KEY)
  await until(() => waiting.length === 1)
  await keep(`keyring:${FIRM}`, ['AA=='])
  waiting[0]!()
  assert.deepEqual((await following).ring, await readRing(FIRM, [], KEY))
})
