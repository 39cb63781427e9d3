"""What `vigie talk` says, in English and French: headings, reasons, refusals, what is not talked about."""

from __future__ import annotations

import unicodedata
from typing import Final

from chat.records import Reason
from chat.refusals import Code

REASONS: Final[dict[Reason, tuple[str, str]]] = {
    Reason.LATE: ("pays late", "paie en retard"),
    Reason.PARTIAL_PAYMENTS: ("pays in part", "paie partiellement"),
    Reason.DISPUTE: ("disputes invoices", "conteste des factures"),
    Reason.CHANGE_OF_HABITS: ("has changed its habits", "a changé d'habitudes"),
    Reason.PUBLISHED_INSOLVENCY: (
        "is in published insolvency proceedings",
        "fait l'objet d'une procédure collective publiée",
    ),
}
REASON_WORDS: Final[dict[str, Reason]] = {
    "late": Reason.LATE,
    "retard": Reason.LATE,
    "partial": Reason.PARTIAL_PAYMENTS,
    "partiel": Reason.PARTIAL_PAYMENTS,
    "dispute": Reason.DISPUTE,
    "litige": Reason.DISPUTE,
    "habits": Reason.CHANGE_OF_HABITS,
    "habitudes": Reason.CHANGE_OF_HABITS,
    "insolvency": Reason.PUBLISHED_INSOLVENCY,
    "procedure": Reason.PUBLISHED_INSOLVENCY,
}

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "received": ("Calls from other suppliers", "Appels d'autres fournisseurs"),
    "raised": ("Your calls", "Vos appels"),
    "talks": ("Conversations", "Conversations"),
    "nothing": ("Nothing yet.", "Rien pour l'instant."),
    "help": (
        "A number: answer or open. call CLIENT {words} [hybrid] | decline N | close N | list | quit",
        "Un numéro : répondre ou ouvrir. call CLIENT {words} [hybride] | decline N | close N | list | quit",
    ),
    "others_learn": (
        "Suppliers of this client will learn that one supplier is asking, not which.",
        "Les fournisseurs de ce client apprendront qu'un fournisseur s'interroge, sans savoir lequel.",
    ),
    "suite_shows": (
        "Who answers sees that you chose these keys: as long as few do, that sets your calls apart.",
        "Qui répond voit que vous avez choisi ces clés : tant que peu le font, cela distingue vos appels.",
    ),
    "raised_one": (
        "Raised. You will hear of answers only, never whether anybody was asked.",
        "Appel lancé. Vous n'apprendrez que les réponses, jamais si quelqu'un a été sollicité.",
    ),
    "answered": (
        (
            "Answered. You can write once you see that the caller's side has opened the conversation: with"
            " its first message, or at a random moment."
        ),
        (
            "Répondu. Vous pourrez écrire quand vous verrez que l'appelant a ouvert la conversation : avec"
            " son premier message, ou à un moment tiré au hasard."
        ),
    ),
    "waiting": ("waiting for the caller", "en attente de l'appelant"),
    "declined": ("Declined. Nobody is told.", "Décliné. Personne n'en est informé."),
    "closed": ("Closed: no further answer reaches you.", "Clos : plus aucune réponse ne vous parviendra."),
    "opened": (
        (
            "An answer: conversation opened with {name}, which sees so as soon as you write, or at a random"
            " moment."
        ),
        (
            "Une réponse : conversation ouverte avec {name}, qui le voit dès que vous écrivez, ou à un moment"
            " tiré au hasard."
        ),
    ),
    "new_call": ("A call has come (list shows it).", "Un appel est arrivé (list l'affiche)."),
    "unknown_client": ("No client of that name in the book.", "Aucun client de ce nom dans le carnet."),
    "several_clients": ("Several clients match: {names}", "Plusieurs clients correspondent : {names}"),
    "unnamed": ("client not in the book", "client absent du carnet"),
    "not_understood": ("Not understood.", "Pas compris."),
    "firm": ("Firm {mark}", "Entreprise {mark}"),
    "you": ("you", "vous"),
    "messages": ("{n} messages", "{n} messages"),
    "news": ("{n} not read yet", "{n} non lus"),
    "answers": ("{n} answers", "{n} réponses"),
    "who": (
        "You talk to {name}, a firm admitted to the network; you are {mark} to it. /back leaves.",
        "Vous parlez à {name}, entreprise admise au réseau ; pour elle, vous êtes {mark}. /back pour sortir.",
    ),
    "reminder": (
        (
            "Not here: future prices or terms, refusing a client together, mandat ad hoc, conciliation or"
            " anything confidential by law. Past payment facts only; each decides alone."
        ),
        (
            "Pas ici : prix ou conditions à venir, refus concerté d'un client, mandat ad hoc, conciliation ni"
            " rien de confidentiel par la loi. Seulement des faits de paiement passés ; chacun décide seul."
        ),
    ),
    "cannot_open": ("[a message that cannot be opened: {why}]", "[un message qui ne s'ouvre pas : {why}]"),
    "later_version": ("[a message of a later version]", "[un message d'une version ultérieure]"),
    "edited": ("[message {n} now reads] {text}", "[le message {n} devient] {text}"),
    "withdrawn": ("[message {n} withdrawn]", "[message {n} retiré]"),
    "file": ("[file {name}, {n} KiB]", "[fichier {name}, {n} Kio]"),
    "read": ("[read up to message {n}]", "[lu jusqu'au message {n}]"),
    "presence_here": ("[the other side is here]", "[l'autre partie est là]"),
    "presence_typing": ("[the other side is writing]", "[l'autre partie écrit]"),
    "presence_gone": ("[the other side has left]", "[l'autre partie est partie]"),
    "erased": ("[a message that has been erased]", "[un message effacé]"),
    "reveal_offer": ("[is ready to show who it is]", "[est prête à dire qui elle est]"),
    "reveal_decline": ("[does not wish to show who it is]", "[ne souhaite pas dire qui elle est]"),
    "reveal_commit": ("[has committed to a statement]", "[s'est engagée sur une déclaration]"),
    "reveal_open": ("[has shown who it is]", "[a dit qui elle est]"),
    "room_help": (
        (
            "/edit N TEXT  /withdraw N  /file PATH  /save N PATH  /reveal  /no  /keep [MONTHS]  /hold"
            "  /release  /silence  /hear  /transcript PATH  /report  /back"
        ),
        (
            "/edit N TEXTE  /withdraw N  /file CHEMIN  /save N CHEMIN  /reveal  /no  /keep [MOIS]  /hold"
            "  /release  /silence  /hear  /transcript CHEMIN  /report  /back"
        ),
    ),
    "send_anyway": ("Send it all the same? y/N ", "L'envoyer malgré tout ? o/N "),
    "not_sent": ("Not sent.", "Non envoyé."),
    "not_changeable": (
        "Only an own message can be changed, and only among the last fifty.",
        "Seul un message à soi peut être changé, et seulement parmi les cinquante derniers.",
    ),
    "no_file": ("There is no file at this number.", "Il n'y a pas de fichier à ce numéro."),
    "written": ("Written.", "Écrit."),
    "kept": (
        "Contents stay for {n} months: the shorter of both sides' wishes.",
        "Les contenus restent {n} mois : le plus court des deux souhaits.",
    ),
    "held": (
        "Held: withdrawals and retention erase nothing for your firm. The other side does not see it.",
        "Conservé : ni retrait ni échéance n'efface rien pour votre entreprise ; l'autre partie l'ignore.",
    ),
    "released": (
        "No longer held: what was withdrawn or has grown old is erased.",
        "Conservation levée : ce qui a été retiré ou a vieilli est effacé.",
    ),
    "release_sure": (
        "What was withdrawn or has grown old is erased at once, and does not come back. Let go? y/N ",
        "Ce qui a été retiré ou a vieilli est effacé aussitôt, sans retour. Lever la conservation ? o/N ",
    ),
    "release_sure_once": (
        "What was withdrawn or has grown old is erased at once, and does not come back. Let go?",
        "Ce qui a été retiré ou a vieilli est effacé aussitôt, sans retour. Lever la conservation ?",
    ),
    "hold_who": (
        "An administrator, on a device of hers, or the auditor (vigie holds) decides about legal holds.",
        "Un administrateur, sur un appareil à lui, ou l'auditeur (vigie holds) décide de la conservation.",
    ),
    "held_since": ("held since {day}", "conservé depuis le {day}"),
    "no_talks": ("The firm has no conversation yet.", "L'entreprise n'a pas encore de conversation."),
    "silenced": (
        "The other side can write no more here, and its calls do not reach you. /hear undoes it.",
        "L'autre partie ne peut plus écrire ici, et ses appels ne vous parviennent plus. /hear l'annule.",
    ),
    "heard": ("The other side can write again.", "L'autre partie peut à nouveau écrire."),
    "reported": (
        "Reported: the operator now holds the transcript, both sides' messages included.",
        "Signalé : l'opérateur détient désormais la transcription, messages des deux parties compris.",
    ),
    "revealed": (
        "You talk to {name}. {n} of {of} key holders vouch for its root key; check the name yourself.",
        "Vous parlez à {name}. {n} des {of} détenteurs attestent sa clé racine ; vérifiez le nom vous-même.",
    ),
    "lost": (
        "Your firm no longer has what it committed to, and cannot open it. /no calls the reveal off.",
        "Votre entreprise n'a plus ce sur quoi elle s'est engagée. /no annule, pour recommencer.",
    ),
    "lost_seen": (
        (
            "The other side has shown who it is; your firm no longer has what it committed to, and cannot"
            " answer. Tell the other side: it can call the reveal off, and both begin again."
        ),
        (
            "L'autre partie a dit qui elle est ; votre entreprise n'a plus ce sur quoi elle s'est engagée et"
            " ne peut répondre. Dites-le-lui : elle peut annuler, et vous recommencerez tous les deux."
        ),
    ),
    "no_reveal_to_decline": (
        "There is nothing to decline: nothing is offered, or the other side has shown who it is.",
        "Il n'y a rien à refuser : rien n'est proposé, ou l'autre partie a déjà dit qui elle est.",
    ),
    "safety": (
        "Safety number, to be compared by telephone, on a number you know: {number}",
        "Numéro de sûreté, à comparer par téléphone, à un numéro que vous connaissez : {number}",
    ),
    "unproved": (
        "What the other side has shown proves nothing: {why}.",
        "Ce que l'autre partie a montré ne prouve rien : {why}.",
    ),
    "shut_out": (
        (
            "{name} has made a key for this conversation that does not open here: what it says under it"
            " cannot be read. Earlier messages stay; your next one makes a new key for both sides."
            " With /silence it can write no more."
        ),
        (
            "{name} a créé pour cette conversation une clé qui ne s'ouvre pas ici : ce qu'elle dit sous cette"
            " clé est illisible. Les messages d'avant restent ; votre prochain message crée une nouvelle clé"
            " pour les deux parties. Avec /silence elle ne peut plus écrire."
        ),
    ),
    "left_out": (
        "Left out of the list, or not opened: {n} calls, answers or conversations ({why}).",
        "Hors de la liste, ou pas ouverts : {n} appels, réponses ou conversations ({why}).",
    ),
    "uncertain": (
        "Not acknowledged yet; it goes on trying.",
        "Pas encore confirmé ; l'envoi continue.",
    ),
}

