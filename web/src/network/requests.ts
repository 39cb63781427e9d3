/** HTTP to the network, same origin, cookie session. A refusal is a typed error; nothing here knows a client's name. */

import type {
  AlertFacts,
  ChangesFacts,
  ColleagueFacts,
  CommentFacts, TaskDoneFacts,
  LifeFacts,
  MuteFacts,
  WishesFacts,
  BookAnswer,
  CellProof,
  CellsAnswer,
  DeviceFacts,
  FirmFacts,
  ManifestListed,
  Me,
  NetworkFacts,
  Receipt,
  ReceiptFacts,
  ReceiptProof,
  ReleaseFacts,
  SessionFacts,
} from './answers.ts'
import { typeset } from '../text/typesetting.ts'

export interface ProblemRow {
  row: number | null
  field: string | null
  found: string
  expected: string
}

/** RFC 9457 problem details from the server. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly rows: ProblemRow[]

  constructor(status: number, code: string, text: string, rows: ProblemRow[]) {
    super(typeset(text))
    this.status = status
    this.code = code
    this.rows = rows
  }
}

/** The request never reached the server, or its answer never came. */
export class Unreachable extends Error {}

/** The session ended: log in again. */
export class SessionEnded extends Error {}

let spoken = 'en'
export function speak(language: string): void {
  spoken = language
}

type Body = { json: unknown } | { bytes: Uint8Array; type: string }

export async function send(method: string, path: string, body?: Body, headers: Record<string, string> = {}): Promise<Response> {
  const all = new Headers({ Accept: 'application/json', 'Accept-Language': spoken, ...headers })
  if (method !== 'GET') all.set('X-Vigie', '1')
  let payload: BodyInit | null = null
  if (body && 'json' in body) {
    all.set('Content-Type', 'application/json')
    payload = JSON.stringify(body.json)
  } else if (body) {
    all.set('Content-Type', body.type)
    payload = body.bytes as Uint8Array<ArrayBuffer>
  }
  let response: Response
  try {
    response = await fetch(path, { method, headers: all, body: payload, credentials: 'same-origin', cache: 'no-store' })
  } catch (error) {
    throw new Unreachable(String(error))
  }
  if (response.ok) return response
  throw await refusal(response, path)
}

async function refusal(response: Response, path: string): Promise<Error> {
  if (response.status === 502 || response.status === 503 || response.status === 504) return new Unreachable(response.statusText)
  try {
    const problem = (await response.json()) as { type?: string; title?: string; detail?: string; errors?: ProblemRow[] }
    const code = (problem.type ?? '').split(':').at(-1) ?? ''
    // A wrong password or code that is asked once more in the settings ends nothing.
    if (response.status === 401 && code === 'not-logged-in' && !path.startsWith('/api/sessions')) return new SessionEnded()
    return new Refused(response.status, code, problem.detail || problem.title || response.statusText, problem.errors ?? [])
  } catch {
    if (response.status === 401 && !path.startsWith('/api/sessions')) return new SessionEnded()
    return new Refused(response.status, '', response.statusText, [])
  }
}

export async function get<T>(path: string): Promise<T> {
  return (await (await send('GET', path)).json()) as T
}

export async function post<T>(path: string, json: unknown): Promise<T> {
  return (await (await send('POST', path, { json })).json()) as T
}

export async function octets(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await send('GET', path, undefined, { Accept: 'application/octet-stream' })
  return new Uint8Array(await response.arrayBuffer())
}

const segmentPath = (name: string): string => name.split('/').map(encodeURIComponent).join('/')

