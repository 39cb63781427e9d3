"""How long calls, conversations and reports are kept, and by which code they go: a part of `retention`."""

from __future__ import annotations

from typing import Final

from server import keeping
from server.conversation_erasing import CONVERSATION_MONTHS
from server.kept import Kept, Period, Unit, Whose

_ERASED: Final = "server.conversation_erasing:erase_ended"
_AGREED: Final = (
    "at most, or as long as both sides agreed; longer for a firm that holds",
    "au plus, ou la durée convenue par les deux parties ; plus longtemps pour l'entreprise qui conserve",
)
_ENDED: Final = Period(
    CONVERSATION_MONTHS,
    Unit.MONTHS,
    (
        "after its last message; longer where a firm holds",
        "après son dernier message ; plus longtemps si une entreprise conserve",
    ),
)
_CLOSED: Final = ("after the call closed", "après la clôture de l'appel")

TALKED: Final[dict[str, Kept]] = {
    "call": Kept(
        (
            "calls: pseudonym, one of the listed facts, sealed key",
            "appels : pseudonyme, un des faits listés, clé chiffrée",
        ),
        Whose.CLIENTS,
        Period(
            CONVERSATION_MONTHS,
            Unit.MONTHS,
            (
                "after the call closed, or for as long as a conversation that it began lasts",
                "après la clôture de l'appel, ou aussi longtemps qu'une conversation qui en est née",
            ),
        ),
        erased_by=_ERASED,
    ),
    "call_delivery": Kept(
        ("which firms received or declined a call", "quelles entreprises ont reçu ou décliné un appel"),
        Whose.NOBODY,
        Period(CONVERSATION_MONTHS, Unit.MONTHS, _CLOSED),
        erased_by=_ERASED,
    ),
    "conversation": Kept(
        ("who talks with whom, sealed keys", "qui parle avec qui, clés chiffrées"),
        Whose.SEALED,
        _ENDED,
        erased_by=_ERASED,
    ),
    "conversation_epoch": Kept(
        ("sealed conversation keys", "clés de conversation chiffrées"),
        Whose.SEALED,
        _ENDED,
        erased_by=_ERASED,
    ),
    "conversation_state": Kept(
        ("reading marks, drafts, sealed", "lectures et brouillons, chiffrés"),
        Whose.SEALED,
        _ENDED,
        erased_by=_ERASED,
    ),
    "conversation_succession": Kept(
        ("a side's public keys after somebody left", "clés publiques d'une partie après un départ"),
        Whose.NOBODY,
        _ENDED,
        erased_by=_ERASED,
    ),
    "message": Kept(
        (
            "contents of messages, end-to-end encrypted; their signatures stay with the conversation",
            "contenus des messages, chiffrés de bout en bout ; leurs signatures restent avec la conversation",
        ),
        Whose.SEALED,
        Period(keeping.MONTHS_MAX, Unit.MONTHS, _AGREED),
        erased_by="server.keeping:sweep",
    ),
    "conversation_file": Kept(
        ("files of a conversation: number of chunks", "fichiers d'une conversation : nombre de morceaux"),
        Whose.NOBODY,
        Period(keeping.MONTHS_MAX, Unit.MONTHS, _AGREED),
        erased_by="server.keeping:sweep",
    ),
    "file_chunk": Kept(
        ("files, end-to-end encrypted", "fichiers, chiffrés de bout en bout"),
        Whose.SEALED,
        Period(keeping.MONTHS_MAX, Unit.MONTHS, _AGREED),
        erased_by="server.keeping:sweep",
    ),
    "firm_silence": Kept(
        ("whose calls a firm does not want", "de qui une entreprise ne veut plus d'appels"),
        Whose.NOBODY,
        None,
        (
            "until the firm undoes it, or the conversations in which it was said are erased",
            "jusqu'à ce que l'entreprise revienne dessus, ou que ces conversations soient effacées",
        ),
        erased_by="server.keeping:settle_silence",
    ),
    "conversation_report": Kept(
        ("transcripts disclosed by a side", "transcriptions divulguées par une partie"),
        Whose.USERS,
        Period(CONVERSATION_MONTHS, Unit.MONTHS, ("after the report", "après le signalement")),
        erased_by=_ERASED,
    ),
}
