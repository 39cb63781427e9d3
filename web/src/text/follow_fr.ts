/** What the page says on a client's follow-up and notes, in French. */

import type { words as en } from './follow_en.ts'
import type { Widen } from './widen.ts'

export const words: Widen<typeof en> = {
  follow: {
    title: 'Suivi',
    hint: 'Chiffré pour votre entreprise : le réseau ne peut le lire. Rien sur les procédures confidentielles.',
    how: 'Gardé dans le carnet de clients sous la clé de votre entreprise ; vos collègues le voient à leur prochaine lecture. Les notes de deux personnes restent toutes ; une démarche qu’un collègue a notée entre-temps est montrée avant que la vôtre prenne sa place.',
    owner: 'À qui est ce client',
    nobody: 'personne',
    next: 'Prochaine démarche',
    due: 'Avant le',
    promised: 'Montant promis (€)',
    promisedFor: 'Promis pour le',
    save: 'Enregistrer',
    saved: 'Enregistré pour l’entreprise.',
    notes: 'Notes',
    noNotes: 'Pas encore de note.',
    note: 'Une note pour vos collègues',
    add: 'Ajouter',
    takeBack: 'Retirer',
    takeBackNote: (text) => `Retirer la note : ${text}`,
    takenBack: 'La note est retirée, chez vos collègues aussi.',
    locked: 'Votre rôle n’ouvre pas les notes de l’entreprise.',
    cannotSign: 'Votre rôle n’a pas de clé qui signe pour l’entreprise : vous lisez ici, un administrateur écrit.',
    overtaken: 'Un collègue a noté une démarche depuis : elle reste.',
    newer: (by, at, step) => `${by} a noté entre-temps (${at}) : ${step}. Votre saisie n’est pas enregistrée ; si vous l’enregistrez, elle remplace cette démarche.`,
    nothing: 'plus rien',
    failed: (text) => `Cela n’a pas été enregistré : ${text}`,
    last: (by, at) => `${by}, ${at}`,
    urgent: (count, shown) => `${shown} ${count < 2 ? 'alerte urgente' : 'alertes urgentes'} :`,
    urgentMore: (count) => `et ${count} de plus`,
    dueTitle: 'À échéance',
    promise: (amount, day) => `${amount} promis pour le ${day}`,
    step: (next, day) => `${next} (avant le ${day})`,
  },
}
