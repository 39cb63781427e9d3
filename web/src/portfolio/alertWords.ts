/** An alert in one sentence, as a colleague would say it. Twin of benchmark/alerts_words.py, word for word. */

export type AlertKind = 'drift' | 'shock' | 'recovery' | 'incident' | 'first' | 'sector' | 'outside' | 'own'
export type Confidence = 'likely' | 'very likely' | 'certain'
export type Severity = 'info' | 'watch' | 'act' | 'urgent'
type Language = 'fr' | 'en'

import { sectorName } from './sectorNames.ts'

const SHARED_MIN_DAYS = 2
const YOUNG_MONTHS = 10
const FEW_CELLS = 20

const MONTHS: Record<Language, string[]> = {
  fr: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
}
const KINDS: Record<AlertKind, Record<Language, string>> = {
  drift: { fr: 'Dérive', en: 'Drift' },
  shock: { fr: 'Saut', en: 'Jump' },
  recovery: { fr: 'Rétablissement', en: 'Recovery' },
  incident: { fr: 'Incident', en: 'Incident' },
  first: { fr: 'Première comparaison', en: 'First comparison' },
  sector: { fr: 'Secteur', en: 'Sector shift' },
  outside: { fr: 'Au-dessus de la bande', en: 'Above the band' },
  own: { fr: 'Votre tendance', en: 'Your own trend' },
}
const RETURNED: Record<Language, string> = { fr: 'Revenu dans la bande', en: 'Back in the band' }
const SURE: Record<Confidence, Record<Language, string>> = {
  likely: { fr: 'probable', en: 'likely' },
  'very likely': { fr: 'très probable', en: 'very likely' },
  certain: { fr: 'publié', en: 'published' },
}
const SEVERITY: Record<Severity, Record<Language, [string, string]>> = {
  info: { fr: ['Pour information', 'à lire avec le prochain résumé'], en: ['For information', 'read it with the next digest'] },
  watch: { fr: ['À surveiller', 'à revoir à la prochaine publication'], en: ['Watch', 'look again with the next release'] },
  act: {
    fr: ['À traiter', 'appeler le client et revoir sa limite cette semaine'],
    en: ['Act', 'call the client and look at its limit this week'],
  },
  urgent: {
    fr: ['Urgent', "à décider aujourd'hui, avant la prochaine livraison"],
    en: ['Urgent', 'decide today, before the next delivery'],
  },
}

/** Months are indices, days whole; "outside" and "own" come from own figures. `sector`: whose move the shared days are, or which has shifted; null: the network's. */
export interface Told {
  kind: AlertKind
  month: number
  since: number
  sizeDays: number
  sharedDays: number
  nowDays: number | null
  endsAtDays: number | null
  mayBeLarger: boolean
  sector?: number | null
  /** The firm's own disputed share explains what is late. */
  dispute?: boolean
  /** Of "outside" alone: the gap today, `sizeDays` being that of the month when it was raised; null: nothing is compared this month. */
  gapDays?: number | null
  /** Above the band no more; the alert stands until the client has stayed so. */
  returned?: boolean
}

/** `returned`: of an alert on a client that is above the band no more. */
export const kindWords = (kind: AlertKind, lang: Language, returned = false): string => (returned ? RETURNED : KINDS[kind])[lang]
export const sureWords = (confidence: Confidence, lang: Language): string => SURE[confidence][lang]
export const severityWords = (severity: Severity, lang: Language): [string, string] => SEVERITY[severity][lang]
export const monthWords = (month: number, lang: Language): string => `${MONTHS[lang][month % 12]} ${Math.floor(month / 12)}`

const days = (count: number, lang: Language): string => {
  const size = Math.abs(count)
  if (lang === 'fr') return size <= 1 ? `${size} jour` : `${size} jours`
  return size === 1 ? `${size} day` : `${size} days`
}

function lateness(count: number, lang: Language): string {
  if (count === 0) return lang === 'fr' ? "à l'échéance" : 'on the due date'
  return lang === 'fr'
    ? `${days(count, lang)} ${count > 0 ? 'après' : 'avant'} l'échéance`
    : `${days(count, lang)} ${count > 0 ? 'after' : 'before'} the due date`
}

