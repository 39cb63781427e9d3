/** What the page says on saved views and the export of the portfolio, in French. */

import type { words as en } from './table_en.ts'
import type { Widen } from './widen.ts'

/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)

export const words: Widen<typeof en> = {
  table: {
    alsoAlarmed: (count) => `, dont ${count} déjà ${count < 2 ? 'compté' : 'comptés'}`,
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
      columns: ['Client', 'Identifiant', 'Ville', 'Encours (EUR)', 'Délai convenu (jours)', 'DSO (jours)', 'DSO, centre des pairs', 'Retard (jours)', 'Retard, centre des pairs', 'Bande, de', 'Bande, à', 'Écart (jours)', 'Fournisseurs', 'En jeu (EUR)', 'Alertes'],
      notes: (release, date) => [
        `Vos chiffres : balance du ${date}. Pairs : publication ${of(release)}.`,
        '[c] : non publié, moins de 5 fournisseurs pour l’instant. Ce n’est pas zéro.',
        'Le centre est celui des fournisseurs de ce client, vous compris ; la bande est centre ± l’incertitude de la publication.',
      ],
    },
  },
}
