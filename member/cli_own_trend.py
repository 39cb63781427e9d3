"""The part of `figures` about months and alerts: what got worse and since when, from own data alone.

Knows: the terminal, JSON, both languages. The figures are those of `benchmark.own_trend` and
`benchmark.own_alerts`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from member.cli_frame import money

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from benchmark.alerts_words import Lang
    from benchmark.own_alerts import Alert
    from benchmark.own_trend import Rules, Trend
    from member.imported import Imported

ALERTS_SHOWN: Final = 20
HABIT_MONTHS_MIN: Final = 8
"""Four months of a habit, and the newest four, which are none of it."""
MEASURES: Final = ("days_late", "days_to_pay", "dso")
SHOWN_BACK: Final = (23, 11, 5, 2, 0)
TEXTS: Final[dict[str, tuple[str, str]]] = {
    "trend": ("Tendance (tous clients) :", "Trend (all clients):"),
    "month": (
        "{month} : dû {outstanding}, échu {late} ; retard {days_late}, payé en {days_to_pay}, DSO {dso}",
        "{month}: owed {outstanding}, late {late}; late by {days_late}, paid in {days_to_pay}, DSO {dso}",
    ),
    "worse": (
        "  s'aggrave : {measure} {now} j, {habit} d'habitude, depuis {since}",
        "  worse: {measure} {now} days, usually {habit}, since {since}",
    ),
    "better": (
        "  s'améliore : {measure} {now} j, {habit} d'habitude, depuis {since}",
        "  better: {measure} {now} days, usually {habit}, since {since}",
    ),
    "steady": ("  ni mieux ni pire que d'habitude", "  neither better nor worse than usual"),
    "short": (
        "  trop peu de mois pour une habitude : il en faut 8, le fichier en dit {count}",
        "  too few months for a habit: it takes 8, the file tells {count}",
    ),
    "alerts": ("Vos alertes ({count}) :", "Your own alerts ({count}):"),
    "no-alerts": ("Aucune alerte.", "No alerts."),
    "alert": (
        "  {level} · {name} : {text} ({stake}) ; {step}",
        "  {level} · {name}: {text} ({stake}); {step}",
    ),
    "more": ("  et {count} autres (--json)", "  and {count} more (--json)"),
    "client": ("{name} ({account}), mois par mois :", "{name} ({account}), month by month:"),
    "no-client": ("Aucun client ne répond à « {text} ».", "No client answers to “{text}”."),
}
MEASURE_WORDS: Final = {
    "days_late": ("le retard", "lateness"),
    "days_to_pay": ("le délai de paiement", "time to payment"),
    "dso": ("le DSO", "the DSO"),
}


def own_trend_facts(imported: Imported, rules: Rules, lang: str) -> dict[str, Any]:
    """For programs: the months oldest first, null where the file does not tell; days with one decimal."""
    from benchmark.own_alerts import alerts
    from benchmark.own_trend import trend
    from benchmark.upload import month_text

    found = trend(imported.months, len(imported.clients))
    return {
        "trend": {
            "months": [month_text(int(month)) for month in found.months],
            "all": _all_clients(found, rules),
            "clients": _clients(found, imported, rules),
        },
        "alerts": [_alert(one, imported, lang) for one in alerts(found, rules)],
    }


def _all_clients(found: Trend, rules: Rules) -> dict[str, Any]:
    told: dict[str, Any] = {name: _days(found.whole[name]) for name in MEASURES}
    for name in ("outstanding", "late"):
        told[f"{name}_cents"] = _cents(found.whole[name])
    told["moves"] = {name: _moved(found.whole[name][None], found, rules, 0) for name in MEASURES}
    return told


def _clients(found: Trend, imported: Imported, rules: Rules) -> list[dict[str, Any]]:
    from benchmark.own_trend import change

    series, by_terms = found.slowness()
    moved = change(series, rules)
    told = []
    for at, client in enumerate(imported.clients):
        told.append(
            {
                "account": client.account,
                "name": client.name,
                "days_late": _days(found.days_late[at]),
                "days_to_pay": _days(found.days_to_pay[at]),
                "dso": _days(found.dso[at]),
                "outstanding_cents": _cents(found.cents["outstanding"][at]),
                "late_cents": _cents(found.cents["late"][at]),
                "measure": "days_late" if by_terms[at] else "days_to_pay",
                "habit_days": _one(moved.habit[at]),
                "rise_days": _one(moved.rise[at]),
                "since": _since(found, int(moved.since[at])),
            }
        )
    return told


def _moved(series: NDArray[np.float64], found: Trend, rules: Rules, at: int) -> dict[str, Any] | None:
    """A move against the habit of one series; None where there is none, or nothing is told."""
    from benchmark.own_trend import change

    moved = change(series, rules)
    if not (moved.worse[at] or moved.better[at]):
        return None
    return {
        "direction": "worse" if moved.worse[at] else "better",
        "now": _one(series[at, -1]),
        "habit": _one(moved.habit[at]),
        "since": _since(found, int(moved.since[at])),
    }


def _since(found: Trend, place: int) -> str | None:
    from benchmark.upload import month_text

    return None if place < 0 else month_text(int(found.months[place]))


def _alert(one: Alert, imported: Imported, lang: str) -> dict[str, Any]:
    from benchmark.alerts_words import severity_words
    from benchmark.upload import month_text
    from member.own_alert_words import sentence, step

    language: Lang = "fr" if lang == "fr" else "en"
    client = imported.clients[one.client]
    return {
        "account": client.account,
        "name": client.name,
        "kind": one.kind,
        "severity": one.severity,
        "level": severity_words(one.severity, language)[0],
        "since": month_text(one.since),
        "at_stake_cents": one.cents,
        "measure": one.measure,
        "now": round(one.now, 1),
        "before": None if one.before is None else round(one.before, 1),
        "text": sentence(one, language),
        "next": step(one.kind, language),
    }


def _one(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 1)


def _days(values: NDArray[np.float64]) -> list[float | None]:
    return [_one(value) for value in values.tolist()]


def _cents(values: NDArray[np.float64]) -> list[int | None]:
    return [None if math.isnan(value) else int(value) for value in values.tolist()]


def show_own_trend(told: dict[str, Any], lang: str, client: str = "") -> None:
    """The trend of all clients, then the alerts; or one client's months."""

    def say(key: str, **values: object) -> None:
        print(TEXTS[key][0 if lang == "fr" else 1].format(**values))

    months = told["trend"]["months"]
    if client:
        _show_client(told, client, say, lang)
        return
    every = told["trend"]["all"]
    say("trend")
    for back in SHOWN_BACK:
        place = len(months) - 1 - back
        if every["outstanding_cents"][place] is not None:
            say("month", **_month(every, months, place, lang))
    _show_moves(every, say, lang)
    if not told["alerts"]:
        say("no-alerts")
        return
    say("alerts", count=len(told["alerts"]))
    for one in told["alerts"][:ALERTS_SHOWN]:
        stake = money(one["at_stake_cents"], lang)
        say("alert", level=one["level"], name=one["name"], text=one["text"], stake=stake, step=one["next"])
    if len(told["alerts"]) > ALERTS_SHOWN:
        say("more", count=len(told["alerts"]) - ALERTS_SHOWN)


