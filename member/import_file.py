"""From a file of the member's to an import: read, recognise, check, count; all of it or nothing.

Knows: the order of the steps. Each step is a module of its own: reading (bytes to a table), mapping (which
column is what), client_list (who), invoice_list and figures (a table to invoices or contributions).
"""

from __future__ import annotations

import gc
from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmark.indicators import month_of
from benchmark.problems import Problem, blocking
from benchmark.upload import FIELD_BIT, month_text
from member.account_map import parse_accounts, read_accounts
from member.client_list import Known, Parties, read_clients
from member.connectors.einvoice import read_documents
from member.connectors.einvoice_events import Reading
from member.connectors.einvoice_files import Found, looks_like_documents, open_bytes, open_folder
from member.connectors.fec import Terms, read_ledger
from member.connectors.fec_file import gather_table, looks_like_fec, read_fec
from member.connectors.fec_lines import Gathered, Movements, movements
from member.currency import Rates, read_rates
from member.figures import read_figures
from member.imported import (
    UPLOAD_MONTHS,
    Imported,
    ImportedClient,
    from_invoices,
    invoice_counts,
    last_complete_month,
    mark_factored,
    merge_clients,
    unidentified,
    with_client_facts,
    with_totals,
)
from member.invoice_list import InvoiceRows, read_invoices
from member.mapping import Kind, Mapping, check, find_headings, missing, propose
from member.reading import DEFAULT_LIMITS, Limits, Table, read_tables
from member.values import label, read_numbers
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
    sheet force what would be recognised; terms: those agreed where a ledger and the map tell none;
    rates: of other currencies, beside the mapping's own.
    """

    today: date | None = None
    through_month: int | None = None
    months: int | None = UPLOAD_MONTHS
    accounts: Lookup[str, Known] = field(default_factory=dict)
    skip_bad: bool = False
    kind: Kind | None = None
    sheet: str | None = None
    terms: Terms | None = None
    currency: str = "EUR"
    rates: Rates = field(default_factory=dict)
    limits: Limits = DEFAULT_LIMITS


DEFAULTS = Options()


def read_file(
    path: str | Path,
    mapping: Mapping | None = None,
    options: Options = DEFAULTS,
    previous: Sequence[str | Path] = (),
) -> Imported:
    """Import a file. What is wrong with it is in `problems`; nothing is raised and nothing half-applied.

    `previous`: files of the years before, of a ledger alone.
    """
    if Path(path).is_dir():
        return _documents(open_folder(Path(path), options.limits), _dated(options))
    contents = [load_bytes(Path(one), options.limits) for one in (path, *previous)]
    refused = [content for content in contents if isinstance(content, Problem)]
    if refused:
        return Imported(problems=refused)
    data, *before = [content for content in contents if isinstance(content, bytes)]
    return read_bytes(data, mapping, options, before, Path(path).name)


def load_bytes(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes | Problem:
    """A file's bytes, or why they are not read."""
    try:
        size = path.stat().st_size
        if size > limits.bytes_max:
            found, limit = (f"{count / 1e6:.1f} MB" for count in (size, limits.bytes_max))
            return Problem("file-too-large", found=found, expected=limit)
        return path.read_bytes()
    except OSError:
        return Problem("file-missing", found=str(path))


def read_bytes(
    data: bytes,
    mapping: Mapping | None = None,
    options: Options = DEFAULTS,
    previous: Sequence[bytes] = (),
    name: str = "",
) -> Imported:
    """Import a file's bytes; see read_file. `name` is how problems call an electronic document."""
    collecting = gc.isenabled()
    gc.disable()  # thousands of clients are made and live on: looking for garbage is a seventh of the time
    try:
        return _read(data, mapping, _dated(options), previous, name)
    finally:
        if collecting:
            gc.enable()


def _read(
    data: bytes, mapping: Mapping | None, options: Options, previous: Sequence[bytes], name: str
) -> Imported:
    if mapping is not None and (wrong := check(mapping)):
        return Imported(problems=[wrong])
    if looks_like_fec(data) and options.kind in {None, "ledger"}:
        return _ledger(data, mapping, options, previous)
    if options.kind is None and looks_like_documents(data):
        return _documents(open_bytes(data, name, options.limits), options)
    recognised = recognise(data, mapping, options)
    if isinstance(recognised, Imported):
        return recognised
    table, heading_place, mapping = recognised
    described = _described(table, heading_place, mapping)
    if mapping.kind == "ledger":
        return _years([(gather_table(table, heading_place, mapping), described)], mapping, options, previous)
    imported = Imported(problems=[Problem("previous-not-expected")])
    if not previous:
        view = open_view(table, heading_place, mapping)
        imported = Imported(problems=view) if isinstance(view, list) else _import(view, options)
    return replace(imported, summary=described | imported.summary)


def _dated(options: Options) -> Options:
    if options.today is not None:
        return options
    return replace(options, today=datetime.now(UTC).astimezone().date())


def _documents(found: Found | Problem, options: Options) -> Imported:
    assert options.today is not None
    if isinstance(found, Problem):
        return Imported(problems=[found])
    reading = Reading(
        today=options.today,
        accounts=options.accounts,
        currency=options.currency,
        rates=options.rates,
        terms=options.terms,
        skip_bad=options.skip_bad,
        through_month=_through(options),
        months=options.months,
    )
    return read_documents(found, reading)


def _ledger(data: bytes, mapping: Mapping | None, options: Options, previous: Sequence[bytes]) -> Imported:
    read = read_fec(data, mapping, options.limits)
    if isinstance(read, list):
        return Imported(problems=read)
    gathered, used, described = read
    return _years([(gathered, described | {"mapping": used, "kind": "ledger"})], used, options, previous)


