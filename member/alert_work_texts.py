"""What the commands about alerts' lives, mail and webhooks say, in English and French; and their refusals."""

from __future__ import annotations

from typing import Final

ALERT_WORK_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "state-new": ("new", "nouvelle"),
    "state-seen": ("seen", "vue"),
    "state-assigned": ("assigned", "confiée"),
    "state-snoozed": ("snoozed", "mise de côté"),
    "state-muted": ("muted", "en sourdine"),
    "state-closed": ("closed", "close"),
    "state-reopened": ("re-opened", "rouverte"),
    "life-line": ("{id}  {state}", "{id}  {state}"),
    "life-assignee": (", {email}", ", {email}"),
    "life-until": (" until {until}", " jusqu'au {until}"),
    "life-reason": (" ({reason})", " ({reason})"),
    "life-comments": (", comments: {count}", ", commentaires : {count}"),
    "reason-paid": ("paid", "payé"),
    "reason-arranged": ("arranged with the client", "arrangé avec le client"),
    "reason-dispute": ("a dispute, not distress", "un litige, non une difficulté"),
    "reason-limit_changed": ("limit changed", "limite modifiée"),
    "reason-known": ("known already", "déjà connu"),
    "reason-false_alarm": ("false alarm", "fausse alerte"),
    "reason-other": ("other", "autre"),
    "commented": ("Comment sealed and stored.", "Commentaire chiffré et conservé."),
    "comment-unopened": (
        (
            "This comment does not open: it was not sealed for this alert, or under keys that this device "
            "does not have yet."
        ),
        (
            "Ce commentaire ne s'ouvre pas : il n'a pas été chiffré pour cette alerte, ou l'a été sous des "
            "clés que cet appareil n'a pas encore."
        ),
    ),
    "no-comments": ("No comments.", "Aucun commentaire."),
    "muted": ("Muted.", "En sourdine."),
    "no-mutes": ("Nothing is muted.", "Rien n'est en sourdine."),
    "mute-line": ("{id}  {what}{until}", "{id}  {what}{until}"),
    "mute-until": (" until {until}", " jusqu'au {until}"),
    "no-changes": ("Nothing has changed since {since}.", "Rien n'a changé depuis {since}."),
    "first-visit": ("your first visit", "votre première visite"),
    "changes": (
        "Since {since}: {alerts} alerts, {events} acts of others.",
        "Depuis {since} : {alerts} alertes, {events} actes des autres.",
    ),
    "event-line": ("{at}  {event}  {client}  {actor}", "{at}  {event}  {client}  {actor}"),
    "event-see": ("seen", "vue"),
    "event-assign": ("assigned", "confiée"),
    "event-unassign": ("given back", "rendue"),
    "event-snooze": ("snoozed", "mise de côté"),
    "event-wake": ("woken", "reprise"),
    "event-close": ("closed", "close"),
    "event-reopen": ("re-opened", "rouverte"),
    "event-reopened": ("worse: re-opened", "aggravée : rouverte"),
    "event-continued": ("goes on", "se poursuit"),
    "event-woken": ("snooze ended", "revenue à son jour"),
    "event-commented": ("commented", "commentée"),
    "event-muted": ("muted", "mise en sourdine"),
    "event-unmuted": ("unmuted", "sourdine levée"),
    # Mail and webhooks
    "notify-none": (
        "The operator has set up no mail server: nothing is mailed.",
        "L'opérateur n'a pas installé de serveur de courrier : rien n'est envoyé.",
    ),
    "notify-mail": ("Mail: {mail}", "Courriel : {mail}"),
    "notify-yes": ("yes", "oui"),
    "notify-no": ("no", "non"),
    "notify-severity": ("  {severity}: {when}", "  {severity} : {when}"),
    "notify-when-now": ("at once", "aussitôt"),
    "notify-when-digest": ("in the digest", "dans le résumé"),
    "notify-when-never": ("never", "jamais"),
    "notify-digest": ("Digest: every {every}, at {hour}:00", "Résumé : chaque {every}, à {hour} h"),
    "notify-every-day": ("day", "jour"),
    "notify-every-week": ("week", "semaine"),
    "notify-quiet": (
        "Quiet: from {begin}:00 to {end}:00 ({zone})",
        "Silence : de {begin} h à {end} h ({zone})",
    ),
    "webhook-added": (
        "Webhook {id}. Its secret is shown this once:\n{secret}",
        "Webhook {id}. Son secret est affiché cette seule fois :\n{secret}",
    ),
    "webhook-line": (
        "{id}  {url}  from {severity}, waiting: {waiting}, dead: {dead}{gone}",
        "{id}  {url}  dès {severity}, en attente : {waiting}, abandonnés : {dead}{gone}",
    ),
    "webhook-gone": (" - gone (410)", " - disparu (410)"),
    "no-webhooks": ("No webhooks.", "Aucun webhook."),
    "webhook-replayed": ("{count} deliveries are tried again.", "{count} envois sont repris."),
    "webhook-tested": ("A test message is on its way.", "Un message d'essai est en route."),
    "delivery-line": (
        "{id}  {at}  attempts: {attempts}  {problem}",
        "{id}  {at}  essais : {attempts}  {problem}",
    ),
    "no-dead": ("No dead deliveries.", "Aucun envoi abandonné."),
    "done": ("Done.", "Fait."),
}  # fmt: skip

ALERT_WORK_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "which-alert": (
        "{found!r} means {count} alerts, expected one: give more letters of the client's name, or of the id",
        (
            "{found!r} désigne {count} alertes, une seule attendue : donnez plus de lettres du nom du "
            "client, ou de l'identifiant"
        ),
    ),
    "which-client": (
        "{found!r} means {count} clients, expected one: give more letters of the name",
        "{found!r} désigne {count} clients, un seul attendu : donnez plus de lettres du nom",
    ),
    "which-colleague": (
        "{found!r} is nobody who works on alerts here; expected me, or one of: {expected}",
        "{found!r} n'est personne qui traite les alertes ici ; attendu : me, ou l'un de : {expected}",
    ),
    "no-names-key": (
        "this device holds no key for the clients' names: what sales has done cannot be sealed",
        "cet appareil n'a pas la clé des noms : ce que les commerciaux ont fait ne peut être scellé",
    ),
    "no-notes-key": (
        (
            "This device does not hold the firm's notes key: comments are for administrators and credit "
            "managers."
        ),
        (
            "Cet appareil n'a pas la clé des notes de l'entreprise : les commentaires sont pour les "
            "administrateurs et les gestionnaires."
        ),
    ),
    "own-alert-closed": (
        "{found}: the alert is closed, expected reopen first",
        "{found} : l'alerte est close, rouvrez-la d'abord",
    ),
    "day-wanted": (
        "{field}: found {found!r}, expected a day such as 2026-12-31",
        "{field} : trouvé {found!r}, attendu un jour tel que 2026-12-31",
    ),
    "one-of": (
        "{field}: found {found!r}, expected one of {expected}",
        "{field} : trouvé {found!r}, attendu l'un de {expected}",
    ),
}  # fmt: skip
