/** What the page says on saved views and the export of the portfolio, in French. */

import type { words as en } from './table_en.ts'
import type { Widen } from './widen.ts'

const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many)
/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)

export const words: Widen<typeof en> = {
  table: {
    alsoAlarmed: (count) => `, dont ${count} déjà ${count < 2 ? 'compté' : 'comptés'}`,
    lead: (clients, text) => `${text.clients} ${plural(clients, 'client', 'clients')}, dont ${text.compared} ${text.compared === '0' || text.compared === '1' ? 'comparé à ses' : 'comparés à leurs'} autres fournisseurs`,
    upload: 'Importer un mois',
    printRows: (shown, all) => `Les ${shown} premières lignes sur ${all} ; l’export CSV les a toutes.`,
    csv: 'Exporter',
    csvTitle: 'Ce qui est affiché, en fichier CSV',
    allSectors: 'Tous secteurs',
    sectorLabel: 'Secteur',
    search: 'Nom, ville ou code',
    searchLabel: 'Chercher un client',
    clear: 'effacer',
    nothingFound: (search) => `Aucun client ne correspond à « ${search} ».`,
    nothingInFilter: 'Aucun client dans cette situation.',
    searched: 'Noms, villes, identifiants, comptes et codes ont été cherchés, sur ce poste.',
    showAll: 'voir tous les clients',
    filters: { all: 'Tous', later: 'Plus tard', outside: 'Au-dessus', alert: 'En alerte', worth: 'Démarche', alone: 'Non comparés' },
    filtersInFull: {
      all: 'Tous',
      later: 'Plus tard que les pairs',
      outside: 'Au-dessus de la bande',
      alert: 'En alerte',
      worth: 'Démarche à faire : quelque chose est échu, ou la comparaison en appelle une',
      alone: 'Non comparés : moins de 5 pairs, ou pas de chiffre récent de vous',
    },
    filterLabel: 'Quels clients',
    shown: (count) => plural(count, 'client', 'clients'),
    columns: {
      client: 'Client',
      outstanding: 'Encours',
      dso: 'DSO / pairs',
      late: 'Retard / pairs',
      stake: 'En jeu',
      terms: 'Délai',
      gap: 'Écart',
      strip: 'Retard',
      months: '24 mois',
      peers: 'Pairs',
      alerts: 'Alertes',
    },
    terms: {
      short: (days, endOfMonth) => (endOfMonth ? `${days} fdm` : days),
      inFull: [
        (days) => `${days} nets, de la date de la facture`,
        (days) => `fdm : fin de mois. La fin du mois de la facture, puis ${days}`,
        (days) => `fdm : fin de mois. ${days} de la date de la facture, puis la fin de ce mois-là`,
      ],
      kinds: ['net', 'fin de mois puis jours', 'jours puis fin de mois'],
    },
    stake: (amount) => `${amount} en jeu`,
    sortBy: (column) => `Trier par ${column}`,
    few: 'moins de 5 pairs pour l’instant',
    rowHint: 'Les flèches déplacent, Entrée ouvre un client, Échap revient.',
    emptyTitle: 'Votre portefeuille est vide',
    emptySteps: [
      'Apportez un fichier CSV de vos factures ou de vos balances : il est lu sur ce poste.',
      'Vérifiez l’aperçu exact de ce qui partirait : des codes et des chiffres, jamais un nom.',
      'Envoyez. Dès la prochaine publication, chaque client figure à côté du centre de ses fournisseurs.',
    ],
    views: {
      title: 'Vues',
      none: 'Aucune pour l’instant. Une vue est une recherche, un filtre, un secteur et un ordre ; elle reste sur ce poste.',
      name: 'Nom de cette vue',
      save: 'Garder',
      remove: (name) => `Supprimer « ${name} »`,
      removed: (name) => `« ${name} » est supprimée.`,
      undo: 'Annuler',
    },
    gaps: {
      hint: 'Un clic sur une barre ne montre que ses clients ; les flèches vont de barre en barre, Échap les montre tous.',
      between: (from, to) => (from === null ? `Écart de ${to} jours ou moins` : to === null ? `Écart de ${from} jours ou plus` : `Écart de ${from} à ${to} jours`),
      bar: (range, count) => `${range} : ${count}`,
      drop: (what) => `Retirer le filtre « ${what} »`,
    },
    exported: {
      columns: ['Client', 'Identifiant', 'Ville', 'Encours (EUR)', 'Délai convenu (jours)', 'Type de délai', 'DSO (jours)', 'DSO, centre des pairs', 'Retard (jours)', 'Retard, centre des pairs', 'Bande, de', 'Bande, à', 'Écart (jours)', 'Fournisseurs', 'En jeu (EUR)', 'Alertes'],
      notes: (release, date) => [
        `Vos chiffres : balance du ${date}. Pairs : publication ${of(release)}.`,
        '[c] : non publié, moins de 5 fournisseurs pour l’instant. Ce n’est pas zéro.',
        'Le centre est celui des fournisseurs de ce client, vous compris ; la bande est centre ± l’incertitude de la publication.',
      ],
    },
  },
}
