/** Why something of a conversation is refused: values, never thrown by this room. Twin: chat/refusals.py. */

export type Code =
  | 'chat-malformed'
  | 'chat-suite'
  | 'chat-too-large'
  | 'chat-signature'
  | 'chat-elsewhere'
  | 'chat-key'
  | 'chat-side'
  | 'chat-behind'
  | 'chat-gap'
  | 'chat-forked'
  | 'chat-epoch'
  | 'chat-body'
  | 'chat-commitment'
  | 'chat-unreadable'
  | 'chat-closed'
  | 'chat-reveal'
  | 'chat-pinned'
  | 'chat-truncated'

/** The rule that was broken; `detail` says what was found and expected, in English, for support. */
export class Refusal {
  readonly code: Code
  readonly detail: string

  constructor(code: Code, detail: string) {
    this.code = code
    this.detail = detail
  }
}

/** Thrown at the edge of the room, where something cannot go on. */
export class TalkRefused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.detail}`)
    this.refusal = refusal
  }
}

/** What was verified. Throws TalkRefused. */
export function granted<T>(outcome: T | Refusal): T {
  if (outcome instanceof Refusal) throw new TalkRefused(outcome)
  return outcome
}
