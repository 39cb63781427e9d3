/**
 * One conversation on this device: read from its first message, followed on the line, written to through an outbox
 * that survives a closed page. What happens to it happens one thing after another.
 */

import { fromBase64, fromHex, toBase64, toHex, type Bytes } from '../bytes.ts'
import { Refused, SessionEnded, Unreachable } from '../network/requests.ts'
import { talks, type KeepingFacts, type TalkFacts } from '../network/talks.ts'
import { NotOpened } from '../keys/seal.ts'
import { keep, recall } from '../vault.ts'
import { fits, type Content, type FileSaid, type Withdraw } from './contents.ts'
import { adoptNew, renewEpoch, sessionOf, settingOf, wantsEpoch, type Firm, type Setting } from './conversing.ts'
import { History, type Pinned, type Stored } from './history.ts'
import { KeptOutbox } from './kept_outbox.ts'
import { mark } from './keys.ts'
import { cursorPlace, filePlace, outboxPlace } from './places.ts'
import { Presence } from './presence.svelte.ts'
import { other, type Side } from './records.ts'
import { granted, Refusal, TalkRefused, type Code } from './refusals.ts'
import type { Revealed } from './reveal.ts'
import { Seen, type Received, type Session } from './session.ts'
import { sealSignal, type Signal } from './signals.ts'
import { Shared } from './shared.svelte.ts'
import { mayDecline, stageOf, Thread, type Entry, type Event, type Stage } from './thread.ts'
import type { FileSending } from './sending.svelte.ts'
import type { Turn } from './succession.ts'
import { Unveiling, type Sayer } from './unveiling.ts'

const AGAIN_MS = 300
/** The network was away in the midst of something: asked again after this, then after twice as long each time. */
const [AWAY_MS, AWAY_MOST_MS] = [5_000, 60_000]

/** What a conversation needs of the device that it is on. */
export interface Ground extends Sayer {
  firm: Firm
  user: string
  /** The network's business date. */
  today: () => string
  /** False: there is no connection now. */
  send: (frame: unknown) => boolean
  /** Whether this tab keeps what is not sent yet. */
  keeps: Promise<boolean>
  /** The network no longer knows the session. */
  ended: () => void
  /** Keys were rolled: whether all is read anew, under newer ones. */
  locked: () => Promise<boolean>
  /** Something that the list shows has changed. */
  changed: () => void
}

const now = (): number => Math.floor(Date.now() / 1000)

/** Up to where an own message tells that it was read: whoever writes has seen what is above, and a receipt names it. What goes by itself, from a page that nobody looks at, tells nothing. */
function readWith({ counter, content }: Received): number {
  if (content instanceof Refusal) return 0
  if (content?.kind === 'read') return content.through
  return content === null || ['text', 'file', 'edit', 'withdraw'].includes(content.kind) ? counter : 0
}

export class Talk {
  readonly id: string
  readonly side: Side
  readonly setting: Setting
  readonly startedOn: string
  /** The caller has not opened it yet. */
  readonly waiting: boolean
  /** Seconds within which the other side sees that it is open; 0: it does. */
  shownWithin = $state(0)
  readonly peerMark: string | null
  readonly ownMark: string | null
  session: Session | null = null
  thread = new Thread()

  ready = $state(false)
  entries = $state.raw<readonly Entry[]>([])
  events = $state.raw<readonly Event[]>([])
  stage = $state<Stage>('hidden')
  offeredBy = $state.raw<readonly Side[]>([])
  peer = $state.raw<Revealed | Refusal | null>(null)
  /** The root key that this side showed, once the reveal is pinned. */
  ownRoot = $state.raw<Bytes | null>(null)
  /** A decline of this side would void the reveal as it stands. */
  mayDecline = $state(false)
  /** This side has committed to what none of the firm's devices keeps. */
  lost = $state(false)
  /** What is said here and not known to be stored. */
  pending = $state.raw<readonly Content[]>([])
  /** Files and withdrawals that were not sent, since the other side has shut this one up. */
  unsaid = $state.raw<readonly (FileSaid | Withdraw)[]>([])
  /** What the network would not do just now; it goes on. */
  fault = $state('')
  /** The newest epoch does not open here: what the other side says in it stays unread. The next own message makes another. */
  shutOut = $state(false)
  /** It cannot go on, and why. */
  broken = $state.raw<Refusal | null>(null)
  peerRead = $state(0)
  keeping = $state.raw<KeepingFacts | null>(null)
  /** The other side has changed its wish since the conversation was opened here. */
  keepingChanged = $state(false)
  readonly presence = new Presence()
  /** When the newest message came, as the network says. */
  lastAt = $state('')
  /** A file on its way from here, whichever screen is looked at. */
  sending = $state.raw<FileSending | null>(null)

