"""What a file is: its sheet, its row of headings, its mapping, proposed or as kept.

Knows: the order in which kinds are tried. What cannot be recognised is told with what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmark.problems import Problem
from benchmark.upload import month_text
from member.connectors.aged_balance import month_of_title
from member.connectors.fec_file import looks_like_fec, read_fec
from member.import_options import DEFAULTS, Options
from member.imported import Imported
from member.mapping import Mapping, find_headings, missing, propose
from member.reading import DEFAULT_LIMITS, Limits, Row, Table, read_tables
from member.values import label

FIRST_HEADING: Final = "Client"
"""What a first column without a heading is called."""


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


def recognise(
    data: bytes, mapping: Mapping | None, options: Options = DEFAULTS, name: str = ""
) -> tuple[Table, int, Mapping] | Imported:
    """The sheet, the row of headings and the mapping that will be used; an Imported of problems otherwise."""
    sheet = options.sheet or (mapping.sheet if mapping else None)
    tables = read_tables(data, options.limits, sheet, whole=False)
    if isinstance(tables, Problem):
        return Imported(problems=[tables])
    refused: Imported | None = None
    for read in tables:
        place = _headings(read, mapping)
        if place is None:
            continue
        table = _named_first(read, place)
        sample = table.rows[place + 1 : place + 201]
        used = mapping or propose(table.rows[place], sample, options.kind)
        if missing(used) == ["month"]:
            used = _dated_balance(used, _titles(table.rows, place), name, options)
        lacking = missing(used)
        if not lacking:
            return table, place, used
        refused = refused or Imported(
            problems=_lacking(used, lacking, table, place), summary=described(table, place, used)
        )
    example = "N° client; SIREN; Date facture; Échéance; Montant TTC; Date de règlement"
    return refused or Imported(problems=[Problem("header-missing", expected=example)])


def _named_first(table: Table, place: int) -> Table:
    """The table with a heading over its first column, where reports leave it out and names stand below."""
    headings = table.rows[place]
    if not headings or headings[0] is not None or FIRST_HEADING in headings:
        return table
    below = [row[0] for row in table.rows[place + 1 : place + 201] if _filled(row) > 1]
    if sum(isinstance(cell, str) for cell in below) * 2 < len(below) or not any(below):
        return table
    rows = [*table.rows[:place], [FIRST_HEADING, *headings[1:]], *table.rows[place + 1 :]]
    return replace(table, rows=rows)


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row)


def _titles(rows: Sequence[Row], place: int) -> list[Row]:
    """Where a balance's date may stand: above its headings, in one of them, alone in a row just below."""
    below = [row for row in rows[place + 1 : place + 3] if _filled(row) == 1]
    return [*rows[:place], rows[place], *below]


def _dated_balance(mapping: Mapping, titles: Sequence[Row], name: str, options: Options) -> Mapping:
    """An aged balance with its month: the one asked for, that of its title, or that of the file's name."""
    asked = None if options.through_month is None else month_text(options.through_month)
    month = asked or month_of_title(titles, name)
    return (
        mapping
        if month is None
        else msgspec.structs.replace(mapping, defaults={**mapping.defaults, "month": month})
    )


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


def described(table: Table, heading_place: int, mapping: Mapping) -> dict[str, Any]:
    """What was recognised, for people to confirm."""
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
