/** A score, its limit and its chance in words; the reminder of notice; the light. Twin of benchmark/score_words.py, word for word. */

import { CHANCE_LATE_DAYS, MONTH_DAYS, TREND_MONTHS, type Light, type Limit, type Parameters, type Score, type Source } from './score.ts'

type Language = 'fr' | 'en'

const NOTICE_MAX_MONTHS = 18

const SOURCES: Record<Source, Record<Language, (own: string, centre: string, weight: number, days: string) => string>> = {
  both: {
    fr: (own, centre, weight, days) => `vos chiffres (${own}, poids ${weight} %) et le centre de ses fournisseurs (${centre}) : ${days}`,
    en: (own, centre, weight, days) => `your own figures (${own}, weight ${weight}%) and its suppliers' centre (${centre}): ${days}`,
  },
  peers: {
    fr: (_own, _centre, _weight, days) => `le centre de ses fournisseurs seul, faute de chiffres récents chez vous : ${days}`,
    en: (_own, _centre, _weight, days) => `its suppliers' centre alone, for want of recent figures of your own: ${days}`,
  },
  own: {
    fr: (_own, _centre, _weight, days) => `vos chiffres seuls, rien n'étant publié pour ce client : ${days}`,
    en: (_own, _centre, _weight, days) => `your own figures alone, nothing being published of this client: ${days}`,
  },
}
const LIGHTS: Record<Light, Record<Language, [name: string, step: string]>> = {
  green: { fr: ['Vert', "Livrez comme d'habitude."], en: ['Green', 'Deliver as usual.'] },
  amber: {
    fr: ['Orange', 'Demandez au crédit avant toute nouvelle commande à terme.'],
    en: ['Amber', 'Ask credit control before a new order on account.'],
  },
  red: {
    fr: ['Rouge', "Pas de livraison à terme sans l'accord du crédit."],
    en: ['Red', "No delivery on account without credit control's word."],
  },
}

export function headline(score: Score, lang: Language): string {
  const made = SOURCES[score.source][lang](late(score.own_days, lang), late(score.centre_days, lang), percent(score.own_weight), late(score.days, lang))
  return lang === 'fr'
    ? `Note ${score.score} sur 100, classe ${score.risk_class}. D'après ${made}.${trend(score, lang)}`
    : `Score ${score.score} of 100, class ${score.risk_class}. From ${made}.${trend(score, lang)}`
}

/** Where there is neither an own figure nor a cell. */
export const nothingKnown = (lang: Language): string =>
  lang === 'fr' ? 'Pas de note : ni chiffre récent chez vous, ni chiffre publié.' : 'No score: neither a recent figure of yours nor a published one.'

function trend(score: Score, lang: Language): string {
  if (score.trend === null) return ''
  const points = Math.abs(score.trend)
  const word = points === 1 ? 'point' : 'points'
  if (lang === 'fr') {
    if (points === 0) return ` Inchangée en ${TREND_MONTHS} mois.`
    return ` ${points} ${word} de ${score.trend > 0 ? 'plus' : 'moins'} qu'il y a ${TREND_MONTHS} mois.`
  }
  if (points === 0) return ` Unchanged in ${TREND_MONTHS} months.`
  return ` ${points} ${word} ${score.trend > 0 ? 'more' : 'less'} than ${TREND_MONTHS} months ago.`
}

export function chanceWords(score: Score, lang: Language): string {
  return lang === 'fr'
    ? `Risque de plus de ${CHANCE_LATE_DAYS} jours de retard au prochain trimestre : ${chanceText(score.chance, lang)} % (appris dans des réseaux simulés).`
    : `Chance of being more than ${CHANCE_LATE_DAYS} days late next quarter: ${chanceText(score.chance, lang)}% (learnt in simulated networks).`
}

/** Never 0 or 100: nothing is sure. */
export function chanceText(chance: number, lang: Language): string {
  const whole = percent(chance)
  if (whole < 1) return lang === 'fr' ? 'moins de 1' : 'under 1'
  if (whole > 99) return lang === 'fr' ? 'plus de 99' : 'over 99'
  return String(whole)
}

