/** Who is logged in and what was opened with their keys. The keys live here and in the vault, nowhere else. */

import { fromBase64, fromBase64Url, fromUtf8, toBase64, type Bytes } from './bytes.ts'
import { BookTampered, readBook, type Book } from './book/book.ts'
import { deriveAside } from './keys/derivation.ts'
import { bundleName, NotOpened, open } from './keys/seal.ts'
import { keysOf } from './keys/role_keys.ts'
import { ACCOUNT_KEY_BYTES, readAccountKey } from './keys/account_key.ts'
import { readMonth } from './month.ts'
import type { AlertFacts, CellsAnswer, Me, NetworkFacts } from './network/answers.ts'
import { listen, type Live, type LiveFrame, type LiveState } from './network/live.ts'
import type { Manifest } from './network/manifest.ts'
import { agrees, followHolders, HistoryRewritten, KeysChanged, pinsOf, Rekeyed, ReleaseForged, samePins, verifyChain, withdrawnMonths, type KeptManifest, type Pins } from './network/releases.ts'
import { RosterRefused } from './network/roster_facts.ts'
import { checkCells } from './network/proofs.ts'
import { network, Refused, SessionEnded, Unreachable } from './network/requests.ts'
import type { Bundle } from './keys/bundle.ts'
import { assemble, SPAN, type Portfolio } from './portfolio/portfolio.ts'
import { forget, keep, recall } from './vault.ts'

export interface DemoLink {
  email: string
  password: string
  account_key: string
  role?: string
}

interface Kept {
  email: string
  user: string
  /** Null for an operator. */
  bundle: Bundle | null
}

interface Read {
  book: Book
  portfolio: Portfolio
  /** The newest release of the chain; 0: there is none. */
  newest: number
}

export type Stage = 'starting' | 'out' | 'entering' | 'member' | 'operator'
export type Failure = 'wrong' | 'bundle' | 'unreachable' | 'tampered' | 'notOpened' | 'forged' | 'rewritten' | 'keys' | 'rekeyed' | 'roster' | 'threshold' | { text: string; code?: string }
/** The releases read for the charts: 24 months, and no more requests than that. */
const RELEASES_MAX = SPAN
/** What no first screen waits for begins so much later. */
const AFTER_FIRST_SCREEN_MS = 500

class Session {
  stage = $state<Stage>('starting')
  facts = $state.raw<NetworkFacts | null>(null)
  me = $state.raw<Me | null>(null)
  email = $state('')
  portfolio = $state.raw<Portfolio | null>(null)
  loading = $state(false)
  failure = $state.raw<Failure | null>(null)
  ended = $state(false)
  live = $state<LiveState>('connecting')
  /** What the feed said since the portfolio was read; of alerts what is for information is not counted. */
  newAlerts = $state(0)
  newRelease = $state<number | null>(null)
  book: Book | null = null
  bundle: Bundle | null = null
  /** What the firm's root allows this person's device, where that was renewed since the log-in. */
  renewed = $state('')
  #heard = false
  #line: Live | null = null
  #listeners = new Set<(frame: LiveFrame) => void>()
  #proven = ''
  /** The readings begun, and the last of them that is shown. */
  #turn = 0
  #shown = 0
  /** Of what the feed said of alerts, how many are in what is shown. */
  #seen = 0

  get canOpenNames(): boolean {
    return Boolean(this.bundle?.role_keys.names)
  }

  /** A reload: the cookie may still be good and the vault may hold the opened bundle. */
  async resume(): Promise<void> {
    await this.readFacts()
    // It has just ended in this tab: who logged in in another one is not shown here unasked.
    this.ended = history.state === true
    history.replaceState(null, '')
    const kept = this.ended ? null : await recall<Kept>('session')
    try {
      const me = kept && (await network.me())
      if (me && kept.user === me.user_id && !kept.bundle) return this.enterAsOperator(me, kept.email)
      if (me && kept.user === me.user_id) {
        this.bundle = kept.bundle
        await this.enterAsMember(me, kept.email)
        return
      }
    } catch (error) {
      if (error instanceof Unreachable) this.failure = 'unreachable'
      if (error instanceof SessionEnded) this.ended = true
    }
    this.stage = 'out'
  }

  async readFacts(): Promise<void> {
    try {
      this.facts = await network.facts()
    } catch {
      this.facts = null
    }
  }

