/** What the page says about the work on alerts and about being told; a missing translation does not compile. */

import type { Language } from './language.svelte.ts'

export interface WorkTexts {
  column: string
  states: Record<string, string>
  until: (day: string) => string
  open: string
  close: string
  take: string
  giveTo: string
  nobody: string
  seen: string
  seenAll: (count: string) => string
  snooze: string
  snoozeDays: (days: string) => string
  wake: string
  reopen: string
  closeIt: string
  reason: string
  reasons: Record<string, string>
  mute: string
  earlier: (count: string) => string
  hidden: (count: string) => string
  hide: string
  comments: string
  commentHint: string
  commentLocked: string
  send: string
  changed: string
  failed: string
  since: (when: string, alerts: string, events: string) => string
  firstVisit: string
  markRead: string
  events: Record<string, string>
  wishes: {
    title: string
    lead: string
    none: string
    mail: string
    severities: Record<string, string>
    when: Record<string, string>
    digest: string
    every: Record<string, string>
    hour: string
    quiet: string
    quietTo: string
    weekend: string
    zone: string
    save: string
    saved: string
  }
}

const en: WorkTexts = {
  column: 'Work',
  states: {
    new: 'new',
    seen: 'seen',
    assigned: 'assigned',
    snoozed: 'snoozed',
    muted: 'muted',
    closed: 'closed',
    reopened: 're-opened',
  },
  until: (day) => `until ${day}`,
  open: 'What we do about it',
  close: 'Close this',
  take: 'I take it',
  giveTo: 'Assigned to',
  nobody: 'nobody',
  seen: 'Seen',
  seenAll: (count) => `Mark all ${count} as seen`,
  snooze: 'Snooze for',
  snoozeDays: (days) => `${days} days`,
  wake: 'Wake it',
  reopen: 'Open it again',
  closeIt: 'Close the alert:',
  reason: 'reason',
  reasons: {
    paid: 'paid',
    arranged: 'arranged with the client',
    dispute: 'a dispute, not distress',
    limit_changed: 'limit changed',
    known: 'known already',
    false_alarm: 'false alarm',
    other: 'other',
  },
  mute: 'Mute this client',
  earlier: (count) => `continues ${count} earlier`,
  hidden: (count) => `Show ${count} closed, snoozed or muted`,
  hide: 'Hide closed, snoozed and muted',
  comments: 'Comments of the firm',
  commentHint: 'Sealed for your firm: the network cannot read it. Nothing about confidential proceedings.',
  commentLocked: 'Your role does not open comments.',
  send: 'Add',
  changed: 'A colleague was faster: this is how it stands now.',
  failed: 'This did not work:',
  since: (when, alerts, events) => `Since ${when}: ${alerts} new, ${events} by colleagues or by themselves.`,
  firstVisit: 'your first visit',
  markRead: 'Mark as read',
  events: {
    assign: 'assigned',
    unassign: 'given back',
    snooze: 'snoozed',
    wake: 'woken',
    close: 'closed',
    reopen: 're-opened',
    reopened: 'worse: re-opened',
    continued: 'goes on',
    woken: 'snooze ended',
    commented: 'commented',
    muted: 'muted',
    unmuted: 'unmuted',
  },
  wishes: {
    title: 'Mail about alerts',
    lead: 'A message holds counts and a link, never a client.',
    none: 'The operator has set up no mail server: nothing is mailed.',
    mail: 'Send me mail',
    severities: { urgent: 'Urgent', act: 'To act on', watch: 'To watch', info: 'For information' },
    when: { now: 'at once', digest: 'in the digest', never: 'never' },
    digest: 'Digest',
    every: { day: 'every day', week: 'every week' },
    hour: 'at (hour)',
    quiet: 'Quiet from (hour)',
    quietTo: 'to (hour)',
    weekend: 'Quiet at weekends',
    zone: 'Time zone',
    save: 'Save',
    saved: 'Saved.',
  },
}

const fr: WorkTexts = {
  column: 'Suivi',
  states: {
    new: 'nouvelle',
    seen: 'vue',
    assigned: 'confiée',
    snoozed: 'en veille',
    muted: 'en sourdine',
    closed: 'close',
    reopened: 'rouverte',
  },
  until: (day) => `jusqu’au ${day}`,
  open: 'Ce que nous en faisons',
  close: 'Fermer',
  take: 'Je la prends',
  giveTo: 'Confiée à',
  nobody: 'personne',
  seen: 'Vue',
  seenAll: (count) => `Marquer les ${count} comme vues`,
  snooze: 'En veille pour',
  snoozeDays: (days) => `${days} jours`,
  wake: 'Réveiller',
  reopen: 'Rouvrir',
  closeIt: 'Clore l’alerte :',
  reason: 'motif',
  reasons: {
    paid: 'payé',
    arranged: 'arrangé avec le client',
    dispute: 'un litige, non une difficulté',
    limit_changed: 'limite modifiée',
    known: 'déjà connu',
    false_alarm: 'fausse alerte',
    other: 'autre',
  },
  mute: 'Mettre ce client en sourdine',
  earlier: (count) => `en prolonge ${count}`,
  hidden: (count) => `Montrer ${count} closes, en veille ou en sourdine`,
  hide: 'Cacher les closes, en veille et en sourdine',
  comments: 'Commentaires de l’entreprise',
  commentHint: 'Chiffré pour votre entreprise : le réseau ne peut le lire. Rien sur les procédures confidentielles.',
  commentLocked: 'Votre rôle n’ouvre pas les commentaires.',
  send: 'Ajouter',
  changed: 'Un collègue a été plus rapide : voici où elle en est.',
  failed: 'Cela n’a pas marché :',
  since: (when, alerts, events) => `Depuis ${when} : ${alerts} nouvelles, ${events} par des collègues ou d’elles-mêmes.`,
  firstVisit: 'votre première visite',
  markRead: 'Marquer comme lu',
  events: {
    assign: 'confiée',
    unassign: 'rendue',
    snooze: 'mise en veille',
    wake: 'réveillée',
    close: 'close',
    reopen: 'rouverte',
    reopened: 'aggravée : rouverte',
    continued: 'se poursuit',
    woken: 'veille terminée',
    commented: 'commentée',
    muted: 'en sourdine',
    unmuted: 'sourdine levée',
  },
  wishes: {
    title: 'Courriels d’alerte',
    lead: 'Un message porte des nombres et un lien, jamais un client.',
    none: 'L’opérateur n’a pas installé de serveur de courrier : rien n’est envoyé.',
    mail: 'M’écrire',
    severities: { urgent: 'Urgentes', act: 'À traiter', watch: 'À surveiller', info: 'Pour information' },
    when: { now: 'aussitôt', digest: 'dans le résumé', never: 'jamais' },
    digest: 'Résumé',
    every: { day: 'chaque jour', week: 'chaque semaine' },
    hour: 'à (heure)',
    quiet: 'Silence de (heure)',
    quietTo: 'à (heure)',
    weekend: 'Silence le week-end',
    zone: 'Fuseau horaire',
    save: 'Enregistrer',
    saved: 'Enregistré.',
  },
}

export const workTexts: Record<Language, WorkTexts> = { en, fr }
