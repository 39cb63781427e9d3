/** Under which names this device keeps what it knows of a conversation: its cursor, what is not sent yet, a draft, a file on its way. */

export const cursorPlace = (firm: string, id: string): string => `talk-cursor:${firm}:${id}`
// What a person was about to say is hers alone: nobody else who uses this browser says it, or sees it, for her.
export const outboxPlace = (user: string, id: string): string => `talk-outbox:${user}:${id}`
export const draftPlace = (user: string, id: string): string => `talk-draft:${user}:${id}`
export const filePlace = (user: string, id: string): string => `talk-file:${user}:${id}`
/** When each of the firm's conversations was spoken in last, as this device knows it. */
export const knownPlace = (firm: string): string => `talk-known:${firm}`

/** All of a conversation's. */
export const placesOf = (firm: string, user: string, id: string): string[] => [
  cursorPlace(firm, id),
  outboxPlace(user, id),
  draftPlace(user, id),
  filePlace(user, id),
]