  /** The facts, once they are found to be those that this device has pinned. Throws KeysChanged. */
  async readPinnedFacts(): Promise<NetworkFacts> {
    await this.#pin(this.me!.firm_id!)
    return this.facts!
  }

  /** `second`: a code, or what signs a passkey's question. False when it did not work; `failure` says why. */
  async logIn(email: string, password: string, accountKey: Bytes | null, second: string | ((options: unknown) => Promise<unknown>) = ''): Promise<boolean> {
    this.stage = 'entering'
    this.failure = null
    this.ended = false
    try {
      const salt = fromBase64((await network.salt(email)).kdf_salt)
      const key = accountKey ?? new Uint8Array(ACCOUNT_KEY_BYTES)
      const derived = await deriveAside(password, key, salt)
      const authKey = toBase64(derived.authKey)
      const shown = typeof second === 'string' ? { code: second } : { passkey: await second(await network.passkeyOptions(email, authKey)) }
      const answer = await network.logIn(email, authKey, shown)
      tabs().postMessage(answer.user_id)
      if (accountKey) await keep(`account-key:${email.toLowerCase()}`, toBase64(accountKey))
      const me = await network.me()
      await this.readFacts()
      if (answer.role === 'operator' || !answer.firm_id) {
        await keep('session', { email, user: answer.user_id, bundle: null } satisfies Kept)
        this.enterAsOperator(me, email)
        return true
      }
      if (!answer.wrapped_bundle) throw new NotOpened('no bundle')
      const opened = await open(derived.wrappingKey, fromBase64(answer.wrapped_bundle), bundleName(email))
      this.bundle = JSON.parse(fromUtf8(opened)) as Bundle
      await keep('session', { email, user: answer.user_id, bundle: this.bundle } satisfies Kept)
      await this.enterAsMember(me, email, password)
      return true
    } catch (error) {
      this.stage = 'out'
      this.failure = whatFailed(error)
      return false
    }
  }

  async logInByLink(link: DemoLink): Promise<boolean> {
    return this.logIn(link.email, link.password, readAccountKey(link.account_key ?? ''))
  }

  private enterAsOperator(me: Me, email: string): void {
    this.me = me
    this.email = email
    this.stage = 'operator'
  }

  private async enterAsMember(me: Me, email: string, password = ''): Promise<void> {
    this.me = me
    this.email = email
    this.stage = 'member'
    await this.refresh(password)
    if (this.me !== me) return
    setTimeout(() => void this.#followKeys(me, password).catch(() => {}), AFTER_FIRST_SCREEN_MS)
    this.#line = listen(
      (frame) => this.#hear(frame),
      (state) => this.#hearLine(state),
      () => void this.refresh(),
    )
    if (me.role !== 'sales' && me.role !== 'auditor') setTimeout(() => void import('./alerts/unseen.svelte.ts').then(({ watchUnseen }) => watchUnseen()).catch(() => {}), AFTER_FIRST_SCREEN_MS)
    const talks = me.role === 'administrator' || me.role === 'credit_manager'
    if (talks && this.bundle?.role_keys.conversations) setTimeout(() => void import('./chat/unread.ts').then(({ watchUnread }) => watchUnread()).catch(() => {}), AFTER_FIRST_SCREEN_MS)
  }

  /** Her keys as they are wrapped from now on. */
  async keepBundle(me: Me | null, bundle: Bundle): Promise<void> {
    if (!me || this.me !== me) return
    this.bundle = bundle
    await keep('session', { email: this.email, user: me.user_id!, bundle } satisfies Kept)
  }

  /** Role keys that were rolled since, and whether there were any. With the password they are wrapped for her other devices too. */
  async takeUpKeys(password = ''): Promise<boolean> {
    const { me, bundle } = this
    if (!me?.firm_id || !bundle || !(bundle.root_seed || bundle.subject_seed)) return false
    const newer = await (await import('./settings/taking_up.ts')).takeUp(me.firm_id, me.user_id!, bundle)
    if (!newer || this.me !== me) return false
    await this.keepBundle(me, newer)
    if (password) await (await import('./settings/secrets.ts')).wrapAgain(password, password)
    return true
  }

