/** What the page says in the tour of five steps, in French. */

import type { words as en } from './tour_en.ts'
import type { Widen } from './widen.ts'

/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)
const plural = (count: number, one: string, many: string): string => (count < 2 ? one : many)

export const words: Widen<typeof en> = {
  tour: {
    title: 'Cinq étapes sur vos propres données',
    step: (at, of) => `Étape ${at} sur ${of}`,
    next: 'Suivant',
    back: 'Précédent',
    done: 'Vers ce matin',
    keys: 'Les flèches tournent les pages.',
    book: {
      title: 'Vos clients, lisibles ici seulement',
      text: (clients, text) => `Votre carnet contient ${text} ${plural(clients, 'client', 'clients')}. Leurs noms sont déchiffrés dans ce navigateur avec la clé de votre entreprise ; le réseau garde des octets scellés et ne peut les ouvrir.`,
      locked: 'Votre rôle n’ouvre pas les noms : des codes les remplacent.',
      empty: 'Votre carnet est encore vide : après la première importation, cette visite montre vos propres clients.',
      name: 'Vous lisez',
      code: 'Le réseau voit',
    },
    compare: {
      title: 'Un client, à côté de ses autres fournisseurs',
      text: 'Votre point est ce que ce client fait avec vous. Le trait gris est le centre de ses fournisseurs, vous compris ; la bande autour est l’incertitude de la publication : le bruit qui protège les entreprises, plus large quand elles sont peu nombreuses.',
      none: 'Aucun de vos clients n’a encore 5 fournisseurs sur ce réseau. D’ici là, vous voyez votre courbe à côté du centre de son secteur.',
    },
    suppressed: {
      title: 'Moins de 5 fournisseurs : rien n’est montré',
      text: 'Une hachure n’est pas un zéro : de 0 à 4 fournisseurs, tout se ressemble, afin que nul ne soit reconnu. Une telle ligne garde vos chiffres, votre tendance et le centre de son secteur.',
      none: 'Tous vos clients sont comparés : rien n’est hachuré.',
    },
    leaves: {
      title: 'Ce qui a quitté ce poste, et ce qui ne le quitte jamais',
      text: (month, rows) => `Pour le mois ${of(month)}, ${rows} ${rows === '0' || rows === '1' ? 'ligne est partie' : 'lignes sont parties'} : un code et des chiffres en centimes. Ni nom, ni numéro, ni facture. Avant chaque importation, vous voyez exactement ce qui partirait.`,
      none: 'Rien n’a encore été envoyé. Avant chaque importation, vous voyez exactement ce qui partirait.',
      code: 'Code',
      outstanding: 'Encours, centimes',
      paid: 'Payé, centimes',
      shown: 'Les premières lignes, telles qu’envoyées',
    },
    act: {
      title: 'Ce que l’on en fait',
      text: 'Chaque matin, la page s’ouvre sur les clients qui portent le plus d’argent en jeu, chacun avec une raison et une démarche. Un point d’interrogation près d’un chiffre donne sa formule et sa source ; Vérification contrôle sur ce poste que le réseau a compté ce que vous avez envoyé et montre la même chose à tous.',
      morning: 'Ce matin',
      verify: 'Vérification',
    },
  },
}
