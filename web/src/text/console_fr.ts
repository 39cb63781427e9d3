/** What the page says on the operator's console beside firms and releases, in French. */

import type { words as en } from './console_en.ts'
import type { Widen } from './widen.ts'

export const words: Widen<typeof en> = {
  console: {
    why: 'Selon lequel des critères publiés',
    group: 'Groupe',
    ownGroup: 'un groupe à elle',
    sameGroup: 'Même groupe',
    expelled: 'exclue',
    refuse: 'Refuser une entreprise',
    refuseDo: 'L’inscrire',
    refuseWhy: 'Motif, tel qu’il est dit à l’entreprise',
    refused: 'Inscrit au journal de l’opérateur.',
    candidates: 'Candidats',
    candidatesText: 'Une entreprise qui demande, une fois et avant d’adhérer, quelle part de son portefeuille serait comparée. Sa réponse n’est pas montrée ici.',
    most: 'Clients, au plus',
    invite: 'Inviter',
    invitation: 'Invitation, montrée une fois, valable 30 jours',
    began: 'a demandé des codes',
    answered: 'répondu le',
    waiting: 'pas commencé',
    cells: 'Cellules, environ',
    holders: 'Détenteurs de clé',
    holder: 'Détenteur',
    state: 'État',
    witnessed: 'Dernière signature',
    agrees: 'répond, même liste',
    differs: 'répond, une autre liste',
    silent: 'ne répond pas',
    embedded: 'ce serveur même : il faut croire l’opérateur',
    health: 'Santé',
    healthy: 'Le serveur et sa base répondent.',
    unwell: 'Le serveur ne répond pas comme il devrait.',
    due: (month: string) => `${month} est à publier et ne l’est pas.`,
    nothingDue: 'Aucune publication n’est en retard.',
    unwitnessed: (count: string) => `Il manque la signature d’un détenteur à ${count} ${count === '1' ? 'manifeste' : 'manifestes'}.`,
    witnessedAll: 'Chaque manifeste porte la signature de chaque détenteur.',
    reports: (count: string) => `Signalements de membres : ${count}.`,
  },
}
