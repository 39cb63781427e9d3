/** What a firm has read of a conversation and is about to write, sealed under its *conversations* key for its own devices. */

import { fromBase64, fromUtf8, random, toBase64, utf8, type Bytes } from '../bytes.ts'
import { keysOf } from '../keys/role_keys.ts'
import { openWith, seal } from '../keys/seal.ts'
import type { Bundle } from '../keys/bundle.ts'
import type { Pin, Place } from './pin.ts'

/**
 * What is sealed is compressed first, so that the compressed size is rounded up to one of these: it says little of a draft,
 * and nothing of a reveal, whose longest statement fits into the first. Twin: member/talk_state.py.
 */
const BUCKETS = [1536, 8192, 32_768]
const PAD_TRIES = 24
/** Of a seal, beside what it holds: version, nonce, tag. */
const SEAL_BYTES = 29

export interface TalkState {
  /** Read up to this counter by somebody of the firm, and the id (hex) of that message: another history is noticed. */
  read: number
  id: string
  /** Not sent yet, by user. */
  drafts: Record<string, string>
  /** What this side opens with, kept before it is committed to, bytes in base64. `point`: of the reveal that it is for. */
  committed: { point: Place; statement: string } | null
  /** A reveal that was verified. */
  revealed: Pin | null
}

export const NOTHING: TalkState = { read: 0, id: '', drafts: {}, committed: null, revealed: null }

export const callName = (firm: string, call: string): string => `vigie/call/v1|${firm}|${call}`
export const sideName = (firm: string, conversation: string): string => `vigie/conversation/v1|${firm}|${conversation}`
export const stateName = (firm: string, conversation: string): string => `vigie/conversation-state/v1|${firm}|${conversation}`

/** The firm's *conversations* keys, the one in force first: what was sealed before a roll is opened by an earlier one. */
export const conversationKeys = ({ role_keys }: Bundle): Bytes[] => keysOf(role_keys, 'conversations')

export async function openState(keys: readonly Bytes[], firm: string, conversation: string, sealed: string): Promise<TalkState> {
  const found = JSON.parse(fromUtf8(await openWith(keys, fromBase64(sealed), stateName(firm, conversation)))) as Partial<TalkState>
  const { read, id, drafts, committed, revealed } = { ...NOTHING, ...found }
  return { read, id, drafts, committed, revealed }
}

export async function sealState(key: Bytes, firm: string, conversation: string, state: TalkState): Promise<string> {
  const sealedWith = (pad: string): Promise<Bytes> => seal(key, utf8(JSON.stringify({ ...state, pad })), stateName(firm, conversation))
  let sealed = await sealedWith('')
  const bare = sealed.length - SEAL_BYTES
  const wanted = BUCKETS.find((size) => size >= bare) ?? bare
  const letters = toBase64(random(wanted))
  let length = 0
  for (let tries = 0; tries < PAD_TRIES && sealed.length !== wanted + SEAL_BYTES; tries++) {
    length = Math.max(0, length + Math.trunc(((wanted + SEAL_BYTES - sealed.length) * 4) / 3))
    sealed = await sealedWith(letters.slice(0, length))
  }
  return toBase64(sealed)
}

/** Of two devices' states: the further reading, and of each user's drafts the own one. */
export const merge = (theirs: TalkState, own: Pick<TalkState, 'read' | 'id' | 'drafts'>, user: string): TalkState => ({
  ...theirs,
  ...(theirs.read > own.read ? {} : { read: own.read, id: own.id }),
  drafts: own.drafts[user] ? { ...theirs.drafts, [user]: own.drafts[user] } : without(theirs.drafts, user),
})

const without = (drafts: Record<string, string>, user: string): Record<string, string> =>
  Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== user))
