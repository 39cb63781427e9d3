/** The firm's calls and conversations as this page holds them: read once, kept up by the live feed. */

import { fromBase64, fromHex, toHex, uuidToBytes, type Bytes } from '../bytes.ts'
import { deviceOf } from '../keys/device.ts'
import { readDelegation, rootOf, SCOPE } from '../keys/delegation.ts'
import { NotOpened } from '../keys/seal.ts'
import type { LiveFrame } from '../network/live.ts'
import { holderAddress } from '../network/holder_address.ts'
import { Refused, SessionEnded, Unreachable } from '../network/requests.ts'
import { readRoster } from '../network/roster.ts'
import type { Pins } from '../network/releases.ts'
import { talks, type TalkFacts } from '../network/talks.ts'
import { place } from '../route.svelte.ts'
import { counts } from '../screens/counts.svelte.ts'
import type { Bundle } from '../keys/bundle.ts'
import { session } from '../session.svelte.ts'
import { recall } from '../vault.ts'
import { answerCall, openAnswers, raiseCall, readCalls, verified, type Firm, type LeftOut, type RaisedCall, type ReceivedCall } from './conversing.ts'
import { forgetGone } from './gone.ts'
import type { Suite } from './keys.ts'
import type { Reason } from './records.ts'
import { TalkRefused, type Refusal } from './refusals.ts'
import type { Own } from './reveal.ts'
import { conversationKeys } from './state.ts'
import { Talk, type Ground } from './talk.svelte.ts'
import { leaveUnread } from './unread.ts'
import { wentWrong } from './went_wrong.ts'

type Phase = 'closed' | 'loading' | 'ready' | 'failed'

class Desk {
  phase = $state<Phase>('closed')
  /** What went wrong while reading the lists: 'unreachable', or words. */
  fault = $state('')
  raised = $state.raw<readonly RaisedCall[]>([])
  received = $state.raw<readonly ReceivedCall[]>([])
  talks = $state.raw<readonly Talk[]>([])
  /** What could not be listed or opened, and why: never more than itself. */
  leftOut = $state.raw<ReadonlyMap<string, Refusal>>(new Map())
  /** The log-in that the lists are of. */
  #bundle: Bundle | null = null
  #stop: (() => void) | null = null
  #loading: Promise<void> | null = null
  #renewing: Promise<boolean> | null = null
  /** Something happened while the lists were being read. */
  #stale = false
  /** Whether this tab keeps what is not sent yet: two tabs would say it twice. */
  #keeper: Promise<boolean> = Promise.resolve(false)

  /** This role takes part in conversations. */
  get theirRole(): boolean {
    const role = session.me?.role
    return role === 'administrator' || role === 'credit_manager'
  }

  /** And this account holds the key that opens them. */
  get allowed(): boolean {
    return this.theirRole && Boolean(session.bundle?.role_keys.conversations)
  }

  get firm(): Firm {
    return { id: session.me!.firm_id!, keys: conversationKeys(session.bundle!) as [Bytes, ...Bytes[]] }
  }

  /** Reads the lists and begins to listen; once for each log-in. */
  start(): void {
    if (!this.allowed || (this.#bundle === session.bundle && this.#stop)) return
    leaveUnread()
    this.#reset()
    this.#bundle = session.bundle
    this.phase = 'loading'
    this.#keeper = holdAlone(`vigie-talk:${session.me!.user_id}`)
    this.#stop = session.hear((frame) => this.#hear(frame))
    void this.load()
  }

  #reset(): void {
    this.#stop?.()
    this.#stop = null
    for (const one of this.talks) one.stop()
    this.talks = []
    this.raised = []
    this.received = []
  }

  /** Calls, conversations and what was read of them, again. */
  load(): Promise<void> {
    this.#stale = this.#loading !== null
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null
      if (this.#stale) void this.load()
    })
    return this.#loading
  }

