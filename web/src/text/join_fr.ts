/** What the page says to a firm that joins, in French. */

import type { words as en } from './join_en.ts'
import type { Widen } from './widen.ts'

export const words: Widen<typeof en> = {
  join: {
    title: 'Rejoindre le réseau',
    lead: 'Les clés de votre entreprise se font dans ce navigateur. Le réseau reçoit de quoi les vérifier, jamais les clés elles-mêmes.',
    steps: ['Invitation', 'À garder', 'C’est fait'],
    invitation: 'Invitation',
    invitationHint: 'Donnée par l’opérateur du réseau ; elle sert une fois.',
    invitationWrong: 'Ce n’est pas une invitation : un identifiant, un point et un secret, tels que l’opérateur les a donnés.',
    email: 'Votre adresse',
    password: 'Mot de passe',
    passwordHint: (least) => `Au moins ${least} caractères. Avec la clé de compte, il ouvre votre carnet de clients.`,
    passwordShort: (least) => `Trop court : au moins ${least} caractères.`,
    again: 'Mot de passe, encore',
    differs: 'Les deux mots de passe diffèrent.',
    make: 'Faire les clés',
    making: 'Fabrication des clés…',
    keepTitle: 'À garder toutes deux, sur papier',
    keepLead: 'Elles ne sont montrées qu’une fois. Personne ne pourra vous les rendre : ni l’opérateur, ni nous.',
    accountKey: 'Clé de compte',
    accountKeyUse: 'La vôtre : avec votre mot de passe, elle vous connecte sur un nouveau poste.',
    kit: 'Trousse de secours',
    kitUse: 'Celle de l’entreprise : elle seule rend tout quand chaque mot de passe est perdu. Au coffre.',
    firm: 'Entreprise',
    print: 'Imprimer la feuille',
    kept: 'Les deux sont gardées là où personne d’autre ne les lit.',
    join: 'Utiliser l’invitation et entrer',
    joining: 'Inscription…',
    back: 'Retour à la connexion',
    used: 'Cette invitation a déjà servi, ou n’est pas juste. Si vous venez de vous inscrire, connectez-vous.',
    have: 'Votre entreprise a une invitation ?',
    haveLink: 'Rejoindre le réseau',
  },
}
