/** What the firm does about its alerts, as the network keeps it: the lives, the people, what changed. */

import type { AlertFacts, ChangesFacts, ColleagueFacts, LifeFacts } from '../network/answers.ts'
import { network, Refused } from '../network/requests.ts'

/** Out of the way until somebody asks for them. */
const ASIDE = new Set(['closed', 'snoozed', 'muted'])
const SEEN_AT_ONCE_MAX = 500

export interface Action {
  action: 'see' | 'assign' | 'unassign' | 'snooze' | 'wake' | 'close' | 'reopen'
  assignee?: string
  until?: string
  reason?: string
}

class Work {
  lives = $state.raw<LifeFacts[]>([])
  people = $state.raw<ColleagueFacts[]>([])
  changes = $state.raw<ChangesFacts | null>(null)
  /** The role reads lives; sales does not. */
  readable = $state(true)
  byAlert = $derived(new Map(this.lives.flatMap((life) => life.alerts.map((alert) => [alert, life] as const))))

  async load(): Promise<void> {
    try {
      const [lives, people, changes] = await Promise.all([
        network.alertWork.lives(),
        network.alertWork.people(),
        network.alertWork.changes(),
      ])
      this.lives = lives
      this.people = people
      this.changes = changes
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 403) throw error
      this.readable = false
    }
  }

  stateOf(alert: string): string {
    return this.byAlert.get(alert)?.state ?? 'new'
  }

  aside(alert: string): boolean {
    return ASIDE.has(this.stateOf(alert))
  }

  /** Of alerts that continue each other, the newest stands for all. */
  heads(alerts: readonly AlertFacts[]): AlertFacts[] {
    return alerts.filter((one) => {
      const life = this.byAlert.get(one.id)
      return !life || life.alerts.at(-1) === one.id
    })
  }

  /** Null, or how the alert stands now: a colleague was faster. */
  async act(alert: string, action: Action): Promise<'done' | 'changed'> {
    const version = this.byAlert.get(alert)?.version ?? 0
    try {
      const { lives } = await network.alertWork.act({ alerts: [alert], version, ...action })
      this.#put(lives)
      return 'done'
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'alert-changed') throw error
      await this.load()
      return 'changed'
    }
  }

  async see(alerts: readonly string[]): Promise<void> {
    for (let start = 0; start < alerts.length; start += SEEN_AT_ONCE_MAX) {
      const { lives } = await network.alertWork.act({ alerts: alerts.slice(start, start + SEEN_AT_ONCE_MAX), action: 'see' })
      this.#put(lives)
    }
  }

  async mute(pseudonym: string): Promise<void> {
    await network.alertWork.mute({ pseudonym })
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
  }
}

export const work = new Work()
