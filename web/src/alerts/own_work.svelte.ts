/** What the firm does about alerts of its own figures: written into its sealed credit file, where colleagues' devices and the agent read it. */

import { creditFile } from '../credit/credit.svelte.ts'
import { withMute, withOwnAlert, withoutMute, type Credit, type OwnAlert } from '../credit/credit_file.ts'
import type { AlertFacts, LifeFacts } from '../network/answers.ts'
import { session } from '../session.svelte.ts'
import type { Comment } from './comments.ts'
import { ownAlerts } from './own_alerts.ts'
import { after, awake, isMuted, keyOf, shownLife, standsAs } from './own_life.ts'
import type { Action } from './way_back.ts'
import { work, type NewMute } from './work.svelte.ts'

const TEXT_CHARACTERS_MAX = 2_000
const COMMENTS_MAX = 50

/** It no longer stands as it was shown. */
class Overtaken extends Error {}

class OwnWork {
  alerts = $derived<AlertFacts[]>(session.portfolio ? ownAlerts(session.portfolio) : [])
  lives = $derived(new Map<string, LifeFacts>(this.alerts.flatMap((alert) => this.#life(alert))))

  /** The sealed file was read, or there is none yet. */
  get readable(): boolean {
    return creditFile.credit !== null
  }

  #identifier(alert: AlertFacts): string {
    const portfolio = session.portfolio!
    return portfolio.clients[portfolio.rowOf.get(alert.pseudonym)!]!.identifier
  }

  #life(alert: AlertFacts): [string, LifeFacts][] {
    const credit = creditFile.credit
    if (!credit) return []
    const [who, today] = [this.#identifier(alert), session.facts!.today]
    const silent = work.mutes.some((one) => one.pseudonym === alert.pseudonym && one.kind === null)
    const life = shownLife(credit.alerts[keyOf(alert.kind, who)], alert, today, silent || isMuted(credit.mutes, alert.kind, who, today))
    return life ? [[alert.id, life]] : []
  }

  stateOf(alert: AlertFacts): string {
    return this.lives.get(alert.id)?.state ?? 'new'
  }

  get #me(): string {
    return work.people.find((one) => one.me)?.email ?? ''
  }

  async #put(alert: AlertFacts, change: (now: OwnAlert | undefined) => OwnAlert): Promise<void> {
    const key = keyOf(alert.kind, this.#identifier(alert))
    await creditFile.change((credit) => withOwnAlert(credit, key, change(credit.alerts[key])))
  }

  /** `shown`: how it stood for whoever does this. 'changed': a colleague was faster, and this is now how it stands. */
  async #go(alert: AlertFacts, shown: OwnAlert | undefined, change: (now: OwnAlert | undefined) => OwnAlert): Promise<'done' | 'changed'> {
    try {
      await this.#put(alert, (now) => {
        if (!standsAs(now, shown)) throw new Overtaken()
        return change(now)
      })
      return 'done'
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
      await creditFile.load()
      return 'changed'
    }
  }

  async act(alert: AlertFacts, action: Action, said = ''): Promise<'done' | 'changed'> {
    const [today, me] = [session.facts!.today, this.#me]
    const acted = (now: OwnAlert | undefined): OwnAlert => after(awake(now, alert, today), alert, action, today, me)
    let [before, made] = [creditFile.credit?.alerts[keyOf(alert.kind, this.#identifier(alert))], undefined as OwnAlert | undefined]
    const went = await this.#go(alert, before, (now) => (made = acted((before = now))))
    const back = before ?? after(undefined, alert, { action: 'see' }, today, me)
    // What was said meanwhile stays said.
    if (went === 'done') work.done = { said, alert: alert.id, back: () => this.#go(alert, made, (now) => ({ ...back, comments: now?.comments ?? back.comments })) }
    return went
  }

  /** All of them with one change of the file. */
  async see(alerts: readonly AlertFacts[]): Promise<void> {
    const [today, me] = [session.facts!.today, this.#me]
    const named = alerts.map((alert) => [alert, keyOf(alert.kind, this.#identifier(alert))] as const)
    await creditFile.change((credit) =>
      named.reduce((now, [alert, key]) => withOwnAlert(now, key, after(awake(now.alerts[key], alert, today), alert, { action: 'see' }, today, me)), credit),
    )
  }

  comments(alert: AlertFacts): Comment[] {
    const kept = creditFile.credit?.alerts[keyOf(alert.kind, this.#identifier(alert))]
    return (kept?.comments ?? []).map((one, at) => ({ id: String(at), author: one.by, at: one.at, text: one.text }))
  }

  async say(alert: AlertFacts, text: string): Promise<void> {
    const [today, me] = [session.facts!.today, this.#me]
    const said = { at: today, by: me, text: text.slice(0, TEXT_CHARACTERS_MAX) }
    await this.#put(alert, (now) => {
      const before = now ?? after(undefined, alert, { action: 'see' }, today, me)
      return { ...before, comments: [...before.comments, said].slice(-COMMENTS_MAX) }
    })
  }

  /** `pseudonym` says which client; its identifier is what is kept. */
  async mute(alert: AlertFacts, wanted: NewMute, said = ''): Promise<void> {
    const id = crypto.randomUUID()
    const identifier = wanted.pseudonym ? this.#identifier(alert) : null
    await creditFile.change((credit) => withMute(credit, { id, identifier, kind: wanted.kind ?? null, until: wanted.until ?? null }))
    work.done = { said, alert: alert.id, back: () => this.lift(id) }
  }

  async lift(id: string): Promise<void> {
    await creditFile.change((credit: Credit) => withoutMute(credit, id))
  }
}

export const ownWork = new OwnWork()
