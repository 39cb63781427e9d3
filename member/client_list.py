"""Who a table's rows speak of: accounts gathered into clients, identifiers read, the map of accounts.

Knows: names and identifiers. An account number is compared without the spaces and leading zeros that a
spreadsheet adds or loses.
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.problems import Problem
from member.imported import Account, ImportedClient
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
    factored: bool = False
    refused: bool = False
    master: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a table speaks of.

    clients: those with an identifier; accounts: all, in order of appearance; client (accounts,) int32 place
    of each among the clients, -1 without an identifier; row (n,) int32 the account of each row, -1 where
    refused; factored: identifiers of clients sold to a factor.
    """

    clients: list[ImportedClient]
    accounts: list[Account]
    client: NDArray[np.int32]
    row: NDArray[np.int32]
    factored: frozenset[str] = frozenset()

    def of_rows(self) -> NDArray[np.int32]:
        """The client of each row, -1 where it has none."""
        padded = np.append(self.client, np.int32(-1))
        return padded[self.row]


MASTER: Final = ("vat", "registration", "address", "postcode", "country")


def read_clients(view: View, accounts: Lookup[str, Known]) -> Parties:
    """The accounts of a table and the clients that they are.

    A client without an account is known by its identifier, or else by its name.
    """
    gathered, keys = _gather(view)
    _read_attributes(view, gathered, keys)
    clients: list[ImportedClient] = []
    given: list[Account] = []
    order: dict[str, int] = {}
    places = np.full(len(gathered), -1, np.int32)
    for key, one in gathered.items():
        if one.refused:
            continue
        client = _client(one, accounts.get(key))
        if client is not None:
            places[len(given)] = len(clients)
            clients.append(client)
        order[key] = len(given)
        given.append(_account(one, client))
    row = np.array([-1 if key is None else order.get(key, -1) for key in keys], np.int32)
    view.bad.update(np.flatnonzero(row < 0).tolist())
    factored = frozenset(
        given[order[key]].identifier or "" for key, one in gathered.items() if one.factored and key in order
    )
    return Parties(clients, given, places[: len(given)], row, factored - {""})


def _gather(view: View) -> tuple[dict[str, _Gathered], list[str | None]]:
    """What the rows say of each account, and each row's account, None where it names nobody."""
    gathered: dict[str, _Gathered] = {}
    keys: list[str | None] = []
    columns = {name: view.column(name) for name in ("account", "identifier", "name", "city")}
    master = {name: view.column(name) for name in MASTER if view.has(name)}
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
        for field_name, cells in master.items():
            if cells[place] is not None:
                one.master.setdefault(field_name, label(cells[place]))
        if identifier is not None:
            _take_identifier(view, one, place, identifiers[identifier])
    return gathered, keys


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


def _account(one: _Gathered, client: ImportedClient | None) -> Account:
    told = one.master
    return Account(
        account=one.account,
        name=client.name if client else one.name or one.account,
        identifier=client.identifier if client else None,
        vat=told.get("vat"),
        registration=told.get("registration"),
        address=told.get("address"),
        postcode=told.get("postcode"),
        city=client.city if client else one.city,
        country=told.get("country"),
    )


def _client(one: _Gathered, known: Known | None) -> ImportedClient | None:
    identifier = one.identifier or (known.identifier if known else None)
    name = one.name or (known.name if known else None) or one.account
    if identifier is None:
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
    """Sector, region and the marks, from whichever rows give them."""
    for name in ("sector", "region", "confidential", "factored"):
        if not view.has(name) or (name == "factored" and view.mapping.kind == "figures"):
            continue
        for place, cell in enumerate(view.column(name)):
            key = keys[place]
            if cell is None or key is None:
                continue
            if name in {"confidential", "factored"}:
                mark = yes_or_no(cell)
                if mark is None:
                    view.refuse(place, "flag-invalid", name, label(cell), "oui/non, yes/no, 1/0")
                setattr(gathered[key], name, getattr(gathered[key], name) or bool(mark))
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
