/** The firm's credit file and the lights for sales, opened on this device; every change goes through what the book holds now. */

import { fromBase64, type Bytes } from '../bytes.ts'
import { amendSegment, readSegmentText, sameHead, type Amended, type Change } from './segments.ts'
import { keysOf, type KeyName } from '../keys/role_keys.ts'
import { deviceOf } from '../keys/device.ts'
import { session } from '../session.svelte.ts'
import { readDone, sayDone, withDoneNotes, type TaskDone } from './tasks_done.ts'
import { CREDIT, LIGHTS, readCredit, readLights, written, type Credit, type Lights } from './credit_file.ts'

/** The role holds no key that this needs. */
export class NoKey extends Error {}

class CreditFile {
  credit = $state.raw<Credit | null>(null)
  lights = $state.raw<Lights | null>(null)
  /** How often this device has written each: what was read before goes over nothing that was written since. */
  #written = { credit: 0, lights: 0 }

  get mayChange(): boolean {
    const keys = session.bundle?.role_keys
    return Boolean(keys?.ledger && (session.bundle?.root_seed || session.bundle?.device_seed)) && (session.me?.role === 'administrator' || session.me?.role === 'credit_manager')
  }

  /** Of what this role holds the key for; the rest stays null. */
  async load(): Promise<void> {
    await session.opened(() => this.#read())
  }

  async #read(): Promise<void> {
    const [ledger, names] = [this.#keys('ledger'), this.#keys('names')]
    const firm = session.me!.firm_id!
    const before = { ...this.#written }
    const [credit, lights, notes] = await Promise.all([
      ledger.length ? readSegmentText(firm, CREDIT, ledger) : undefined,
      names.length ? readSegmentText(firm, LIGHTS, names) : undefined,
      this.tasksDone(),
    ])
    if (credit !== undefined && before.credit === this.#written.credit) this.credit = readCredit(credit)
    if (lights !== undefined && before.lights === this.#written.lights) this.lights = withDoneNotes(readLights(lights), notes)
  }

  /** What sales has done since the lights were sealed. */
  async tasksDone(): Promise<TaskDone[]> {
    const names = this.#keys('names')
    return names.length ? readDone(names, session.me!.firm_id!) : []
  }

  /** By who may not change the book: a sealed note, seen by this device at once. */
  async sayDone(identifier: string, task: string): Promise<void> {
    await session.takeUpKeys()
    await this.load() // a note under keys that were rolled would be read by nobody: not opening the lights, none is left
    await sayDone(fromBase64(session.bundle!.role_keys.names!), session.me!.firm_id!, identifier, task)
    await this.load()
  }

  async change(change: (credit: Credit) => Credit): Promise<void> {
    this.credit = readCredit((await amend(CREDIT, 'ledger', (now) => written(change(readCredit(now))))).text)
    this.#written.credit++
  }

  async changeLights(change: (lights: Lights) => Lights | Promise<Lights>): Promise<void> {
    this.lights = readLights((await amend(LIGHTS, 'names', async (now) => written(await change(readLights(now))))).text)
    this.#written.lights++
  }

  #keys(name: KeyName): Bytes[] {
    return keysOf(session.bundle?.role_keys, name)
  }
}

/** A segment that the firm's people share: `change` goes over what the book holds now. Throws NoKey. */
export async function amend(name: string, role: KeyName, change: Change): Promise<Amended> {
  const me = session.me!
  await session.takeUpKeys() // under keys that were rolled, who was removed could still read it
  const bundle = session.me === me ? session.bundle : null
  const [key, ...earlier] = keysOf(bundle?.role_keys, role)
  const device = key ? await deviceOf(me.firm_id!, me.user_id ?? '', bundle!) : null
  if (!key || !device) throw new NoKey(name)
  const done = await amendSegment(me.firm_id!, name, [key, ...earlier], device, change)
  if (session.me !== me) return done
  // The book in memory goes on from the new head, unless others wrote names or months in between: those are read first.
  if (session.book && sameHead(session.book.headBytes, done.before)) session.book = { ...session.book, head: done.head, headBytes: done.headBytes }
  else void session.refresh()
  return done
}

export const creditFile = new CreditFile()
