"""How long each table's rows are kept, whose they may be, and which code erases them: one line a table.

The lawyers' pages are made from these lines (`server.privacy_pages`), and a test fails on a table without
one. A period is what the network promises; `erased_by` names the code that keeps the promise, and None says
plainly that no code does yet, so that the operator has to. Calls and conversations have a room of their own.
"""

from __future__ import annotations

from typing import Final

from server import keyholder_request, overlap, pairing, passkeys, sessions, uploads
from server.conversation_retention import TALKED
from server.erasing import CELL_MONTHS, CONTRIBUTION_MONTHS
from server.kept import Kept, Period, Unit, Whose
from server.outbox import KEPT_DAYS

LOG_DAYS: Final = 30


FOR_GOOD: Final = ("as long as the network exists", "tant que le réseau existe")
_MEMBER: Final = ("as long as the firm is a member", "tant que l'entreprise est membre")
_OFF: Final = ("until it is taken off", "jusqu'à son retrait")
_REPLACED: Final = ("until the next version replaces it", "jusqu'à la version suivante, qui la remplace")
_DELIVERED: Final = Period(KEPT_DAYS, Unit.DAYS, ("once delivered or given up", "remis ou abandonné"))
_AFTER_MONTH: Final = ("after the month that it is about", "après le mois concerné")

