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
from benchmark.terms import REGIMES
from member.ceiling_choice import SECTIONS, read_regime
from member.imported import Account, ImportedClient
from member.reading import Cell
from member.values import account_key, label, read_numbers, yes_or_no
from member.view import View

__all__ = ["Known", "Parties", "account_key", "read_clients", "read_identifier", "read_identifiers"]

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
    regime: str = ""


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


_DOUBLED: Final = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9])


def read_identifiers(cells: list[Cell]) -> dict[Cell, str | Problem]:
    """What read_identifier says of each cell; SIRENs, the most usual by far, are checked all at once."""
    sirens = [
        cell
        for cell in set(cells)
        if isinstance(cell, str) and len(cell) == 9 and cell.isascii() and cell.isdigit() and cell.strip("0")
    ]
    digits = np.frombuffer("".join(sirens).encode(), np.uint8).reshape(-1, 9) - 48
    right = (digits[:, ::2].sum(axis=1) + _DOUBLED[digits[:, 1::2]].sum(axis=1)) % 10 == 0
    found: dict[Cell, str | Problem] = {
        cell: f"fr.siren:{cell}" for cell, good in zip(sirens, right.tolist(), strict=True) if good
    }
    for cell in cells:
        if cell not in found:
            found[cell] = read_identifier(cell)
    return found


@dataclass(slots=True)
class _Gathered:
    """What the rows of one account said so far."""

    key: str
    account: str = ""
    name: str | None = None
    identifier: str | None = None
    identifier_row: int = 0
    sector: int = 0
    region: int = 0
    regime: str = ""
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
    gathered, owner = _gather(view)
    _read_attributes(view, gathered, owner)
    clients: list[ImportedClient] = []
    given: list[Account] = []
    order = np.full(len(gathered) + 1, -1, np.int32)  # the last stands for rows that name nobody
    places = np.full(len(gathered), -1, np.int32)
    factored = set()
    for place, one in enumerate(gathered):
        if one.refused:
            continue
        client = _client(one, _known(accounts, one))
        if client is not None:
            places[len(given)] = len(clients)
            clients.append(client)
            if one.factored:
                factored.add(client.identifier)
        order[place] = len(given)
        given.append(_account(one, client))
    row = order[owner]
    view.bad.update(np.flatnonzero(row < 0).tolist())
    return Parties(clients, given, places[: len(given)], row, frozenset(factored))


def _owners(view: View) -> tuple[list[str], NDArray[np.int64]]:
    """Keys of the accounts in order of first appearance, and each row's (n,), -1 where it names nobody."""
    places: dict[str, int] = {}
    owner = np.full(len(view), -1, np.int64)
    for name, key_of in (
        ("account", account_key),
        ("identifier", lambda cell: f"identifier {label(cell)}"),
        ("name", lambda cell: f"name {label(cell).casefold()}"),
    ):
        if view.has(name) and (owner < 0).any():
            column = view.column(name)
            keys = [places.setdefault(key_of(cell), len(places)) for cell in column.different]
            owner = np.where(owner < 0, column.spread(np.array(keys, np.int64), -1), owner)
    first = np.full(len(places) + 1, -1, np.int64)
    first[owner[::-1]] = np.arange(len(owner))[::-1]
    used = np.flatnonzero(first[:-1] >= 0)
    used = used[np.argsort(first[used])]
    order = np.full(len(places) + 1, -1, np.int64)
    order[used] = np.arange(len(used))
    names = list(places)
    return [names[place] for place in used.tolist()], order[owner]


def _said(view: View, owner: NDArray[np.int64], name: str) -> list[tuple[int, int, Cell]]:
    """What the rows of each account say in a column, each thing once: (row's place, account, cell)."""
    if not view.has(name):
        return []
    column = view.column(name)
    mark, filled = column.marks()
    told = np.flatnonzero(filled & (owner >= 0))
    whose, mark = owner[told], mark[told]
    first = np.full(int(owner.max(initial=-1)) + 1, -1, np.int64)
    first[whose[::-1]] = np.arange(len(told))[::-1]
    others = np.flatnonzero(mark != mark[first[whose]]) if len(told) else told
    pairs = np.stack([whose[others].astype(np.uint64), mark[others].astype(np.uint64)])
    _, further = np.unique(pairs, axis=1, return_index=True)
    chosen = np.sort(np.concatenate([first[first >= 0], others[further]]))
    rows = told[chosen]
    found = zip(rows.tolist(), whose[chosen].tolist(), column.at(rows), strict=True)
    return [(row, account, cell) for row, account, cell in found if cell is not None]