/** What was seen, with its figures. */
export function alertSentence(told: Told, lang: Language): string {
  const parts = [seen(told, lang)]
  if (Math.abs(told.sharedDays) >= SHARED_MIN_DAYS && (told.kind === 'drift' || told.kind === 'shock' || told.kind === 'sector')) parts.push(shared(told, lang))
  const text = `${parts.join(lang === 'fr' ? ' ; ' : '; ')}.${told.dispute ? disputed(told.kind, lang) : ''}`
  if (!told.mayBeLarger) return text
  return lang === 'fr'
    ? `${text} Le mouvement réel peut être plus grand : une publication ne déplace un centre que d'un montant borné.`
    : `${text} The true move may be larger: a release moves a centre by a bounded amount only.`
}

/** What would end it. */
export function alertEnding(told: Told, lang: Language): string {
  const french = lang === 'fr'
  if (told.endsAtDays === null) {
    if (told.kind === 'incident') return french ? 'Prend fin quand plus assez de fournisseurs ne le signalent.' : 'It ends when no longer enough of its suppliers report it.'
    if (told.kind === 'outside')
      return french
        ? 'Prend fin quand il est revenu dans la bande, ou après trois mois sans comparaison.'
        : 'It ends once the client is back in the band, or after three months without a comparison.'
    return french ? "Rien n'est attendu." : 'Nothing is awaited.'
  }
  const level = lateness(told.endsAtDays, lang)
  if (told.kind === 'outside') {
    const begun = told.nowDays !== null && told.nowDays <= told.endsAtDays
    return french
      ? `Prend fin quand il vous paie ${level} ou plus tôt, ${begun ? 'le mois prochain encore' : 'deux mois de suite'}.`
      : `It ends when the client pays you ${level} or sooner, ${begun ? 'next month once more' : 'two months in a row'}.`
  }
  if (told.kind === 'own') return french ? `Prend fin quand il vous paie ${level} ou plus tôt.` : `It ends when the client pays you ${level} or sooner.`
  return french ? `Prend fin quand le centre publié est ${level} ou plus tôt.` : `It ends when the published centre is ${level} or sooner.`
}

function seen(told: Told, lang: Language): string {
  const french = lang === 'fr'
  const size = days(told.sizeDays, lang)
  const since = monthWords(told.since, lang)
  const now = told.nowDays === null ? '' : lateness(told.nowDays, lang)
  switch (told.kind) {
    case 'drift':
      return french
        ? `Ses fournisseurs sont payés ${size} plus tard, durablement depuis ${since}, et le sont ${now}`
        : `Its suppliers have been paid ${size} later, lastingly since ${since}, and are now paid ${now}`
    case 'shock':
      return french ? `En ${since}, ses fournisseurs sont soudain payés ${size} plus tard : ${now}` : `In ${since} its suppliers were suddenly paid ${size} later: ${now}`
    case 'recovery':
      return french
        ? `Il s'est rétabli : ses fournisseurs sont payés ${now}, ${size} de mieux qu'au pire`
        : `It has recovered: its suppliers are paid ${now}, ${size} better than at its worst`
    case 'incident':
      return french ? 'Plusieurs de ses fournisseurs signalent un incident de paiement' : 'Several of its suppliers report an incident of payment'
    case 'first':
      return french ? `Première comparaison pour ce client : ses fournisseurs sont payés ${now}` : `A first comparison for this client: its suppliers are paid ${now}`
    case 'outside':
      return outside(told, lang)
    case 'sector': {
      const name = told.sector ? sectorName(told.sector, lang) : ''
      return french
        ? `Tout un secteur (${name}) est payé ${size} plus tard depuis ${since}, et l'est ${now}`
        : `A whole sector (${name}) has been paid ${size} later since ${since}, and is now paid ${now}`
    }
    case 'own':
      return french ? `Il vous paie ${now}, ${size} plus tard qu'en ${since} ; vos chiffres seuls le disent` : `It pays you ${now}, ${size} later than in ${since}; your own figures alone say so`
  }
}

