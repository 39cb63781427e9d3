/**
 * A client's score, risk class, recommended limit and the chance of being very late: this device alone.
 * Twin of benchmark/score.py, on the same vectors. Nothing here decides: it says numbers, a person decides.
 */

import { COEFFICIENTS } from './coefficients.ts'

export type Source = 'both' | 'peers' | 'own'
export type Light = 'green' | 'amber' | 'red'
export type Days = number | null

export const TREND_MONTHS = 6
export const CHANCE_BACK_MONTHS = 3
export const CHANCE_LATE_DAYS = 30
export const MONTH_DAYS = 30.4375
const HINGES_DAYS = [15, 30, 60]
const PROMPTNESS_DAYS = [-30, -20, 0, 15, 22, 30, 60, 90, 120, 180]
const PROMPTNESS_SCORE = [100, 90, 80, 70, 60, 50, 40, 30, 20, 1]

/** One class of the firm's own: the least score in it, and its share of what the relation needs. */
export interface RiskClass {
  name: string
  score_min: number
  share: number
}

/** The member's own, under the names that the segment holds them by. Money in cents; best class first, the last from 0 on. */
export interface Parameters {
  own_weight: number
  classes: RiskClass[]
  limit_max_cents: number
  insured_cents: number
  rounded_to_cents: number
  terms_days: number
  sales_months: number
  long_relation_months: number
}

export const USUAL: Parameters = {
  own_weight: 0.5,
  classes: [
    { name: 'A', score_min: 75, share: 1.2 },
    { name: 'B', score_min: 65, share: 1 },
    { name: 'C', score_min: 50, share: 0.7 },
    { name: 'D', score_min: 35, share: 0.3 },
    { name: 'E', score_min: 0, share: 0 },
  ],
  limit_max_cents: 50_000_000,
  insured_cents: 0,
  rounded_to_cents: 100_000,
  terms_days: 30,
  sales_months: 12,
  long_relation_months: 12,
}

/** Which parameter cannot be so; null: all of them can. */
export function wrongIn(parameters: Parameters): keyof Parameters | null {
  const bounds = parameters.classes.map((one) => one.score_min)
  const falling = bounds.every((bound, at) => at === 0 || bound < bounds[at - 1]!)
  const named = parameters.classes.every((one) => one.name.trim() !== '' && one.share >= 0)
  if (!bounds.length || bounds.at(-1) !== 0 || !falling || !named || !bounds.every((bound) => Number.isInteger(bound) && bound <= 100)) return 'classes'
  if (!(parameters.own_weight >= 0 && parameters.own_weight <= 1)) return 'own_weight'
  const least = { limit_max_cents: 0, insured_cents: 0, rounded_to_cents: 1, terms_days: 0, sales_months: 1, long_relation_months: 1 }
  for (const [name, min] of Object.entries(least) as [keyof typeof least, number][]) {
    if (!Number.isSafeInteger(parameters[name]) || parameters[name] < min) return name
  }
  return null
}

/** With every number that went in, in the order of the formula. */
export interface Limit {
  cents: number
  monthly_sales_cents: number
  terms_days: number
  late_days: number
  need_cents: number
  share: number
  capped: boolean
  insured: boolean
}

/** `days`: what the score is of. Null: not known. */
export interface Score {
  source: Source
  own_days: Days
  centre_days: Days
  own_weight: number
  days: number
  score: number
  trend: number | null
  risk_class: string
  chance: number
  limit: Limit
}

const whole = (value: number): number => Math.floor(value + 0.5)
const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** The score of days late, halves up; between the scale's points it is straight. */
export function points(daysLate: number): number {
  const at = PROMPTNESS_DAYS.findIndex((days) => daysLate < days)
  if (at === 0) return PROMPTNESS_SCORE[0]!
  if (at < 0) return PROMPTNESS_SCORE.at(-1)!
  const [left, right] = [PROMPTNESS_DAYS[at - 1]!, PROMPTNESS_DAYS[at]!]
  const [from, to] = [PROMPTNESS_SCORE[at - 1]!, PROMPTNESS_SCORE[at]!]
  return whole(from + ((to - from) / (right - left)) * (daysLate - left))
}

/** Own days and the peers' centre by weight; the one that is known where the other is not. */
export function mixed(own: Days, centre: Days, ownWeight: number): Days {
  if (own === null || centre === null) return own ?? centre
  return ownWeight * own + (1 - ownWeight) * centre
}

