/** What the page says around every screen, in French. Typography: narrow no-break space before ; : ! ? and inside « », apostrophes curled. */

import type { words as en } from './shell_en.ts'
import type { Widen } from './widen.ts'

/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)
const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many)

export const words: Widen<typeof en> = {
  code: 'fr',
  locale: 'fr-FR',
  product: 'Vigie',
  days: 'j',
  dayCount: (count, text) => `${text} ${plural(Math.abs(count), 'jour', 'jours')}`,
  tagline: 'Comment paient vos clients communs, sans dire qui paie qui.',
  skip: 'Aller au contenu',
  loading: 'Chargement',
  retry: 'Réessayer',
  close: 'Fermer',
  cancel: 'Annuler',
  howComputed: 'Comment est-ce calculé ?',
  howComputedOf: (figure) => `Comment « ${figure} » est-il calculé ?`,
  nature: 'Ce qu’est ce réseau',
  demoBanner: 'Réseau de démonstration : firmes, clients et chiffres sont tous fictifs.',
  replayBanner: 'Rejeu : une ancienne liste de factures jouée dans un réseau privé.',
  nav: {
    label: 'Principal',
    morning: 'Ce matin',
    more: 'Plus',
    portfolio: 'Portefeuille',
    alerts: 'Alertes',
    sectors: 'Secteurs',
    conversations: 'Échanges',
    talkTo: 'Discuter avec un pair',
    upload: 'Importer',
    verification: 'Vérification',
    settings: 'Réglages',
    operator: 'Réseau',
    unlocked: 'Carnet déverrouillé',
    unlockedText: 'Les noms sont déchiffrés ici et ne quittent pas ce poste.',
    locked: 'Carnet verrouillé',
    lockedText: 'Votre rôle n’ouvre pas les noms : des codes s’affichent à leur place.',
    member: (firm) => `Vous êtes ${firm}.`,
    figuresFor: (date) => `Date du réseau : ${date}.`,
    logOut: 'Se déconnecter',
    liveOpen: 'Fil en direct connecté',
    liveWaiting: 'Fil en direct : reconnexion',
    theme: 'Thème',
    language: 'Langue',
    themes: { system: 'Système', light: 'Clair', dark: 'Sombre' },
  },
  demoEntering: 'Ouverture de la démonstration…',
  released: (month) => `La publication ${of(month)} vient de paraître.`,
  showIt: 'L’afficher',
  faults: {
    unreachable: 'Le réseau ne répond pas. Vous voyez ce qui a été lu en dernier.',
    unreachableFirst: 'Le réseau ne répond pas.',
    tampered: 'Le carnet du serveur n’est pas celui que votre firme a signé. Il n’a pas été ouvert.',
    forged: 'Une publication n’est pas celle que la clé du réseau a signée. Elle n’est pas montrée : gardez cette page et demandez à l’opérateur.',
    rewritten: 'L’historique signé n’est pas celui que ce poste a vérifié auparavant. Rien n’en est montré : ouvrez Vérification, enregistrez les deux comme preuve, et interrogez l’opérateur par une autre voie.',
    keys: 'Le réseau présente d’autres clés que lors de la première visite de ce poste. Rien n’est montré ni envoyé : demandez à l’opérateur par une autre voie.',
    roster: 'La liste des teneurs de clé ne découle pas de celle que ce poste connaît, ou n’est pas signée comme il le faut. Rien n’est montré ni envoyé : demandez aux teneurs par une autre voie.',
    threshold: 'Le réseau veut désormais se contenter de moins de teneurs de clé. C’est refusé, quel que soit le signataire. Rien n’est montré ni envoyé.',
    rekeyed: 'Les teneurs ont fait une autre clé : les mois de votre entreprise doivent repartir sous elle. Lancez vigie rekey là où l’agent est installé.',
    notOpened: 'Le carnet ne s’ouvre pas avec vos clés.',
    unexpected: (text) => `Quelque chose s’est mal passé : ${text}`,
  },
}
