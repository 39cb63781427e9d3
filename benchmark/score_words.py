"""A score, its limit and its chance in words, in French and in English; the reminder of notice; the light.

Knows: what `benchmark.score` found, words. Every input of a limit is named: nobody has to guess how a figure
came about. TypeScript's twin reads the same vectors (`tests/vectors/score.json`).
"""

from __future__ import annotations

import math
from typing import Final, Literal

from benchmark.alerts_words import days
from benchmark.score import (
    CHANCE_LATE_DAYS,
    MONTH_DAYS,
    TREND_MONTHS,
    USUAL,
    Light,
    Limit,
    Parameters,
    Score,
    Source,
)

Lang = Literal["fr", "en"]

NOTICE_MAX_MONTHS: Final = 18

_SOURCES: Final[dict[Source, dict[Lang, str]]] = {
    "both": {
        "fr": "vos chiffres ({own}, poids {weight} %) et le centre de ses fournisseurs ({centre}) : {days}",
        "en": "your own figures ({own}, weight {weight}%) and its suppliers' centre ({centre}): {days}",
    },
    "peers": {
        "fr": "le centre de ses fournisseurs seul, faute de chiffres récents chez vous : {days}",
        "en": "its suppliers' centre alone, for want of recent figures of your own: {days}",
    },
    "own": {
        "fr": "vos chiffres seuls, rien n'étant publié pour ce client : {days}",
        "en": "your own figures alone, nothing being published of this client: {days}",
    },
}
_LIGHTS: Final[dict[Light, dict[Lang, tuple[str, str]]]] = {
    "green": {
        "fr": ("Vert", "Livrez comme d'habitude."),
        "en": ("Green", "Deliver as usual."),
    },
    "amber": {
        "fr": ("Orange", "Demandez au crédit avant toute nouvelle commande à terme."),
        "en": ("Amber", "Ask credit control before a new order on account."),
    },
    "red": {
        "fr": ("Rouge", "Pas de livraison à terme sans l'accord du crédit."),
        "en": ("Red", "No delivery on account without credit control's word."),
    },
}


def headline(score: Score, lang: Lang) -> str:
    """The score, its class, what it is made of and where it comes from, in one or two sentences."""
    made = _SOURCES[score.source][lang].format(
        own=_late(score.own_days, lang),
        centre=_late(score.centre_days, lang),
        weight=percent(score.own_weight),
        days=_late(score.days, lang),
    )
    if lang == "fr":
        return f"Note {score.score} sur 100, classe {score.risk_class}. D'après {made}.{_trend(score, lang)}"
    return f"Score {score.score} of 100, class {score.risk_class}. From {made}.{_trend(score, lang)}"


def nothing_known(lang: Lang) -> str:
    """Where there is neither an own figure nor a cell."""
    if lang == "fr":
        return "Pas de note : ni chiffre récent chez vous, ni chiffre publié."
    return "No score: neither a recent figure of yours nor a published one."


def _trend(score: Score, lang: Lang) -> str:
    if score.trend is None:
        return ""
    points, months = abs(score.trend), TREND_MONTHS
    if lang == "fr":
        if points == 0:
            return f" Inchangée en {months} mois."
        word = "point" if points == 1 else "points"
        return f" {points} {word} de {'plus' if score.trend > 0 else 'moins'} qu'il y a {months} mois."
    if points == 0:
        return f" Unchanged in {months} months."
    word = "point" if points == 1 else "points"
    return f" {points} {word} {'more' if score.trend > 0 else 'less'} than {months} months ago."


def chance_words(score: Score, lang: Lang) -> str:
    """The chance of being very late, in a sentence; what it was learnt from is said with it."""
    if lang == "fr":
        return (
            f"Risque de plus de {CHANCE_LATE_DAYS} jours de retard au prochain trimestre : "
            f"{_chance(score.chance, lang)} % (appris dans des réseaux simulés)."
        )
    return (
        f"Chance of being more than {CHANCE_LATE_DAYS} days late next quarter: "
        f"{_chance(score.chance, lang)}% (learnt in simulated networks)."
    )


def _chance(chance: float, lang: Lang) -> str:
    """Never 0 or 100: nothing is sure."""
    whole = percent(chance)
    if whole < 1:
        return "moins de 1" if lang == "fr" else "under 1"
    if whole > 99:
        return "plus de 99" if lang == "fr" else "over 99"
    return str(whole)


