/** What the page says on the settings, in French. */

import type { words as en } from './settings_en.ts'
import type { Widen } from './widen.ts'

export const words: Widen<typeof en> = {
  termsSharing: {
    title: 'Délais de paiement',
    text: 'Ceux des entreprises qui partagent les leurs sont publiés ensemble, dix et plus pour un même client : parts par tranches, vieilles d’un an, celles de personne en particulier. Les voir ne dépend pas du partage.',
    on: 'L’entreprise partage ses délais.',
    off: 'L’entreprise ne partage pas ses délais.',
    start: 'Partager nos délais',
    stop: 'Ne plus les partager',
  },
  settings: {
    title: 'Réglages',
    appearance: 'Apparence',
    account: 'Compte',
    role: 'Rôle',
    budget: 'Nouveaux codes utilisés',
    device: 'Ce poste',
    forget: 'Oublier la clé de compte sur ce poste',
    forgotten: 'Oubliée. Elle vous sera demandée la prochaine fois.',
    page: 'À propos de cette page',
    pageText: 'Servie par l’opérateur du réseau sous une politique qui interdit toute autre origine. Elle suppose tout de même de faire confiance à ce script : il pourrait lire les noms avant qu’ils soient masqués. Votre propre installation, non.',
    network: 'Réseau',
  },
}
