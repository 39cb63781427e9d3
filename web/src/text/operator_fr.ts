/** What the page says on the operator’s console, in French. */

import type { words as en } from './operator_en.ts'
import type { Widen } from './widen.ts'

export const words: Widen<typeof en> = {
  operator: {
    title: 'Réseau',
    lead: 'Entreprises, publications et horloge métier. Aucun nom ni numéro de client n’existe ici.',
    firms: 'Entreprises',
    firm: 'Entreprise',
    declared: 'Clients déclarés',
    enrolled: 'Inscrite',
    invited: 'invitée',
    noFirms: 'Aucune entreprise admise pour l’instant.',
    admit: 'Admettre une entreprise',
    admitName: 'Nom',
    admitDo: 'Admettre',
    invitation: 'Invitation, montrée une fois : à remettre à l’administrateur de l’entreprise.',
    releases: 'Publications',
    month: 'Mois',
    published: 'Publié le',
    noReleases: 'Rien n’est encore publié.',
    runNext: (month) => `Publier ${month}`,
    running: 'Publication…',
    clock: 'Horloge métier',
    clockText: 'Dans un réseau de démonstration, le temps avance quand vous le dites, et ne recule jamais.',
    today: 'Aujourd’hui',
    setToday: 'Avancer',
    profile: 'Politique',
    holders: 'Détenteurs de clé',
  },
}
