/**
 * How many conversations have something new, before the screen that reads them is opened: counters and the sealed
 * reading marks alone, without a byte of the code that opens messages.
 */

import { NotOpened } from '../keys/seal.ts'
import { Refused, SessionEnded, Unreachable } from '../network/requests.ts'
import { talks } from '../network/talks.ts'
import { counts } from '../screens/counts.svelte.ts'
import { session } from '../session.svelte.ts'
import { conversationKeys, NOTHING, openState, type TalkState } from './state.ts'

const NEWS = new Set(['welcome', 'message', 'call', 'opened', 'state'])
const PAUSE_MS = 1_000
let stop: (() => void) | null = null
/** The log-in whose conversations the screen itself counts. */
let left: unknown = null

/** Until the screen itself is opened, or the log-out. */
export function watchUnread(): void {
  if (left === session.bundle) return
  stop?.()
  let timer: ReturnType<typeof setTimeout> | undefined
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void count().catch(ignored), PAUSE_MS)
  }
  const leave = session.hear((frame) => {
    if (NEWS.has(frame.type)) later()
  })
  stop = () => {
    clearTimeout(timer)
    leave()
  }
  later()
}

export function leaveUnread(): void {
  left = session.bundle
  stop?.()
  stop = null
}

async function count(): Promise<void> {
  const { me, bundle } = session
  const keys = bundle ? conversationKeys(bundle) : []
  const firm = me?.firm_id
  if (!keys.length || !firm) return
  const [calls, listed, states] = await Promise.all([talks.calls(), talks.list(), talks.states()])
  const read = new Map<string, number>()
  for (const one of states) read.set(one.conversation, (await openState(keys, firm, one.conversation, one.sealed).catch(unopened)).read)
  const news = listed.filter((one) => one.opening !== null && one.counter > (read.get(one.id) ?? 0)).length
  if (stop && session.me === me) counts['conversations'] = calls.received.length + news
}

/** Counts as nothing read: a key is wanting. */
function unopened(error: unknown): TalkState {
  if (error instanceof NotOpened) return NOTHING
  throw error
}

function ignored(error: unknown): void {
  if (!(error instanceof Refused) && !(error instanceof Unreachable) && !(error instanceof SessionEnded)) throw error
}