  readonly shared: Shared
  readonly #ground: Ground
  #outbox: KeptOutbox | null = null
  #unveiling: Unveiling | null = null
  #history: History
  /** Up to where this page has told the other side that it was read: once, whatever becomes of it. */
  #receipted = 0
  /** The day on which the newest epoch was made. */
  #madeOn = ''
  #chain: Promise<unknown> = Promise.resolve()
  #sentOn: Bytes | null = null
  #again: ReturnType<typeof setTimeout> | undefined
  #away: ReturnType<typeof setTimeout> | undefined
  #awayMs = AWAY_MS
  #stopped = false

  constructor(facts: TalkFacts, ground: Ground) {
    this.id = facts.id
    this.side = facts.side as Side
    this.setting = settingOf(facts)
    this.startedOn = facts.started_on
    this.waiting = this.setting.link === null
    this.shownWithin = facts.shown_within_seconds
    const { link } = this.setting
    this.peerMark = link && mark(link.keys[other(this.side)].signing)
    this.ownMark = link && mark(link.keys[this.side].signing)
    this.#ground = ground
    this.#history = new History(this.id)
    this.shared = new Shared(this.id, ground.firm, ground.user, () => (this.ready && !this.broken ? this.session : null))
  }

  get unread(): number {
    return this.entries.filter((entry) => entry.counter > this.shared.readThrough && !entry.mine).length
  }

  /** When the network received a message, ISO; '' where it was not said. */
  timeOf(counter: number): string {
    return this.#history.timeOf(counter)
  }

  /** What a message says of its time: nothing before the reveal, since a device's clock would link its conversations. */
  get sentAt(): number {
    return this.stage === 'opened' ? now() : 0
  }

  get last(): Entry | undefined {
    return this.entries.at(-1)
  }

  get #cursorPlace(): string {
    return cursorPlace(this.#ground.firm.id, this.id)
  }

  get #outboxPlace(): string {
    return outboxPlace(this.#ground.user, this.id)
  }

  get filePlace(): string {
    return filePlace(this.#ground.user, this.id)
  }

  /** One thing after another. What breaks a rule of the chain stops the conversation; nothing else does: `again` is what is done later where the network is away. */
  #then<T>(task: () => Promise<T>, again: () => Promise<unknown> = () => this.#takeUp()): Promise<T | undefined> {
    const opened = this.#chain.then(task).catch(async (error: unknown) => {
      if (!(error instanceof NotOpened)) throw error
      if (!(await this.#ground.locked())) throw new TalkRefused(new Refusal('chat-unreadable', 'the private keys of the own side do not open'))
      return undefined
    })
    const done = opened.catch((error: unknown) => {
      if (error instanceof TalkRefused) this.#break(error.refusal)
      else if (error instanceof RangeError) this.#break(new Refusal('chat-unreadable', error.message))
      else if (error instanceof SessionEnded) this.#ground.ended()
      else if (error instanceof Refused) this.fault = error.message
      else if (error instanceof Unreachable) this.#askAgain(again)
      else throw error
      return undefined
    })
    this.#chain = done.catch(() => {})
    return done
  }

