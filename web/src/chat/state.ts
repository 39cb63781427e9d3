/** What a firm has read of a conversation and is about to write, sealed under its *conversations* key for its own devices. */

import { fromBase64, fromUtf8, random, toBase64, utf8, type Bytes } from '../bytes.ts'
import { keysOf } from '../keys/role_keys.ts'
import { openWith, seal } from '../keys/seal.ts'
import type { Bundle } from '../keys/bundle.ts'

/** Sizes are rounded up to one of these, so that they say little of a draft. */
const BUCKETS = [512, 2048, 8192, 32_768]

export interface TalkState {
  /** Read up to this counter by somebody of the firm, and the id (hex) of that message: another history is noticed. */
  read: number
  id: string
  /** Not sent yet, by user. */
  drafts: Record<string, string>
}

export const NOTHING: TalkState = { read: 0, id: '', drafts: {} }

export const callName = (firm: string, call: string): string => `vigie/call/v1|${firm}|${call}`
export const sideName = (firm: string, conversation: string): string => `vigie/conversation/v1|${firm}|${conversation}`
const stateName = (firm: string, conversation: string): string => `vigie/conversation-state/v1|${firm}|${conversation}`

/** The firm's *conversations* keys, the one in force first: what was sealed before a roll is opened by an earlier one. */
export const conversationKeys = ({ role_keys }: Bundle): Bytes[] => keysOf(role_keys, 'conversations')

export async function openState(keys: readonly Bytes[], firm: string, conversation: string, sealed: string): Promise<TalkState> {
  const found = JSON.parse(fromUtf8(await openWith(keys, fromBase64(sealed), stateName(firm, conversation)))) as Partial<TalkState>
  return { read: found.read ?? 0, id: found.id ?? '', drafts: found.drafts ?? {} }
}

export async function sealState(key: Bytes, firm: string, conversation: string, state: TalkState): Promise<string> {
  const bare = JSON.stringify({ ...state, pad: '' })
  const size = BUCKETS.find((one) => one >= utf8(bare).length) ?? 0
  // Random, for what is sealed is compressed first.
  const pad = toBase64(random(Math.max(0, size - utf8(bare).length))).slice(0, Math.max(0, size - utf8(bare).length))
  return toBase64(await seal(key, utf8(JSON.stringify({ ...state, pad })), stateName(firm, conversation)))
}

/** Of two devices' states: the further reading, and of each user's drafts the own one. */
export const merge = (theirs: TalkState, own: TalkState, user: string): TalkState => ({
  ...(theirs.read > own.read ? theirs : own),
  drafts: own.drafts[user] ? { ...theirs.drafts, [user]: own.drafts[user] } : without(theirs.drafts, user),
})

const without = (drafts: Record<string, string>, user: string): Record<string, string> =>
  Object.fromEntries(Object.entries(drafts).filter(([name]) => name !== user))