/** 1, days above each hinge in tens, the rise in tens; an unknown before counts as now. */
function features(now: number, before: Days): number[] {
  const level = clip(now, -30, 120)
  const rise = before === null ? 0 : clip(level - clip(before, -30, 120), -60, 60)
  return [1, level / 10, ...HINGES_DAYS.map((hinge) => Math.max(level - hinge, 0) / 10), rise / 10]
}

/** The chance of more than 30 days late three months on, 0 to 1. */
export function chance(source: Source, own: [before: Days, now: Days], centre: [before: Days, now: Days]): number {
  const inputs =
    source === 'both'
      ? [...features(own[1]!, own[0]), ...features(centre[1]!, centre[0]).slice(1)]
      : source === 'own'
        ? features(own[1]!, own[0])
        : features(centre[1]!, centre[0])
  const sum = inputs.reduce((total, value, at) => total + value * COEFFICIENTS[source][at]!, 0)
  return 1 / (1 + Math.exp(-sum))
}

const pair = (history: readonly Days[]): [Days, Days] => [history.at(-1 - CHANCE_BACK_MONTHS) ?? null, history.at(-1) ?? null]

/** One client at the last month of two histories of days late (oldest first, equally long); null where neither is known then. */
export function assess(own: readonly Days[], centre: readonly Days[], monthlySalesCents: number, termsDays: Days, parameters: Parameters): Score | null {
  const [ownNow, centreNow] = [own.at(-1) ?? null, centre.at(-1) ?? null]
  const now = mixed(ownNow, centreNow, parameters.own_weight)
  if (now === null) return null
  const source: Source = ownNow === null ? 'peers' : centreNow === null ? 'own' : 'both'
  const score = points(now)
  const then = before(own, centre, source, parameters.own_weight)
  const of = parameters.classes.find((one) => score >= one.score_min)!
  return {
    source,
    own_days: ownNow === null ? null : whole(ownNow),
    centre_days: centreNow === null ? null : whole(centreNow),
    own_weight: parameters.own_weight,
    days: whole(now),
    score,
    trend: then === null ? null : score - points(then),
    risk_class: of.name,
    chance: whole(1000 * chance(source, pair(own), pair(centre))) / 1000,
    limit: recommend(now, monthlySalesCents, termsDays, of, parameters),
  }
}

/** The same source then and now: a centre that is new is no worsening. */
function before(own: readonly Days[], centre: readonly Days[], source: Source, ownWeight: number): Days {
  if (own.length <= TREND_MONTHS) return null
  const [oldOwn, oldCentre] = [own.at(-1 - TREND_MONTHS) ?? null, centre.at(-1 - TREND_MONTHS) ?? null]
  if ((source !== 'own' && oldCentre === null) || (source !== 'peers' && oldOwn === null)) return null
  return mixed(source === 'peers' ? null : oldOwn, source === 'own' ? null : oldCentre, ownWeight)
}

/** Need = monthly sales x (terms + days late) / 30.4375; limit = need x share, capped, insured, rounded. */
export function recommend(daysLate: number, monthlySalesCents: number, termsDays: Days, of: RiskClass, parameters: Parameters): Limit {
  const terms = termsDays ?? parameters.terms_days
  const late = Math.max(whole(daysLate), 0)
  const need = whole((Math.max(monthlySalesCents, 0) * (terms + late)) / MONTH_DAYS)
  const wanted = need * of.share
  const bounded = Math.min(wanted, parameters.limit_max_cents)
  const limit = Math.max(bounded, parameters.insured_cents)
  const step = parameters.rounded_to_cents
  return {
    cents: whole(limit / step) * step,
    monthly_sales_cents: monthlySalesCents,
    terms_days: terms,
    late_days: late,
    need_cents: need,
    share: of.share,
    capped: wanted > parameters.limit_max_cents,
    insured: bounded < parameters.insured_cents,
  }
}

/** Whether the newest decision that says so stops deliveries on account; `choices` oldest first. "other" says neither. */
export function stopped(choices: readonly string[]): boolean {
  const told = choices.filter((one) => ['block', 'end', 'keep', 'limit'].includes(one)).at(-1)
  return told === 'block' || told === 'end'
}

/** What sales is shown. Amber where nothing is known: ask before selling on account. What a person has stopped is red, whatever the figures say. */
export function light(score: Score | null, severity: string | null, isStopped = false): Light {
  if (isStopped || severity === 'urgent' || score?.limit.share === 0) return 'red'
  if (score === null || severity === 'act' || score.limit.share < 1) return 'amber'
  return 'green'
}