/** What went into a limit, in the order of its formula. */
export function inputs(limit: Limit, parameters: Parameters, lang: Language): [name: string, value: string][] {
  const french = lang === 'fr'
  const unit = french ? 'j' : 'd'
  const values = [
    euros(limit.monthly_sales_cents, lang),
    `${limit.terms_days} ${unit}`,
    `${limit.late_days} ${unit}`,
    decimal(MONTH_DAYS, lang),
    decimal(limit.share, lang),
    euros(parameters.limit_max_cents, lang),
    euros(parameters.insured_cents, lang),
    euros(parameters.rounded_to_cents, lang),
  ]
  const names = french
    ? [`ventes mensuelles TTC, moyenne de ${parameters.sales_months} mois`, 'délai convenu', 'retard retenu', 'jours par mois', 'part de la classe', 'plafond', "couverture d'assurance", 'arrondi à']
    : [`monthly sales with tax, mean of ${parameters.sales_months} months`, 'terms agreed', 'lateness taken', 'days a month', 'share of the class', 'cap', "insurer's cover", 'rounded to']
  return names.map((name, at) => [name, values[at]!])
}

/** The limit's whole formula in one line, money in euros without cents. */
export function formula(limit: Limit, lang: Language): string {
  const french = lang === 'fr'
  const unit = french ? 'j' : 'd'
  const wanted = euros(Math.floor(limit.need_cents * limit.share + 0.5), lang)
  let text = `${euros(limit.monthly_sales_cents, lang)} × (${limit.terms_days} ${unit} + ${limit.late_days} ${unit}) / ${decimal(MONTH_DAYS, lang)} ${unit} = ${euros(limit.need_cents, lang)}${french ? ' ;' : ';'} × ${decimal(limit.share, lang)} = ${wanted}`
  if (limit.capped) text += french ? ', plafonné' : ', capped'
  if (limit.insured) text += french ? ", relevé à la couverture d'assurance" : ", raised to the insurer's cover"
  return `${text} → ${euros(limit.cents, lang)}`
}

/** The reminder before a long relation is ended or sharply cut; null for a short one. Code de commerce, art. L. 442-1, II. */
export function notice(relationMonths: number, lang: Language, parameters: Parameters): string | null {
  if (relationMonths < parameters.long_relation_months) return null
  return lang === 'fr'
    ? `Relation suivie depuis au moins ${relationMonths} mois : y mettre fin ou la réduire fortement demande un préavis écrit, fonction de sa durée et des usages (Code de commerce, art. L. 442-1, II ; ${NOTICE_MAX_MONTHS} mois suffisent toujours), sauf inexécution par le client. Rien n'est décidé ici.`
    : `A relation of at least ${relationMonths} months: to end it or cut it sharply takes written notice that fits its duration and usage (French Code de commerce, art. L. 442-1, II; ${NOTICE_MAX_MONTHS} months are always enough), unless the client fails to perform. Nothing is decided here.`
}

/** The light's name, and the one step that the sales side is told. */
export const lightWords = (light: Light, lang: Language): [name: string, step: string] => LIGHTS[light][lang]

/** Whole euros, cents cut off, grouped as the language does. */
export function euros(cents: number, lang: Language): string {
  const grouped = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, lang === 'fr' ? ' ' : ',')
  return lang === 'fr' ? `${grouped} €` : `€${grouped}`
}

export const percent = (share: number): number => Math.floor(100 * share + 0.5)

/** A number as it is written, at most 6 digits. */
export function decimal(value: number, lang: Language): string {
  const text = String(Number(value.toPrecision(6)))
  return lang === 'fr' ? text.replace('.', ',') : text
}

function late(count: number | null, lang: Language): string {
  if (count === null) return '–'
  const french = lang === 'fr'
  if (count === 0) return french ? "à l'échéance" : 'on the due date'
  const size = Math.abs(count)
  const days = french ? `${size} jour${size <= 1 ? '' : 's'}` : `${size} day${size === 1 ? '' : 's'}`
  if (french) return days + (count > 0 ? ' de retard' : " avant l'échéance")
  return `${days} ${count > 0 ? 'late' : 'early'}`
}
