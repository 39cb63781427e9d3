"""The map of accounts: account -> identifier, for ledgers that know no SIREN.

Knows: the columns of such a file (account and identifier; name, city, sector, region, terms, the regime of
their legal ceiling and the mark "confidential" if there). It is kept by the member, beside or inside the
book, and never leaves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmark.problems import Problem, blocking
from benchmark.terms import REGIMES, TERMS_MAX_DAYS
from member.ceiling_choice import read_regime
from member.client_list import Known, account_key, read_identifier, read_region, read_sector
from member.figures import TERMS_KIND_WORDS
from member.mapping import Mapping, find_headings, propose
from member.reading import DEFAULT_LIMITS, Cell, Limits, read_tables
from member.values import label, plain, read_numbers, yes_or_no
from member.view import View, open_view

USED: Final = frozenset(
    {
        "account",
        "identifier",
        "name",
        "city",
        "sector",
        "region",
        "terms_days",
        "terms_kind",
        "regime",
        "confidential",
    }
)


def read_accounts(path: str | Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, Known] | list[Problem]:
    """The map in a CSV or XLSX file, by account key; what is wrong with it otherwise."""
    try:
        data = Path(path).read_bytes()
    except OSError:
        return [Problem("file-missing", found=str(path))]
    return parse_accounts(data, limits)


def parse_accounts(data: bytes, limits: Limits = DEFAULT_LIMITS) -> dict[str, Known] | list[Problem]:
    """The map in a file's bytes."""
    tables = read_tables(data, limits)
    if isinstance(tables, Problem):
        return [tables]
    table = tables[0]
    place = find_headings(table.rows)
    if place is None:
        return [Problem("header-missing", expected="Compte; SIREN; Nom")]
    proposed = propose(table.rows[place], table.rows[place + 1 : place + 201], "figures")
    columns = {name: heading for name, heading in proposed.columns.items() if name in USED}
    lacking = [name for name in ("account", "identifier") if name not in columns]
    if lacking:
        headings = ", ".join(label(cell) for cell in table.rows[place] if cell is not None)
        return [Problem("column-missing", None, name, "", headings) for name in lacking]
    view = open_view(table, place, Mapping("figures", columns))
    if isinstance(view, list):
        return view
    known = _read_rows(view)
    return blocking(view.problems) or known


def _read_rows(view: View) -> dict[str, Known]:
    known: dict[str, Known] = {}
    cells = {name: view.column(name) for name in USED}
    for place in range(len(view)):
        row = {name: column[place] for name, column in cells.items()}
        identifier = read_identifier(row["identifier"])
        if row["account"] is None:
            view.refuse(place, "account-missing", "account", "")
            continue
        if isinstance(identifier, Problem):
            view.refuse(place, identifier.code, "identifier", identifier.found, identifier.expected)
            continue
        key = account_key(row["account"])
        before = known.get(key)
        if before is not None and before.identifier != identifier:
            view.refuse(place, "identifier-contradicts", "identifier", identifier, before.identifier)
        known[key] = Known(
            identifier,
            name=label(row["name"]) or None,
            city=label(row["city"]) or None,
            sector=_number(view, place, "sector", row["sector"]) or 0,
            region=_number(view, place, "region", row["region"]) or 0,
            terms_days=_number(view, place, "terms_days", row["terms_days"]),
            terms_kind=_number(view, place, "terms_kind", row["terms_kind"]) or 0,
            regime=_regime(view, place, row["regime"]),
            confidential=bool(_number(view, place, "confidential", row["confidential"])),
        )
    return known


def _number(view: View, place: int, name: str, cell: Cell) -> int | None:
    """One of a client's attributes as its number; None where the cell is empty, refused where it is wrong."""
    if cell is None:
        return None
    mark = yes_or_no(cell)
    read = {
        "sector": (read_sector(cell), "A-U"),
        "region": (read_region(cell), "1-13"),
        "terms_days": (_terms_days(cell), f"0-{TERMS_MAX_DAYS}"),
        "terms_kind": (TERMS_KIND_WORDS.get(plain(label(cell))), "0, 1, 2"),
        "confidential": (None if mark is None else int(mark), "oui/non, yes/no, 1/0"),
    }
    value, expected = read[name]
    if value is None:
        view.refuse(place, "outside-range", name, label(cell), expected)
    return value


def _regime(view: View, place: int, cell: Cell) -> str:
    """The regime of the legal ceiling on the client's terms; "" where the cell is empty."""
    found = "" if cell is None else read_regime(label(cell))
    if found is None:
        view.refuse(place, "regime-unknown", "regime", label(cell), ", ".join(REGIMES))
    return found or ""


def _terms_days(cell: Cell) -> int | None:
    number = read_numbers([cell], scale=1)
    days = int(number.cents[0])
    return days if number.known[0] and 0 <= days <= TERMS_MAX_DAYS else None
