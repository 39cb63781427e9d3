/** What the network's server answers: the types of its own schema (docs/openapi.json), narrowed where it says less than we know. */

import type { AlertKind, Confidence, Severity } from '../portfolio/alertWords.ts'
import type { components } from './schema.d.ts'

type Schemas = components['schemas']

export type NetworkFacts = Omit<Schemas['NetworkFacts'], 'kind'> & { kind: 'production' | 'demo' | 'replay' }
export type SessionFacts = Schemas['PersonSession']
export type Me = Schemas['Me']
export type BookAnswer = Schemas['Book']
export type ReleaseFacts = Schemas['ReleaseListed']
export type DeviceFacts = Schemas['DeviceListed']
export type FirmFacts = Schemas['FirmListed']
export type Receipt = Schemas['Receipt']
export type ReceiptFacts = Schemas['ReceiptListed']
export type LifeFacts = Schemas['LifeListed']
export type ColleagueFacts = Schemas['Colleague']
export type ChangesFacts = Schemas['Changes']
/** `pseudonym`: in hex, as the portfolio's. */
export type MuteFacts = Schemas['MuteListed']
export type TaskDoneFacts = Schemas['TaskDoneListed']
export type CommentFacts = Schemas['CommentListed']
/** The severities' and kinds' names are the server's; hours are local. */
export type WishesFacts = Required<Schemas['Wishes']>
export type ManifestListed = Schemas['ManifestListed']
export type ReceiptProof = Schemas['ReceiptProof']
export type CellProof = Schemas['CellProof']

/** The cell over all clients; null: not published. */
export interface NetworkCell {
  days_late: number | null
  dso: number | null
  band: number | null
}

/** Columns are base64 of little-endian values: pseudonyms 32 bytes each, band u1, the others i2. */
export type CellsAnswer = Omit<Schemas['MonthCells'], 'network' | 'sectors' | 'regions'> & { network: NetworkCell; sectors: Record<string, NetworkCell>; regions: Record<string, NetworkCell> }

export type AlertFacts = Omit<Schemas['AlertListed'], 'kind' | 'confidence' | 'severity'> & {
  /** 'outside' and 'own' are this device's, from own figures. */
  kind: AlertKind
  confidence: Confidence
  severity: Severity
  /** Of 'outside' alone: days beyond the centre today, null where nothing is compared; `size_days` is as of `month`. */
  now_days?: number | null
  /** Above the band no more: the alert stands until the client has stayed so. */
  returned?: boolean
}