  async #followKeys(me: Me, password: string): Promise<void> {
    const { bundle } = this
    if (this.me !== me) return
    // Finds rights that were renewed, and says whose the device is where the network does not know.
    if (me.firm_id && bundle?.device_seed) {
      const device = await (await import('./keys/device.ts')).deviceOf(me.firm_id, me.user_id!, bundle)
      if (this.me !== me) return
      if (device && toBase64(device.delegation) !== bundle.delegation) {
        this.renewed = toBase64(device.delegation)
        await this.keepBundle(me, { ...bundle, delegation: this.renewed })
      }
    }
    if (this.me === me && (await this.takeUpKeys(password))) await this.refresh()
  }

  /** Reads book, releases and alerts again. Of readings that overlap, what a later one has shown stays. */
  async refresh(password = ''): Promise<void> {
    const me = this.me
    if (!me) return
    const turn = ++this.#turn
    const told = this.#seen + this.newAlerts
    this.loading = true
    try {
      const read = await this.opened(() => this.#read(me), password)
      if (!read || turn < this.#shown) return
      this.#shown = turn
      this.book = read.book
      this.portfolio = read.portfolio
      this.failure = null
      // More may have come meanwhile.
      this.newAlerts += this.#seen - told
      this.#seen = told
      if ((this.newRelease ?? 0) <= read.newest) this.newRelease = null
    } catch (error) {
      if (turn < this.#shown) return
      if (error instanceof SessionEnded) await this.end()
      else this.failure = whatFailed(error)
    } finally {
      if (turn === this.#turn) this.loading = false
    }
  }

  /** What does not open may have been sealed under keys that came since. */
  async opened<T>(read: () => Promise<T>, password = ''): Promise<T> {
    const { me } = this
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof NotOpened) || this.me !== me || !(await this.takeUpKeys(password))) throw error
      return read()
    }
  }

  /** Null: the session has ended meanwhile. */
  async #read(me: Me): Promise<Read | null> {
    const firm = me.firm_id!
    const keys = this.bundle!.role_keys
    await this.#pin(firm)
    // Sales is served names and lights: neither cells nor alerts. The auditor is served no client at all.
    const { role } = me
    const figures = role !== 'sales' && role !== 'auditor'
    const [book, manifests, alerts] = await Promise.all([
      role === 'auditor' ? { head: null, headBytes: null, clients: [], sent: new Map() } : readBook(firm, { names: keysOf(keys, 'names'), ledger: keysOf(keys, 'ledger') }),
      this.#verify(firm),
      figures ? (network.alerts() as Promise<AlertFacts[]>) : [],
    ])
    if (this.me !== me) return null
    const newest = readMonth([...manifests.keys()].at(-1) ?? '') ?? 0
    if (!figures) return { book, portfolio: assemble(book, { cells: [], alerts: [] }), newest }
    const withdrawn = withdrawnMonths(manifests)
    const months = [...manifests.keys()].filter((month) => !withdrawn.has(month)).slice(-RELEASES_MAX)
    const cells = await Promise.all(months.map(readCells))
    for (const one of cells) if (one && !agrees(one, manifests.get(one.month))) throw new ReleaseForged(one.month)
    await this.#prove(manifests, cells.findLast((one) => one !== null))
    return { book, portfolio: assemble(book, { cells: cells.filter((one) => one !== null), alerts }), newest }
  }

  /** The chain goes on from the one that this device had verified before it asked, and is kept: another tab may keep more meanwhile. */
  async #verify(firm: string): Promise<Map<string, Manifest>> {
    const place = `manifests:${firm}`
    const kept = (await recall<KeptManifest[]>(place)) ?? []
    const releases = await network.releases()
    const found = await verifyChain(releases, this.facts!.release_key, kept)
    const chain = releases.toSorted((left, right) => left.month.localeCompare(right.month))
    if (chain.length > kept.length) await keep(place, chain.map(({ header, signature }) => ({ manifest: header, signature })))
    return found
  }

  /** The newest month's figures are looked up in its manifest, quietly and once; the screen Verification does all months. */
  async #prove(manifests: ReadonlyMap<string, Manifest>, cells: CellsAnswer | null | undefined): Promise<void> {
    const manifest = cells && manifests.get(cells.month)
    if (!manifest || this.#proven === manifest.cells.root) return
    const faults = checkCells(manifest, cells, await network.proveCells(cells.month))
    if (faults.some((one) => one.grave)) throw new ReleaseForged(cells.month)
    this.#proven = manifest.cells.root
  }

  /** The keys that this device saw first are the ones it goes on believing. */
  async #pin(firm: string): Promise<void> {
    const pinned = await recall<Pins>(`pins:${firm}`)
    const facts = await network.facts()
    const pins = pinned?.roster ? await followHolders(pinned, facts) : await pinsOf(facts)
    if (pinned && !samePins(pinned, facts)) throw new KeysChanged()
    if (pins.roster !== pinned?.roster) await keep(`pins:${firm}`, pins)
    this.facts = facts
  }

  /** Every frame of the live feed, until the returned function is called or the session ends. */
  hear(listener: (frame: LiveFrame) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** False: there is no connection now. */
  send(frame: unknown): boolean {
    return this.#line?.send(frame) ?? false
  }

  /** After a gap the feed says nothing of what was told meanwhile: what is newest is asked for. */
  #hearLine(state: LiveState): void {
    if (state === 'open' && this.#heard) void this.#askNewest().catch(() => {})
    this.#heard ||= state === 'open'
    this.live = state
  }

  async #askNewest(): Promise<void> {
    const { latest_release } = await network.facts()
    const newest = latest_release ? readMonth(latest_release) : null
    if (newest !== null && newest > (this.portfolio?.latestRelease ?? 0)) this.newRelease = newest
    if (this.me?.role !== 'sales' && this.me?.role !== 'auditor') await import('./alerts/work.svelte.ts').then(({ work }) => work.load())
  }

  #hear(frame: LiveFrame): void {
    for (const listener of this.#listeners) listener(frame)
    if (frame.type === 'alert') this.newAlerts += Number(frame['count']) - Number(frame['info'] ?? 0)
    if (frame.type === 'alert-life') void import('./alerts/work.svelte.ts').then(({ work }) => work.load()).catch(() => {})
    if (frame.type === 'release' && frame.month) this.newRelease = readMonth(frame.month)
  }

  /** The server no longer knows the session, or `user` has the cookie of all tabs now: she logged in in another one. */
  async end(user = ''): Promise<void> {
    if (!this.me || this.me.user_id === user) return
    this.#close(true)
    if (!user) await forget('session')
    location.reload()
  }

  async logOut(): Promise<void> {
    this.#close(false)
    // Gone on this side whatever the server says.
    await Promise.all([forget('session'), network.logOut().catch(() => {})])
    tabs().postMessage('')
    location.reload()
  }

  /** Nothing of hers stays in this tab: a reload follows, which says whether the session `ended` by itself. */
  #close(ended: boolean): void {
    this.#line?.stop()
    this.me = null
    this.stage = 'starting'
    history.replaceState(ended, '')
  }
}