  async #load(): Promise<void> {
    // Whatever comes after the log-out, or of the keys before, is not for who is here by then.
    const [bundle, me] = [this.#bundle, session.me]
    const over = (): boolean => this.#bundle !== bundle || session.me !== me
    try {
      const leftOut: LeftOut = new Map()
      let locked = await this.#readCalls(leftOut, over)
      const facts = await talks.list()
      if (over()) return
      const known = new Map(this.talks.map((one) => [one.id, one]))
      this.talks = facts.flatMap((one) => verified(one.id, leftOut, this.#talk(one, known.get(one.id))))
      for (const one of known.values()) if (!this.talks.includes(one)) one.stop()
      this.leftOut = leftOut
      locked = (await this.#readStates()) || locked
      if (over()) return
      this.phase = 'ready'
      this.fault = ''
      const byId = new Map(facts.map((one) => [one.id, one]))
      // The one that is looked at comes first.
      const order = this.talks.toSorted((left, right) => Number(right.id === place.route.argument) - Number(left.id === place.route.argument))
      for (const one of order) {
        locked = (await one.load(byId.get(one.id)!)) || locked
        if (over()) return
      }
      this.#count()
      await this.#forgetGone(facts)
      if (locked) await this.#renew()
    } catch (error) {
      if (over()) return
      if (error instanceof SessionEnded) return session.end()
      if (this.phase !== 'ready') this.phase = 'failed'
      this.fault = error instanceof Unreachable ? 'unreachable' : wentWrong(error)
    }
  }

  async #forgetGone(facts: readonly TalkFacts[]): Promise<void> {
    if (!session.me) return // logged out meanwhile
    const last = new Map(this.talks.map((one) => [one.id, one.lastAt]))
    const listed = Object.fromEntries(facts.map((one) => [one.id, last.get(one.id) || one.started_on]))
    await forgetGone(session.me.firm_id!, session.me.user_id!, listed)
  }

  /** Each by itself; whether a key is wanting. */
  async #readStates(): Promise<boolean> {
    let locked = false
    for (const { conversation, version, sealed } of await talks.states()) {
      try {
        await this.talks.find((one) => one.id === conversation)?.applyState(version, sealed)
      } catch (error) {
        if (!(error instanceof NotOpened)) throw error
        locked = true
      }
    }
    return locked
  }

  /** Keys were rolled since the lists were begun: whether there are newer ones, under which all is read anew. */
  #renew(): Promise<boolean> {
    this.#renewing ??= this.#takeUpKeys().finally(() => (this.#renewing = null))
    return this.#renewing
  }

  async #takeUpKeys(): Promise<boolean> {
    // Another screen may have taken them up meanwhile.
    if (session.bundle === this.#bundle) {
      await session.takeUpKeys().catch((error: unknown) => {
        if (error instanceof Unreachable || error instanceof SessionEnded) throw error
      })
    }
    if (session.bundle === this.#bundle) return false
    this.start()
    return true
  }

  #talk(facts: TalkFacts, known: Talk | undefined): Talk | Refusal {
    if (known && known.waiting === (facts.opening === null)) {
      known.shownWithin = facts.shown_within_seconds
      return known
    }
    try {
      return new Talk(facts, this.#ground())
    } catch (error) {
      if (error instanceof TalkRefused) return error.refusal
      throw error
    }
  }

