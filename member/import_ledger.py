"""From a ledger's files to an import: the year asked for and the years before it.

Knows: which file is a FEC and which a table with a ledger's columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmark.indicators import month_of
from benchmark.problems import Problem
from benchmark.upload import month_text
from member.connectors.fec import Terms, read_ledger
from member.connectors.fec_file import gather_table, looks_like_fec, read_fec
from member.connectors.fec_lines import Gathered, Movements, movements
from member.import_options import Options, last_month
from member.imported import Imported
from member.mapping import Mapping
from member.reading import Table
from member.recognition import described, recognise
from member.values import read_numbers


def import_fec(data: bytes, mapping: Mapping | None, options: Options, previous: Sequence[bytes]) -> Imported:
    """A FEC and the years before it."""
    read = read_fec(data, mapping, options.limits)
    if isinstance(read, list):
        return Imported(problems=read)
    gathered, used, written = read
    return _years([(gathered, written | {"mapping": used, "kind": "ledger"})], used, options, previous)


def import_table(
    table: Table, heading_place: int, mapping: Mapping, options: Options, previous: Sequence[bytes]
) -> Imported:
    """A ledger in a workbook or a CSV with headings of its own."""
    given = (gather_table(table, heading_place, mapping), described(table, heading_place, mapping))
    return _years([given], mapping, options, previous)


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
    through = last_month(options)
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
