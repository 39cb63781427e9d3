/** One sentence about a client, as a colleague would say it. Twin of benchmark/verdict.py, word for word. */

import type { Comparison, NextStep } from './comparison.ts'

type Language = 'fr' | 'en'

const GAP_MOVE_MIN_DAYS = 3
const PEERS_MOVE_MIN_DAYS = 3

const NUMBERS: Record<Language, Record<number, string>> = {
  fr: { 4: 'quatre', 5: 'cinq', 6: 'six', 7: 'sept', 8: 'huit' },
  en: { 4: 'four', 5: 'five', 6: 'six', 7: 'seven', 8: 'eight' },
}

const STEPS: Record<NextStep, Record<Language, string>> = {
  tighten: { fr: 'Resserrez : il ralentit avec tous ses fournisseurs.', en: 'Tighten terms: the client slows down with all of its suppliers.' },
  'settle-dispute': {
    fr: 'Réglez le litige : il explique au moins la moitié de ce qui est en retard.',
    en: 'Settle the dispute: it explains at least half of what is late.',
  },
  talk: { fr: 'Appelez-le : le retard est entre vous et lui.', en: 'Call them: the delay is between you and them.' },
  ask: {
    fr: "Demandez-lui pourquoi : il vous paie plus tard qu'avant, le reste n'est pas connu.",
    en: 'Ask them why: they pay you later than before; how they pay others is not known.',
  },
  watch: {
    fr: "Surveillez : il ralentit avec d'autres, pas encore avec vous.",
    en: 'Watch: the client slows down with others, not with you yet.',
  },
  none: { fr: "Rien à faire pour l'instant.", en: 'Nothing to do for now.' },
}

const daysOf = (count: number, lang: Language): string => {
  const size = Math.abs(count)
  if (lang === 'fr') return size <= 1 ? `${size} jour` : `${size} jours`
  return size === 1 ? `${size} day` : `${size} days`
}
const monthsOf = (count: number, lang: Language): string => `${NUMBERS[lang][count] ?? count} ${lang === 'fr' ? 'mois' : 'months'}`
const sideOf = (count: number, lang: Language): string =>
  lang === 'fr' ? (count > 0 ? 'plus tard' : 'plus tôt') : count > 0 ? 'later' : 'earlier'

export const nextStep = (facts: Comparison, lang: Language): string => STEPS[facts.nextStep][lang]

/** The words of the verdict that carry it: "13 days later". Empty where there is no gap. */
export const keyOf = (facts: Comparison, lang: Language): string => (facts.gap ? `${daysOf(facts.gap, lang)} ${sideOf(facts.gap, lang)}` : '')

export function sentence(facts: Comparison, lang: Language): string {
  if (facts.gap === null) return alone(facts, lang)
  const parts = [level(facts, facts.gap, lang)]
  if (facts.gapChange !== null && facts.changeMonths !== null) parts.push(gapSince(facts.gap, facts.gapChange, monthsOf(facts.changeMonths, lang), lang))
  if (facts.peersChange !== null) parts.push(peersSince(facts.peersChange, facts.slowTo === 'all' || facts.slowTo === 'others', lang))
  return `${parts.join(lang === 'fr' ? ' ; ' : '; ')}.`
}

function level(facts: Comparison, gap: number, lang: Language): string {
  const french = lang === 'fr'
  if (gap === 0) return french ? 'Ce client vous paie comme le centre de ses fournisseurs' : 'This client pays you like the centre of its suppliers'
  const within = facts.position === 'inside' ? (french ? ', dans leur bande' : ', within their band') : ''
  return french
    ? `Ce client vous paie ${keyOf(facts, lang)} que le centre de ses fournisseurs${within}`
    : `This client pays you ${keyOf(facts, lang)} than the centre of its suppliers${within}`
}

function gapSince(gap: number, change: number, months: string, lang: Language): string {
  const then = gap - change
  const french = lang === 'fr'
  if (Math.abs(change) < GAP_MOVE_MIN_DAYS) return french ? `l'écart est celui d'il y a ${months}` : `the gap is what it was ${months} ago`
  if (gap * then < 0) {
    const was = `${daysOf(then, lang)} ${sideOf(then, lang)}`
    return french ? `il y a ${months}, il vous payait ${was} que ce centre` : `${months} ago it paid you ${was} than that centre`
  }
  const grew = Math.abs(gap) > Math.abs(then)
  return french
    ? `l'écart ${grew ? "s'est creusé" : "s'est réduit"} de ${daysOf(change, lang)} en ${months}`
    : `the gap ${grew ? 'grew' : 'narrowed'} by ${daysOf(change, lang)} in ${months}`
}

function peersSince(change: number, moved: boolean, lang: Language): string {
  const french = lang === 'fr'
  if (!moved && change > -2 * PEERS_MOVE_MIN_DAYS) return french ? 'ses pairs sont payés comme avant' : 'its peers are paid as before'
  return french
    ? `ses pairs sont payés ${daysOf(change, lang)} ${sideOf(change, lang)} qu'avant`
    : `its peers are paid ${daysOf(change, lang)} ${change > 0 ? 'later' : 'sooner'} than before`
}

function alone(facts: Comparison, lang: Language): string {
  const french = lang === 'fr'
  if (facts.own === null) {
    if (facts.centre === null) return french ? 'Rien à comparer pour ce client.' : 'Nothing to compare for this client yet.'
    return french
      ? `Vous n'avez pas de chiffre récent pour ce client ; ses fournisseurs sont payés ${lateness(facts.centre, lang)}.`
      : `You have no recent figure for this client; its suppliers are paid ${lateness(facts.centre, lang)}.`
  }
  const trend = trendOf(facts, lang)
  return french
    ? `Moins de 5 pairs pour l'instant ; ce client vous paie ${lateness(facts.own, lang)}${trend}.`
    : `Fewer than 5 peers yet; this client pays you ${lateness(facts.own, lang)}${trend}.`
}

function trendOf(facts: Comparison, lang: Language): string {
  if (facts.ownChange === null || facts.changeMonths === null) return ''
  const french = lang === 'fr'
  const months = monthsOf(facts.changeMonths, lang)
  if (Math.abs(facts.ownChange) < GAP_MOVE_MIN_DAYS) return french ? `, comme il y a ${months}` : `, as ${months} ago`
  const moved = daysOf(facts.ownChange, lang)
  return french
    ? `, ${moved} ${sideOf(facts.ownChange, lang)} qu'il y a ${months}`
    : `, ${moved} ${facts.ownChange > 0 ? 'later' : 'sooner'} than ${months} ago`
}

function lateness(count: number, lang: Language): string {
  if (count === 0) return lang === 'fr' ? "à l'échéance" : 'on the due date'
  return lang === 'fr'
    ? `${daysOf(count, lang)} ${count > 0 ? 'après' : 'avant'} l'échéance`
    : `${daysOf(count, lang)} ${count > 0 ? 'after' : 'before'} the due date`
}
