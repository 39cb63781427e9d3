"""From a file of the member's to an import: read, recognise, check, count; all of it or nothing.

Knows: the order of the steps. Each step is a module of its own: reading (bytes to a table), mapping (which
column is what), client_list (who), invoice_list and figures (a table to invoices or contributions).
"""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.indicators import month_of
from benchmark.problems import Problem, blocking
from benchmark.upload import FIELD_BIT, month_text
from member.account_map import parse_accounts, read_accounts
from member.client_list import Known, read_clients
from member.figures import read_figures
from member.imported import (
    UPLOAD_MONTHS,
    Imported,
    ImportedClient,
    from_invoices,
    last_complete_month,
    merge_clients,
    with_client_facts,
)
from member.invoice_list import InvoiceRows, read_invoices
from member.mapping import Kind, Mapping, check, find_headings, missing, propose
from member.reading import DEFAULT_LIMITS, Limits, Table, read_tables
from member.values import label
from member.view import View, open_view

__all__ = [
    "Imported",
    "ImportedClient",
    "Known",
    "Options",
    "from_invoices",
    "parse_accounts",
    "read_accounts",
    "read_bytes",
    "read_file",
    "recognise",
]

NOT_TOLD_BY_OPEN_ITEMS = ("sales", "paid", "paid_days_late", "paid_days_to_pay", "dso")


@dataclass(frozen=True, slots=True)
class Options:
    """How to import.

    today: the last day that may have happened (None: the calendar's); through_month: last complete month to
    prepare (None: the month of the file's last event, or the month before today's if that is earlier);
    months: how many to prepare, None for all; accounts: account -> what the map of accounts says, keys as
    client_list.account_key gives them; skip_bad: leave wrong rows out instead of refusing the file; kind and
    sheet force what would be recognised.
    """

    today: date | None = None
    through_month: int | None = None
    months: int | None = UPLOAD_MONTHS
    accounts: Lookup[str, Known] = field(default_factory=dict)
    skip_bad: bool = False
    kind: Kind | None = None
    sheet: str | None = None
    currency: str = "EUR"
    limits: Limits = DEFAULT_LIMITS


DEFAULTS = Options()


def read_file(path: str | Path, mapping: Mapping | None = None, options: Options = DEFAULTS) -> Imported:
    """Import a file. What is wrong with it is in `problems`; nothing is raised and nothing half-applied."""
    path = Path(path)
    try:
        if path.stat().st_size > options.limits.bytes_max:
            size = f"{path.stat().st_size / 1e6:.1f} MB"
            limit = f"{options.limits.bytes_max / 1e6:.1f} MB"
            return Imported(problems=[Problem("file-too-large", found=size, expected=limit)])
        data = path.read_bytes()
    except OSError:
        return Imported(problems=[Problem("file-missing", found=str(path))])
    return read_bytes(data, mapping, options)


def read_bytes(data: bytes, mapping: Mapping | None = None, options: Options = DEFAULTS) -> Imported:
    """Import a file's bytes; see read_file."""
    if options.today is None:
        options = replace(options, today=datetime.now(UTC).astimezone().date())
    recognised = recognise(data, mapping, options)
    if isinstance(recognised, Imported):
        return recognised
    table, heading_place, mapping = recognised
    view = open_view(table, heading_place, mapping)
    if isinstance(view, list):
        return Imported(problems=view, summary=_described(table, heading_place, mapping))
    imported = _import(view, options)
    return replace(imported, summary=_described(table, heading_place, mapping) | imported.summary)


def recognise(
    data: bytes, mapping: Mapping | None, options: Options = DEFAULTS
) -> tuple[Table, int, Mapping] | Imported:
    """The sheet, the row of headings and the mapping that will be used; an Imported of problems otherwise."""
    if mapping is not None and (wrong := check(mapping)):
        return Imported(problems=[wrong])
    sheet = options.sheet or (mapping.sheet if mapping else None)
    tables = read_tables(data, options.limits, sheet)
    if isinstance(tables, Problem):
        return Imported(problems=[tables])
    refused: Imported | None = None
    for table in tables:
        place = _headings(table, mapping)
        if place is None:
            continue
        sample = table.rows[place + 1 : place + 201]
        used = mapping or propose(table.rows[place], sample, options.kind)
        lacking = missing(used)
        if not lacking:
            return table, place, used
        refused = refused or Imported(
            problems=_lacking(used, lacking, table, place), summary=_described(table, place, used)
        )
    example = "N° client; SIREN; Date facture; Échéance; Montant TTC; Date de règlement"
    return refused or Imported(problems=[Problem("header-missing", expected=example)])