  /** Whether a key is wanting. */
  async #readCalls(leftOut: LeftOut, over: () => boolean): Promise<boolean> {
    const { raised, received } = readCalls(await talks.calls(), leftOut)
    if (over()) return false
    this.raised = raised
    this.received = received
    const { any, locked } = await openAnswers(this.firm, raised, leftOut)
    const after = any ? readCalls(await talks.calls(), new Map()).raised : raised
    if (over()) return false
    this.raised = after
    this.#count()
    return locked
  }

  #ground(): Ground {
    const { me } = session
    const here = (): boolean => session.me === me
    return {
      firm: this.firm,
      user: session.me!.user_id!,
      keeps: this.#keeper,
      today: () => session.facts?.today ?? '',
      send: (frame) => here() && session.send(frame),
      own: ownOf,
      holders: holdersOf,
      ended: () => void (here() && session.end()),
      locked: async () => here() && this.#renew(),
      changed: () => here() && this.#count(),
    }
  }

  #count(): void {
    counts['conversations'] = this.received.length + this.talks.filter((one) => one.unread > 0).length
  }

  #hear(frame: LiveFrame): void {
    switch (frame.type) {
      case 'welcome':
        void this.load().then(() => Promise.all(this.talks.map((one) => one.takeUp())))
        break
      case 'call':
      case 'answer':
      case 'opened':
      case 'gone':
        void this.load()
        break
      case 'state':
        void this.#readStates()
          .then((locked) => locked && this.#renew())
          .catch(() => {})
        break
      default: {
        const talk = this.talks.find((one) => one.id === frame['conversation'])
        if (talk) void talk.hear(frame)
        else if (frame.type === 'message') void this.load()
      }
    }
  }

  async raise(pseudonym: Bytes, reason: Reason, suite: Suite): Promise<void> {
    // A page that stays open must not date a call by the day on which it was opened.
    const { today } = await session.readPinnedFacts()
    await raiseCall(this.firm, pseudonym, reason, today, suite)
    await this.load()
  }

  /** The conversation that the answer begins. */
  async answer(call: ReceivedCall): Promise<string> {
    try {
      return await answerCall(this.firm, call)
    } finally {
      await this.load() // refused: it may have gone since the list was read
    }
  }

  async decline(call: ReceivedCall): Promise<void> {
    await talks.decline(call.id)
    await this.load()
  }

  async close(call: RaisedCall): Promise<void> {
    await talks.close(call.id)
    await this.load()
  }
}

const held = new Set<string>()

/** True in the one tab of this browser that has asked first, as long as it is open. */
async function holdAlone(name: string): Promise<boolean> {
  if (!navigator.locks || held.has(name)) return true
  const alone = await new Promise<boolean>((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise<void>(() => {})
    })
  })
  if (alone) held.add(name)
  return alone
}

/** A client's own row in the portfolio; undefined where the book does not name it. */
export function clientOf(pseudonym: Bytes): { id: number; name: string } | undefined {
  const portfolio = session.portfolio
  const row = portfolio?.rowOf.get(toHex(pseudonym))
  return row === undefined ? undefined : portfolio!.clients[row]
}

/** What this device says of its firm: where the firm's root key lets it reveal. */
async function ownOf(): Promise<Own | null> {
  const { me, bundle } = session
  if (!me?.firm_id || !me.firm_name || !bundle) return null
  const root = rootOf(bundle)
  const device = root && (await deviceOf(me.firm_id, me.user_id!, bundle))
  const granted = device && readDelegation(device.delegation, root, uuidToBytes(me.firm_id))
  if (!granted || !(granted.scopes & SCOPE.reveal)) return null
  const vouchings = await Promise.all(
    (await rosterOf(me.firm_id)).map(async ({ key, ...holder }) => {
      try {
        const { signature } = await talks.vouching(holderAddress(holder), me.firm_id!)
        return [{ holder: fromHex(key), signature: fromBase64(signature) }]
      } catch (error) {
        // A holder that is away vouches for nobody.
        if (error instanceof Unreachable || error instanceof Refused) return []
        throw error
      }
    }),
  )
  const { seed, delegation } = device
  return { device: seed, delegation, firm: uuidToBytes(me.firm_id), root, name: me.firm_name, vouchings: vouchings.flat() }
}

async function rosterOf(firm: string): Promise<{ number: number; key: string; url: string }[]> {
  const pins = await recall<Pins>(`pins:${firm}`)
  const body = pins?.roster ?? session.facts?.rosters.at(-1)?.body
  return body ? readRoster(fromBase64(body)).holders : []
}

const holdersOf = async (): Promise<Bytes[]> => (await rosterOf(session.me!.firm_id!)).map(({ key }) => fromHex(key))

export const desk = new Desk()
