/**
 * After somebody left, or a device was lost: the keys of every conversation anew, under a rolled role key. Rules of order
 * and twin: member/talk_turning.py. The network brings a succession into force at a moment of its own within a day.
 */

import { concat, fromBase64, sha256, toBase64, type Bytes } from '../bytes.ts'
import { NotOpened, open, seal } from '../keys/seal.ts'
import { Refused } from '../network/requests.ts'
import { talks, type StateFacts, type TalkFacts } from '../network/talks.ts'
import { adoptNew, sessionOf, type Firm } from './conversing.ts'
import { PrivateKeys } from './keys.ts'
import { TalkRefused } from './refusals.ts'
import { callName, sideName, stateName } from './state.ts'
import { makeSuccession } from './succession.ts'

/** What came of the conversations and calls that an earlier key sealed, each by itself. */
export interface Turned {
  /** How many have new keys, or, where there is nothing to turn yet, are sealed again. */
  anew: number
  /** Without new keys, under the new role key: their records do not verify, or the network does not take new ones. */
  resealed: string[]
  /** Not even that; the next run tries again. */
  untouched: string[]
}

/** Every conversation and call that an earlier key sealed. Throws Unreachable, SessionEnded. */
export async function turnAll(firm: string, key: Bytes, earlier: readonly Bytes[]): Promise<Turned> {
  const turner = new Turner({ id: firm, keys: [key, ...earlier] })
  const done: Turned = { anew: 0, resealed: [], untouched: [] }
  for (const state of await talks.states()) await alone(done, state.conversation, () => turner.resealState(state))
  for (const facts of await talks.list()) await alone(done, facts.id, () => turner.turn(facts), () => turner.resealSide(facts))
  for (const { id, secret } of (await talks.calls()).raised) await alone(done, id, () => turner.reseal(id, secret))
  return done
}

/** One of them: what it refuses is told, and holds up no other. */
async function alone(done: Turned, id: string, first: () => Promise<boolean>, otherwise?: () => Promise<boolean>): Promise<void> {
  let again: typeof otherwise
  try {
    done.anew += Number(await first())
    return
  } catch (error) {
    if (!isItsOwn(error)) throw error
    if (isForGood(error)) again = otherwise
  }
  try {
    await again?.()
    ;(again ? done.resealed : done.untouched).push(id)
  } catch (error) {
    if (!isItsOwn(error)) throw error
    done.untouched.push(id)
  }
}

/** Whether it is about one conversation, and says nothing of the next. */
const isItsOwn = (error: unknown): boolean => error instanceof TalkRefused || error instanceof RangeError || error instanceof Refused

const SESSION_OR_PACE = new Set([401, 403, 408, 429])

/** Whether the same keys would be refused again. */
const isForGood = (error: unknown): boolean =>
  !(error instanceof Refused) || (error.status >= 400 && error.status < 500 && !SESSION_OR_PACE.has(error.status))

class Turner {
  readonly #firm: Firm

  constructor(firm: Firm) {
    this.#firm = firm
  }

  async turn(facts: TalkFacts): Promise<boolean> {
    const aad = sideName(this.#firm.id, facts.id)
    const plain = facts.secret === null ? null : await this.#opened(facts.secret, aad)
    if (!plain) return false
    const replaces = await digestOf(facts.secret!)
    // Nothing can be said yet: sealing the keys again is all there is.
    if (facts.opening === null) return this.resealSide(facts)
    const session = await sessionOf(this.#firm, facts)
    await adoptNew(this.#firm, session, facts)
    const fresh = PrivateKeys.fresh(session.link.suite)
    const { record } = await makeSuccession(session.keys, fresh, session.link, session.side)
    const secret = await this.#seal(concat(plain, fresh.toBytes()), aad)
    return unlessReplaced(talks.turn(facts.id, { succession: toBase64(record), secret, replaces }))
  }

  async resealSide({ id, secret: sealed }: TalkFacts): Promise<boolean> {
    const aad = sideName(this.#firm.id, id)
    const plain = sealed === null ? null : await this.#opened(sealed, aad)
    if (!plain) return false
    return unlessReplaced(talks.putSecret(id, { secret: await this.#seal(plain, aad), replaces: await digestOf(sealed!) }))
  }

  async reseal(call: string, sealed: string): Promise<boolean> {
    const aad = callName(this.#firm.id, call)
    const plain = sealed ? await this.#opened(sealed, aad) : null
    if (!plain) return false
    return unlessReplaced(talks.putCallSecret(call, { secret: await this.#seal(plain, aad), replaces: await digestOf(sealed) }))
  }

  /** What the firm's devices keep of a conversation, a pinned reveal among it. What another device writes meanwhile the next run finds. Never counted. */
  async resealState({ conversation, version, sealed }: StateFacts): Promise<boolean> {
    const aad = stateName(this.#firm.id, conversation)
    const plain = await this.#opened(sealed, aad)
    if (!plain) return false
    try {
      await talks.putState(conversation, { replaces: version, sealed: await this.#seal(plain, aad) })
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== 'state-moved') throw error
    }
    return false
  }

  /** What an earlier key sealed; null where the key in force opens it, or nothing does. */
  async #opened(sealed: string, aad: string): Promise<Bytes | null> {
    for (const [place, key] of this.#firm.keys.entries()) {
      try {
        const plain = await open(key, fromBase64(sealed), aad)
        return place ? plain : null
      } catch (error) {
        if (!(error instanceof NotOpened)) throw error
      }
    }
    return null
  }

  async #seal(plain: Bytes, aad: string): Promise<string> {
    return toBase64(await seal(this.#firm.keys[0], plain, aad))
  }
}

const digestOf = async (sealed: string): Promise<string> => toBase64(await sha256(fromBase64(sealed)))

/** False: another device of the firm was faster. */
async function unlessReplaced(put: Promise<void>): Promise<boolean> {
  try {
    await put
    return true
  } catch (error) {
    if (error instanceof Refused && error.code === 'secret-replaced') return false
    throw error
  }
}
