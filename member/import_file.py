"""From a file of the member's to an import: read, recognise, check, count; all of it or nothing.

Knows: the order of the steps. Each step is a module of its own: recognition (what a file is), reading (bytes
to a table), mapping (which column is what), client_list (who), invoice_list, figures and connectors (what it
says).
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import UNSET

from benchmark.indicators import month_of
from benchmark.ledger import Contributions
from benchmark.problems import Problem, blocking
from benchmark.upload import FIELD_BIT, month_text
from member import ceilings
from member.account_map import parse_accounts, read_accounts
from member.ceiling_choice import NO_CHOICE
from member.client_list import Known, Parties, read_clients
from member.connectors.einvoice import read_documents
from member.connectors.einvoice_events import Reading
from member.connectors.einvoice_files import Found, looks_like_documents, open_bytes, open_folder
from member.connectors.fec_file import looks_like_fec
from member.currency import read_rates
from member.figures import owed_by_row, read_figures
from member.import_ledger import import_fec, import_table
from member.import_options import DEFAULTS, Options, dated, last_month
from member.imported import (
    Account,
    Imported,
    ImportedClient,
    from_invoices,
    invoice_counts,
    mark_factored,
    merge_clients,
    unidentified,
    with_client_facts,
    with_totals,
)
from member.invoice_kinds import invoices_alone
from member.invoice_list import InvoiceRows, read_invoices
from member.mapping import Mapping, check
from member.recognition import described, load_bytes, propose_mapping, recognise
from member.view import View, open_view

__all__ = [
    "Imported",
    "ImportedClient",
    "Known",
    "Options",
    "from_invoices",
    "parse_accounts",
    "propose_mapping",
    "read_accounts",
    "read_bytes",
    "read_file",
    "recognise",
]

NOT_TOLD_BY_OPEN_ITEMS = ("sales", "paid", "paid_days_late", "paid_days_to_pay", "dso")


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
        found = _documents(open_folder(Path(path), options.limits), dated(options))
        return _judged(found, None, options)
    contents = [load_bytes(Path(one), options.limits) for one in (path, *previous)]
    refused = [content for content in contents if isinstance(content, Problem)]
    if refused:
        return Imported(problems=refused)
    data, *before = [content for content in contents if isinstance(content, bytes)]
    return read_bytes(data, mapping, options, before, Path(path).name)


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
        return _judged(_read(data, mapping, dated(options), previous, name), mapping, options)
    finally:
        if collecting:
            gc.enable()


def _read(
    data: bytes, mapping: Mapping | None, options: Options, previous: Sequence[bytes], name: str
) -> Imported:
    if mapping is not None and (wrong := check(mapping)):
        return Imported(problems=[wrong])
    if looks_like_fec(data) and options.kind in {None, "ledger"}:
        return import_fec(data, mapping, options, previous)
    if options.kind is None and looks_like_documents(data):
        return _documents(open_bytes(data, name, options.limits), options)
    recognised = recognise(data, mapping, options, name)
    if isinstance(recognised, Imported):
        return recognised
    table, heading_place, mapping = recognised
    if mapping.kind == "ledger":
        return import_table(table, heading_place, mapping, options, previous)
    imported = Imported(problems=[Problem("previous-not-expected")])
    if not previous:
        view = open_view(table, heading_place, mapping)
        if not isinstance(view, list) and mapping.kind == "invoices":
            view = invoices_alone(view)
        imported = Imported(problems=view) if isinstance(view, list) else _import(view, options)
    return replace(imported, summary=described(table, heading_place, mapping) | imported.summary)


def _judged(imported: Imported, mapping: Mapping | None, options: Options) -> Imported:
    """With the clients whose terms pass the ceiling that is said to hold for them, and the choice kept."""
    chosen = options.ceilings
    if mapping is not None and mapping.ceilings is not UNSET:
        chosen = chosen.over(mapping.ceilings)
    found = ceilings.over(imported, chosen)
    facts: dict[str, Any] = {"terms_over_ceiling": found}
    used = imported.summary.get("mapping")
    if isinstance(used, Mapping) and chosen != NO_CHOICE:
        facts["mapping"] = msgspec.structs.replace(used, ceilings=chosen)
    return replace(
        imported,
        problems=[*imported.problems, *ceilings.notices(found)],
        summary=imported.summary | facts,
    )


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
        through_month=last_month(options),
        months=options.months,
    )
    return read_documents(found, reading)


def _import(view: View, options: Options) -> Imported:
    today = options.today
    assert today is not None
    parties = read_clients(view, options.accounts)
    through = last_month(options)
    if view.mapping.kind == "figures":
        clients, place, problems = merge_clients(parties.clients)
        index = parties.of_rows()
        index[index >= 0] = place[index[index >= 0]]
        months = read_figures(view, index, through, options.currency)
        accounts, outstanding = _owed(view, parties, months)
        facts = {"through_month": through, "clients": len(accounts), "outstanding": outstanding}
        imported = Imported(clients, with_client_facts(clients, months), problems, facts, accounts)
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


def _owed(view: View, parties: Parties, months: Contributions) -> tuple[list[Account], int | None]:
    """Accounts with what they owe where the file is the balance of one month, and the sum of it."""
    if view.has("month") and len(view.column("month").different) > 1:
        last = max(months, default=None)
        return parties.accounts, None if last is None else int(months[last][1]["outstanding"].sum())
    told = np.flatnonzero(parties.row >= 0)
    cents = owed_by_row(view)
    owed = np.zeros(len(parties.accounts), np.int64)
    np.add.at(owed, parties.row[told], cents[told])
    found = [
        replace(one, outstanding_cents=total)
        for one, total in zip(parties.accounts, owed.tolist(), strict=True)
    ]
    return found, int(owed.sum())


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
    counts["invoices"] += rows.closed
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
