/** What the network's server answers, as JSON carries it: bytes are base64, months "2026-11", days integers or null. */

export interface NetworkFacts {
  name: string
  kind: 'production' | 'demo' | 'replay'
  today: string
  profile: string
  currency: string
  receipt_key: string
  release_key: string
  roster: { construction: string; dealt: boolean; epoch: number; holders: { name: string; url: string }[]; parts: Record<string, string> }
  key_id: string
  latest_release: string | null
}

export interface SessionFacts {
  user_id: string
  firm_id: string | null
  firm_name: string | null
  role: string
  wrapped_bundle: string | null
  token?: string
}

export interface Me {
  firm_id: string | null
  firm_name: string | null
  user_id: string | null
  device_id: string | null
  role: string
  email: string | null
  budget: { used: number; limit: number } | null
  declared_portfolio: number | null
}

export interface BookAnswer {
  head: string | null
  signature: string | null
  device_id: string | null
  segments: string[]
}

export interface NetworkCell {
  days_late: number | null
  dso: number | null
  band: number | null
}

export interface ReleaseFacts {
  month: string
  published_on: string
  header: string
  signature: string
}

export interface CellsAnswer {
  month: string
  network: NetworkCell
  count: number
  pseudonyms: string
  band: string
  days_late: string
  spread: string
  dso: string
}

export interface AlertFacts {
  id: string
  pseudonym: string
  month: string
  kind: 'drift' | 'shock'
  size_days: number
  since: string
  confidence: 'likely' | 'very likely'
  detector: string
  ends_at_days: number
  may_be_larger: boolean
  evidence: [string, number][]
}

export interface Receipt {
  firm_id: string
  month: string
  digest: string
  replaces: string | null
  received_at: string
  rows: number
  signature: string
  /** In the list of receipts: whether it is of its month's current upload. */
  current?: boolean
  erased?: boolean
}

export interface DeviceFacts {
  device_id: string
  public_key: string
  delegation: string
  revoked: boolean
}

export interface FirmFacts {
  firm_id: string
  name: string
  declared_portfolio: number
  admitted_on: string
  /** Null until its administrator used the invitation. */
  enrolled_on: string | null
}
