/** One sentence on a client, from own figures and published cells: short templates with numbers, no adjectives of alarm. */

import type { Catalogue } from '../text/en.ts'
import type { Numbers } from '../text/numbers.ts'
import { compared, SPAN, type Portfolio } from './portfolio.ts'

export interface Said {
  before: string
  key: string
  after: string
  tone: 'late' | 'early' | ''
}

const BACK_MONTHS = 6
/** Below this many days nothing is said to have moved: the peers' figure is rounded and carries noise. */
const NOTICEABLE_DAYS = 3

export function sayOf(portfolio: Portfolio, row: number, text: Catalogue, numbers: Numbers): Said {
  const spot = row * SPAN + portfolio.at
  if (Number.isNaN(portfolio.ownLate[spot]!)) return { before: text.sentence.nothing, key: '', after: '', tone: '' }
  return compared(portfolio, row) && !Number.isNaN(portfolio.peersLate[spot]!)
    ? sayCompared(portfolio, spot, text, numbers)
    : sayAlone(portfolio, spot, text, numbers)
}

function sayCompared(portfolio: Portfolio, spot: number, text: Catalogue, numbers: Numbers): Said {
  const s = text.sentence
  const gap = Math.round(portfolio.ownLate[spot]!) - portfolio.peersLate[spot]!
  const [before, key, rest] = gap > 0 ? s.later(numbers.dayCount(gap)) : gap < 0 ? s.earlier(numbers.dayCount(gap)) : s.same
  const back = spot - BACK_MONTHS
  const known = portfolio.at >= BACK_MONTHS && !Number.isNaN(portfolio.ownLate[back]! + portfolio.peersLate[back]!)
  if (!known) return { before, key, after: rest + s.end, tone: toneOf(gap) }
  const gapBefore = Math.round(portfolio.ownLate[back]!) - portfolio.peersLate[back]!
  const growth = Math.abs(gap) - Math.abs(gapBefore)
  const sameSide = gap * gapBefore >= 0
  const moved = !sameSide ? s.gapGrew(numbers.dayCount(gap - gapBefore)) : Math.abs(growth) < NOTICEABLE_DAYS ? s.gapStable : growth > 0 ? s.gapGrew(numbers.dayCount(growth)) : s.gapShrank(numbers.dayCount(growth))
  const peers = portfolio.peersLate[spot]! - portfolio.peersLate[back]!
  const others = Math.abs(peers) < NOTICEABLE_DAYS ? s.peersSame : peers > 0 ? s.peersWorse(numbers.dayCount(peers)) : s.peersBetter(numbers.dayCount(peers))
  return { before, key, after: rest + moved + others, tone: toneOf(gap) }
}

function sayAlone(portfolio: Portfolio, spot: number, text: Catalogue, numbers: Numbers): Said {
  const s = text.sentence
  const own = Math.round(portfolio.ownLate[spot]!)
  const [few, before] = s.alone
  const key = own > 0 ? s.aloneOwn(numbers.dayCount(own)) : own < 0 ? s.aloneEarly(numbers.dayCount(own)) : s.aloneOnTime
  const network = portfolio.networkCells[portfolio.at]?.days_late ?? null
  let after = network === null ? s.end : s.aloneNetwork(numbers.dayCount(network))
  const back = spot - BACK_MONTHS
  if (portfolio.at >= BACK_MONTHS && !Number.isNaN(portfolio.ownLate[back]!)) {
    const rise = own - Math.round(portfolio.ownLate[back]!)
    if (rise >= NOTICEABLE_DAYS) after += s.ownRose(numbers.dayCount(rise))
    else if (rise <= -NOTICEABLE_DAYS) after += s.ownFell(numbers.dayCount(rise))
  }
  return { before: few + before, key, after, tone: '' }
}

const toneOf = (gap: number): Said['tone'] => (gap > 0 ? 'late' : gap < 0 ? 'early' : '')
