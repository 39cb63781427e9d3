/** What the page says on the portfolio, in French. */

import type { words as en } from './portfolio_en.ts'
import type { Widen } from './widen.ts'

const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many)
/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)

export const words: Widen<typeof en> = {
  portfolio: {
    title: 'Portefeuille',
    lead: (clients, text) => `${text.clients} ${plural(clients, 'client', 'clients')}, dont ${text.compared} ${text.compared === '0' || text.compared === '1' ? 'comparé à ses' : 'comparés à leurs'} autres fournisseurs`,
    balanceOf: (date) => `balance du ${date}`,
    releaseOf: (month) => `pairs ${of(month)}`,
    upload: 'Importer un mois',
    print: 'Imprimer',
    csv: 'Exporter',
    csvTitle: 'Ce qui est affiché, en fichier CSV',
    allSectors: 'Tous les secteurs',
    sectorLabel: 'Secteur',
    printRows: (shown, all) => `Les ${shown} premières lignes sur ${all} ; l’export CSV les a toutes.`,
    confidential: 'Confidentiel',
    search: 'Client, ville ou code',
    searchLabel: 'Chercher un client',
    clear: 'effacer',
    nothingFound: (search) => `Aucun client ne correspond à « ${search} ».`,
    nothingInFilter: 'Aucun client dans cette situation.',
    searched: 'Noms, villes, identifiants, comptes et codes ont été cherchés, sur ce poste.',
    showAll: 'voir tous les clients',
    filters: { all: 'Tous', later: 'Plus tard que les pairs', outside: 'Au-dessus de la bande', alert: 'En alerte', alone: 'Sans comparaison' },
    filterLabel: 'Quels clients',
    shown: (count) => plural(count, 'client', 'clients'),
    columns: {
      client: 'Client',
      outstanding: 'Encours',
      dso: 'DSO / pairs',
      late: 'Retard / pairs',
      terms: 'Délai',
      gap: 'Écart',
      strip: 'Retard',
      months: '24 mois',
      peers: 'Pairs',
      alerts: 'Alertes',
    },
    sortBy: (column) => `Trier par ${column}`,
    few: 'moins de 5 pairs pour l’instant',
    fewShort: '< 5 pairs',
    rowHint: 'Les flèches déplacent, Entrée ouvre un client, Échap revient.',
    kpi: {
      dso: 'DSO, pondéré',
      late: 'Retard, pondéré',
      above: 'Au-dessus de la bande',
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
    emptyTitle: 'Votre portefeuille est vide',
    emptySteps: [
      'Apportez un fichier CSV de vos factures ou de vos balances : il est lu sur ce poste.',
      'Vérifiez l’aperçu exact de ce qui partirait : des codes et des chiffres, jamais un nom.',
      'Envoyez. Dès la prochaine publication, chaque client figure à côté du centre de ses fournisseurs.',
    ],
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
