"""From bytes to a table of cells: CSV in its usual disguises and XLSX, within limits.

Knows: encodings, delimiters, workbooks, sizes. Not what a column means.
Whatever the bytes, the answer is a Table or a Problem: nothing here raises on a bad file.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from charset_normalizer import from_bytes

from benchmark.problems import Problem
from member.workbook import open_workbook, sheet_names, sheet_rows

Cell = str | float | bool | date | None
Row = list[Cell]

DELIMITERS: Final = (";", ",", "\t", "|")
SNIFFED_ROWS: Final = 100
SNIFFED_BYTES: Final = 200_000
BLANK: Final = b"\x00\r\n\t ;,|"
HEAD_ROWS: Final = 300
HEADING_LINES: Final = 50
"""A beginning of fewer lines may not hold the headings whole."""
HEAD_CHARACTERS: Final = 500_000
READ_AT_ONCE_BYTES: Final = 1_000_000
ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
HTML_MARKS: Final = (b"<html", b"<!doctype html", b"<table", b"<meta")
SUPPORTED: Final = "CSV, XLSX"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most; a test stands at each."""

    bytes_max: int = 300_000_000
    unpacked_bytes_max: int = 600_000_000
    rows_max: int = 500_000
    columns_max: int = 256
    cells_max: int = 8_000_000
    cell_characters_max: int = 4_000


@dataclass(frozen=True, slots=True)
class Body:
    """A text file of which the first rows are known: its text, its delimiter, the limits to read it in.

    `data` instead of `text`: bytes that begin as UTF-8; what they are as a whole is seen when they are read.
    """

    text: str
    delimiter: str
    limits: Limits
    data: bytes = b""

    def utf8(self) -> bytes:
        """The text as UTF-8, without a byte order mark; bytes not yet read may be no UTF-8 further down."""
        return self.data or self.text.encode()

    def decoded(self) -> str | Problem:
        """The text."""
        if self.text or not self.data:
            return self.text
        found = decode_text(self.data)
        return found if isinstance(found, Problem) else found[0]


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a file or a sheet, from the very first: row number = place + 1, as a spreadsheet counts.

    Cells are text (stripped, None when empty) or, from a workbook, numbers, booleans and dates. `body` is set
    where only the first rows were read yet.
    """

    rows: list[Row]
    format: str
    detail: str
    sheet: str | None = None
    body: Body | None = None

    def all_rows(self) -> list[Row] | Problem:
        """Every row, the rest read now where that was left for later."""
        return self.rows if self.body is None else _read_rows(self.body)


DEFAULT_LIMITS: Final = Limits()


def read_tables(
    data: bytes, limits: Limits = DEFAULT_LIMITS, sheet: str | None = None, *, whole: bool = True
) -> list[Table] | Problem:
    """The table of a CSV, or each sheet with content of a workbook in order (only `sheet` when named).

    Not `whole`: of a CSV of many rows the first ones, the rest being left for `Table.all_rows`.
    """
    if len(data) > limits.bytes_max:
        return Problem("file-too-large", found=_size(len(data)), expected=_size(limits.bytes_max))
    if not data[:HEAD_CHARACTERS].strip(BLANK) and not data.strip(BLANK):
        return Problem("file-empty")
    if data.startswith(OLE_MAGIC):
        return Problem("file-old-or-locked")
    if data[:HEAD_CHARACTERS].lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower().startswith(HTML_MARKS):
        return Problem("file-not-supported", found="HTML", expected=SUPPORTED)
    if data.startswith(ZIP_MAGIC):
        return _read_workbook(data, limits, sheet)
    table = _read_text(data, limits, whole=whole)
    return table if isinstance(table, Problem) else [table]


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def _read_workbook(data: bytes, limits: Limits, sheet: str | None) -> list[Table] | Problem:
    workbook = open_workbook(data, limits.unpacked_bytes_max, limits.cells_max)
    if isinstance(workbook, Problem):
        return workbook
    names = sheet_names(workbook)
    if sheet is not None and sheet not in names:
        return Problem("sheet-missing", found=sheet, expected=", ".join(names))
    tables = []
    for name in names if sheet is None else [sheet]:
        rows = sheet_rows(workbook, name)
        if isinstance(rows, Problem):
            return rows
        table = _checked([[_plain(cell) for cell in row] for row in rows], limits)
        if isinstance(table, Problem):
            return table
        if table:
            tables.append(Table(table, "xlsx", "", name))
    return tables or Problem("file-empty")


def _plain(cell: object) -> Cell:
    """A workbook's cell as one of ours: a moment at midnight is a day, text is stripped."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, bool | float | date):
        return cell
    if isinstance(cell, int):
        return float(cell)
    return None if cell is None else str(cell)


