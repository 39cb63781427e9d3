/** What the firm does about its alerts, as the network keeps it: the lives, the people, the mutes, what changed, what can be undone. */

import { fromBase64, fromHex, toBase64, toHex } from '../bytes.ts'
import type { AlertFacts, ChangesFacts, ColleagueFacts, LifeFacts, MuteFacts } from '../network/answers.ts'
import { network, Refused } from '../network/requests.ts'
import { isAside } from './listing.ts'
import { wayBack, type Action } from './way_back.ts'

export type { Action }

const AT_ONCE_MAX = 500

/** `pseudonym`: in hex. */
export interface NewMute {
  pseudonym?: string
  kind?: string
  until?: string
}

/** What was done last, and the way back. */
export interface Done {
  said: string
  back: () => Promise<unknown>
  /** The alert that it was done to: whoever takes it back goes on there. */
  alert?: string
  /** The version that it has made of the alert's life: the way back leads on from there. */
  made?: number
}

class Work {
  lives = $state.raw<LifeFacts[]>([])
  people = $state.raw<ColleagueFacts[]>([])
  changes = $state.raw<ChangesFacts | null>(null)
  mutes = $state.raw<MuteFacts[]>([])
  /** The role reads lives; sales does not. */
  readable = $state(true)
  done = $state.raw<Done | null>(null)
  byAlert = $derived(new Map(this.lives.flatMap((life) => life.alerts.map((alert) => [alert, life] as const))))
  me = $derived(this.people.find((one) => one.me)?.user_id)
  /** Readings begun, the newest of which something is shown, and those that are under way. */
  #begun = 0
  #shown = 0
  #reading = 0

  /** Answers may overtake each other: what was asked for earlier never replaces what was asked for later. */
  async load(): Promise<void> {
    const turn = ++this.#begun
    this.#reading++
    try {
      const [lives, people, changes, mutes] = await Promise.all([
        network.alertWork.lives(),
        network.alertWork.people(),
        network.alertWork.changes(),
        network.alertWork.mutes(),
      ])
      if (turn < this.#shown) return
      this.#shown = turn
      this.lives = lives
      this.readable = true
      this.people = people
      this.changes = changes
      this.mutes = mutes.map((one) => ({ ...one, pseudonym: one.pseudonym && toHex(fromBase64(one.pseudonym)) }))
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 403) throw error
      this.readable = false
    } finally {
      this.#reading--
    }
  }

  stateOf(alert: AlertFacts): string {
    return this.byAlert.get(alert.id)?.state ?? (this.#muted(alert) ? 'muted' : 'new')
  }

  aside(alert: AlertFacts): boolean {
    return isAside(this.stateOf(alert))
  }

  /** An alert that nobody has touched has no life yet, and may be muted all the same. */
  #muted(alert: AlertFacts): boolean {
    return this.mutes.some((one) => (one.pseudonym ?? alert.pseudonym) === alert.pseudonym && (one.kind ?? alert.kind) === alert.kind)
  }

  /** Of alerts that continue each other, the newest stands for all. */
  heads(alerts: readonly AlertFacts[]): AlertFacts[] {
    return alerts.filter((one) => {
      const life = this.byAlert.get(one.id)
      return !life || life.alerts.at(-1) === one.id
    })
  }

  /** 'changed': a colleague was faster, and this is now how it stands. `said`: what can be undone. */
  async act(alert: string, action: Action, said = ''): Promise<'done' | 'changed'> {
    const before = this.byAlert.get(alert)
    const back = wayBack(before, action)
    const made = await this.#go(alert, [action], before?.version ?? 0)
    if (made === 'changed') return made
    const done: Done = { said, alert, made, back: () => this.#go(alert, back, done.made!) }
    if (back.length) this.done = done
    return 'done'
  }

  /** One action after the other, each on what the one before it has made: the last one's version. */
  async #go(alert: string, actions: readonly Action[], version: number): Promise<number | 'changed'> {
    try {
      for (const action of actions) {
        const { lives } = await network.alertWork.act({ alerts: [alert], version, ...action })
        this.#put(lives)
        version = lives[0]!.version
      }
      return version
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'alert-changed') throw error
      await this.load()
      return 'changed'
    }
  }

  async undo(): Promise<unknown> {
    const last = this.done
    this.done = null
    return last?.back()
  }

  async see(alerts: readonly string[]): Promise<void> {
    for (let start = 0; start < alerts.length; start += AT_ONCE_MAX) {
      const { lives } = await network.alertWork.act({ alerts: alerts.slice(start, start + AT_ONCE_MAX), action: 'see' })
      this.#put(lives)
      const done = this.done
      // Her own look stands in the way of no way back.
      if (done?.made && lives.some((life) => life.alerts.includes(done.alert!) && life.version === done.made! + 1)) done.made++
    }
  }

  async mute(wanted: NewMute, said = '', alert = ''): Promise<void> {
    const { id } = await network.alertWork.mute({ ...wanted, ...(wanted.pseudonym && { pseudonym: toBase64(fromHex(wanted.pseudonym)) }) })
    this.done = { said, alert, back: () => this.lift(id) }
    await this.load()
  }

  async lift(id: string): Promise<void> {
    await network.alertWork.unmute(id)
    await this.load()
  }

  async markRead(): Promise<void> {
    if (!this.changes) return
    await network.alertWork.visit(this.changes.cursor)
    this.changes = await network.alertWork.changes()
  }

  #put(changed: readonly LifeFacts[]): void {
    const ids = new Set(changed.map((life) => life.id))
    this.lives = [...this.lives.filter((life) => !ids.has(life.id)), ...changed]
    this.#shown = ++this.#begun
    if (this.#reading) void this.load().catch(() => {}) // what is being read may be older than this change
  }
}

export const work = new Work()
