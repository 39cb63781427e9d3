/**
 * What competing suppliers may not discuss, noticed while somebody writes, before anything is sent: reminders, not a
 * filter. Twin: member/guard_rails.py; both read tests/vectors/guard_rails.json.
 */

export type Rail = 'prices' | 'future-terms' | 'boycott' | 'confidential'

const FUTURE =
  '\\b(?:will|shall|going to|gonna|plan(?:s|ning)? to|next (?:month|quarter|year)|from now on' +
  '|allons|allez|vais|va|vont|prevo[a-z0-9_]+|comptons|comptez|desormais|prochain[a-z0-9_]*|a partir de)\\b'
const TERMS =
  '\\b(?:terms?|credit limits?|deposits?|advance payments?|delais? de paiement|conditions|encours' +
  '|acomptes?|plafonds?|jours net)\\b'

/** In the order in which they are told. */
const PATTERNS: readonly (readonly [Rail, RegExp])[] = [
  [
    'prices',
    /\b(?:prices?|pricing|margins?|rebates?|discounts?|tariffs?|quotes?|prix|tarifs?|marges?|remises?|ristournes?|rabais|devis)\b/,
  ],
  ['future-terms', new RegExp(`${FUTURE}.{0,60}${TERMS}|${TERMS}.{0,60}${FUTURE}`)],
  [
    'boycott',
    new RegExp(
      '\\b(?:stop|refuse|cut|block|boycott\\w*|blacklist\\w*) .{0,40}\\b(?:together|both|all of us|too)\\b' +
        "|\\b(?:we|let us|let's|you) should (?:all |both )?(?:stop|refuse|cut|block)\\b" +
        '|\\b(?:boycott\\w*|blacklist\\w*)\\b' +
        '|\\b(?:arret\\w+|refus\\w+|coup\\w+|bloqu\\w+) .{0,40}\\b(?:ensemble|tous|toutes|aussi|tous les deux)\\b' +
        '|\\b(?:on|nous) (?:devr\\w+|pourr\\w+) (?:tous )?(?:arreter|refuser|couper|bloquer)\\b',
    ),
  ],
  ['confidential', /\b(?:mandat(?:aire)? ad[ -]hoc|conciliation|conciliateur|l ?611)\b/],
]

/** The reminders that a text calls for. */
export function noticed(text: string): Rail[] {
  // Python's casefold and JavaScript's lower case agree on what the patterns look for once accents are gone.
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
  return PATTERNS.filter(([, pattern]) => pattern.test(plain)).map(([rail]) => rail)
}