  #askAgain(task: () => Promise<unknown>): void {
    if (this.#stopped) return
    this.#away ??= setTimeout(() => {
      this.#away = undefined
      this.#awayMs = Math.min(this.#awayMs * 2, AWAY_MOST_MS)
      void this.#then(task, task)
    }, this.#awayMs)
  }

  #break(refusal: Refusal): void {
    this.broken = refusal
    this.#ground.changed()
  }

  // Reading

  /**
   * Reads all of it, verified, and compares it with what was read here and by the firm's other devices before. True: its
   * keys do not open under the ones that this log-in holds.
   */
  async load(facts: TalkFacts): Promise<boolean> {
    const task = (): Promise<boolean> => this.#load(facts)
    return (await this.#then(task, task)) ?? false
  }

  async #load(facts: TalkFacts): Promise<boolean> {
    if (this.waiting || this.ready) return false
    const session = await this.#opened(facts)
    if (!session) return true
    this.#madeOn = facts.epochs.at(-1)?.made_on ?? ''
    // A load before this one may have got half-way.
    this.thread = new Thread()
    this.#history = new History(this.id)
    const outbox = new KeptOutbox(session, this.#outboxPlace, this.#ground.keeps)
    await outbox.recallKept()
    this.#receipted = Math.max(0, ...outbox.waiting.map((one) => (one.kind === 'read' ? one.through : 0)))
    this.session = session
    this.#outbox = outbox
    this.#unveiling = new Unveiling(session, this.thread, this.shared, this.#ground)
    await this.#unveiling.begin()
    const pinned = await recall<Pinned>(this.#cursorPlace)
    // What is told while the messages are being fetched may be of a later one than these.
    const pins = [pinned, this.shared.pinned].filter((one) => one !== null)
    await this.#history.read(session.link.genesis, pinned, async (stored, known) => {
      const outcome = granted(await this.#read(stored.record, known))
      if (!(outcome instanceof Seen)) this.#append(outcome, stored)
    })
    this.#unveiling.verify()
    for (const { counter, id } of pins) {
      const refusal = session.verifyReach(counter, fromHex(id))
      if (refusal) throw new TalkRefused(refusal)
    }
    await this.shared.recallDraft()
    this.broken = null
    this.ready = true
    await this.#pin()
    this.#show()
    await this.#history.erase(this.thread.entries.values())
    await this.#takeUp()
    return false
  }

  async #opened(facts: TalkFacts): Promise<Session | null> {
    try {
      const session = await sessionOf(this.#ground.firm, facts)
      await adoptNew(this.#ground.firm, session, facts)
      return session
    } catch (error) {
      if (!(error instanceof NotOpened)) throw error
      this.#break(new Refusal('chat-unreadable', 'the private keys of the own side do not open'))
      return null
    }
  }

  #append(received: Received, stored: Stored): void {
    const { at } = stored
    this.#history.add(stored)
    this.thread.take({ ...received, receivedAt: at ? Math.floor(Date.parse(at) / 1000) : 0 })
    if (at) this.lastAt = at
    if (!received.mine) return
    const through = Math.max(readWith(received), this.shared.readThrough)
    // An own message below what was read is no news.
    this.shared.readThrough = through === received.counter - 1 ? received.counter : through
  }

  #show(): void {
    this.entries = [...this.thread.entries.values()]
    this.events = [...this.thread.events]
    this.stage = stageOf(this.thread.reveal)
    this.offeredBy = this.thread.reveal.offers
    this.mayDecline = mayDecline(this.thread.reveal, this.side)
    this.peerRead = this.thread.read[other(this.side)] ?? 0
    this.pending = [...this.#outbox!.waiting]
    this.shutOut = this.session!.shutOut !== null
    this.#ground.changed()
  }

  async #pin(): Promise<void> {
    const { counter, head } = this.session!
    await keep(this.#cursorPlace, { counter, id: toHex(head) })
  }

  /** A frame of the line that names this conversation. */
  hear(frame: Record<string, unknown>): Promise<void> {
    return this.#then(async () => {
      if (frame['type'] === 'keeping') await this.#readKeeping()
      if (!this.ready || this.broken) return
      switch (frame['type']) {
        case 'message':
          await this.#take(fromBase64(frame['envelope'] as string), (frame['received_at'] as string) ?? '')
          break
        case 'ack':
          await this.#acknowledged(fromBase64(frame['id'] as string), frame['received_at'] as string | undefined)
          break
        case 'epoch':
          await this.#adopt()
          break
        case 'signal':
          await this.presence.take(fromBase64(frame['signal'] as string), this.session!, this.thread)
          return
        case 'error':
          await this.#refused(frame['code'] as string, (frame['detail'] as string) ?? '')
          break
        default:
          return
      }
      await this.#sendDue()
    }) as Promise<void>
  }

  /** A message of an epoch, or signed by keys, that came since is read once they have been taken up. */
  async #read(record: Bytes, known = false): Promise<Received | Seen | Refusal> {
    const outcome = await this.#outbox!.read(record, known)
    const newer = outcome instanceof Refusal && (outcome.code === 'chat-epoch' || outcome.code === 'chat-signature')
    return newer && (await this.#adopt()) ? this.#outbox!.read(record) : outcome
  }

  async #take(record: Bytes, at: string): Promise<void> {
    const outcome = await this.#read(record)
    if (outcome instanceof Seen) return
    if (outcome instanceof Refusal) {
      if (outcome.code !== 'chat-gap') throw new TalkRefused(outcome)
      this.#resume()
      return
    }
    await this.#arrived(outcome, { record, at })
  }

  async #acknowledged(id: Bytes, at = new Date().toISOString()): Promise<void> {
    const record = this.#outbox!.inFlight
    const received = await this.#outbox!.acknowledged(id)
    if (received && record) await this.#arrived(received, { record, at })
  }

  async #arrived(received: Received, stored: Stored): Promise<void> {
    this.#append(received, stored)
    this.#awayMs = AWAY_MS
    await this.#outbox!.keep()
    await this.#pin()
    this.#show()
    const { content, mine } = received
    const kind = content && !(content instanceof Refusal) ? content.kind : null
    if (mine && kind === 'withdraw') await this.#history.erase(this.thread.entries.values())
    if (!mine && kind !== 'read') this.presence.said()
    await this.#reveal()
    if (mine) this.shared.tellLater()
  }

  async #adopt(): Promise<boolean> {
    const facts = await talks.one(this.id)
    const adopted = await adoptNew(this.#ground.firm, this.session!, facts)
    this.#madeOn = facts.epochs.at(-1)?.made_on ?? ''
    this.#outbox!.adopted()
    this.shutOut = this.session!.shutOut !== null
    return adopted
  }

  async #refused(code: string, detail: string): Promise<void> {
    if (code === 'chat-behind') this.#resume()
    else if (code === 'chat-epoch') await this.#adopt()
    else if (code === 'not-now' || code === 'too-many-requests') {
      this.#sentOn = this.#outbox!.inFlight
      clearTimeout(this.#again)
      this.#again = setTimeout(() => void this.takeUp(), AGAIN_MS)
    } else if (code === 'chat-closed') await this.#silent()
    else throw new TalkRefused(new Refusal(code === 'chat-gap' ? 'chat-truncated' : (code as Code), detail || code))
  }

  /** The other side has shut this one up: what was to be said comes back into the composer, and what cannot is named. */
  async #silent(): Promise<void> {
    const said = this.#outbox!.empty()
    const texts = said.flatMap((one) => (one.kind === 'text' || one.kind === 'edit' ? [one.text] : []))
    this.unsaid = [...this.unsaid, ...said.filter((one) => one.kind === 'file' || one.kind === 'withdraw')]
    if (texts.length) this.shared.write([...texts, this.shared.draft].filter(Boolean).join('\n'))
    await this.#outbox!.keep()
    await this.#readKeeping()
    this.#show()
  }

  // Writing

  /** One more thing to say; it is kept on this device until it is known to be stored. */
  put(content: Content): Promise<void> {
    if (!fits(content)) return Promise.reject(new TalkRefused(new Refusal('chat-too-large', 'the text is too long')))
    // Not in its turn: what comes before may wait for the network for long.
    this.#outbox!.put(content)
    this.pending = [...this.#outbox!.waiting]
    if (content.kind !== 'read') this.unsaid = []
    void this.#outbox!.keep()
    return this.#then(() => this.#sendDue()) as Promise<void>
  }

  async #sendDue(): Promise<void> {
    const outbox = this.#outbox
    if (!outbox || this.broken || !this.ready) return
    if (!outbox.inFlight && outbox.waiting.length && wantsEpoch(this.session!, this.#madeOn, this.#ground.today())) {
      try {
        this.#madeOn = await renewEpoch(this.#ground.firm, this.session!, this.id, this.#ground.today())
      } catch (error) {
        if (error instanceof Refused && error.code === 'chat-closed') return this.#silent()
        throw error
      }
      outbox.adopted()
      this.shutOut = this.session!.shutOut !== null
      // The other side has made another bad one meanwhile: its own event comes, and then once more.
      if (this.session!.wantsEpoch) return
    }
    const envelope = granted((await outbox.due()) ?? new Uint8Array())
    if (!envelope.length || envelope === this.#sentOn) return
    await outbox.keep()
    if (this.#ground.send({ type: 'append', conversation: this.id, envelope: toBase64(envelope) })) this.#sentOn = envelope
  }

  /** After a connection, or a pause: reads on, and what is in flight goes once more. */
  takeUp(): Promise<void> {
    this.#awayMs = AWAY_MS
    return this.#then(() => this.#takeUp()) as Promise<void>
  }

  async #takeUp(): Promise<void> {
    if (!this.ready || this.broken) return
    this.#sentOn = null
    this.fault = ''
    this.#resume()
    await this.#sendDue()
    await this.#reveal()
  }

  #resume(): void {
    this.#ground.send({ type: 'resume', conversation: this.id, after: this.session!.counter })
  }

  // The reveal: what follows the second offer is sent without being asked, for both have agreed to it

  async #reveal(): Promise<void> {
    await this.#takePin()
    const { opens } = this.thread.reveal
    this.peer = opens[other(this.side)] ? await this.#unveiling!.peer(now()) : null
    this.ownRoot = this.#unveiling!.ownRoot
    if (this.#outbox!.waiting.some((one) => one.kind === 'reveal-commit' || one.kind === 'reveal-open')) return
    const { step, lost } = await this.#unveiling!.step()
    this.lost = lost
    if (!step) return
    this.#outbox!.put(step)
    await this.#outbox!.keep()
    await this.#sendDue()
  }

  /** What the firm's devices have read, as the network has it, and what they keep of the reveal. */
  async applyState(version: number, sealed: string): Promise<void> {
    await this.shared.apply(version, sealed)
    this.#ground.changed()
    if (this.ready && !this.broken && this.shared.revealed && !this.thread.pin) await this.#then(() => this.#reveal())
  }

  /** Another device of the firm has pinned the reveal meanwhile; this one may not have read as far yet. */
  async #takePin(): Promise<void> {
    const { revealed } = this.shared
    if (!revealed || this.thread.pin) return
    await this.#unveiling!.begin()
    if (this.thread.counter >= revealed.opened[0]) this.#unveiling!.verify()
    this.#show()
  }

  /** Everything so far has been shown to a person. After the reveal the other side hears of it. */
  markRead(): void {
    if (!this.ready || this.broken) return
    // Whatever was read with the own side's last word, written elsewhere, is still to be told.
    if (Math.min(this.shared.readThrough, this.shared.pinned.counter) < this.thread.counter) this.shared.tellLater()
    if (this.shared.readThrough < this.thread.counter) {
      this.shared.readThrough = this.thread.counter
      this.#ground.changed()
    }
    // What has been erased cannot be shown any more.
    const newest = this.entries.findLast((entry) => !entry.mine && (entry.said || entry.withdrawn))?.counter ?? 0
    if (this.stage !== 'opened' || newest <= Math.max(this.thread.read[this.side] ?? 0, this.#receipted)) return
    this.#receipted = newest
    void this.put({ kind: 'read', through: newest })
  }

  // Presence, after the reveal alone

  signal(signal: Signal): Promise<void> {
    return this.#then(async () => {
      if (!this.ready || this.broken || this.stage !== 'opened') return
      const sealed = await sealSignal(this.session!, this.thread, signal, now())
      if (!(sealed instanceof Refusal)) this.#ground.send({ type: 'signal', conversation: this.id, signal: toBase64(sealed) })
    }) as Promise<void>
  }

  // Keeping

  readKeeping(): Promise<void> {
    return this.#then(() => this.#readKeeping()) as Promise<void>
  }

  async #readKeeping(): Promise<void> {
    const before = this.keeping
    this.keeping = await talks.keeping(this.id)
    if (before && before.peer_months !== this.keeping.peer_months) this.keepingChanged = true
  }

  /** What a transcript is made of; `session` has adopted every epoch. */
  async taken(): Promise<{ call: Bytes; answer: Bytes; epochs: Bytes[]; messages: Bytes[]; successions: Turn[]; now: number }> {
    const facts = await talks.one(this.id)
    const { call, answer } = this.setting
    return {
      call: call.record,
      answer: answer.record,
      epochs: facts.epochs.slice(0, this.session!.epoch!.number).map((one) => fromBase64(one.record)),
      successions: facts.successions.slice(0, this.session!.links.steps.length - 1).map(({ record, after }) => ({ record: fromBase64(record), after })),
      messages: this.#history.records,
      now: now(),
    }
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#again)
    clearTimeout(this.#away)
    void this.shared.flush()
    this.sending?.stop()
    this.shared.stop()
  }
}
