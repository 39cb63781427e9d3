/** A conversation of the page under node, with a peer, a network and a device's storage that a test moves step by step. */
import './runes.ts'
import { bytesToUuid, concat, fromBase64, random, toBase64, type Bytes } from '../src/bytes.ts'
import type { Content } from '../src/chat/contents.ts'
import { messageId } from '../src/chat/envelope.ts'
import { PrivateKeys, X25519_AES256 } from '../src/chat/keys.ts'
import { ANSWERER, CALLER, makeAnswer, makeCall, makeOpening } from '../src/chat/records.ts'
import { granted } from '../src/chat/refusals.ts'
import { Session } from '../src/chat/session.ts'
import { sideName } from '../src/chat/state.ts'
import { makeSuccession } from '../src/chat/succession.ts'
import type { Ground, Talk as OneTalk } from '../src/chat/talk.svelte.ts'
import { seal } from '../src/keys/seal.ts'
import type { TalkFacts } from '../src/network/talks.ts'

// After the runes.
export const { Talk } = await import('../src/chat/talk.svelte.ts')
export const { Shared } = await import('../src/chat/shared.svelte.ts')

export const FIRM = 'firm'
export const KEY = new Uint8Array(32).fill(1)
/** What the firm's key is rolled to. */
export const ROLLED = new Uint8Array(32).fill(2)
const AT = '2026-11-27T10:00:00Z'

export type Frame = Record<string, unknown>

/** IndexedDB as far as the vault uses it; what one device keeps. */
export class Device {
  readonly kept = new Map<string, unknown>()
  /** The browser forbids storage. */
  forbids = false

  /** The tests that follow run on this one. */
  use(): this {
    const store = {
      get: (name: string) => answered(this.kept.get(name)),
      put: (value: unknown, name: string) => answered(this.kept.set(name, value) && name),
      delete: (name: string) => answered(this.kept.delete(name)),
    }
    const database = { transaction: () => ({ objectStore: () => store }), close: () => {} }
    const open = (): unknown => {
      if (this.forbids) throw new Error('no storage')
      return answered(database)
    }
    Object.assign(globalThis, { indexedDB: { open } })
    return this
  }
}

function answered(result: unknown): unknown {
  const request: { result: unknown; onsuccess?: () => void } = { result }
  queueMicrotask(() => request.onsuccess?.())
  return request
}

type Answer = (path: string, init: RequestInit) => unknown

/** The firm's states as the network keeps them. */
export class States {
  version = 0
  sealed = ''
  readonly id: string

  constructor(id: string) {
    this.id = id
  }

  answer(path: string, init: RequestInit): unknown {
    if (path.endsWith('/conversation-states')) return this.version ? [{ conversation: this.id, version: this.version, sealed: this.sealed }] : []
    const { replaces, sealed } = JSON.parse(init.body as string) as { replaces: number; sealed: string }
    if (replaces !== this.version) return problem(409, 'state-moved')
    this.version += 1
    this.sealed = sealed
    return { version: this.version }
  }
}

export const problem = (status: number, code: string): Response => new Response(JSON.stringify({ type: `urn:vigie:${code}`, title: code }), { status })
export const away = (): Response => new Response('', { status: 503 })

/** Every request is answered by this. */
export function network(answer: Answer): void {
  globalThis.fetch = async (path, init) => {
    const found = await answer(String(path), init ?? {})
    return found instanceof Response ? found : new Response(JSON.stringify(found))
  }
}

/** The caller's side is the page's. */
export class World {
  readonly facts: () => TalkFacts
  readonly id: string
  readonly peer: Session
  readonly states: States
  readonly messages: Bytes[] = []
  /** What the page has sent on the line. */
  readonly sent: Frame[] = []
  today = '2026-11-27'
  /** How many epochs the page has made. */
  made = 0
  /** Asked before a request is answered; undefined: answered as usual. */
  instead: Answer = () => undefined
  readonly talk: OneTalk
  readonly #own: PrivateKeys
  readonly #epochs: { record: string; made_on: string }[]
  readonly #facts: Omit<TalkFacts, 'epochs' | 'counter'>

