/** Words about the kept mapping, in both languages. */

import type { Unusable } from '../uploads/mapping.ts'
import type { Language } from './language.svelte.ts'

interface MappingText {
  keep: string
  use: string
  same: string
  unusable: (why: Unusable) => string
}

export const mappingText: Record<Language, MappingText> = {
  en: {
    keep: 'Keep as a file',
    use: 'Use a kept mapping',
    same: 'The agent vigie reads the same file (--mapping).',
    unusable: (why) =>
      why.what === 'invalid'
        ? 'This file is no mapping: expected JSON of version 1.'
        : why.what === 'agent'
          ? 'This mapping needs the agent vigie: the page does not read ledgers, further currencies, sums of columns or defaults.'
          : `This mapping names columns that the file does not have: ${why.headings.join(', ')}.`,
  },
  fr: {
    keep: 'Garder comme fichier',
    use: 'Reprendre une correspondance gardée',
    same: 'L’agent vigie lit le même fichier (--mapping).',
    unusable: (why) =>
      why.what === 'invalid'
        ? 'Ce fichier n’est pas une correspondance : attendu du JSON, version 1.'
        : why.what === 'agent'
          ? 'Cette correspondance demande l’agent vigie : la page ne lit ni grand livre, ni autres devises, ni sommes de colonnes, ni valeurs par défaut.'
          : `Cette correspondance nomme des colonnes absentes du fichier : ${why.headings.join(', ')}.`,
  },
}
