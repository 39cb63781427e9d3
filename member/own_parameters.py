"""A score's parameters as a person writes them: NAME=VALUE, money in euros.

Knows: names and how each is written. What makes no sense is refused with the field, the found, the expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from benchmark.score import Parameters, RiskClass
from member.refusals import InputRefused


def _share(text: str) -> float:
    return float(text.replace(",", "."))


def _cents(text: str) -> int:
    return round(float(text.replace(" ", "").replace(",", ".")) * 100)


def _classes(text: str) -> tuple[RiskClass, ...]:
    found = []
    for one in text.split(";"):
        name, score_min, share = one.split(":")
        found.append(RiskClass(name.strip(), int(score_min), _share(share)))
    return tuple(found)


NAMES: Final[dict[str, tuple[str, Callable[[str], Any], str]]] = {
    "own_weight": ("own_weight", _share, "0 to 1"),
    "classes": ("classes", _classes, "A:75:1.2;B:65:1;...;E:0:0 (name, least score, share), the last from 0"),
    "limit_max": ("limit_max_cents", _cents, "euros from 0 on"),
    "insured": ("insured_cents", _cents, "euros from 0 on"),
    "rounded_to": ("rounded_to_cents", _cents, "euros above 0"),
    "terms_days": ("terms_days", int, "days from 0 on"),
    "sales_months": ("sales_months", int, "months from 1 on"),
    "long_relation_months": ("long_relation_months", int, "months from 1 on"),
}
"""As it is written -> field, reader, what is expected."""


def changed(parameters: Parameters, given: Iterable[str]) -> Parameters:
    """The parameters with what NAME=VALUE texts say. Raise InputRefused."""
    for text in given:
        name, _, value = text.partition("=")
        if name.strip() not in NAMES:
            raise InputRefused("score-parameter", field="--set", found=name, expected=", ".join(NAMES))
        field, read, expected = NAMES[name.strip()]
        try:
            parameters = replace(parameters, **{field: read(value.strip())})
        except ValueError:
            raise InputRefused("score-parameter", field=name, found=value, expected=expected) from None
    return parameters


def written(parameters: Parameters) -> list[tuple[str, str]]:
    """(name, value) of each, as `changed` reads it."""
    found = []
    for name, (field, read, _) in NAMES.items():
        value = getattr(parameters, field)
        if name == "classes":
            value = ";".join(f"{one.name}:{one.score_min}:{one.share:g}" for one in value)
        elif read is _cents:
            value = f"{value / 100:.2f}"
        found.append((name, str(value)))
    return found
