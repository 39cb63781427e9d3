"""How long each table's rows are kept, whose they may be, and which code erases them: one line a table.

The lawyers' pages are made from these lines (`server.privacy_pages`), and a test fails on a table without
one. A period is what the network promises; `erased_by` names the code that keeps the promise, and None says
plainly that no code does yet, so that the operator has to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server import keyholder_request, sessions, uploads

CONTRIBUTION_MONTHS: Final = 36
CELL_MONTHS: Final = 60
CONVERSATION_MONTHS: Final = 12
LOG_DAYS: Final = 30


class Whose(StrEnum):
    """Whose personal data the rows may be."""

    NOBODY = "nobody"
    USERS = "users"
    """People who use the product for a member or for the operator."""
    CLIENTS = "clients"
    """Figures under a pseudonym: of legal persons, as far as members keep sole traders out."""
    SEALED = "sealed"
    """Ciphertext that the operator cannot open; what is inside is the member's."""


class Unit(StrEnum):
    """What a period is counted in."""

    SECONDS = "seconds"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    RELEASES = "releases"


@dataclass(frozen=True, slots=True)
class Period:
    """So many units after something; `after` in English and French."""

    count: int
    unit: Unit
    after: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: what it holds (English, French), whose it may be, how long, and by which code it goes."""

    holds: tuple[str, str]
    whose: Whose
    period: Period | None
    """None: for as long as the network, or the firm's membership, lasts; `until` says which."""
    until: tuple[str, str] = ("", "")
    erased_by: str | None = None
    """Module and function, such as "server.sessions:open_session"."""


FOR_GOOD: Final = ("as long as the network exists", "tant que le réseau existe")
_MEMBER: Final = ("as long as the firm is a member", "tant que l'entreprise est membre")
_REPLACED: Final = ("until the next version replaces it", "jusqu'à la version suivante, qui la remplace")
_AFTER_MONTH: Final = ("after the month that it is about", "après le mois concerné")
_AFTER_END: Final = ("after the conversation ended", "après la fin de la conversation")

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
    "device": Kept(
        (
            "devices: public key, the firm's delegation",
            "appareils : clé publique, délégation de l'entreprise",
        ),
        Whose.USERS,
        None,
        _MEMBER,
    ),
    "session": Kept(
        ("who is logged in (a hash of the token)", "qui est connecté (une empreinte du jeton)"),
        Whose.USERS,
        Period(
            max(sessions.PERSON_SESSION_SECONDS, sessions.DEVICE_SESSION_SECONDS) // 3600,
            Unit.HOURS,
            ("after the log-in, at the next one of anybody", "après la connexion, lors de la suivante"),
        ),
        erased_by="server.sessions:open_session",
    ),
    "challenge": Kept(
        ("what a device has to sign to log in", "ce qu'un appareil doit signer pour se connecter"),
        Whose.NOBODY,
        Period(sessions.CHALLENGE_SECONDS, Unit.SECONDS, ("at the next challenge", "au défi suivant")),
        erased_by="server.sessions:challenge",
    ),
    "upload": Kept(
        (
            "a firm's month: pseudonyms and figures, receipt",
            "le mois d'une entreprise : pseudonymes et chiffres, récépissé",
        ),
        Whose.CLIENTS,
        Period(CONTRIBUTION_MONTHS, Unit.MONTHS, _AFTER_MONTH),
    ),
    "upload_part": Kept(
        ("the bytes of an upload", "les octets d'un envoi"),
        Whose.CLIENTS,
        Period(CONTRIBUTION_MONTHS, Unit.MONTHS, _AFTER_MONTH),
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
        ("published cells, signed", "cellules publiées, signées"),
        Whose.CLIENTS,
        Period(CELL_MONTHS, Unit.MONTHS, _AFTER_MONTH),
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
    "call": Kept(
        (
            "calls: pseudonym, one of the listed facts, sealed key",
            "appels : pseudonyme, un des faits listés, clé chiffrée",
        ),
        Whose.CLIENTS,
        Period(CONVERSATION_MONTHS, Unit.MONTHS, ("after the call closed", "après la clôture de l'appel")),
    ),
    "call_delivery": Kept(
        ("which firms received a call", "quelles entreprises ont reçu un appel"),
        Whose.NOBODY,
        Period(CONVERSATION_MONTHS, Unit.MONTHS, ("after the call closed", "après la clôture de l'appel")),
    ),
    "conversation": Kept(
        ("who talks with whom, sealed keys", "qui parle avec qui, clés chiffrées"),
        Whose.SEALED,
        Period(CONVERSATION_MONTHS, Unit.MONTHS, _AFTER_END),
    ),
    "conversation_epoch": Kept(
        ("sealed conversation keys", "clés de conversation chiffrées"),
        Whose.SEALED,
        Period(CONVERSATION_MONTHS, Unit.MONTHS, _AFTER_END),
    ),
    "message": Kept(
        ("messages, end-to-end encrypted", "messages, chiffrés de bout en bout"),
        Whose.SEALED,
        Period(CONVERSATION_MONTHS, Unit.MONTHS, _AFTER_END),
    ),
}
