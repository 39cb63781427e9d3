"""An alert in one sentence, as a colleague would say it, in French and in English; severity in words.

Knows: what an alert says, words. Never more than the cells allow: no count but "several", no supplier.
Must not know: the client's name, own figures but for the two kinds that they show. TypeScript's twin reads
the same vectors (`tests/vectors/alerts.json`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from benchmark.alerts import Confidence, Severity
from benchmark.sectors import sector_name

ToldKind = Literal["drift", "shock", "recovery", "incident", "first", "sector", "outside", "own"]
"""Those of `benchmark.alerts`, and the two that own figures show."""
Lang = Literal["fr", "en"]

SHARED_MIN_DAYS: Final = 2
"""A smaller move of all clients together is not worth words."""
YOUNG_MONTHS: Final = 10
"""With fewer releases no drift can be told."""
FEW_CELLS: Final = 20
"""With fewer cells no path that all share can be taken off."""

_MONTHS: Final[dict[Lang, tuple[str, ...]]] = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_KINDS: Final[dict[ToldKind, dict[Lang, str]]] = {
    "drift": {"fr": "Dérive", "en": "Drift"},
    "shock": {"fr": "Saut", "en": "Jump"},
    "recovery": {"fr": "Rétablissement", "en": "Recovery"},
    "incident": {"fr": "Incident", "en": "Incident"},
    "first": {"fr": "Première comparaison", "en": "First comparison"},
    "sector": {"fr": "Secteur", "en": "Sector shift"},
    "outside": {"fr": "Au-dessus de la bande", "en": "Above the band"},
    "own": {"fr": "Votre tendance", "en": "Your own trend"},
}
_RETURNED: Final[dict[Lang, str]] = {"fr": "Revenu dans la bande", "en": "Back in the band"}
_SEEN: Final[dict[ToldKind, dict[Lang, str]]] = {
    "drift": {
        "fr": "Ses fournisseurs sont payés {size} plus tard, durablement depuis {since}, et le sont {now}",
        "en": "Its suppliers have been paid {size} later, lastingly since {since}, and are now paid {now}",
    },
    "shock": {
        "fr": "En {since}, ses fournisseurs sont soudain payés {size} plus tard : {now}",
        "en": "In {since} its suppliers were suddenly paid {size} later: {now}",
    },
    "recovery": {
        "fr": "Il s'est rétabli : ses fournisseurs sont payés {now}, {size} de mieux qu'au pire",
        "en": "It has recovered: its suppliers are paid {now}, {size} better than at its worst",
    },
    "incident": {
        "fr": "Plusieurs de ses fournisseurs signalent un incident de paiement",
        "en": "Several of its suppliers report an incident of payment",
    },
    "first": {
        "fr": "Première comparaison pour ce client : ses fournisseurs sont payés {now}",
        "en": "A first comparison for this client: its suppliers are paid {now}",
    },
    "sector": {
        "fr": "Tout un secteur ({sector}) est payé {size} plus tard depuis {since}, et l'est {now}",
        "en": "A whole sector ({sector}) has been paid {size} later since {since}, and is now paid {now}",
    },
    "own": {
        "fr": "Il vous paie {now}, {size} plus tard qu'en {since} ; vos chiffres seuls le disent",
        "en": "It pays you {now}, {size} later than in {since}; your own figures alone say so",
    },
}
_OUTSIDE: Final[dict[str, dict[Lang, str]]] = {
    "above": {
        "fr": ("Il vous paie {beside} le centre de ses fournisseurs, au-dessus de leur bande depuis {since}"),
        "en": "It pays you {beside} the centre of its suppliers, above their band since {since}",
    },
    "still": {
        "fr": (
            "Il vous paie {beside} le centre de ses fournisseurs, au-dessus de leur bande depuis {since} "
            "({then} alors)"
        ),
        "en": (
            "It pays you {beside} the centre of its suppliers, above their band since {since} ({then} then)"
        ),
    },
    "returned": {
        "fr": (
            "Il n'est plus au-dessus de la bande de ses fournisseurs : il vous paie {beside} leur centre, "
            "contre {then} plus tard en {since}"
        ),
        "en": (
            "It is no longer above the band of its suppliers: it pays you {beside} their centre, against "
            "{then} later in {since}"
        ),
    },
    "unknown": {
        "fr": (
            "Au-dessus de la bande de ses fournisseurs depuis {since} (alors {then} plus tard que leur "
            "centre) ; rien ne peut être comparé ce mois-ci"
        ),
        "en": (
            "Above the band of its suppliers since {since} ({then} later than their centre then); nothing "
            "can be compared this month"
        ),
    },
}
_ENDS_OTHERWISE: Final[dict[ToldKind, dict[Lang, str]]] = {
    "incident": {
        "fr": "Prend fin quand plus assez de fournisseurs ne le signalent.",
        "en": "It ends when no longer enough of its suppliers report it.",
    },
    "outside": {
        "fr": "Prend fin quand il est revenu dans la bande, ou après trois mois sans comparaison.",
        "en": "It ends once the client is back in the band, or after three months without a comparison.",
    },
}
_NOTHING_AWAITED: Final[dict[Lang, str]] = {"fr": "Rien n'est attendu.", "en": "Nothing is awaited."}
_ENDS_WITH_YOU: Final[dict[Lang, str]] = {
    "fr": "Prend fin quand il vous paie {level} ou plus tôt{when}.",
    "en": "It ends when the client pays you {level} or sooner{when}.",
}
_TWICE: Final[dict[Lang, str]] = {"fr": ", deux mois de suite", "en": ", two months in a row"}
_ONCE_MORE: Final[dict[Lang, str]] = {"fr": ", le mois prochain encore", "en": ", next month once more"}
_SURE: Final[dict[Confidence, dict[Lang, str]]] = {
    "likely": {"fr": "probable", "en": "likely"},
    "very likely": {"fr": "très probable", "en": "very likely"},
    "certain": {"fr": "publié", "en": "published"},
}
_SEVERITY: Final[dict[Severity, dict[Lang, tuple[str, str]]]] = {
    "info": {
        "fr": ("Pour information", "à lire avec le prochain résumé"),
        "en": ("For information", "read it with the next digest"),
    },
    "watch": {
        "fr": ("À surveiller", "à revoir à la prochaine publication"),
        "en": ("Watch", "look again with the next release"),
    },
    "act": {
        "fr": ("À traiter", "appeler le client et revoir sa limite cette semaine"),
        "en": ("Act", "call the client and look at its limit this week"),
    },
    "urgent": {
        "fr": ("Urgent", "à décider aujourd'hui, avant la prochaine livraison"),
        "en": ("Urgent", "decide today, before the next delivery"),
    },
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an alert. Months are indices, days whole; "outside" and "own" come from own figures.

    `sector`: whose move the shared days are, or which has shifted; None: the network's. `dispute`: the firm's
    own disputed share explains what is late. Of "outside" alone: `size_days` is the gap when it was raised,
    `gap_days` today's (None: nothing is compared this month); `returned`: the client is above the band no
    more, and the alert stands until it has stayed so.
    """

    kind: ToldKind
    month: int
    since: int
    size_days: int
    shared_days: int = 0
    now_days: int | None = None  # the newest published centre; of "own" the newest own value
    ends_at_days: int | None = None
    may_be_larger: bool = False
    sector: int | None = None
    dispute: bool = False
    gap_days: int | None = None
    returned: bool = False


