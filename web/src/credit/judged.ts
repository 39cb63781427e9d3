/** A published judgment is an incident of the month in which it was published; its reference stays in the book. Twin of member/notice_incidents.py; pure. */

import type { Checked } from '../connectors/prepared.ts'
import { readMonth } from '../month.ts'
import type { PublicNotice } from './credit_file.ts'

/** The upload's code of published insolvency proceedings. */
const JUDGED = 5

/** A cancelled notice, and one that starts no clock, sets none; what the file itself tells stays if graver. */
export function withJudgedMonths(checked: Checked, notices: readonly PublicNotice[]): Checked {
  const judged = new Set(notices.filter((one) => one.claim_by !== null && !one.cancelled).map((one) => `${one.identifier} ${readMonth(one.published.slice(0, 7))}`))
  if (!judged.size) return checked
  const contributions = checked.contributions.map((one) =>
    judged.has(`${checked.clients[one.client]!.identifier} ${one.month}`) ? { ...one, figures: { ...one.figures, incident: Math.max(one.figures.incident ?? 0, JUDGED) } } : one,
  )
  return { ...checked, contributions }
}
