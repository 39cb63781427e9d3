/** What the settings and the console ask of the network. */

import { get, octets, post, send } from '../network/requests.ts'
import type { components } from '../network/schema.d.ts'

type Schemas = components['schemas']
export type UserFacts = Schemas['UserListed']
export type OwnSession = Schemas['SessionListed']
export type AuditFacts = Schemas['AuditEntry']
export type HeldFacts = Schemas['ConversationHeld']
export type WebhookFacts = Schemas['WebhookListed']
export type DeliveryFacts = Schemas['DeliveryListed']
export type KeyringFacts = Schemas['KeyringRead']
export type WrapFacts = KeyringFacts['wrap'] & object
export type CandidateFacts = Schemas['CandidateListed']
export type ReportFacts = Schemas['ReportListed']

/** What a key holder that is a process of its own says of itself; it is no part of the network's schema. */
export interface HolderSaid {
  number: number
  name: string
  key: string
  fingerprint: string | null
  log: { sequence: number } | null
  witnessed: { month: string; digest: string } | null
}

const put = async (path: string, json: unknown): Promise<void> => void (await send('PUT', path, { json }))
const remove = async (path: string): Promise<void> => void (await send('DELETE', path))

export const ask = {
  users: () => get<UserFacts[]>('/api/users'),
  addUser: (json: Record<string, unknown>) => post<{ user_id: string }>('/api/users', json),
  revokeUser: (id: string) => remove(`/api/users/${id}`),
  revokeDevice: (id: string) => remove(`/api/devices/${id}`),
  renewDevice: (id: string, delegation: string) => put(`/api/devices/${id}/delegation`, { delegation }),
  sessions: () => get<OwnSession[]>('/api/me/sessions'),
  endSession: (id: string) => remove(`/api/me/sessions/${id}`),
  ownWrap: (authKey: string) => post<{ wrapped_bundle: string }>('/api/me/secrets', { auth_key: authKey }),
  newSecrets: (json: Record<string, unknown>) => put('/api/me/secrets', json),
  keyring: () => get<KeyringFacts>('/api/keyring'),
  offerKeys: (json: Record<string, unknown>) => put('/api/keyring/offer', json),
  changeKeyring: async (json: Record<string, unknown>) => void (await send('POST', '/api/keyring', { json })),
  holds: () => get<HeldFacts[]>('/api/holds'),
  hold: (id: string, held: boolean) => put(`/api/conversations/${id}/hold`, { held }),
  webhooks: () => get<WebhookFacts[]>('/api/webhooks'),
  addWebhook: (url: string, severity: string) => post<{ id: string; secret: string }>('/api/webhooks', { url, severity_least: severity }),
  removeWebhook: (id: string) => remove(`/api/webhooks/${id}`),
  testWebhook: async (id: string) => void (await send('POST', `/api/webhooks/${id}/test`)),
  deliveries: (id: string) => get<DeliveryFacts[]>(`/api/webhooks/${id}/deliveries`),
  replay: (id: string) => post<{ count: number }>(`/api/webhooks/${id}/replay`, {}),
  audit: (path: '/api/audit' | '/api/operator/audit', after: number) => get<AuditFacts[]>(`${path}?after=${after}`),
  admit: (json: Record<string, unknown>) => post<{ firm_id: string; invitation: string }>('/api/operator/admissions', json),
  refuse: async (json: { name: string; reason: string }) => void (await send('POST', '/api/operator/refusals', { json })),
  candidates: () => get<CandidateFacts[]>('/api/operator/candidates'),
  invite: (name: string, most: number) =>
    post<{ candidate_id: string; invitation: string }>('/api/operator/candidates', { name, identifiers_max: most }),
  reports: () => get<ReportFacts[]>('/api/operator/reports'),
  report: (id: string) => octets(`/api/operator/reports/${id}`),
  health: () => get<{ status: string }>('/health'),
  holder: (url: string) => get<HolderSaid>(url),
}