/** What this browser's tabs say to each other: who is logged in from now on; '' nobody. */
export const tabs = (): BroadcastChannel => new BroadcastChannel('vigie')

/** A month out of sight is a hole in the chart, not a failure. */
async function readCells(month: string): Promise<CellsAnswer | null> {
  try {
    return await network.cells(month)
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    throw error
  }
}

export function whatFailed(error: unknown): Failure {
  if (error instanceof Unreachable) return 'unreachable'
  if (error instanceof BookTampered) return 'tampered'
  if (error instanceof ReleaseForged) return 'forged'
  if (error instanceof HistoryRewritten) return 'rewritten'
  if (error instanceof KeysChanged) return 'keys'
  if (error instanceof Rekeyed) return 'rekeyed'
  if (error instanceof RosterRefused) return error.code === 'threshold' ? 'threshold' : 'roster'
  if (error instanceof NotOpened) return error.message.startsWith('vigie/book') ? 'notOpened' : 'bundle'
  if (error instanceof Refused && (['second-factor', 'second-factor-wrong', 'not-found'].includes(error.code))) return { text: error.message, code: error.code }
  if (error instanceof Refused) return error.status === 401 || error.status === 403 ? 'wrong' : { text: error.message }
  return { text: error instanceof Error ? error.message : String(error) }
}

/** The demo's log-in in the link's fragment; erased from the address and the history as soon as it is read. */
export function takeDemoLink(): DemoLink | 'broken' | null {
  const match = /^#demo=(.*)$/.exec(location.hash)
  if (!match) return null
  history.replaceState(null, '', location.pathname + location.search)
  try {
    return JSON.parse(fromUtf8(fromBase64Url(match[1]!))) as DemoLink
  } catch {
    return 'broken'
  }
}

export const session = new Session()
