/** Canonical identifiers: one client typed three ways is one client. Twin: privacy/identifiers.py, read by the same vectors. */

export interface IdentifierRefused {
  code: string
}

export function luhn(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    let value = Number(digits[digits.length - 1 - at])
    if (at % 2 === 1) value = value > 4 ? value * 2 - 9 : value * 2
    sum += value
  }
  return sum % 10 === 0
}

const LA_POSTE = '356000000'

function siret(digits: string): boolean {
  if (!luhn(digits.slice(0, 9))) return false
  if (digits.startsWith(LA_POSTE) && !luhn(digits)) return [...digits].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
  return luhn(digits)
}

/** "fr.siren:552100554", or why not. */
export function readIdentifier(text: string): string | IdentifierRefused {
  const bare = text.toUpperCase().replace(/[\s.\u00a0\u202f-]/g, '')
  // Zeros pass every check digit: a placeholder in a ledger would be a client whom everybody shares.
  if (/^(FR)?0+$/.test(bare)) return { code: 'check' }
  if (/^\d{9}$/.test(bare)) return luhn(bare) ? `fr.siren:${bare}` : { code: 'check' }
  if (/^\d{14}$/.test(bare)) return siret(bare) ? `fr.siren:${bare.slice(0, 9)}` : { code: 'check' }
  const vat = /^FR(\d{2})(\d{9})$/.exec(bare)
  if (vat) {
    const siren = vat[2]!
    return luhn(siren) && Number(vat[1]) === (12 + 3 * (Number(siren) % 97)) % 97 ? `fr.siren:${siren}` : { code: 'check' }
  }
  return { code: 'unknown' }
}

const SCHEMES: Record<string, Record<'fr' | 'en', string>> = {
  'fr.siren': { fr: 'SIREN', en: 'SIREN' },
  'eu.vat': { fr: 'TVA', en: 'VAT' },
  lei: { fr: 'LEI', en: 'LEI' },
  'gb.crn': { fr: 'CRN', en: 'CRN' },
  duns: { fr: 'DUNS', en: 'DUNS' },
}

const GROUPS: Record<string, RegExp> = { 'fr.siren': /.{1,3}/g, duns: /.{1,3}/g, lei: /.{1,4}/g }

/** As people write it: "SIREN 552 100 554", "TVA BE 0403170701"; spaces that do not break. */
export function identifierShown(identifier: string, lang: 'fr' | 'en'): string {
  const [scheme = '', value = ''] = identifier.split(':')
  const name = SCHEMES[scheme]?.[lang]
  if (!name || !value) return identifier
  if (scheme === 'eu.vat') return `${name}\u00a0${value.slice(0, 2)}\u00a0${value.slice(2)}`
  return [name, ...(value.match(GROUPS[scheme] ?? /.+/g) ?? [])].join('\u00a0')
}