def _read_text(data: bytes, limits: Limits, *, whole: bool) -> Table | Problem:
    head = None if whole or len(data) <= READ_AT_ONCE_BYTES else _utf8_head(data)
    decoded = (head, "utf-8") if head else decode_text(data)
    if isinstance(decoded, Problem):
        return decoded
    text, encoding = decoded
    delimiter = None
    if text[:4].lower() == "sep=" and len(text) > 5 and text[5] in "\r\n":
        delimiter, text = text[4], text[5:]  # the line itself stays, empty, so that rows keep their numbers
    if delimiter is None:
        delimiter = _sniff(text)
    plain = encoding == "utf-8" and text[:1] == chr(data[0])
    body = Body("" if head and plain else text, delimiter, limits, data if plain else b"")
    lines = 0 if whole or len(data) <= READ_AT_ONCE_BYTES else text.count("\n", 0, HEAD_CHARACTERS)
    later = lines > HEADING_LINES
    rows = (
        _read_rows(Body(text[:HEAD_CHARACTERS], delimiter, limits), HEAD_ROWS) if later else _read_rows(body)
    )
    if isinstance(rows, Problem):
        return rows
    if not rows:
        return Problem("file-empty")
    shown = "tab" if delimiter == "\t" else delimiter
    return Table(rows, "csv", f"{encoding}, {shown}", None, body if later else None)


def _read_rows(body: Body, first: int | None = None) -> list[Row] | Problem:
    """The rows of a text file, or only so many (the text may then end anywhere)."""
    rows: list[Row] = []
    text = body.decoded()
    if isinstance(text, Problem):
        return text
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=body.delimiter):
            if len(rows) > body.limits.rows_max or len(rows) == first:
                break
            rows.append([cell.strip() or None for cell in record])
    except csv.Error:  # what the reader says is English
        return Problem("file-damaged", len(rows) + 1, found='"', expected="CSV")
    return _checked(rows, body.limits)


def _utf8_head(data: bytes) -> str | None:
    """The beginning of a large file, where that is UTF-8 without a mark; whoever reads on judges the rest."""
    head = data[:HEAD_CHARACTERS].rpartition(b"\n")[0]
    if b"\x00" in data or data[:4].lower() == b"sep=" or not data[:1].isascii():
        return None
    try:
        return head.decode("utf-8") or None
    except UnicodeDecodeError:
        return None


def decode_text(data: bytes) -> tuple[str, str] | Problem:
    """Text and the encoding that it was in, the byte order mark left out."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding
            except UnicodeDecodeError as error:
                return Problem("file-damaged", found=f"{encoding}, byte {error.start}", expected="CSV, UTF-8")
    if b"\x00" in data:
        return Problem("file-not-supported", found="binary", expected=SUPPORTED)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = _eight_bit_encoding(data)
        return data.decode(encoding, errors="replace"), encoding


def _eight_bit_encoding(data: bytes) -> str:
    """cp1252 or iso-8859-15 by the bytes where they differ; by statistics what DOS and Macs wrote."""
    used = {byte for byte in data if byte >= 0x80}
    if used.isdisjoint(range(0x80, 0xA0)):
        return "iso8859_15"
    guess = from_bytes(data[:SNIFFED_BYTES], cp_isolation=["cp1252", "cp850", "mac_roman"]).best()
    return guess.encoding if guess is not None else "cp1252"


def _sniff(text: str) -> str:
    """The delimiter under which the first rows fall into the most columns, most of them alike."""
    head = text[:SNIFFED_BYTES]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        counts: dict[int, int] = {}
        seen = 0
        try:
            for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
                if any(record) or len(record) > 1:
                    counts[len(record)] = counts.get(len(record), 0) + 1
                    seen += 1
                if seen >= SNIFFED_ROWS:
                    break
        except csv.Error:
            continue
        score = max(((columns - 1) * count / seen for columns, count in counts.items()), default=0.0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _checked(rows: list[Row], limits: Limits) -> list[Row] | Problem:
    """The rows without trailing empty ones, or the limit that they pass; [] where nothing is filled in."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if len(rows) > limits.rows_max:
        return Problem("too-many-rows", found=str(len(rows)), expected=str(limits.rows_max))
    for number, row in enumerate(rows, start=1):
        if len(row) > limits.columns_max:
            while row and row[-1] is None:
                row.pop()
            if len(row) > limits.columns_max:
                return Problem(
                    "too-many-columns", number, found=str(len(row)), expected=str(limits.columns_max)
                )
        for cell in row:
            if isinstance(cell, str) and len(cell) > limits.cell_characters_max:
                return Problem(
                    "cell-too-long", number, found=str(len(cell)), expected=str(limits.cell_characters_max)
                )
    return rows
