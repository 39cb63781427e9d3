"""What is said of key holders, in both languages: a roster that is refused, one that cheats or is down."""

from __future__ import annotations

from typing import Final

HOLDER_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "roster-shape": (
        "The network's list of key holders cannot be read ({why}).",
        "La liste des détenteurs de clé du réseau est illisible ({why}).",
    ),
    "roster-signature": (
        (
            "The key holders' list is not signed as it must be ({why}): all new holders and two of the old "
            "ones. Do not go on: ask the holders by another channel."
        ),
        (
            "La liste des détenteurs de clé n'est pas signée comme il le faut ({why}) : tous les nouveaux "
            "et deux des anciens. N'allez pas plus loin : demandez aux détenteurs par un autre canal."
        ),
    ),
    "roster-threshold": (
        (
            "The network now wants fewer key holders to suffice than when you enrolled ({why}). This is "
            "refused, whoever signed it."
        ),
        (
            "Le réseau veut désormais se contenter de moins de détenteurs de clé qu'à votre inscription "
            "({why}). C'est refusé, quel que soit le signataire."
        ),
    ),
    "roster-chain": (
        (
            "The key holders' list does not follow from the one pinned at enrolment ({why}). Do not go on: "
            "ask the holders by another channel."
        ),
        (
            "La liste des détenteurs de clé ne découle pas de celle retenue à l'inscription ({why}). "
            "N'allez pas plus loin : demandez aux détenteurs par un autre canal."
        ),
    ),
    "roster-dealt": (
        "The key holders' list says of a key that somebody has known whole that nobody has ({why}).",
        "La liste des détenteurs de clé dit d'une clé connue en entier que nul ne l'a connue ({why}).",
    ),
    "rekeyed": (
        (
            "The key holders made another key (epoch {epoch}): the firm's uploads have to be sent again "
            "under it. Run `vigie rekey`; it takes them from the book."
        ),
        (
            "Les détenteurs ont fait une autre clé (époque {epoch}) : les envois de l'entreprise doivent "
            "repartir sous elle. Lancez `vigie rekey` ; il les prend dans le carnet."
        ),
    ),
    "holder-proof": (
        (
            "{name} cheats or fails: its proof does not fit the public key that is pinned for it. Nothing "
            "of its answer was used. Tell the other key holders and the operator."
        ),
        (
            "{name} triche ou défaille : sa preuve ne correspond pas à la clé publique retenue pour lui. "
            "Rien de sa réponse n'a servi. Prévenez les autres détenteurs et l'opérateur."
        ),
    ),
    "holders-down": (
        "Fewer than two key holders answer ({names} do not). Running the same command again is safe.",
        (
            "Moins de deux détenteurs de clé répondent (sans réponse : {names}). Relancer la même commande "
            "est sans danger."
        ),
    ),
    "holders-epoch": (
        (
            "{name} does not serve epoch {epoch}, the newest that the network shows: it is behind the "
            "others, or does not tell the truth."
        ),
        (
            "{name} ne sert pas l'époque {epoch}, la dernière que montre le réseau : il est en retard sur "
            "les autres, ou ne dit pas vrai."
        ),
    ),
}

HOLDER_SAID: Final[dict[str, tuple[str, str]]] = {
    "holders-single": (
        "The network's server is the only key holder (epoch {epoch}): its operator must be trusted.",
        "Le serveur du réseau est seul détenteur de clé (époque {epoch}) : il faut croire son opérateur.",
    ),
    "holders-three": (
        "Three key holders, any two serve, nobody ever had the whole key (epoch {epoch}).",
        "Trois détenteurs de clé, deux suffisent, nul n'a jamais eu la clé entière (époque {epoch}).",
    ),
    "holders-dealt": (
        (
            "Three key holders, any two serve; the key was dealt by somebody who had it whole and may have "
            "kept it (epoch {epoch})."
        ),
        (
            "Trois détenteurs de clé, deux suffisent ; la clé a été distribuée par qui l'avait entière et "
            "l'a peut-être gardée (époque {epoch})."
        ),
    ),
    "holders-fingerprint": (
        "Roster {fingerprint}: compare it with what each holder publishes.",
        "Liste {fingerprint} : comparez-la à ce que publie chaque détenteur.",
    ),
    "holder-agrees": ("  {number} {name}: answers, same roster", "  {number} {name} : répond, même liste"),
    "holder-differs": (
        "  {number} {name}: answers with ANOTHER roster or key than the one pinned here",
        "  {number} {name} : répond avec une AUTRE liste ou clé que celle retenue ici",
    ),
    "holder-silent": ("  {number} {name}: does not answer", "  {number} {name} : ne répond pas"),
    "holder-embedded": ("  {number} {name}: the server itself", "  {number} {name} : le serveur lui-même"),
    "holder-out": (
        "Key holder {name} was left out, the others sufficed: {why}",
        "Détenteur de clé {name} écarté, les autres ont suffi : {why}",
    ),
    "rekey-nothing": (
        "The key is the one pinned here (epoch {epoch}): nothing to send again.",
        "La clé est celle retenue ici (époque {epoch}) : rien à renvoyer.",
    ),
    "rekey-done": (
        "Epoch {epoch}: {clients} clients have new pseudonyms, {months} months were sent again.",
        "Époque {epoch} : {clients} clients ont de nouveaux pseudonymes, {months} mois sont repartis.",
    ),
    "rekey-left-out": (
        "{rows} rows of clients that are no longer in the book were left out.",
        "{rows} lignes de clients qui ne sont plus dans le carnet ont été laissées de côté.",
    ),
}
