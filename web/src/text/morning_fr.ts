/** What the page says on the screen that it opens on, in French. */

import type { words as en } from './morning_en.ts'
import type { Widen } from './widen.ts'

/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)
const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many)

export const words: Widen<typeof en> = {
  morning: {
    title: 'Ce matin',
    lead: (tasks, text) => `${text.tasks} ${plural(tasks, 'client porte', 'clients portent')} ${text.held} des ${text.stake} en jeu.`,
    calm: 'Rien n’est échu et rien n’appelle de démarche ce matin.',
    list: 'À faire d’abord',
    atStake: 'en jeu',
    overdue: (amount) => `${amount} échus`,
    notDue: (amount) => `${amount} non échus`,
    remind: (amount) => `Relancez : ${amount} sont échus.`,
    rest: (count) => `Les ${count} clients qui méritent une démarche`,
    stakeHow:
      'Les clients sont rangés par argent en jeu : ce qui est échu, et de ce qui ne l’est pas une part qui croît avec le retard (le tout à 90 jours ; la moitié au moins quand le client ralentit avec tous). Le plus tardif de votre chiffre et du centre publié compte. Un ordre de travail, non une provision.',
    stakeFormula: 'échu + non échu × min(retard, 90) ÷ 90 ; retard ≥ 45 s’il ralentit avec tous',
    stakeSource: 'Source : votre dernière balance et la dernière publication ; calculé sur ce poste.',
    since: (when) => `Depuis le ${when}`,
    sinceTitle: 'Depuis votre dernière visite',
    first: 'C’est la première visite sur ce poste. Dès la prochaine, vous verrez ici ce qui a changé.',
    tourOffer: 'Première visite ? Cinq étapes expliquent, sur vos propres données, ce qui est comparé et ce qui reste privé.',
    tour: 'Faire la visite',
    same: 'Rien n’a changé : même publication, même balance, mêmes alertes.',
    release: (month) => `La publication ${of(month)} est nouvelle.`,
    sent: (month) => `La balance ${of(month)} de votre entreprise est nouvelle.`,
    alerts: 'Nouvelles alertes',
    above: 'Passés au-dessus de la bande',
    back: 'Revenus dans la bande',
    compared: (count) => `Comparés pour la première fois : ${count}`,
    lost: (count, text) => `${text} ${plural(count, 'client n’est plus comparé', 'clients ne sont plus comparés')}`,
    more: (count) => `et ${count} de plus`,
    markRead: 'Marquer comme lu',
    figures: 'Le portefeuille',
    all: 'Ouvrir le portefeuille',
    stake: 'En jeu',
    emptyTitle: 'Rien à faire encore',
    emptyText: 'Dès qu’un mois de votre grand livre est ici, cette page dit chaque matin quels clients appeler d’abord, et pourquoi.',
  },
}
