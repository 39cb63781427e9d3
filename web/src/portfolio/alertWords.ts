/** An alert in one sentence, as a colleague would say it. Twin of benchmark/alerts_words.py, word for word. */

export type AlertKind = 'drift' | 'shock' | 'recovery' | 'incident' | 'first' | 'outside'
export type Confidence = 'likely' | 'very likely' | 'certain'
export type Severity = 'info' | 'watch' | 'act' | 'urgent'
type Language = 'fr' | 'en'

const SHARED_MIN_DAYS = 2

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
  outside: { fr: 'Hors fourchette', en: 'Outside the band' },
}
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

/** Months are indices, days whole; "outside" alone comes from own figures. */
export interface Told {
  kind: AlertKind
  month: number
  since: number
  sizeDays: number
  sharedDays: number
  nowDays: number | null
  endsAtDays: number | null
  mayBeLarger: boolean
}

export const kindWords = (kind: AlertKind, lang: Language): string => KINDS[kind][lang]
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
  if (Math.abs(told.sharedDays) >= SHARED_MIN_DAYS && (told.kind === 'drift' || told.kind === 'shock')) parts.push(shared(told.sharedDays, lang))
  const text = `${parts.join(lang === 'fr' ? ' ; ' : '; ')}.`
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
    return french ? "Rien n'est attendu." : 'Nothing is awaited.'
  }
  const level = lateness(told.endsAtDays, lang)
  if (told.kind === 'outside')
    return french ? `Prend fin quand il vous paie ${level} ou plus tôt, deux mois de suite.` : `It ends when it pays you ${level} or sooner, two months in a row.`
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
      return french
        ? `Il vous paie ${size} plus tard que le centre de ses fournisseurs, hors de leur fourchette, depuis ${since}`
        : `It has paid you ${size} later than the centre of its suppliers, outside their band, since ${since}`
  }
}

function shared(by: number, lang: Language): string {
  const size = days(by, lang)
  return lang === 'fr'
    ? `les autres clients ont ${by > 0 ? 'ralenti' : 'accéléré'} de ${size} entre-temps, ce qui n'est pas compté`
    : `the other clients ${by > 0 ? 'slowed' : 'sped up'} by ${size} meanwhile, which is not counted`
}
