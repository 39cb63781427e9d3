"""What calls and conversations refuse, in words: code -> status, English, French (for `server.problems`)."""

from __future__ import annotations

from typing import Final

from chat.refusals import Code

CONVERSATION_KINDS: Final[dict[str, tuple[int, str, str]]] = {
    "relation-not-seasoned": (
        409,
        "This relation is too recent to talk about: it must have counted in two releases and still be live",
        "Relation trop récente : elle doit avoir compté dans deux publications et être encore active",
    ),
    "call-open": (
        409,
        "The firm has an open call on this client already",
        "L'entreprise a déjà un appel ouvert sur ce client",
    ),
    "call-limit": (429, "Too many calls in one day", "Trop d'appels en un jour"),
    "call-date": (422, "The call is not dated today", "L'appel n'est pas daté d'aujourd'hui"),
    "call-answered": (
        409,
        "The firm has answered this call already",
        "L'entreprise a déjà répondu à cet appel",
    ),
    "call-closed": (409, "This call is closed", "Cet appel est clos"),
    "conversation-open": (
        409,
        "Another device of the firm has opened this conversation",
        "Un autre appareil de l'entreprise a ouvert cette conversation",
    ),
    "conversation-not-open": (
        409,
        "The caller has not opened this conversation yet",
        "L'appelant n'a pas encore ouvert cette conversation",
    ),
    "secret-replaced": (
        409,
        "Another device has sealed these keys again",
        "Un autre appareil a scellé ces clés à nouveau",
    ),
    "state-moved": (
        409,
        "Another device has written this state: read it, and write again",
        "Un autre appareil a écrit cet état : relisez-le, puis écrivez à nouveau",
    ),
    "not-withdrawn": (
        409,
        "Only what its side has withdrawn is erased: the withdrawal comes first, within fifty messages",
        "Seul ce que sa partie a retiré s'efface : le retrait vient d'abord, dans les cinquante messages",
    ),
    "files-full": (
        409,
        "This side's files take all the room that it has in this conversation",
        "Les fichiers de cette partie occupent toute la place qu'elle a dans cette conversation",
    ),
    "epoch-limit": (
        429,
        "Too many new keys for one conversation in one day",
        "Trop de nouvelles clés pour une conversation en un jour",
    ),
    "chunk-taken": (
        409,
        "Another chunk is in this place already",
        "Un autre morceau occupe déjà cette place",
    ),
    "report-differs": (
        422,
        "This transcript is not a copy of the conversation as it is stored here",
        "Cette transcription n'est pas une copie de la conversation telle qu'elle est conservée ici",
    ),
    "report-limit": (429, "Too many reports in one day", "Trop de signalements en un jour"),
    "not-now": (503, "Not stored: send it again", "Non conservé : envoyez-le à nouveau"),
    Code.MALFORMED: (
        422,
        "These bytes are no such record",
        "Ces octets ne forment pas un tel enregistrement",
    ),
    Code.SUITE: (422, "This suite is not spoken here", "Cette suite cryptographique n'est pas parlée ici"),
    Code.TOO_LARGE: (413, "The message is too large", "Le message est trop grand"),
    Code.SIGNATURE: (422, "The record's signature is not valid", "La signature n'est pas valable"),
    Code.ELSEWHERE: (
        422,
        "This belongs to another call or conversation",
        "Ceci appartient à un autre appel ou à une autre conversation",
    ),
    Code.KEY: (
        422,
        "This record brings a key that nothing can be sealed to",
        "Cet enregistrement apporte une clé sous laquelle rien ne peut être scellé",
    ),
    Code.SIDE: (422, "This speaks for the other side", "Ceci parle pour l'autre partie"),
    Code.BEHIND: (
        409,
        "Another message came first: read it and seal again",
        "Un autre message est arrivé avant : lisez-le et scellez à nouveau",
    ),
    Code.GAP: (409, "A message before this one is missing", "Il manque un message avant celui-ci"),
    Code.FORKED: (
        409,
        "This follows another history than the one stored",
        "Ceci suit une autre histoire que celle qui est conservée",
    ),
    Code.EPOCH: (409, "This is not of the current epoch", "Ceci n'est pas de l'époque courante"),
    Code.CLOSED: (
        409,
        "The other side has closed the conversation to this one",
        "L'autre partie a fermé la conversation à celle-ci",
    ),
    Code.BODY: (
        422,
        "The ciphertext is not the one that was signed",
        "Le texte chiffré n'est pas celui qui a été signé",
    ),
    Code.COMMITMENT: (
        422,
        "A key disclosed is not the one that was committed to",
        "Une clé divulguée n'est pas celle qui a été engagée",
    ),
}
