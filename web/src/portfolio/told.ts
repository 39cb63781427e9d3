/** What the words of an alert are made from: the network's answer, its months read. */

import type { AlertFacts } from '../network/answers.ts'
import { readMonth } from '../month.ts'
import type { Told } from './alertWords.ts'

/** `dispute`: the firm's own disputed share explains what is late with it. */
export const toldOf = (alert: AlertFacts, dispute = false): Told => ({
  kind: alert.kind,
  month: readMonth(alert.month) ?? 0,
  since: readMonth(alert.since) ?? 0,
  sizeDays: alert.size_days,
  sharedDays: alert.shared_days,
  nowDays: (alert.evidence.at(-1)?.[1] as number | undefined) ?? null,
  endsAtDays: alert.ends_at_days ?? null,
  mayBeLarger: alert.may_be_larger,
  sector: alert.sector ?? null,
  dispute,
  gapDays: alert.now_days ?? null,
  returned: alert.returned ?? false,
})
