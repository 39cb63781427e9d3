"""The currency of a table's rows: one, the network's.

Knows: ISO 4217 codes that invoices of European firms bear, and their signs.
"""

from __future__ import annotations

import re
from typing import Final

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


def read_currency(view: View, accepted: str) -> None:
    """Refuse each row whose currency is not `accepted`; rows without one take the mapping's default."""
    default = view.mapping.defaults.get("currency", accepted)
    if _code(default) != accepted:
        view.note(_problem(default, accepted))
    read = {cell: _code(label(cell)) for cell in set(view.column("currency"))}
    for place, cell in enumerate(view.column("currency")):
        if cell is not None and read[cell] != accepted:
            problem = _problem(label(cell), accepted)
            view.refuse(place, problem.code, "currency", problem.found, problem.expected)


def _code(text: str) -> str:
    upper = text.strip().upper()
    return SIGNS.get(upper, upper)


def _problem(text: str, accepted: str) -> Problem:
    known = _code(text) in CODES
    return Problem("currency-not-accepted" if known else "currency-unknown", None, "currency", text, accepted)
