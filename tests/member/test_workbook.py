"""A small archive must not become a large memory: measured on its own stream, not on what it declares."""

import io
import struct
import zipfile

import openpyxl
import pytest

from benchmark.problems import Problem
from member.workbook import ENTRIES_MAX, _panicked, open_workbook, sheet_names, sheet_rows

CELLS_MAX = 1_000_000
UNPACKED_MAX = 5_000_000
SHEET = "xl/worksheets/sheet1.xml"


def book():
    made = openpyxl.Workbook()
    made.active.append(["account", "amount"])
    made.active.append(["A1", 12.5])
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def rewritten(change=lambda name, content: content, extra=()):
    """The book with entries changed or added, packed again."""
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book())) as before,
        zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            after.writestr(entry.filename, change(entry.filename, before.read(entry)))
        for name, content in extra:
            after.writestr(name, content)
    return data.getvalue()


def opened(data):
    return open_workbook(data, UNPACKED_MAX, CELLS_MAX)


def refused(data):
    answer = opened(data)
    assert isinstance(answer, Problem)
    return answer.code


def test_a_plain_workbook_is_opened():
    workbook = opened(book())
    (name,) = sheet_names(workbook)
    assert sheet_rows(workbook, name) == [["account", "amount"], ["A1", 12.5]]


def test_a_bomb_is_not_opened():
    assert refused(rewritten(extra=[("xl/media/zeros.bin", bytes(UNPACKED_MAX))])) == "archive-too-large"


def test_a_bomb_that_lies_about_its_size_is_not_opened_either():
    data = bytearray(rewritten(extra=[("xl/media/zeros.bin", bytes(UNPACKED_MAX))]))
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.rfind(signature)
        struct.pack_into("<L", data, at + place, 10)
    assert refused(bytes(data)) == "archive-too-large"


def test_one_cell_far_away_is_not_opened():
    """The reader holds the whole rectangle up to the furthest cell: 17 thousand million cells here."""

    def change(name, content):
        return content.replace(b'r="B2"', b'r="XFD1048576"') if name == SHEET else content

    assert refused(rewritten(change)) == "archive-too-large"


def test_the_far_cell_is_seen_across_two_chunks():
    def change(name, content):
        if name != SHEET:
            return content
        padding = b"<!--" + b"x" * (1_000_000 - content.index(b'r="B2"') - 11) + b"-->"
        return content.replace(b"<sheetData>", padding + b"<sheetData>").replace(b'r="B2"', b'r="XFD1048576"')

    assert refused(rewritten(change)) == "archive-too-large"


def test_too_many_entries_are_not_opened():
    assert (
        refused(rewritten(extra=[(f"xl/{at}.xml", b"") for at in range(ENTRIES_MAX)])) == "archive-too-large"
    )


def test_an_archive_that_is_no_workbook_is_said_so():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert refused(data.getvalue()) == "file-not-supported"


def test_a_locked_archive_is_said_so():
    data = bytearray(book())
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(signature) + place] |= 1
    assert refused(bytes(data)) == "file-locked"


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_broken_parts_are_a_problem_never_a_crash(part):
    workbook = opened(rewritten(lambda name, content: b"<a><b></a>" if name == part else content))
    if not isinstance(workbook, Problem):
        for name in sheet_names(workbook):
            assert isinstance(sheet_rows(workbook, name), list | Problem)


def test_only_visible_worksheets_are_read():
    made = openpyxl.Workbook()
    made.active.title = "shown"
    made.create_sheet("hidden").sheet_state = "hidden"
    made.create_chartsheet("chart")
    data = io.BytesIO()
    made.save(data)
    assert sheet_names(opened(data.getvalue())) == ["shown"]


def test_a_panic_of_the_reader_is_a_damaged_file_and_an_interrupt_is_not():
    class PanicException(BaseException):
        """Named as the Rust binding's."""

    assert _panicked(PanicException()).code == "file-damaged"
    with pytest.raises(KeyboardInterrupt):
        _panicked(KeyboardInterrupt())


def test_another_compression_is_a_damaged_file():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    assert refused(data.getvalue()) == "file-damaged"


def test_an_entry_stored_without_compression_is_measured_too():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr(SHEET, '<c r="XFD1048576"/>')
    assert refused(data.getvalue()) == "archive-too-large"


def test_a_sheet_that_is_not_there_is_a_problem():
    assert sheet_rows(opened(book()), "no such sheet").code == "file-damaged"


def test_an_archive_of_a_version_from_the_future_is_a_damaged_file():
    data = bytearray(book())
    data[data.find(b"PK\x01\x02") + 6] = 110
    assert refused(bytes(data)) == "file-damaged"
