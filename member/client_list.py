"""Who a table's rows speak of: accounts gathered into clients, identifiers read, the map of accounts.

Knows: names and identifiers. An account number is compared without the spaces and leading zeros that a
spreadsheet adds or loses.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.problems import Problem
from member.imported import ImportedClient
from member.reading import Cell
from member.values import label, read_numbers, yes_or_no
from member.view import View

SECTIONS: Final = "ABCDEFGHIJKLMNOPQRSTU"
REGIONS: Final = 13
LOST_ZEROS: Final = {7: 9, 8: 9, 12: 14, 13: 14}
"""A SIREN has 9 digits and a SIRET 14; a spreadsheet drops their leading zeros."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the map of accounts says of one account."""

    identifier: str
    name: str | None = None
    city: str | None = None
    sector: int = 0
    region: int = 0
    terms_days: int | None = None
    terms_kind: int = 0
    confidential: bool = False


def account_key(cell: Cell) -> str:
    """An account as it is compared: no spaces, no leading zeros where all are digits."""
    text = "".join(label(cell).split())
    return text.lstrip("0") or "0" if text.isdigit() else text


def read_identifier(cell: Cell) -> str | Problem:
    """The canonical identifier of a cell, or why it is refused. Raises nothing."""
    text = label(cell).strip()
    digits = "".join(text.split())
    if digits.isdigit() and len(digits) in LOST_ZEROS:
        text = digits.zfill(LOST_ZEROS[len(digits)])
    from privacy.identifiers import canonical

    try:
        return str(canonical(text))
    except ValueError as refused:
        return Problem("identifier-invalid", None, "identifier", label(cell), str(refused))


@dataclass(slots=True)
class _Gathered:
    """What the rows of one account said so far; `place` is its first row."""

    place: int
    account: str
    name: str | None = None
    city: str | None = None
    identifier: str | None = None
    identifier_place: int = 0
    sector: int = 0
    region: int = 0
    confidential: bool = False
    refused: bool = False


def read_clients(view: View, accounts: Lookup[str, Known]) -> tuple[list[ImportedClient], NDArray[np.int32]]:
    """The clients of a table, and for each row its client's place, -1 where the row is refused.

    A client without an account is known by its identifier, or else by its name.
    """
    gathered: dict[str, _Gathered] = {}
    keys: list[str | None] = []
    columns = {name: view.column(name) for name in ("account", "identifier", "name", "city")}
    identifiers: dict[Cell, str | Problem] = {
        cell: read_identifier(cell) for cell in set(columns["identifier"]) if cell is not None
    }
    for place in range(len(view)):
        account, identifier, name, city = (columns[key][place] for key in columns)
        key = _key(account, identifier, name)
        keys.append(key)
        if key is None:
            view.refuse(place, "account-missing", "account", "")
            continue
        one = gathered.get(key)
        if one is None:
            one = gathered[key] = _Gathered(place, label(account) or label(identifier) or label(name))
        elif account is not None and "".join(label(account).split()) != "".join(one.account.split()):
            view.refuse(place, "account-ambiguous", "account", f"{one.account}, {label(account)}")
        one.name = one.name or label(name) or None
        one.city = one.city or label(city) or None
        if identifier is not None:
            _take_identifier(view, one, place, identifiers[identifier])
    _read_attributes(view, gathered, keys)
    clients: list[ImportedClient] = []
    order: dict[str, int] = {}
    for key, one in gathered.items():
        client = _client(view, one, accounts.get(key))
        if client is not None:
            order[key] = len(clients)
            clients.append(client)
    index = np.array([-1 if key is None else order.get(key, -1) for key in keys], np.int32)
    for place in np.flatnonzero(index < 0).tolist():
        view.bad.add(place)
    return clients, index


def _key(account: Cell, identifier: Cell, name: Cell) -> str | None:
    if account is not None:
        return account_key(account)
    if identifier is not None:
        return f"identifier {label(identifier)}"
    return None if name is None else f"name {label(name).casefold()}"


def _take_identifier(view: View, one: _Gathered, place: int, identifier: str | Problem) -> None:
    if isinstance(identifier, Problem):
        one.refused = True
        view.refuse(place, identifier.code, "identifier", identifier.found, identifier.expected)
    elif one.identifier is None:
        one.identifier, one.identifier_place = identifier, place
    elif one.identifier != identifier:
        first = f"{one.identifier} ({view.numbers[one.identifier_place]})"
        view.refuse(place, "identifier-contradicts", "identifier", identifier, first)


def _client(view: View, one: _Gathered, known: Known | None) -> ImportedClient | None:
    identifier = one.identifier or (known.identifier if known else None)
    name = one.name or (known.name if known else None) or one.account
    if identifier is None:
        if not one.refused:
            shown = one.account if name == one.account else f"{one.account} {name}"
            view.refuse(one.place, "identifier-missing", "identifier", shown)
        return None
    known = known or Known(identifier)
    return ImportedClient(
        account=one.account,
        name=name,
        identifier=identifier,
        city=one.city or known.city,
        sector=one.sector or known.sector,
        region=one.region or known.region,
        terms_days=known.terms_days,
        terms_kind=known.terms_kind,
        confidential=one.confidential or known.confidential,
    )


def _read_attributes(view: View, gathered: dict[str, _Gathered], keys: list[str | None]) -> None:
    """Sector, region and the confidential mark, from whichever rows give them."""
    for name in ("sector", "region", "confidential"):
        if not view.has(name):
            continue
        for place, cell in enumerate(view.column(name)):
            key = keys[place]
            if cell is None or key is None:
                continue
            if name == "confidential":
                mark = yes_or_no(cell)
                if mark is None:
                    view.refuse(place, "flag-invalid", name, label(cell), "oui/non, yes/no, 1/0")
                gathered[key].confidential |= bool(mark)
                continue
            value = read_sector(cell) if name == "sector" else read_region(cell)
            if value is None:
                view.refuse(place, "outside-range", name, label(cell), "A-U" if name == "sector" else "1-13")
            else:
                setattr(gathered[key], name, value)


def read_sector(cell: Cell) -> int | None:
    """A NACE section, A to U or 1 to 21; None where it is neither."""
    text = label(cell).strip().upper()
    if len(text) == 1 and text in SECTIONS:
        return SECTIONS.index(text) + 1
    return _within(cell, len(SECTIONS))


def read_region(cell: Cell) -> int | None:
    """A region's number, 1 to 13."""
    return _within(cell, REGIONS)


def _within(cell: Cell, highest: int) -> int | None:
    number = read_numbers([cell], scale=1)
    value = int(number.cents[0])
    return value if number.known[0] and 1 <= value <= highest else None