/** Today first, since it is what one acts upon; then what it was when the alert was raised. */
function outside(told: Told, lang: Language): string {
  const french = lang === 'fr'
  const [then, since] = [days(told.sizeDays, lang), monthWords(told.since, lang)]
  const gap = told.gapDays ?? null
  if (gap === null)
    return french
      ? `Au-dessus de la bande de ses fournisseurs depuis ${since} (alors ${then} plus tard que leur centre) ; rien ne peut être comparé ce mois-ci`
      : `Above the band of its suppliers since ${since} (${then} later than their centre then); nothing can be compared this month`
  if (told.returned)
    return french
      ? `Il n'est plus au-dessus de la bande de ses fournisseurs : il vous paie ${beside(gap, lang)} leur centre, contre ${then} plus tard en ${since}`
      : `It is no longer above the band of its suppliers: it pays you ${beside(gap, lang)} their centre, against ${then} later in ${since}`
  const before = gap === told.sizeDays ? '' : french ? ` (${then} alors)` : ` (${then} then)`
  return french
    ? `Il vous paie ${days(gap, lang)} plus tard que le centre de ses fournisseurs, au-dessus de leur bande depuis ${since}${before}`
    : `It pays you ${days(gap, lang)} later than the centre of its suppliers, above their band since ${since}${before}`
}

/** "3 days later than"; with nothing between them "like". */
function beside(gap: number, lang: Language): string {
  if (gap === 0) return lang === 'fr' ? 'comme' : 'like'
  return lang === 'fr' ? `${days(gap, lang)} plus ${gap > 0 ? 'tard' : 'tôt'} que` : `${days(gap, lang)} ${gap > 0 ? 'later' : 'earlier'} than`
}

function shared(told: Told, lang: Language): string {
  const by = told.sharedDays
  const size = days(by, lang)
  const own = Boolean(told.sector) && told.kind !== 'sector'
  return lang === 'fr'
    ? `${own ? 'tout son secteur a' : 'les autres clients ont'} ${by > 0 ? 'ralenti' : 'accéléré'} de ${size} entre-temps, ce qui n'est pas compté`
    : `${own ? 'its whole sector' : 'the other clients'} ${by > 0 ? 'slowed' : 'sped up'} by ${size} meanwhile, which is not counted`
}

/** Own disputed amounts explain what is late with the firm, never what is late with others. */
function disputed(kind: AlertKind, lang: Language): string {
  if (kind === 'outside' || kind === 'own')
    return lang === 'fr'
      ? ' Un litige, non une défaillance : il explique au moins la moitié de ce qui est en retard chez vous.'
      : ' A dispute, not distress: it explains at least half of what is late with you.'
  return lang === 'fr' ? ' Chez vous, un litige explique au moins la moitié de ce qui est en retard.' : ' With you, a dispute explains at least half of what is late.'
}

/** What a network with a short history, or few cells within sight, cannot tell yet; null: it is grown. */
export function youngWords(releases: number, cells: number, lang: Language): string | null {
  if (releases < YOUNG_MONTHS)
    return lang === 'fr'
      ? `Réseau jeune (${releases === 1 ? '1 mois publié' : `${releases} mois publiés`}) : aucune dérive ne peut être annoncée avant ${YOUNG_MONTHS} mois. D'ici là, ce sont les sauts, les incidents, les secteurs et votre propre grand livre qui parlent.`
      : `A young network (${releases === 1 ? '1 month published' : `${releases} months published`}): no drift can be told before ${YOUNG_MONTHS} months. Until then jumps, incidents, sectors and your own ledger speak.`
  if (cells < FEW_CELLS)
    return lang === 'fr'
      ? `Peu de vos clients sont publiés (${cells}) : pour les autres, seuls leur secteur et votre propre grand livre parlent.`
      : `Few of your clients are published (${cells}): of the others their sector and your own ledger alone speak.`
  return null
}