REFUSALS: Final[dict[Code, tuple[str, str]]] = {
    Code.TOO_LARGE: ("the text is too long", "le texte est trop long"),
    Code.FORKED: (
        "the network shows another history than the one read here: stop, and tell your administrator",
        "le réseau montre une autre histoire que celle lue ici : arrêtez, et prévenez votre administrateur",
    ),
    Code.TRUNCATED: (
        "the network's history ends before what was read here: stop, and tell your administrator",
        "l'historique du réseau finit avant ce qui a été lu ici : arrêtez, et prévenez votre administrateur",
    ),
    Code.SIGNATURE: ("its signature is not valid", "sa signature n'est pas valable"),
    Code.BODY: ("its content was exchanged", "son contenu a été échangé"),
    Code.COMMITMENT: ("it was sealed under another key", "il a été scellé sous une autre clé"),
    Code.KEY: (
        "it brings a key that nothing can be sealed to",
        "il apporte une clé sous laquelle rien ne peut être scellé",
    ),
    Code.UNREADABLE: ("it does not open", "il ne s'ouvre pas"),
    Code.REVEAL: (
        "it is about another conversation: somebody is in between; stop, and tell your administrator",
        "elle porte sur une autre conversation : quelqu'un s'interpose ; arrêtez, prévenez l'administrateur",
    ),
    Code.PINNED: (
        "the network does not show the reveal that your firm keeps: stop, and tell your administrator",
        "le réseau ne montre pas ce que votre entreprise a gardé : arrêtez, prévenez l'administrateur",
    ),
    Code.CLOSED: (
        "the other side has closed the conversation to you",
        "l'autre partie vous a fermé la conversation",
    ),
    Code.ELSEWHERE: ("it belongs elsewhere, or is not open yet", "il n'est pas d'ici, ou pas encore ouvert"),
}


def harmless(text: str) -> str:
    """Line breaks and tabs stay; other control, format and private characters do not."""
    return "".join(
        character
        for character in text
        if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs"}
    )


def told(key: str, lang: str, **values: object) -> str:
    """A text in the language ("fr", otherwise English)."""
    return TEXTS[key][lang == "fr"].format(**values)


def tell_refusal(code: Code, lang: str) -> str:
    """Why something was refused, in words; the code itself where there are none."""
    words = REFUSALS.get(code)
    return code.value if words is None else words[lang == "fr"]
