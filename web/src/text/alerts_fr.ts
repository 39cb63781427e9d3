/** What the page says on the alerts, in French. */

import type { words as en } from './alerts_en.ts'
import type { Widen } from './widen.ts'

const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many)

export const words: Widen<typeof en> = {
  alerts: {
    title: 'Alertes',
    lead: 'D’après les seuls chiffres publiés, à chaque publication : ce qui a changé chez les fournisseurs d’un client.',
    none: 'Aucune alerte sur vos clients',
    noneText: 'Une alerte apparaît quand les fournisseurs d’un de vos clients sont payés plus tard, durablement ou soudain. Un réseau jeune a d’abord besoin d’une dizaine de mois d’historique.',
    arrived: (count) => `${count} ${plural(count, 'nouvelle alerte vient', 'nouvelles alertes viennent')} d’arriver`,
    refresh: 'L’afficher',
    columns: { month: 'Mois', client: 'Client', what: 'Ce qui a été vu', level: 'Niveau', size: 'Ampleur', sure: 'Certitude', own: 'Encours' },
    ownTitle: 'Dans vos propres chiffres',
    ownLead: 'Clients sans comparaison dont le retard envers vous a augmenté d’au moins 10 jours en six mois.',
  },
}