def _alike(view: View, owner: NDArray[np.int64], name: str, row: int) -> list[int]:
    """The rows of one account that say the same in a column."""
    mark, _ = view.column(name).marks()
    return [int(at) for at in np.flatnonzero((owner == owner[row]) & (mark == mark[row]))]


def _gather(view: View) -> tuple[list[_Gathered], NDArray[np.int64]]:
    """What the rows say of each account, and each row's account, -1 where it names nobody."""
    keys, owner = _owners(view)
    for place in np.flatnonzero(owner < 0).tolist():
        view.refuse(place, "account-missing", "account", "")
    gathered = [_Gathered(key) for key in keys]
    _take_numbers(view, owner, gathered)
    for one, cell in zip(gathered, _first_said(view, owner, len(keys), "name"), strict=True):
        one.account = one.account or label(cell)
        one.name = label(cell) or None
    for name in ("city", *MASTER):
        if view.has(name):
            for one, cell in zip(gathered, _first_said(view, owner, len(keys), name), strict=True):
                if cell is not None:
                    one.master[name] = label(cell)
    return gathered, owner


def _take_numbers(view: View, owner: NDArray[np.int64], gathered: list[_Gathered]) -> None:
    """Account numbers as they are written, and identifiers, one of each an account."""
    for row, place, cell in _said(view, owner, "account"):
        one = gathered[place]
        one.account = one.account or label(cell)
        if "".join(label(cell).split()) != "".join(one.account.split()):
            for other in _alike(view, owner, "account", row):
                view.refuse(other, "account-ambiguous", "account", f"{one.account}, {label(cell)}")
    said = _said(view, owner, "identifier")
    identifiers = read_identifiers([cell for _, _, cell in said])
    for row, place, cell in said:
        one = gathered[place]
        one.account = one.account or label(cell)
        _take_identifier(view, owner, one, row, identifiers[cell])


def _first_said(view: View, owner: NDArray[np.int64], accounts: int, name: str) -> list[Cell]:
    """What each account says first in a column: mostly in its first row, so that few rows are looked at."""
    column = view.column(name)
    first = np.zeros(accounts, np.int64)
    rows = np.flatnonzero(owner >= 0)[::-1]
    first[owner[rows]] = rows
    found = column.at(first)
    if any(cell is None for cell in found) and view.has(name):
        for _, place, cell in _said(view, owner, name):
            if found[place] is None:
                found[place] = cell
    return found


def _take_identifier(
    view: View, owner: NDArray[np.int64], one: _Gathered, row: int, identifier: str | Problem
) -> None:
    if isinstance(identifier, str) and one.identifier is None:
        one.identifier, one.identifier_row = identifier, row
    elif isinstance(identifier, Problem):
        one.refused = True
        for place in _alike(view, owner, "identifier", row):
            view.refuse(place, identifier.code, "identifier", identifier.found, identifier.expected)
    elif one.identifier != identifier:
        first = f"{one.identifier} ({view.numbers[one.identifier_row]})"
        for place in _alike(view, owner, "identifier", row):
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
        city=client.city if client else told.get("city"),
        country=told.get("country"),
    )


def _known(accounts: Lookup[str, Known], one: _Gathered) -> Known | None:
    """What the map of accounts says; of an account without a number by its name, as the map has that."""
    return (accounts.get(one.key) or accounts.get(account_key(one.account))) if accounts else None


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
        city=one.master.get("city") or known.city,
        sector=one.sector or known.sector,
        region=one.region or known.region,
        terms_days=known.terms_days,
        terms_kind=known.terms_kind,
        confidential=one.confidential or known.confidential,
        regime=one.regime or known.regime,
    )


def _read_attributes(view: View, gathered: list[_Gathered], owner: NDArray[np.int64]) -> None:
    """Sector, region, the ceiling's regime and the marks, from whichever rows give them."""
    for name in ("sector", "region", "regime", "confidential", "factored"):
        if name == "factored" and view.mapping.kind == "figures":
            continue
        for row, place, cell in _said(view, owner, name):
            one = gathered[place]
            value: int | str | None
            if name in {"confidential", "factored"}:
                value, code, expected = yes_or_no(cell), "flag-invalid", "oui/non, yes/no, 1/0"
            elif name == "regime":
                value, code, expected = read_regime(label(cell)), "regime-unknown", ", ".join(REGIMES)
            elif name == "sector":
                value, code, expected = read_sector(cell), "outside-range", "A-U"
            else:
                value, code, expected = read_region(cell), "outside-range", "1-13"
            if value is None:
                for other in _alike(view, owner, name, row):
                    view.refuse(other, code, name, label(cell), expected)
            else:
                setattr(one, name, value or getattr(one, name))


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