def _years(
    given: list[tuple[Gathered | list[Problem], dict[str, Any]]],
    mapping: Mapping,
    options: Options,
    previous: Sequence[bytes],
) -> Imported:
    """A ledger and the years before it, each file recognised by itself."""
    assert options.today is not None
    for data in previous:
        if looks_like_fec(data):
            read = read_fec(data, None, options.limits)
            given.append((read, {}) if isinstance(read, list) else (read[0], {}))
            continue
        found = recognise(data, None if mapping.kind != "ledger" else mapping, options)
        if isinstance(found, Imported):
            return found
        given.append((gather_table(*found), {}))
    years: list[Movements] = []
    for gathered, _ in given:
        today = np.datetime64(options.today)
        one = gathered if isinstance(gathered, list) else movements(gathered, today, mapping)
        if isinstance(one, list):
            return Imported(problems=one, summary=given[0][1])
        years.append(one)
    through = _through(options)
    if options.through_month is None:
        last = max(one.last_day for one in years)
        through = min(through, int(month_of(np.array([last]))[0]))
    imported = read_ledger(years, options.accounts, through, options.months, _terms(mapping, options))
    imported = replace(imported, summary=given[0][1] | imported.summary)
    if imported.clients and not imported.months:
        nothing = Problem("nothing-to-import", expected=month_text(through))
        return replace(imported, clients=[], problems=[*imported.problems, nothing])
    return imported


def _terms(mapping: Mapping, options: Options) -> Terms | None:
    if options.terms is not None or "terms_days" not in mapping.defaults:
        return options.terms
    read = read_numbers([mapping.defaults["terms_days"], mapping.defaults.get("terms_kind", "0")], scale=1)
    return Terms(int(read.cents[0]), int(read.cents[1])) if read.known.all() else None


def recognise(
    data: bytes, mapping: Mapping | None, options: Options = DEFAULTS
) -> tuple[Table, int, Mapping] | Imported:
    """The sheet, the row of headings and the mapping that will be used; an Imported of problems otherwise."""
    sheet = options.sheet or (mapping.sheet if mapping else None)
    tables = read_tables(data, options.limits, sheet, whole=False)
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


def propose_mapping(path: Path, options: Options = DEFAULTS) -> Mapping | Problem:
    """The mapping that a file's headings and content suggest, even where it lacks a column yet."""
    data = load_bytes(path, options.limits)
    if isinstance(data, Problem):
        return data
    if looks_like_fec(data) and options.kind in {None, "ledger"}:
        read = read_fec(data, None, options.limits)
        return read[0] if isinstance(read, list) else read[1]
    recognised = recognise(data, None, options)
    if not isinstance(recognised, Imported):
        return recognised[2]
    found = recognised.summary.get("mapping")
    return found if isinstance(found, Mapping) else recognised.problems[0]


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
    parties = read_clients(view, options.accounts)
    through = _through(options)
    if view.mapping.kind == "figures":
        clients, place, problems = merge_clients(parties.clients)
        index = parties.of_rows()
        index[index >= 0] = place[index[index >= 0]]
        months = read_figures(view, index, through, options.currency)
        facts = {"through_month": through, "clients": len(parties.accounts)}
        imported = Imported(clients, with_client_facts(clients, months), problems, facts, parties.accounts)
    else:
        rates = read_rates(view.mapping.rates)
        if isinstance(rates, Problem):
            return Imported(problems=[rates], accounts=parties.accounts)
        rates |= options.rates
        rows = read_invoices(view, parties.row, today, options.currency, rates)
        if options.through_month is None and rows.last_event is not None:
            through = min(through, int(month_of(np.array([rows.last_event]))[0]))
        imported = _from_rows(parties, rows, through, options.months)
    imported = replace(imported, problems=[*imported.problems, *unidentified(parties.accounts)])
    return _finished(view, imported, options)


def _through(options: Options) -> int:
    assert options.today is not None
    through = last_complete_month(options.today)
    return through if options.through_month is None else min(through, options.through_month)


def _from_rows(parties: Parties, rows: InvoiceRows, through: int, months: int | None) -> Imported:
    """Contributions of the clients that have an identifier; counts of all that the file says."""
    invoices = rows.invoices
    accounts = with_totals(parties.accounts, invoices)
    place = parties.client[invoices.client]
    chosen = invoices.chosen(place >= 0)
    chosen = replace(chosen, client=place[place >= 0])
    imported = from_invoices(parties.clients, chosen, through, 1 if rows.open_items else months)
    mark_factored(imported, parties.factored)
    counts = invoice_counts(invoices, through) | {"clients": len(accounts)}
    imported = replace(imported, summary=imported.summary | counts, accounts=accounts)
    if not rows.open_items:
        return imported
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
        "through_month": through,
        "months": sorted(imported.months),
        "rows": sum(len(rows) for _, rows in imported.months.values()),
    }
    stopping = blocking(problems)
    whole_table = [problem for problem in stopping if problem.row is None]
    if stopping and (whole_table or not options.skip_bad):
        return Imported([], {}, problems, imported.summary | counts | {"rows": 0}, imported.accounts)
    if view.bad:
        left_out = Problem("rows-left-out", None, None, str(len(view.bad)), str(len(view)))
        problems = [left_out, *problems]
    if not imported.months:
        nothing = Problem("nothing-to-import", expected=month_text(through))
        return Imported([], {}, [*problems, nothing], imported.summary | counts, imported.accounts)
    return replace(imported, problems=problems, summary=imported.summary | counts)