def kind_words(kind: ToldKind, lang: Lang, *, returned: bool = False) -> str:
    """The kind's name; `returned`: of an alert on a client that is above the band no more."""
    return _RETURNED[lang] if returned else _KINDS[kind][lang]


def sure_words(confidence: Confidence, lang: Lang) -> str:
    """How sure."""
    return _SURE[confidence][lang]


def severity_words(severity: Severity, lang: Lang) -> tuple[str, str]:
    """The level's name and its use."""
    return _SEVERITY[severity][lang]


def month_words(month: int, lang: Lang) -> str:
    """A month as it is written in a sentence: "mars 2026"."""
    return f"{_MONTHS[lang][month % 12]} {month // 12}"


def sentence(told: Told, lang: Lang) -> str:
    """What was seen, with its figures."""
    parts = [
        _outside(told, lang)
        if told.kind == "outside"
        else _SEEN[told.kind][lang].format(
            size=days(told.size_days, lang),
            since=month_words(told.since, lang),
            now="" if told.now_days is None else lateness(told.now_days, lang),
            sector="" if told.sector is None else sector_name(told.sector, lang),
        )
    ]
    if abs(told.shared_days) >= SHARED_MIN_DAYS and told.kind in {"drift", "shock", "sector"}:
        parts.append(_shared(told, lang))
    text = (" ; " if lang == "fr" else "; ").join(parts) + "."
    if told.dispute:
        text += _disputed(told.kind, lang)
    if told.may_be_larger:
        text += (
            " Le mouvement réel peut être plus grand : une publication ne déplace un centre que d'un montant "
            "borné."
            if lang == "fr"
            else " The true move may be larger: a release moves a centre by a bounded amount only."
        )
    return text


