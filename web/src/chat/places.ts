/** Under which names this device keeps what it knows of a conversation: its cursor, what is not sent yet, a draft, a file on its way. */

type Kind = 'cursor' | 'outbox'

export const talkPlace = (what: Kind, firm: string, id: string): string => `talk-${what}:${firm}:${id}`
export const draftPlace = (user: string, id: string): string => `talk-draft:${user}:${id}`
export const filePlace = (id: string): string => `talk-file:${id}`
/** When each of the firm's conversations was spoken in last, as this device knows it. */
export const knownPlace = (firm: string): string => `talk-known:${firm}`

/** All of a conversation's. */
export const placesOf = (firm: string, user: string, id: string): string[] => [
  talkPlace('cursor', firm, id),
  talkPlace('outbox', firm, id),
  draftPlace(user, id),
  filePlace(id),
]
