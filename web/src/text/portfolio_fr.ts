/** What the page says on the portfolio, in French. */

import type { words as en } from './portfolio_en.ts'
import type { Widen } from './widen.ts'

const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many)
/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)

export const words: Widen<typeof en> = {
  portfolio: {
    title: 'Portefeuille',
    balanceOf: (date) => `balance du ${date}`,
    releaseOf: (month) => `pairs ${of(month)}`,
    print: 'Imprimer',
    confidential: 'Confidentiel',
    fewShort: '< 5 pairs',
    kpi: {
      dso: 'DSO, pondéré',
      late: 'Retard, pondéré',
      above: 'Encours au-dessus de la bande',
      alerts: 'Clients en alerte',
      histogram: 'Écart au centre des pairs, clients',
      onCompared: (mine, peers) => `Clients comparés : vous ${mine}, pairs ${peers}`,
      of: (part, whole) => `${part} d’un encours de ${whole}`,
      aboveClients: (count) => `${count} ${plural(count, 'client', 'clients')}`,
      noAlerts: 'rien à signaler',
      alarms: {
        shock: (count) => `${count} avec un saut`,
        incident: (count) => `${count} avec un incident`,
        drift: (count) => `${count} en dérive`,
        own: (count) => `${count} dans vos propres chiffres`,
      },
      noPeers: 'pas encore de comparaison',
    },
    badges: { drift: 'Dérive', shock: 'Saut', recovery: 'Rétablissement', incident: 'Incident', first: 'Première comparaison', sector: 'Secteur', outside: 'Au-dessus de la bande', own: 'Votre tendance' },
    badgeText: {
      outside: 'Vous paie plus tard que la bande de ses fournisseurs',
      own: (days) => `Vos propres chiffres : ${days} de plus`,
    },
    emptyAction: 'Importer votre premier mois',
    emptyAgent: 'Pour le FEC et les envois automatiques, la commande vigie push fait de même depuis votre machine.',
  },
  strip: {
    compared: (own, centre, low, high) => `Vous ${own} de retard ; centre des pairs ${centre}, bande de ${low} à ${high}`,
    alone: (own) => `Vous ${own} de retard ; moins de 5 pairs pour l’instant`,
    landmark: (centre, sector) => ` ; centre ${sector ? 'de son secteur' : 'du réseau'} ${centre}`,
    unknown: 'Rien de connu pour l’instant',
  },
  bands: ['< 5', '5–9', '10–19', '20+'],
}
