/** Names of firms as they are compared: without accents, legal forms and the words that only say "company". Twin of member/firm_names.py. */

import { IDLE, LEGAL_FORMS, LOOSE, SPELLINGS } from './headings_known.ts'
import { plain } from './values.ts'

const DOTTED = /\b(?:[a-z]\.\s?){2,}[a-z]?\b\.?/g
const ASIDE = /\([^)]*\)|\[[^\]]*\]/g
const DISTRICT = /^(?:\d+(?:e|er|eme|ere)?|arrondissement|arr|eme|er)$/
const idle = new Set([...LEGAL_FORMS, ...IDLE])
const loose = new Set(LOOSE)

const met = new Map<string, string>()

/** The words that tell a firm: "Ets DURAND & Fils S.A.R.L." -> "durand fils"; "" where none does. */
export function firmName(name: string): string {
  const known = met.get(name)
  if (known !== undefined) return known
  const text = plain(name.replace(ASIDE, ' ')).replaceAll('&', ' et ').replace(/['’]/g, ' ').replace(DOTTED, (found) => `${found.replace(/[.\s]/g, '')} `)
  const words = (text.match(/[a-z0-9]+/g) ?? []).map((word) => SPELLINGS[word] ?? word)
  const found = words.filter((word) => !idle.has(word)).join(' ')
  if (met.size > 200_000) met.clear()
  met.set(name, found)
  return found
}

/** What is left without the words that firms add and leave out. */
export const coreName = (firm: string): string =>
  firm
    .split(' ')
    .filter((word) => !loose.has(word))
    .join(' ') || firm

export const inOrder = (firm: string): string => firm.split(' ').filter(Boolean).sort().join(' ')

/** 0 to 100 for two names as firmName gives them; other numbers in them are another firm. */
export function likeness(one: string, other: string): number {
  if (!one || !other) return 0
  const alike = ratio(inOrder(one), inOrder(other))
  return numbers(one) === numbers(other) ? alike : Math.min(alike, 60)
}

const numbers = (name: string): string =>
  name
    .split(' ')
    .filter((word) => /^\d+$/.test(word))
    .sort()
    .join(' ')

const LETTERS = 128
const places = new Int32Array(LETTERS)
let placed = ''

/** Length of the longest common subsequence, a word of bits a step (Hyyrö 2004): `one` has at most 32 letters, all ASCII. */
function commonInBits(one: string, other: string): number {
  if (placed !== one) {
    places.fill(0)
    for (let at = 0; at < one.length; at++) places[one.charCodeAt(at)]! |= 1 << at
    placed = one
  }
  let open = -1
  for (let at = 0; at < other.length; at++) {
    const letter = other.charCodeAt(at)
    const met = letter < LETTERS ? open & places[letter]! : 0
    open = (open + met) | (open & ~met)
  }
  let common = 0
  for (let closed = ~open; closed; closed &= closed - 1) common++
  return common
}

function commonByTable(one: string, other: string): number {
  let before = new Uint16Array(other.length + 1)
  let now = new Uint16Array(other.length + 1)
  for (let at = 0; at < one.length; at++) {
    const letter = one.charCodeAt(at)
    for (let place = 0; place < other.length; place++) {
      now[place + 1] = letter === other.charCodeAt(place) ? before[place]! + 1 : Math.max(before[place + 1]!, now[place]!)
    }
    ;[before, now] = [now, before]
  }
  return before[other.length]!
}

const SHORT = /^[\0-\x7f]{0,32}$/

/** Indel similarity, 0 to 100: twice the longest common subsequence over both lengths. Rapidfuzz's `ratio`. */
export function ratio(one: string, other: string): number {
  const total = one.length + other.length
  if (!total) return 100
  return (200 * (one === placed || SHORT.test(one) ? commonInBits(one, other) : commonByTable(one, other))) / total
}

/** A town as it is compared: "ST-ETIENNE CEDEX 2" and "Saint Étienne" are one; a district is its town. */
export function placeName(city: string): string {
  const text = plain(city).replaceAll("'", ' ').split('cedex', 1)[0]!
  const words = (text.match(/[a-z0-9]+/g) ?? []).map((word) => SPELLINGS[word] ?? word)
  return words
    .filter((word) => !DISTRICT.test(word))
    .join(' ')
    .replaceAll('societe ', 'saint ')
}

/** Five digits, with the zero that a spreadsheet loses; "" for anything else. */
export function postcodeOf(text: string): string {
  const digits = text.replace(/\s+/g, '')
  return /^\d{4,5}$/.test(digits) ? digits.padStart(5, '0') : ''
}

/** Whether a name begins with a title that people bear: sole traders are personal data. */
export const looksLikePerson = (name: string): boolean => /^\s*(?:m|mr|mrs|ms|mme|mlle|monsieur|madame|mademoiselle|dr|docteur|me|maitre)\b\.?\s+\S/.test(plain(name))