KEPT: Final[dict[str, Kept]] = {
    "network": Kept(
        ("what was fixed when the network was created", "ce qui fut fixé à la création du réseau"),
        Whose.NOBODY,
        None,
        FOR_GOOD,
    ),
    "firm": Kept(
        (
            "member firms: name, group, public key, sealed recovery copy",
            "entreprises membres : nom, groupe, clé publique, copie de secours chiffrée",
        ),
        Whose.NOBODY,
        None,
        _MEMBER,
    ),
    "person": Kept(
        (
            "users: e-mail, role, hashed log-in secret, sealed keys",
            "utilisateurs : adresse, rôle, secret de connexion haché, clés chiffrées",
        ),
        Whose.USERS,
        None,
        _MEMBER,
    ),
    "candidate": Kept(
        ("firms that ask before joining: name, key, answer", "candidats à l'adhésion : nom, clé, réponse"),
        Whose.NOBODY,
        Period(overlap.CANDIDATE_DAYS, Unit.DAYS, ("at the next invitation", "à l'invitation suivante")),
        erased_by="server.overlap:invite_candidate",
    ),
    "device": Kept(
        ("devices: public key, firm's delegation", "appareils : clé publique, délégation de l'entreprise"),
        Whose.USERS,
        None,
        _MEMBER,
    ),
    "session": Kept(
        ("who is logged in: hash of token, program, hour", "qui est connecté : empreinte, programme, heure"),
        Whose.USERS,
        Period(
            max(sessions.PERSON_SESSION_SECONDS, sessions.DEVICE_SESSION_SECONDS) // 3600,
            Unit.HOURS,
            ("after the log-in, at the next one of anybody", "après la connexion, lors de la suivante"),
        ),
        erased_by="server.sessions:erase_expired",
    ),
    "challenge": Kept(
        ("what a device has to sign to log in", "ce qu'un appareil doit signer pour se connecter"),
        Whose.NOBODY,
        Period(sessions.CHALLENGE_SECONDS, Unit.SECONDS, ("at the next challenge", "au défi suivant")),
        erased_by="server.sessions:challenge",
    ),
    "upload": Kept(
        (
            "that a firm sent a month: digest, receipt",
            "qu'une entreprise a envoyé un mois : empreinte, récépissé",
        ),
        Whose.NOBODY,
        None,
        _MEMBER,
    ),
    "upload_part": Kept(
        ("what it sent: pseudonyms and figures", "ce qu'elle a envoyé : pseudonymes et chiffres"),
        Whose.CLIENTS,
        Period(CONTRIBUTION_MONTHS, Unit.MONTHS, _AFTER_MONTH),
        erased_by="server.erasing:erase_overdue",
    ),
    "relations": Kept(
        (
            "which pseudonyms a firm contributed on, and in which months",
            "sur quels pseudonymes une entreprise a contribué, et quels mois",
        ),
        Whose.CLIENTS,
        None,
        _MEMBER,
    ),
    "idempotency": Kept(
        ("answers given to uploads", "réponses données aux envois"),
        Whose.NOBODY,
        Period(
            uploads.KEYS_KEPT_SECONDS // 86_400, Unit.DAYS, ("at the firm's next upload", "à l'envoi suivant")
        ),
        erased_by="server.uploads:send",
    ),
    "release": Kept(
        (
            "published cells; their signed manifest, which has no figure and stays",
            "cellules publiées ; leur manifeste signé, sans chiffre, qui reste",
        ),
        Whose.CLIENTS,
        Period(CELL_MONTHS, Unit.MONTHS, _AFTER_MONTH),
        erased_by="server.erasing:erase_overdue",
    ),
    "manifest_trees": Kept(
        ("leaf hashes of a release's signed trees", "empreintes des arbres signés d'une publication"),
        Whose.NOBODY,
        Period(CELL_MONTHS, Unit.MONTHS, _AFTER_MONTH),
        erased_by="server.erasing:erase_overdue",
    ),
    "countersignature": Kept(
        ("witnesses' signatures under manifests", "signatures des témoins sous les manifestes"),
        Whose.NOBODY,
        None,
        FOR_GOOD,  # like the manifests: the chain is public, and is checked from its beginning
    ),
    "withdrawal": Kept(
        ("releases found defective, and why", "publications reconnues défectueuses, et pourquoi"),
        Whose.NOBODY,
        None,
        FOR_GOOD,
    ),
    "embedded_witness": Kept(
        (
            "the newest manifest that the embedded holder signed",
            "dernier manifeste signé par le détenteur intégré",
        ),
        Whose.NOBODY,
        None,
        FOR_GOOD,
    ),
    "policy_state": Kept(
        (
            "what the policy remembers: who counts in which cell, values carried forward",
            "mémoire de la politique : qui compte dans quelle cellule, valeurs reportées",
        ),
        Whose.CLIENTS,
        Period(2, Unit.RELEASES, ("at the next release", "à la publication suivante")),
        erased_by="server.releases:release",
    ),
    "alert": Kept(
        ("alerts: a function of published cells", "alertes : fonction des cellules publiées"),
        Whose.CLIENTS,
        Period(CELL_MONTHS, Unit.MONTHS, _AFTER_MONTH),
        erased_by="server.erasing:erase_overdue",
    ),
    "holder_firm": Kept(
        (
            "the key holder's list of firms and budgets",
            "liste des entreprises et budgets du détenteur de clé",
        ),
        Whose.NOBODY,
        None,
        _MEMBER,
    ),
    "holder_nonce": Kept(
        ("requests already answered", "demandes déjà servies"),
        Whose.NOBODY,
        Period(
            2 * keyholder_request.CLOCK_SKEW_SECONDS,
            Unit.SECONDS,
            ("at the next request", "à la demande suivante"),
        ),
        erased_by="server.pseudonyms:evaluate_blinded",
    ),
    "network_roster": Kept(
        ("the key holders' signed rosters", "registres signés des détenteurs de clés"),
        Whose.NOBODY,
        None,
        FOR_GOOD,
    ),
    "book_head": Kept(
        ("the client book's signed head", "tête signée du carnet de clients"),
        Whose.SEALED,
        None,
        _REPLACED,
        erased_by="server.book:move_book",
    ),
    "book_segment": Kept(
        (
            "the client book, sealed: names, identifiers, own figures",
            "carnet de clients, chiffré : noms, identifiants, chiffres propres",
        ),
        Whose.SEALED,
        None,
        _REPLACED,
        erased_by="server.book:move_book",
    ),
    "audit": Kept(
        (
            "the audit log: which user did what, without clients",
            "journal d'audit : quel utilisateur a fait quoi, sans les clients",
        ),
        Whose.USERS,
        None,
        _MEMBER,
    ),
    "alert_life": Kept(
        (
            "what a firm does about an alert: state, assignee",
            "ce que fait une entreprise d'une alerte : état, chargé",
        ),
        Whose.USERS,
        None,
        _MEMBER,
    ),
    "alert_continued": Kept(
        ("which alert continues which", "quelle alerte en prolonge une autre"), Whose.NOBODY, None, _MEMBER
    ),
    "alert_event": Kept(
        ("who did what about an alert, and when", "qui a fait quoi d'une alerte, et quand"),
        Whose.USERS,
        None,
        _MEMBER,
    ),
    "alert_comment": Kept(
        ("comments on alerts, sealed", "commentaires d'alertes, chiffrés"), Whose.SEALED, None, _MEMBER
    ),
    "task_done": Kept(
        ("what sales has done, sealed", "ce que les commerciaux ont fait, chiffré"),
        Whose.SEALED,
        None,
        ("until it is taken into the lights", "jusqu'à sa reprise dans les feux"),
        erased_by="server.sales:take_done",
    ),
    "alert_mute": Kept(
        (
            "clients and kinds a firm is not told of",
            "clients et sortes dont une entreprise n'est pas avertie",
        ),
        Whose.CLIENTS,
        None,
        ("until the mute is lifted", "jusqu'à la levée de la sourdine"),
        erased_by="server.alert_life_mutes:unmute",
    ),
    "alert_visit": Kept(
        ("how far a user has read", "jusqu'où un utilisateur a lu"),
        Whose.USERS,
        None,
        _REPLACED,
        erased_by="server.alert_life_routes:visit",
    ),
    "outbox_event": Kept(
        ("releases whose alerts were told", "publications dont les alertes ont été annoncées"),
        Whose.NOBODY,
        _DELIVERED,
        erased_by="server.outbox_postman:Postman",
    ),
    "notice_preference": Kept(
        ("how a user wants to be told", "comment un utilisateur veut être averti"),
        Whose.USERS,
        None,
        _REPLACED,
        erased_by="server.notifications_routes:write_wishes",
    ),
    "notice": Kept(
        ("which user is told of which alert", "quel utilisateur est averti de quelle alerte"),
        Whose.USERS,
        _DELIVERED,
        erased_by="server.outbox_postman:Postman",
    ),
    "mail": Kept(
        ("messages to users: counts, no client", "messages aux utilisateurs : des nombres, aucun client"),
        Whose.USERS,
        _DELIVERED,
        erased_by="server.outbox_postman:Postman",
    ),
    "webhook": Kept(
        (
            "addresses that a firm has told of its alerts",
            "adresses qu'une entreprise fait avertir de ses alertes",
        ),
        Whose.NOBODY,
        None,
        ("until the firm removes it", "jusqu'au retrait par l'entreprise"),
        erased_by="server.webhooks:remove_webhook",
    ),
    "webhook_delivery": Kept(
        (
            "messages to these addresses: alerts under pseudonyms",
            "messages à ces adresses : alertes sous pseudonymes",
        ),
        Whose.CLIENTS,
        _DELIVERED,
        erased_by="server.outbox_postman:Postman",
    ),
    "second_factor": Kept(
        ("one-time codes: secret sealed, paper codes hashed", "codes uniques : secret chiffré, papier haché"),
        Whose.USERS,
        None,
        _OFF,
    ),
    "passkey": Kept(("public keys of passkeys", "clés publiques des clés d'accès"), Whose.USERS, None, _OFF),
    "passkey_challenge": Kept(
        ("random numbers to be signed at a log-in", "nombres aléatoires à signer à la connexion"),
        Whose.NOBODY,
        Period(passkeys.CHALLENGE_SECONDS, Unit.SECONDS, ("at the next challenge", "au défi suivant")),
        erased_by="server.passkeys:challenge",
    ),
    "keyring_entry": Kept(
        ("which users' and devices' keys a firm has certified", "clés certifiées par une entreprise"),
        Whose.USERS,
        None,
        _MEMBER,
    ),
    "keyring_offer": Kept(
        ("keys that wait to be certified", "clés en attente de certification"), Whose.USERS, None, _REPLACED
    ),
    "role_key_wrap": Kept(
        ("role keys, sealed to each user", "clés de rôle, chiffrées pour chacun"),
        Whose.SEALED,
        None,
        _REPLACED,
    ),
    "pairing": Kept(
        ("a second device on its way", "un second appareil en cours d'association"),
        Whose.USERS,
        Period(pairing.LIVES_SECONDS, Unit.SECONDS, ("at the next pairing", "à l'association suivante")),
        erased_by="server.pairing:begin",
    ),
    **TALKED,
}