def ending(told: Told, lang: Lang) -> str:
    """What would end it."""
    if told.ends_at_days is None:
        return _ENDS_OTHERWISE.get(told.kind, _NOTHING_AWAITED)[lang]
    level = lateness(told.ends_at_days, lang)
    if told.kind == "outside":
        begun = told.now_days is not None and told.now_days <= told.ends_at_days
        return _ENDS_WITH_YOU[lang].format(level=level, when=_ONCE_MORE[lang] if begun else _TWICE[lang])
    if told.kind == "own":
        return _ENDS_WITH_YOU[lang].format(level=level, when="")
    if lang == "fr":
        return f"Prend fin quand le centre publié est {level} ou plus tôt."
    return f"It ends when the published centre is {level} or sooner."


def _outside(told: Told, lang: Lang) -> str:
    """Today first, since it is what one acts upon; then what it was when the alert was raised."""
    gap, then = told.gap_days, days(told.size_days, lang)
    if gap is None:
        which = "unknown"
    elif told.returned:
        which = "returned"
    else:
        which = "above" if gap == told.size_days else "still"
    beside = "" if gap is None else _beside(gap, lang)
    return _OUTSIDE[which][lang].format(beside=beside, then=then, since=month_words(told.since, lang))


def _beside(gap: int, lang: Lang) -> str:
    """Such as "3 days later than"; "like" with nothing between them."""
    if gap == 0:
        return "comme" if lang == "fr" else "like"
    if lang == "fr":
        return f"{days(gap, lang)} plus {'tard' if gap > 0 else 'tôt'} que"
    return f"{days(gap, lang)} {'later' if gap > 0 else 'earlier'} than"


def _shared(told: Told, lang: Lang) -> str:
    size, slower = days(told.shared_days, lang), told.shared_days > 0
    own = told.sector is not None and told.kind != "sector"
    if lang == "fr":
        who = "tout son secteur a" if own else "les autres clients ont"
        verb = "ralenti" if slower else "accéléré"
        return f"{who} {verb} de {size} entre-temps, ce qui n'est pas compté"
    who = "its whole sector" if own else "the other clients"
    return f"{who} {'slowed' if slower else 'sped up'} by {size} meanwhile, which is not counted"


def _disputed(kind: ToldKind, lang: Lang) -> str:
    """Own disputed amounts explain what is late with the firm, never what is late with others."""
    own = kind in {"outside", "own"}
    if lang == "fr":
        if own:
            return (
                " Un litige, non une défaillance : il explique au moins la moitié de ce qui est en retard "
                "chez vous."
            )
        return " Chez vous, un litige explique au moins la moitié de ce qui est en retard."
    if own:
        return " A dispute, not distress: it explains at least half of what is late with you."
    return " With you, a dispute explains at least half of what is late."


def young_words(releases: int, cells: int, lang: Lang) -> str | None:
    """What a network with a short history, or few cells within sight, cannot tell yet; None: it is grown."""
    french = lang == "fr"
    if releases < YOUNG_MONTHS:
        if french:
            count = "1 mois publié" if releases == 1 else f"{releases} mois publiés"
            return (
                f"Réseau jeune ({count}) : aucune dérive ne peut être annoncée avant {YOUNG_MONTHS} mois. "
                "D'ici là, ce sont les sauts, les incidents, les secteurs et votre propre grand livre qui "
                "parlent."
            )
        count = "1 month published" if releases == 1 else f"{releases} months published"
        return (
            f"A young network ({count}): no drift can be told before {YOUNG_MONTHS} months. Until then "
            "jumps, incidents, sectors and your own ledger speak."
        )
    if cells >= FEW_CELLS:
        return None
    if french:
        return (
            f"Peu de vos clients sont publiés ({cells}) : pour les autres, seuls leur secteur et votre "
            "propre grand livre parlent."
        )
    return (
        f"Few of your clients are published ({cells}): of the others their sector and your own ledger "
        "alone speak."
    )


def days(count: int, lang: Lang) -> str:
    """A number of days without its sign."""
    count = abs(count)
    if lang == "fr":
        return f"{count} jour" if count <= 1 else f"{count} jours"
    return f"{count} day" if count == 1 else f"{count} days"


def lateness(count: int, lang: Lang) -> str:
    """Days after, on or before the due date."""
    if count == 0:
        return "à l'échéance" if lang == "fr" else "on the due date"
    if lang == "fr":
        return f"{days(count, lang)} {'après' if count > 0 else 'avant'} l'échéance"
    return f"{days(count, lang)} {'after' if count > 0 else 'before'} the due date"
