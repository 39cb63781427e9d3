"""A ledger's file to one pass over its lines: FEC as programs write it, or any table with a ledger's columns.

Knows: tabs, bars and semicolons, carriage returns of every kind, headings in capitals, the end-of-file mark
of old systems. A FEC is not held as a table: a company's year can be a million lines.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final

from benchmark.problems import Problem
from member.connectors.fec_lines import Gathered, gather
from member.mapping import Mapping, missing, propose
from member.reading import Cell, Limits, Row, Table, decode_text
from member.values import label, plain

HEAD_BYTES: Final = 8_192
DELIMITERS: Final = ("\t", "|", ";", ",", "~", "^")
HEADING_LINES_MAX: Final = 10
NORM: Final = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum"),
    *("CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet"),
    *("ValidDate", "Montantdevise", "Idevise"),
)
NORM_MORE: Final = ("DateRglt", "ModeRglt", "NatOp", "IdClient")
"""The columns of article A47 A-1 of the Livre des procédures fiscales, and those of cash accounting."""
_DAY: Final = re.compile(r"(?:19|20)\d{6}|\d{2}/\d{2}/\d{4}")
_ACCOUNT: Final = re.compile(r"[1-9]\d{2}[0-9A-Za-z]*")
SAMPLE_ROWS: Final = 200
LINE_CHARACTERS_MAX: Final = 100_000
_ENDS: Final = re.compile(r"\r\n|\n|\r")
_ADDED_UP: Final = re.compile(r"(?:sous |grand )?-?tota(?:l|ux)\b|solde\b|report\b|cumul|balance\b")
_NAMES: Final = re.compile(r"comptenum", re.IGNORECASE)
_DATES: Final = re.compile(r"ecrituredate", re.IGNORECASE)


def looks_like_fec(data: bytes) -> bool:
    """Whether the first bytes bear a FEC's headings, in any encoding."""
    head = data[:HEAD_BYTES].replace(b"\0", b"").decode("latin-1")
    first = "\n".join(_ENDS.split(head)[:HEADING_LINES_MAX])
    if first.lstrip("ï»¿þÿ ").startswith("<"):
        return False
    named = bool(_NAMES.search(first)) and bool(_DATES.search(first))
    return named or _without_names(first.lstrip("ï»¿þÿ \n").partition("\n")[0])


def _without_names(line: str) -> bool:
    """Whether a line is an entry of the norm's 18 columns: an export that leaves the names of columns out."""
    cells = [cell.strip().strip('"') for cell in line.split(max(DELIMITERS, key=line.count))]
    if len(cells) < len(NORM):
        return False
    dates = [cells[NORM.index(name)] for name in ("EcritureDate", "PieceDate")]
    account = cells[NORM.index("CompteNum")]
    return all(_DAY.fullmatch(one) for one in dates) and bool(_ACCOUNT.fullmatch(account))


def read_fec(
    data: bytes, mapping: Mapping | None, limits: Limits
) -> tuple[Gathered, Mapping, dict[str, object]] | list[Problem]:
    """A FEC's bytes: what one pass kept, the columns used, and how the file is written."""
    if len(data) > limits.bytes_max:
        size, limit = (f"{count / 1_000_000:.1f} MB" for count in (len(data), limits.bytes_max))
        return [Problem("file-too-large", found=size, expected=limit)]
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    decoded = decode_text(data if wide else data.rstrip(b"\x1a\x00"))
    if isinstance(decoded, Problem):
        return [decoded]
    text, encoding = decoded[0].rstrip("\x1a\x00"), decoded[1]
    heading, number = _heading(text)
    delimiter = max(DELIMITERS, key=heading.count)
    quoted = '"' in heading
    rows = _quoted(text, delimiter) if quoted else _lines(text, delimiter)
    sample = [cells for _, cells in islice(rows, number, number + SAMPLE_ROWS)]
    headings: list[Cell] = [cell.strip().strip('"').strip() for cell in heading.split(delimiter)]
    if _without_names(heading):
        number -= 1
        headings[:] = (*NORM, *NORM_MORE)[: len(headings)]
    used = mapping or propose(headings, [[cell.strip() or None for cell in row] for row in sample], "ledger")
    places = _places(used, headings)
    if isinstance(places, list):
        return places
    rows = islice(_quoted(text, delimiter) if quoted else _lines(text, delimiter), number, None)
    try:
        found = gather(rows, places)
    except csv.Error:  # what the reader says is English
        return [Problem("file-damaged", found='"', expected="FEC")]
    shown = {"\t": "tab", "|": "bar"}.get(delimiter, delimiter)
    return found, used, {"format": "fec", "detail": f"{encoding}, {shown}, {len(headings)}", "sheet": None}


def _heading(text: str) -> tuple[str, int]:
    """The line that names the columns, perhaps below titles, or the first; how many lines end with it."""
    lines = _ENDS.split(text[:HEAD_BYTES])[: HEADING_LINES_MAX + 1]
    filled = [(at, line) for at, line in enumerate(lines, start=1) if line.strip()]
    named = [(at, line) for at, line in filled if _NAMES.search(line) and _DATES.search(line)]
    at, line = (named or filled or [(1, "")])[0]
    return line, at


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    for number, line in enumerate(_ENDS.split(text), start=1):
        yield number, line[:LINE_CHARACTERS_MAX].split(delimiter)


def _quoted(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)


def _places(mapping: Mapping, headings: Sequence[Cell]) -> dict[str, int] | list[Problem]:
    """Where each field stands, or which fields nothing gives."""
    listed = ", ".join(label(heading) for heading in headings if heading)
    problems = []
    places = {}
    for name, heading in mapping.columns.items():
        if heading in headings:
            places[name] = headings.index(heading)
        else:
            problems.append(Problem("column-unknown", None, name, heading, listed))
    problems += [Problem("column-missing", None, name, "", listed) for name in missing(mapping)]
    return problems or places


def gather_table(table: Table, heading_place: int, mapping: Mapping) -> Gathered | list[Problem]:
    """A ledger in a workbook or a CSV with headings of its own."""
    places = _places(mapping, [label(cell) for cell in table.rows[heading_place]])
    if isinstance(places, list):
        return places
    every = table.all_rows()
    if isinstance(every, Problem):
        return [every]
    dated = places["entered"]
    rows = (
        (number, [_text(cell) for cell in row] + [""] * (len(table.rows[heading_place]) - len(row)))
        for number, row in enumerate(every[heading_place + 1 :], start=heading_place + 2)
        if any(cell is not None for cell in row) and not _is_heading_or_total(row, dated)
    )
    return gather(rows, places, mapping.defaults.get("general", ""))


def _is_heading_or_total(row: Row, dated: int) -> bool:
    """Whether a row without a date names the account of the rows below it, or adds up those above."""
    if dated < len(row) and row[dated] is not None:
        return False
    texts = [plain(cell) for cell in row if isinstance(cell, str)]
    return sum(cell is not None for cell in row) == 1 or any(_ADDED_UP.match(text) for text in texts)


def _text(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else label(cell)