def _headings(table: Table, mapping: Mapping | None) -> int | None:
    """Where the headings stand: as the mapping says, else the row with all of its headings, else searched."""
    if mapping is None:
        return find_headings(table.rows)
    if mapping.heading_row is not None:
        return mapping.heading_row - 1 if mapping.heading_row <= len(table.rows) else None
    wanted = {heading.strip() for heading in mapping.columns.values()}
    for place, row in enumerate(table.rows[:40]):
        if wanted <= {label(cell) for cell in row}:
            return place
    return find_headings(table.rows)


def _lacking(mapping: Mapping, lacking: list[str], table: Table, place: int) -> list[Problem]:
    headings = [label(cell) for cell in table.rows[place] if cell is not None]
    if len(mapping.columns) < 3:
        return [Problem("kind-unknown", place + 1, found=", ".join(headings))]
    unused = [heading for heading in headings if heading not in mapping.columns.values()]
    return [Problem("column-missing", None, name, "", ", ".join(unused)) for name in lacking]


def _described(table: Table, heading_place: int, mapping: Mapping) -> dict[str, Any]:
    return {
        "kind": mapping.kind,
        "format": table.format,
        "detail": table.detail,
        "sheet": table.sheet,
        "mapping": mapping,
        "columns_not_used": [
            label(cell)
            for cell in table.rows[heading_place]
            if cell is not None and label(cell) not in mapping.columns.values()
        ],
    }


def _import(view: View, options: Options) -> Imported:
    today = options.today
    assert today is not None
    clients, index = read_clients(view, options.accounts)
    through = last_complete_month(today)
    if options.through_month is not None:
        through = min(through, options.through_month)
    if view.mapping.kind == "figures":
        clients, index, merging = _merged(clients, index)
        months = read_figures(view, index, through, options.currency)
        imported = Imported(clients, with_client_facts(clients, months), merging, {"through_month": through})
    else:
        rows = read_invoices(view, index, today, options.currency)
        if options.through_month is None and rows.last_event is not None:
            through = min(through, int(month_of(np.array([rows.last_event]))[0]))
        imported = _from_rows(clients, rows, through, options.months)
    return _finished(view, imported, options)


def _merged(
    clients: list[ImportedClient], index: np.ndarray[Any, np.dtype[np.int32]]
) -> tuple[list[ImportedClient], np.ndarray[Any, np.dtype[np.int32]], list[Problem]]:
    merged, place, problems = merge_clients(clients)
    moved = index.copy()
    moved[index >= 0] = place[index[index >= 0]]
    return merged, moved, problems


def _from_rows(
    clients: list[ImportedClient], rows: InvoiceRows, through: int, months: int | None
) -> Imported:
    if not rows.open_items:
        return from_invoices(clients, rows.invoices, through, months)
    imported = from_invoices(clients, rows.invoices, through, 1)
    bits = sum(int(FIELD_BIT[name]) for name in NOT_TOLD_BY_OPEN_ITEMS)
    for _, told in imported.months.values():
        told["present"] &= np.uint32(~bits & 0xFFFFFFFF)
        for name in NOT_TOLD_BY_OPEN_ITEMS:
            told[name] = 0
    problem = Problem("no-settlements", None, "settled", "", month_text(through))
    return replace(imported, problems=[problem, *imported.problems])


def _finished(view: View, imported: Imported, options: Options) -> Imported:
    """The import with its problems; emptied where one of them blocks."""
    problems = [*view.problems, *imported.problems]
    through = int(imported.summary["through_month"])
    counts = {
        "rows_read": len(view),
        "rows_refused": len(view.bad),
        "problems_not_listed": view.uncounted,
        "clients": len(imported.clients),
        "through_month": through,
        "months": sorted(imported.months),
        "rows": sum(len(rows) for _, rows in imported.months.values()),
    }
    stopping = blocking(problems)
    whole_table = [problem for problem in stopping if problem.row is None]
    if stopping and (whole_table or not options.skip_bad):
        return Imported([], {}, problems, counts)
    if view.bad:
        left_out = Problem("rows-left-out", None, None, str(len(view.bad)), str(len(view)))
        problems = [left_out, *problems]
    if not imported.months:
        nothing = Problem("nothing-to-import", expected=month_text(through))
        return Imported([], {}, [*problems, nothing], counts)
    return Imported(imported.clients, imported.months, problems, imported.summary | counts)
