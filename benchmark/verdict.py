"""One sentence about a client, as a colleague would say it, in French and in English.

Knows: the facts of a comparison, words. TypeScript's twin reads the same vectors.
"""

from __future__ import annotations

from typing import Final

from benchmark.comparison import Comparison, NextStep

GAP_MOVE_MIN_DAYS: Final = 3
PEERS_MOVE_MIN_DAYS: Final = 3
"""Under so many days a change is not worth words."""

_NUMBERS: Final = {
    "fr": {4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit"},
    "en": {4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"},
}
_STEPS: Final[dict[NextStep, dict[str, str]]] = {
    "tighten": {
        "fr": "Resserrez : il ralentit avec tous ses fournisseurs.",
        "en": "Tighten terms: the client slows down with all of its suppliers.",
    },
    "settle-dispute": {
        "fr": "Réglez le litige : il explique au moins la moitié de ce qui est en retard.",
        "en": "Settle the dispute: it explains at least half of what is late.",
    },
    "talk": {
        "fr": "Appelez-le : le retard est entre vous et lui.",
        "en": "Call them: the delay is between you and them.",
    },
    "ask": {
        "fr": "Demandez-lui pourquoi : il vous paie plus tard qu'avant, le reste n'est pas connu.",
        "en": "Ask them why: they pay you later than before; how they pay others is not known.",
    },
    "watch": {
        "fr": "Surveillez : il ralentit avec d'autres, pas encore avec vous.",
        "en": "Watch: the client slows down with others, not with you yet.",
    },
    "none": {"fr": "Rien à faire pour l'instant.", "en": "Nothing to do for now."},
}


def _days(count: int, lang: str) -> str:
    count = abs(count)
    if lang == "fr":
        return f"{count} jour" if count <= 1 else f"{count} jours"
    return f"{count} day" if count == 1 else f"{count} days"


def _months(count: int, lang: str) -> str:
    word = _NUMBERS[lang].get(count, str(count))
    return f"{word} mois" if lang == "fr" else f"{word} months"


def sentence(facts: Comparison, lang: str = "en") -> str:
    """The verdict; `lang` "fr" or "en"."""
    if facts.gap is None:
        return _alone(facts, lang)
    parts = [_level(facts, lang)]
    if facts.gap_change is not None and facts.change_months is not None:
        parts.append(_gap_since(facts.gap, facts.gap_change, _months(facts.change_months, lang), lang))
    if facts.peers_change is not None:
        parts.append(_peers_since(facts.peers_change, moved=facts.slow_to in {"all", "others"}, lang=lang))
    return (" ; " if lang == "fr" else "; ").join(parts) + "."


def next_step(facts: Comparison, lang: str = "en") -> str:
    """What one would do next, in a sentence."""
    return _STEPS[facts.next_step]["fr" if lang == "fr" else "en"]


def _level(facts: Comparison, lang: str) -> str:
    gap = facts.gap or 0
    french = lang == "fr"
    if gap == 0:
        return (
            "Ce client vous paie comme le centre de ses fournisseurs"
            if french
            else "This client pays you like the centre of its suppliers"
        )
    within = ""
    if facts.position == "inside":
        within = ", dans leur bande" if french else ", within their band"
    if french:
        side = "plus tard" if gap > 0 else "plus tôt"
        return f"Ce client vous paie {_days(gap, lang)} {side} que le centre de ses fournisseurs{within}"
    side = "later" if gap > 0 else "earlier"
    return f"This client pays you {_days(gap, lang)} {side} than the centre of its suppliers{within}"


def _gap_since(gap: int, change: int, months: str, lang: str) -> str:
    then = gap - change
    french = lang == "fr"
    if abs(change) < GAP_MOVE_MIN_DAYS:
        return f"l'écart est celui d'il y a {months}" if french else f"the gap is what it was {months} ago"
    if gap * then < 0:
        if french:
            side = "plus tard" if then > 0 else "plus tôt"
            return f"il y a {months}, il vous payait {_days(then, lang)} {side} que ce centre"
        side = "later" if then > 0 else "earlier"
        return f"{months} ago it paid you {_days(then, lang)} {side} than that centre"
    grew = abs(gap) > abs(then)
    if french:
        verb = "s'est creusé" if grew else "s'est réduit"
        return f"l'écart {verb} de {_days(change, lang)} en {months}"
    return f"the gap {'grew' if grew else 'narrowed'} by {_days(change, lang)} in {months}"


def _peers_since(change: int, *, moved: bool, lang: str) -> str:
    french = lang == "fr"
    if moved or change <= -2 * PEERS_MOVE_MIN_DAYS:
        if french:
            return (
                f"ses pairs sont payés {_days(change, lang)} plus {'tard' if change > 0 else 'tôt'} qu'avant"
            )
        return f"its peers are paid {_days(change, lang)} {'later' if change > 0 else 'sooner'} than before"
    return "ses pairs sont payés comme avant" if french else "its peers are paid as before"


def _alone(facts: Comparison, lang: str) -> str:
    french = lang == "fr"
    if facts.own is None:
        if facts.centre is None:
            return "Rien à comparer pour ce client." if french else "Nothing to compare for this client yet."
        if french:
            return (
                f"Vous n'avez pas de chiffre récent pour ce client ; ses fournisseurs sont payés "
                f"{_lateness(facts.centre, lang)}."
            )
        paid = _lateness(facts.centre, lang)
        return f"You have no recent figure for this client; its suppliers are paid {paid}."
    trend = ""
    if facts.own_change is not None and facts.change_months is not None:
        months = _months(facts.change_months, lang)
        if abs(facts.own_change) < GAP_MOVE_MIN_DAYS:
            trend = f", comme il y a {months}" if french else f", as {months} ago"
        elif french:
            side = "plus tard" if facts.own_change > 0 else "plus tôt"
            trend = f", {_days(facts.own_change, lang)} {side} qu'il y a {months}"
        else:
            side = "later" if facts.own_change > 0 else "sooner"
            trend = f", {_days(facts.own_change, lang)} {side} than {months} ago"
    if french:
        return f"Moins de 5 pairs pour l'instant ; ce client vous paie {_lateness(facts.own, lang)}{trend}."
    return f"Fewer than 5 peers yet; this client pays you {_lateness(facts.own, lang)}{trend}."


def _lateness(count: int, lang: str) -> str:
    if count == 0:
        return "à l'échéance" if lang == "fr" else "on the due date"
    if lang == "fr":
        return f"{_days(count, lang)} {'après' if count > 0 else 'avant'} l'échéance"
    return f"{_days(count, lang)} {'after' if count > 0 else 'before'} the due date"
