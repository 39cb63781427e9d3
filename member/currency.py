"""The currency of what is read: the network's, or one for which the member gave a rate.

Knows: ISO 4217 codes that invoices of European firms bear, and their signs. The rule for other currencies:
refused, unless the member states a rate; then each amount is multiplied by it and rounded to a cent, halves
away from zero, one rate for all of a file's months, so that the same file gives the same figures again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.problems import Problem
from member.values import label
from member.view import View

SIGNS: Final = {"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "$": "USD", "US$": "USD", "£": "GBP"}
CODES: Final = frozenset(
    re.findall(
        "[A-Z]{3}",
        "AED AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR ISK JPY KRW MAD MXN NOK NZD PLN RON RSD "
        "RUB SAR SEK SGD THB TND TRY UAH USD XAF XOF XPF ZAR",
    )
)


Rates = Mapping[str, Decimal]
"""Units of the network's currency for one unit of each other one."""

RATE_STEPS: Final = 1_000_000
RATE_MAX: Final = Decimal(10_000)


def read_rates(given: Mapping[str, str]) -> dict[str, Decimal] | Problem:
    """Rates as a mapping or a command line gives them: {"CHF": "1.0432"}; at most six decimals."""
    rates: dict[str, Decimal] = {}
    for code, text in given.items():
        try:
            rate = Decimal(text.replace(",", "."))
        except InvalidOperation:
            rate = Decimal(0)
        exact = rate.is_finite() and rate * RATE_STEPS == int(rate * RATE_STEPS)
        if not exact or not 0 < rate <= RATE_MAX or _code(code) not in CODES:
            return Problem("rate-invalid", None, "currency", f"{code}={text}", "CHF=1.0432")
        rates[_code(code)] = rate
    return rates


def convert(cents: NDArray[np.int64], rate: Decimal) -> NDArray[np.int64]:
    """Cents at a rate, rounded to whole ones, halves away from zero; exact below 10**14 cents."""
    steps = int(rate * RATE_STEPS)
    whole, rest = np.divmod(np.abs(cents), RATE_STEPS)
    scaled = whole * steps + (rest * steps + RATE_STEPS // 2) // RATE_STEPS
    return np.asarray(np.sign(cents) * scaled)


def read_currency(view: View, accepted: str, rates: Rates | None = None) -> dict[Decimal, NDArray[np.int64]]:
    """The rows (places) that each rate converts; rows in a currency without a rate are refused.

    Rows without a currency take the mapping's default.
    """
    rates = rates or {}
    default = view.mapping.defaults.get("currency", accepted)
    converted: dict[Decimal, NDArray[np.int64]] = {}
    cells = view.column("currency")
    if _code(default) != accepted:
        rate = rates.get(_code(default))
        if rate is None:
            view.note(refused_currency(default, accepted))
        else:
            converted[rate] = np.array([at for at, cell in enumerate(cells) if cell is None], np.int64)
    codes = {cell: _code(label(cell)) for cell in cells.different}
    if set(codes.values()) <= {accepted}:
        return converted
    places: dict[Decimal, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell is None or codes[cell] == accepted:
            continue
        rate = rates.get(codes[cell])
        if rate is None:
            problem = refused_currency(label(cell), accepted)
            view.refuse(place, problem.code, "currency", problem.found, problem.expected)
        else:
            places.setdefault(rate, []).append(place)
    for rate, chosen in places.items():
        before = converted.get(rate, np.zeros(0, np.int64))
        converted[rate] = np.concatenate([before, np.array(chosen, np.int64)])
    return converted


def _code(text: str) -> str:
    upper = text.strip().upper()
    return SIGNS.get(upper, upper)


def refused_currency(text: str, accepted: str) -> Problem:
    """The problem of an amount in another currency."""
    if _code(text) in CODES:
        return Problem("currency-not-accepted", None, "currency", text, accepted)
    return Problem("currency-unknown", None, "currency", text, accepted)