  constructor(own: PrivateKeys, peer: Session, epochs: { record: string; made_on: string }[], facts: Omit<TalkFacts, 'epochs' | 'counter'>) {
    const { id } = facts
    this.id = id
    this.peer = peer
    this.#own = own
    this.#facts = facts
    this.#epochs = epochs
    this.states = new States(id)
    this.facts = () => ({ ...facts, epochs: [...epochs], counter: this.messages.length })
    network(async (path, init) => (await this.instead(path, init)) ?? this.#answer(path, init))
    this.talk = this.opened()
  }

  static async begun(): Promise<World> {
    const seed = random(32)
    const call = makeCall(seed, { suite: X25519_AES256, id: random(16), pseudonym: random(32), reason: 1, raisedOn: 20_000 })
    const [theirs, own] = [PrivateKeys.fresh(X25519_AES256), PrivateKeys.fresh(X25519_AES256)]
    const answer = await makeAnswer(theirs, call)
    const link = await makeOpening(seed, own, call, answer)
    const peer = await Session.of(link, ANSWERER, theirs)
    const epoch = granted(await (await Session.of(link, CALLER, own)).beginEpoch())
    granted(await peer.adopt(epoch.record))
    const id = bytesToUuid(answer.conversation)
    return new World(own, peer, [{ record: toBase64(epoch.record), made_on: '2026-11-20' }], {
      id,
      side: CALLER,
      call: toBase64(call.record),
      answer: toBase64(answer.record),
      opening: toBase64(link.opening),
      successions: [],
      secret: toBase64(await seal(KEY, own.toBytes(), sideName(FIRM, id))),
      started_on: '2026-11-20',
      shown_within_seconds: 0,
    })
  }

  async #answer(path: string, init: RequestInit): Promise<unknown> {
    if (path.includes('/messages?')) {
      const from = Math.max(Number(/after=(-?\d+)/.exec(path)![1]), 0)
      const page = this.messages.slice(from, from + 200).map((one, at) => ({ counter: from + at + 1, record: toBase64(one), received_at: AT }))
      return { counter: this.messages.length, messages: page }
    }
    if (path.endsWith('/epochs')) {
      this.made += 1
      await this.#begin((JSON.parse(init.body as string) as { record: string }).record)
      return {}
    }
    if (path.startsWith('/api/calls')) return { raised: [], received: [] }
    if (path.startsWith('/api/conversations?')) return [this.facts()]
    if (path.endsWith('/keeping')) return { months: 12, own_months: 12, peer_months: 12, held: false, silenced: false, silent: false }
    return path.endsWith('/conversation-states') || path.endsWith('/state') ? this.states.answer(path, init) : this.facts()
  }

  async #begin(record: string): Promise<void> {
    this.#epochs.push({ record, made_on: this.today })
    granted(await this.peer.adopt(fromBase64(record)))
  }

  /** The same conversation on a page that has just been opened. */
  opened(user = 'user'): OneTalk {
    const ground: Ground = {
      firm: { id: FIRM, keys: [KEY] },
      user,
      today: () => '2026-11-27',
      send: (frame) => this.sent.push(frame as Frame) > 0,
      keeps: Promise.resolve(true),
      ended: () => {},
      locked: () => Promise.resolve(false),
      changed: () => {},
      own: () => Promise.resolve(null),
      holders: () => Promise.resolve([]),
    }
    return new Talk(this.facts(), ground)
  }

  /** The peer has made an epoch. */
  async theirEpoch(): Promise<Frame> {
    await this.#begin(toBase64(granted(await this.peer.beginEpoch()).record))
    return { type: 'epoch', conversation: this.id }
  }

  /** Whoever removes somebody rolls the firm's key; this side's own keys are anew under it, and the peer writes to them. */
  async roll(): Promise<Frame> {
    const fresh = PrivateKeys.fresh(X25519_AES256)
    const { record } = await makeSuccession(this.#own, fresh, this.peer.link, CALLER)
    this.#facts.successions.push({ record: toBase64(record), after: this.#epochs.length })
    this.#facts.secret = toBase64(await seal(ROLLED, concat(this.#own.toBytes(), fresh.toBytes()), sideName(FIRM, this.id)))
    granted(await this.peer.turn(record))
    return this.theirEpoch()
  }

  async theySay(content: Content): Promise<Frame> {
    const record = granted(await this.peer.seal(content))
    await this.peer.receive(record)
    this.messages.push(record)
    return { type: 'message', conversation: this.id, envelope: toBase64(record), received_at: AT }
  }

  get appends(): Frame[] {
    return this.sent.filter((one) => one['type'] === 'append')
  }

  /** Stores what the page has sent last. */
  async stored(): Promise<Frame> {
    const record = fromBase64(this.appends.at(-1)!['envelope'] as string)
    this.messages.push(record)
    await this.peer.receive(record)
    return { type: 'ack', conversation: this.id, id: toBase64(messageId(record)), received_at: AT }
  }
}

export const said = (text: string): Content => ({ kind: 'text', text, sent_at: 0 })

/** Nothing is waited for but what is under way: timers stand still where a test has mocked them. */
export async function until(holds: () => unknown): Promise<void> {
  for (const end = performance.now() + 5_000; !(await holds()); ) {
    if (performance.now() > end) throw new Error('not in time')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
