/** Calls and conversations over HTTP: shapes as the network sends them, bytes in base64. What they mean is in src/chat/. */

import { get, octets, post, send, Unreachable } from './requests.ts'

export interface CallsAnswer {
  raised: {
    id: string
    record: string
    secret: string
    closes_on: string
    closed: boolean
    answers: { conversation: string; record: string; opened: boolean }[]
  }[]
  received: { id: string; record: string; received_on: string }[]
}

export interface TalkFacts {
  id: string
  side: number
  call: string
  answer: string
  /** Null until the caller has opened it. */
  opening: string | null
  epochs: { record: string; made_on: string }[]
  successions: { record: string; after: number }[]
  counter: number
  secret: string | null
  started_on: string
  /** The caller's: the other side sees the opening within that time, or with the first message; 0: it does. */
  shown_within_seconds: number
}

export interface MessagesAnswer {
  counter: number
  messages: { counter: number; record: string; received_at: string }[]
}

/** How long contents stay, and who may write. */
export interface KeepingFacts {
  months: number
  own_months: number
  peer_months: number
  held: boolean
  silenced: boolean
  silent: boolean
}

export interface StateFacts {
  conversation: string
  version: number
  sealed: string
}

export interface FileProgress {
  side: number
  chunks: number
  received: number[]
}

/** The network lists at most as many at once; a page that is not full is the last. */
const PAGE_LISTED = 500

async function allTalks(): Promise<TalkFacts[]> {
  const found: TalkFacts[] = []
  for (let after = ''; ; after = `&after=${found.at(-1)!.id}`) {
    const page = await get<TalkFacts[]>(`/api/conversations?limit=${PAGE_LISTED}${after}`)
    found.push(...page)
    if (page.length < PAGE_LISTED) return found
  }
}

async function allCalls(): Promise<CallsAnswer> {
  const found: CallsAnswer = { raised: [], received: [] }
  const next = (name: 'raised' | 'received'): string => (found[name].length ? `&${name}_after=${found[name].at(-1)!.id}` : '')
  for (;;) {
    const { raised, received } = await get<CallsAnswer>(`/api/calls?limit=${PAGE_LISTED}${next('raised')}${next('received')}`)
    found.raised.push(...raised)
    found.received.push(...received)
    if (Math.max(raised.length, received.length) < PAGE_LISTED) return found
  }
}

/** A small answer that has not come by then does not come any more: what waits behind it goes on. */
const ANSWER_MS = 30_000

async function soon<T>(asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Unreachable('no answer')), ANSWER_MS)
  })
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}

const at = (conversation: string, rest = ''): string => `/api/conversations/${conversation}${rest}`

async function put(path: string, json: unknown): Promise<void> {
  await send('PUT', path, { json })
}

export const talks = {
  calls: allCalls,
  raise: (record: string, secret: string) => post<{ id: string; closes_on: string }>('/api/calls', { record, secret }),
  answer: (call: string, record: string, secret: string) =>
    post<{ conversation: string }>(`/api/calls/${call}/answer`, { record, secret }),
  decline: async (call: string) => void (await send('POST', `/api/calls/${call}/decline`)),
  putCallSecret: (call: string, json: { secret: string; replaces: string }) => put(`/api/calls/${call}/secret`, json),
  putSecret: (id: string, json: { secret: string; replaces: string }) => put(at(id, '/secret'), json),
  /** New keys of the own side, in force at a moment that the network chooses. */
  turn: (id: string, json: { succession: string; secret: string; replaces: string }) => put(at(id, '/turn'), json),
  close: async (call: string) => void (await send('POST', `/api/calls/${call}/close`)),
  list: allTalks,
  one: (id: string) => soon(get<TalkFacts>(at(id))),
  open: async (id: string, json: { record: string; epoch: string; secret: string }) =>
    void (await send('POST', at(id, '/opening'), { json })),
  messages: (id: string, after: number) => get<MessagesAnswer>(at(id, `/messages?after=${after}&limit=200`)),
  addEpoch: async (id: string, record: string) => void (await soon(send('POST', at(id, '/epochs'), { json: { record } }))),
  erase: async (id: string, counter: number) => void (await soon(send('POST', at(id, `/messages/${counter}/erasure`)))),
  keeping: (id: string) => soon(get<KeepingFacts>(at(id, '/keeping'))),
  keep: (id: string, months: number) => put(at(id, '/retention'), { months }),
  hold: (id: string, held: boolean) => put(at(id, '/hold'), { held }),
  silence: (id: string, silenced: boolean) => put(at(id, '/silence'), { silenced }),
  report: async (id: string, transcript: Uint8Array) =>
    void (await send('POST', at(id, '/reports'), { bytes: transcript, type: 'application/octet-stream' })),
  states: () => soon(get<StateFacts[]>('/api/conversation-states')),
  putState: async (id: string, json: { replaces: number; sealed: string }) =>
    (await (await soon(send('PUT', at(id, '/state'), { json }))).json()) as { version: number },
  beginFile: (id: string, json: { id: string; chunks: number }) => post<FileProgress>(at(id, '/files'), json),
  putChunk: async (id: string, file: string, number: number, sealed: Uint8Array) =>
    void (await send('PUT', at(id, `/files/${file}/${number}`), { bytes: sealed, type: 'application/octet-stream' })),
  chunk: (id: string, file: string, number: number) => octets(at(id, `/files/${file}/${number}`)),
  eraseFile: async (id: string, file: string) => void (await send('DELETE', at(id, `/files/${file}`))),
  vouching: (holder: string, firm: string) => get<{ signature: string }>(`${holder}/vouchings/${firm}`),
}
