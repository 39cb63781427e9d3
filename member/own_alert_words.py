"""A firm's own alerts in one sentence each, in French and in English, and what to do about them.

Knows: what `benchmark.own_alerts` says, words, money as people write it.
"""

from __future__ import annotations

import math
from typing import Final

from benchmark.alerts_words import Lang, days, lateness, month_words
from benchmark.own_alerts import Alert, Kind
from member.cli_frame import money

_SEEN: Final[dict[tuple[Kind, str], tuple[str, str]]] = {
    ("slower", "days_late"): (
        "paie {now}, contre {before} d'habitude, depuis {since}",
        "pays {now}, usually {before}, since {since}",
    ),
    ("slower", "days_to_pay"): (
        "paie {now} après la facture, contre {before} d'habitude, depuis {since}",
        "pays {now} after the invoice, usually {before}, since {since}",
    ),
    ("faster", "days_late"): (
        "paie {now}, contre {before} d'habitude, depuis {since}",
        "pays {now}, usually {before}, since {since}",
    ),
    ("faster", "days_to_pay"): (
        "paie {now} après la facture, contre {before} d'habitude, depuis {since}",
        "pays {now} after the invoice, usually {before}, since {since}",
    ),
    ("first_overdue", "cents"): (
        "en retard de {now}, pour la première fois",
        "{now} late, for the first time",
    ),
    ("overdue", "cents"): (
        "{now} ont plus de 60 jours de retard, {before} le mois d'avant",
        "{now} are more than 60 days late, {before} the month before",
    ),
    ("over_terms", "days_late"): (
        "paie {now} et pas plus tôt, depuis {since} au moins",
        "pays {now} and no sooner, since {since} at least",
    ),
    ("no_payment", "months"): (
        "n'a rien payé depuis {months} mois, ce qu'il ne fait pas d'habitude",
        "has paid nothing for {months} months, which is unlike them",
    ),
    ("dispute", "cents"): (
        "{now} en litige, {before} le mois d'avant",
        "{now} in dispute, {before} the month before",
    ),
    ("incident", "cents"): (
        "incident de paiement ce mois-ci, encours {now}",
        "an incident of payment this month, {now} outstanding",
    ),
    ("concentration", "percent"): (
        "{now} de tout l'encours, au-dessus du seuil depuis {since}",
        "{now} of all that is outstanding, over the bar since {since}",
    ),
    ("exposure", "cents"): (
        "doit {now}, {before} d'habitude",
        "owes {now}, usually {before}",
    ),
}
_STEPS: Final[dict[Kind, tuple[str, str]]] = {
    "slower": ("appelez, revoyez sa limite", "call them, look at their limit"),
    "faster": ("rien à faire", "nothing to do"),
    "first_overdue": ("relancez dès maintenant", "chase payment now"),
    "overdue": ("mettez en demeure, bloquez les livraisons ?", "formal notice; stop deliveries?"),
    "over_terms": (
        "renégociez les délais ou facturez les pénalités",
        "renegotiate the terms, or charge the penalties",
    ),
    "no_payment": ("appelez avant la prochaine livraison", "call them before the next delivery"),
    "dispute": ("réglez le litige", "settle the dispute"),
    "incident": ("décidez avant la prochaine livraison", "decide before the next delivery"),
    "concentration": ("vérifiez sa limite et son assurance", "check their limit and insurance"),
    "exposure": ("vérifiez sa limite", "check their limit"),
}


def sentence(one: Alert, lang: Lang) -> str:
    """What was seen, with its figures, without the client's name."""
    return _SEEN[one.kind, one.measure][0 if lang == "fr" else 1].format(
        now=_value(one.now, one.measure, lang),
        before=_value(one.before, one.measure, lang),
        since=month_words(one.since, lang),
        months=round(one.now),
    )


def step(kind: Kind, lang: Lang) -> str:
    """What one would do next."""
    return _STEPS[kind][0 if lang == "fr" else 1]


def _value(value: float | None, measure: str, lang: Lang) -> str:
    if value is None or math.isnan(value):
        return "–"
    whole = math.floor(value + 0.5)
    if measure == "days_late":
        return lateness(whole, lang)
    if measure == "days_to_pay":
        return days(whole, lang)
    if measure == "percent":
        return f"{whole} %" if lang == "fr" else f"{whole}%"
    return money(whole, lang)