def _show_client(told: dict[str, Any], client: str, say: Any, lang: str) -> None:
    months = told["trend"]["months"]
    chosen = [one for one in told["trend"]["clients"] if _answers(one, client)]
    if not chosen:
        say("no-client", text=client)
    for one in chosen:
        say("client", name=one["name"], account=one["account"])
        for place in range(len(months)):
            if one["outstanding_cents"][place] is not None:
                say("month", **_month(one, months, place, lang))


def _answers(one: dict[str, Any], text: str) -> bool:
    wanted = text.casefold()
    return wanted in str(one["name"]).casefold() or wanted == str(one["account"]).casefold()


def _month(one: dict[str, Any], months: list[str], place: int, lang: str) -> dict[str, str]:
    return {
        "month": months[place],
        "outstanding": money(one["outstanding_cents"][place], lang),
        "late": money(one["late_cents"][place], lang),
        **{name: number(one[name][place], lang) for name in MEASURES},
    }


def number(value: float | None, lang: str) -> str:
    """One decimal, a dash where unknown."""
    text = "–" if value is None else f"{value:.1f}"
    return text.replace(".", ",") if lang == "fr" else text


def _show_moves(every: dict[str, Any], say: Any, lang: str) -> None:
    told = sum(one is not None for one in every["outstanding_cents"])
    moves = {name: one for name, one in every["moves"].items() if one is not None}
    for name, one in moves.items():
        values = {"now": number(one["now"], lang), "habit": number(one["habit"], lang), "since": one["since"]}
        say(one["direction"], measure=MEASURE_WORDS[name][0 if lang == "fr" else 1], **values)
    if not moves:
        say("steady" if told >= HABIT_MONTHS_MIN else "short", count=told)