export const network = {
  facts: () => get<NetworkFacts>('/api/network'),
  salt: (email: string) => get<{ kdf_salt: string }>(`/api/sessions/salt?email=${encodeURIComponent(email)}`),
  logIn: (email: string, authKey: string, second: { code: string } | { passkey: unknown }) =>
    post<SessionFacts>('/api/sessions/password', { email, auth_key: authKey, ...second }),
  passkeyOptions: async (email: string, authKey: string) =>
    (await post<{ public_key: unknown }>('/api/sessions/passkey-options', { email, auth_key: authKey })).public_key,
  logOut: async () => void (await send('DELETE', '/api/sessions')),
  me: () => get<Me>('/api/me'),
  devices: () => get<DeviceFacts[]>('/api/devices'),
  ownDevice: async (id: string, signature: string) => void (await send('PUT', `/api/devices/${id}/owner`, { json: { signature } })),
  addDevice: (publicKey: string, delegation: string) =>
    post<{ device_id: string }>('/api/devices', { public_key: publicKey, delegation }),
  book: () => get<BookAnswer>('/api/book'),
  segment: (name: string) => octets(`/api/book/segments/${segmentPath(name)}`),
  putBook: async (json: { head: string; signature: string; segments: Record<string, string> }) =>
    void (await send('PUT', '/api/book', { json })),
  termsSharing: () => get<{ shares: boolean; published: boolean }>('/api/firm/terms-sharing'),
  shareTerms: async (shares: boolean) =>
    (await (await send('PUT', '/api/firm/terms-sharing', { json: { shares } })).json()) as { shares: boolean; published: boolean },
  releases: () => get<ReleaseFacts[]>('/api/releases'),
  cells: (month: string) => get<CellsAnswer>(`/api/releases/${month}/cells`),
  manifests: () => get<ManifestListed[]>('/api/manifests'),
  proveReceipts: (month: string) => get<ReceiptProof>(`/api/manifests/${month}/receipts`),
  proveCells: (month: string) => get<CellProof>(`/api/manifests/${month}/cells`),
  alerts: () => get<AlertFacts[]>('/api/alerts'),
  evaluate: (holder: string, json: unknown) => post<{ evaluated: string; proof: string }>(`${holder}/evaluations`, json),
  receipts: () => get<ReceiptFacts[]>('/api/uploads'),
  ownUpload: (digest: string) => octets(`/api/uploads/${digest}`),
  upload: async (body: Uint8Array, idempotencyKey: string, signature: string, device: string) => {
    const headers = { 'Idempotency-Key': idempotencyKey, 'Vigie-Signature': signature, 'Vigie-Device': device }
    const response = await send('POST', '/api/uploads', { bytes: body, type: 'application/vnd.vigie.upload' }, headers)
    return (await response.json()) as { receipts: Receipt[] }
  },
  /** What the firm does about its alerts, and how a user is told of them. */
  alertWork: {
    lives: () => get<LifeFacts[]>('/api/alerts/lives'),
    act: (json: { alerts: string[]; action: string; [more: string]: unknown }) => post<{ lives: LifeFacts[] }>('/api/alerts/lives', json),
    people: () => get<ColleagueFacts[]>('/api/alerts/people'),
    changes: () => get<ChangesFacts>('/api/alerts/changes'),
    visit: async (cursor: ChangesFacts['cursor']) => void (await send('POST', '/api/alerts/visits', { json: cursor })),
    comments: (alert: string) => get<CommentFacts[]>(`/api/alerts/${alert}/comments`),
    comment: (alert: string, json: { id: string; sealed: string }) => post<{ id: string }>(`/api/alerts/${alert}/comments`, json),
    mutes: () => get<MuteFacts[]>('/api/alerts/mutes'),
    mute: (json: { pseudonym?: string; kind?: string; until?: string }) => post<{ id: string }>('/api/alerts/mutes', json),
    unmute: async (id: string) => void (await send('DELETE', `/api/alerts/mutes/${id}`)),
    wishes: () => get<{ wishes: WishesFacts; mail_possible: boolean }>('/api/notifications'),
    wish: async (json: WishesFacts) =>
      (await (await send('PUT', '/api/notifications', { json })).json()) as { wishes: WishesFacts; mail_possible: boolean },
  },
  tasks: {
    done: () => get<TaskDoneFacts[]>('/api/tasks/done'),
    add: (json: { id: string; sealed: string }) => post<{ id: string }>('/api/tasks/done', json),
    take: async (id: string) => void (await send('DELETE', `/api/tasks/done/${id}`)),
  },
  operator: {
    firms: () => get<FirmFacts[]>('/api/operator/firms'),
    releases: () => get<ReleaseFacts[]>('/api/operator/releases'),
    release: (month: string) => post<Record<string, unknown>>('/api/operator/releases', { month }),
    setToday: (today: string) => post<Record<string, unknown>>('/api/operator/clock', { today }),
  },
}
