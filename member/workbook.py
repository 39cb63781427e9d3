"""XLSX through calamine, behind a guard: a small archive must not become a large memory.

Knows: the ZIP container, how wide a sheet says it is. A workbook is opened only when its unpacked size and
the rectangle its cells span are within limits: the reader allocates the whole rectangle at once.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from benchmark.problems import Problem

ENTRIES_MAX: Final = 2_000
CHUNK_BYTES: Final = 1_000_000
DEFLATE_RATIO_MAX: Final = 1_032
LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
CELL_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,9})["']""")
OVERLAP_BYTES: Final = 64

BROKEN: Final = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    EOFError,
    IndexError,
    RuntimeError,  # NotImplementedError too: an archive of a version that zipfile does not know
)
"""What the two libraries raise on bytes that are no workbook."""
DAMAGED: Final = Problem("file-damaged", found="XLSX", expected="XLSX")  # what the reader says is English


def open_workbook(data: bytes, unpacked_bytes_max: int, cells_max: int) -> CalamineWorkbook | Problem:
    """The workbook, or why it is not opened."""
    try:
        refused = _guard(data, unpacked_bytes_max, cells_max)
        if refused is not None:
            return refused
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        return Problem("file-locked")
    except BROKEN:
        return DAMAGED
    except BaseException as error:  # noqa: BLE001 - a panic of the Rust reader is no Exception
        return _panicked(error)


def sheet_names(workbook: CalamineWorkbook) -> list[str]:
    """Visible worksheets, in order."""
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def sheet_rows(workbook: CalamineWorkbook, name: str) -> list[list[object]] | Problem:
    """Every row from the sheet's first, so that places are the spreadsheet's row numbers."""
    try:
        return [list(row) for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    except BROKEN:
        return DAMAGED
    except BaseException as error:  # noqa: BLE001 - a panic of the Rust reader is no Exception
        return _panicked(error)


def _panicked(error: BaseException) -> Problem:
    """A panic of the reader is a damaged file; anything else (an interrupt) goes on."""
    if type(error).__name__ != "PanicException":
        raise error
    return DAMAGED


def _guard(  # noqa: PLR0911 - a return for each rule
    data: bytes, unpacked_bytes_max: int, cells_max: int
) -> Problem | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    too_large = Problem("archive-too-large", expected=f"{unpacked_bytes_max // 1_000_000} MB")
    if len(entries) > ENTRIES_MAX:
        return too_large
    if not any(entry.filename.lower() == "xl/workbook.xml" for entry in entries):
        return Problem("file-not-supported", found="ZIP", expected="CSV, XLSX")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        return Problem("file-with-macros")
    unpacked = 0
    for entry in entries:
        if entry.flag_bits & 1:
            return Problem("file-locked")
        measured = _measure(data, entry, unpacked_bytes_max - unpacked)
        if measured is None:
            return too_large
        size, cells = measured
        unpacked += size
        if cells > cells_max:
            return Problem("archive-too-large", found=entry.filename, expected=f"{cells_max:,} cells")
    return None


def _measure(data: bytes, entry: zipfile.ZipInfo, room: int) -> tuple[int, int] | None:
    """Bytes and cells' rectangle of one entry, from its own stream; None when larger than `room`.

    Not from the sizes that the archive declares: they are what somebody wrote.
    """
    name_length, extra_length = LOCAL_HEADER.unpack_from(data, entry.header_offset)[9:]
    start = entry.header_offset + LOCAL_HEADER.size + name_length + extra_length
    is_sheet = entry.filename.lower().startswith("xl/worksheets/")
    if entry.compress_type == STORED:
        raw = data[start : start + entry.compress_size]
        return None if len(raw) > room else (len(raw), _Rectangle().seen(raw).cells if is_sheet else 0)
    if entry.compress_type != DEFLATED:
        raise zipfile.BadZipFile(f"compression {entry.compress_type}")
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    rectangle = _Rectangle()
    size = 0
    left: bytes = data[start : start + entry.compress_size]
    while not stream.eof:
        chunk = stream.decompress(left, CHUNK_BYTES)
        left = stream.unconsumed_tail
        size += len(chunk)
        if size > room:
            return None
        if is_sheet:
            rectangle.seen(chunk)
        if not chunk and not left:
            break
    return size, rectangle.cells


class _Rectangle:
    """The largest row and column that a sheet's cells name."""

    def __init__(self) -> None:
        self.row = self.column = 1
        self._tail = b""

    def seen(self, chunk: bytes) -> _Rectangle:
        for letters, digits in CELL_PLACE.findall(self._tail + chunk):
            self.row = max(self.row, int(digits))
            column = 0
            for letter in letters.upper():
                column = column * 26 + letter - 64
            self.column = max(self.column, column)
        self._tail = chunk[-OVERLAP_BYTES:]
        return self

    @property
    def cells(self) -> int:
        return self.row * self.column