def inputs(limit: Limit, parameters: Parameters, lang: Lang) -> list[tuple[str, str]]:
    """What went into a limit, in the order of its formula: (name, value)."""
    french = lang == "fr"
    unit = "j" if french else "d"
    names = (
        (f"ventes mensuelles TTC, moyenne de {parameters.sales_months} mois", "délai convenu",
         "retard retenu", "jours par mois", "part de la classe", "plafond", "couverture d'assurance",
         "arrondi à")
        if french
        else (f"monthly sales with tax, mean of {parameters.sales_months} months", "terms agreed",
              "lateness taken", "days a month", "share of the class", "cap", "insurer's cover", "rounded to")
    )  # fmt: skip
    values = (
        euros(limit.monthly_sales_cents, lang),
        f"{limit.terms_days} {unit}",
        f"{limit.late_days} {unit}",
        decimal(MONTH_DAYS, lang),
        decimal(limit.share, lang),
        euros(parameters.limit_max_cents, lang),
        euros(parameters.insured_cents, lang),
        euros(parameters.rounded_to_cents, lang),
    )
    return list(zip(names, values, strict=True))


def formula(limit: Limit, lang: Lang) -> str:
    """The limit's whole formula in one line, money in euros without cents."""
    unit = "j" if lang == "fr" else "d"
    need, wanted = (
        euros(limit.need_cents, lang),
        euros(math.floor(limit.need_cents * limit.share + 0.5), lang),
    )
    text = (
        f"{euros(limit.monthly_sales_cents, lang)} × ({limit.terms_days} {unit} + {limit.late_days} {unit})"
        f" / {decimal(MONTH_DAYS, lang)} {unit} = {need}{' ;' if lang == 'fr' else ';'} "
        f"× {decimal(limit.share, lang)} = {wanted}"
    )
    if limit.capped:
        text += ", plafonné" if lang == "fr" else ", capped"
    if limit.insured:
        text += ", relevé à la couverture d'assurance" if lang == "fr" else ", raised to the insurer's cover"
    return f"{text} → {euros(limit.cents, lang)}"


def notice(relation_months: int, lang: Lang, parameters: Parameters = USUAL) -> str | None:
    """The reminder before a long relation is ended or sharply cut; None for a short one.

    Code de commerce, art. L. 442-1, II: whoever breaks off an established commercial relation abruptly, even
    in part, without written notice that takes its duration and usage into account, is liable; no more than
    18 months' notice can be asked. It does not bar ending for the other side's failure to perform.
    """
    if relation_months < parameters.long_relation_months:
        return None
    if lang == "fr":
        return (
            f"Relation suivie depuis au moins {relation_months} mois : y mettre fin ou la réduire fortement "
            "demande un préavis écrit, fonction de sa durée et des usages (Code de commerce, art. L. 442-1, "
            f"II ; {NOTICE_MAX_MONTHS} mois suffisent toujours), sauf inexécution par le client. "
            "Rien n'est décidé ici."
        )
    return (
        f"A relation of at least {relation_months} months: to end it or cut it sharply takes written notice "
        "that fits its duration and usage (French Code de commerce, art. L. 442-1, II; "
        f"{NOTICE_MAX_MONTHS} months are always enough), unless the client fails to perform. Nothing is "
        "decided here."
    )


def light_words(light: Light, lang: Lang) -> tuple[str, str]:
    """The light's name, and the one step that the sales side is told."""
    return _LIGHTS[light][lang]


def euros(cents: int, lang: Lang) -> str:
    """Whole euros, cents cut off, grouped as the language does."""
    text = f"{cents // 100:,}"
    return f"{text.replace(',', ' ')} €" if lang == "fr" else f"€{text}"


def percent(share: float) -> int:
    """Whole percent, halves up."""
    return math.floor(100 * share + 0.5)


def decimal(value: float, lang: Lang) -> str:
    """A number as it is written, at most 6 digits."""
    text = f"{value:.6g}"
    return text.replace(".", ",") if lang == "fr" else text


def _late(count: int | None, lang: Lang) -> str:
    """Days after or before the due date, in short."""
    if count is None:
        return "–"
    if count == 0:
        return "à l'échéance" if lang == "fr" else "on the due date"
    if lang == "fr":
        return days(count, lang) + (" de retard" if count > 0 else " avant l'échéance")
    return f"{days(count, lang)} {'late' if count > 0 else 'early'}"
