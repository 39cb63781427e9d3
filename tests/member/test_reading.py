"""Whatever the bytes, the answer is a table or a problem; the usual disguises of a CSV are seen through."""

import io
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.problems import Problem, tell
from member.reading import Limits, read_tables
from tests.examples import examples

TEXT = "Société;Échéance;Montant\nCafé de l'Œuvre;31/12/2025;1 234,56 €\n"


def one(data, limits=None):
    read = read_tables(data, limits or Limits())
    assert isinstance(read, list), read
    (table,) = read
    return table


def refused(data, **limits):
    read = read_tables(data, Limits(**limits))
    assert isinstance(read, Problem), read
    assert tell(read, "fr") != tell(read, "en")
    return read.code


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
        ("iso8859_15", b""),
    ],
)
def test_accents_and_the_euro_survive_every_encoding(encoding, mark):
    table = one(mark + TEXT.encode(encoding))
    assert table.rows == [
        ["Société", "Échéance", "Montant"],
        ["Café de l'Œuvre", "31/12/2025", "1 234,56 €"],
    ]


def test_what_dos_wrote_is_read_by_its_statistics():
    text = "Client;Échéance;Prénom\n" + "Société générale d'électricité;réglée à échéance;Hélène\n" * 40
    assert one(text.encode("cp850")).rows[1][0] == "Société générale d'électricité"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_told_from_the_rows(delimiter):
    rows = [["a", "b", "c"], ["x y", "1.5", "z"], ["x", "2", "z"]]
    assert one("\n".join(delimiter.join(row) for row in rows).encode()).rows == rows


def test_decimal_commas_are_not_delimiters():
    assert one(b"a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n").rows[1] == ["1,5", "2,5", "3,5"]


def test_a_spreadsheets_own_delimiter_line_is_obeyed_and_counted():
    table = one(b"sep=|\r\na|b;c;d\r\n1|2;3;4\r\n")
    assert table.rows[1:] == [["a", "b;c;d"], ["1", "2;3;4"]]


def test_quoted_delimiters_and_line_ends_stay_in_their_cell():
    table = one(b'name,city\r\n"Dupont, Fils","Paris\nNord"\r\n')
    assert table.rows == [["name", "city"], ["Dupont, Fils", "Paris\nNord"]]


def test_blank_rows_keep_their_number_and_trailing_ones_go():
    assert one(b"a,b\n\n1,2\n,\n\n").rows == [["a", "b"], [], ["1", "2"]]


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_gives_each_sheet_with_content_from_its_first_row():
    data = workbook(("empty", []), ("one", [[], ["", "a"], ["", 1]]), ("two", [["b"]]))
    read = read_tables(data)
    assert [(table.sheet, table.rows) for table in read] == [
        ("one", [[None, None], [None, "a"], [None, 1.0]]),
        ("two", [["b"]]),
    ]
    assert [table.sheet for table in read_tables(data, sheet="two")] == ["two"]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are():
    problem = read_tables(workbook(("one", [["a"]])), sheet="other")
    assert (problem.code, problem.found, problem.expected) == ("sheet-missing", "other", "one")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\n\n ;;\n", "file-empty"),
        (b'""\n', "file-empty"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(100), "file-old-or-locked"),
        (b"\x7fELF\x00\x00\x01", "file-not-supported"),
        (b"PK\x03\x04 and then nothing", "file-damaged"),
        (b"\xff\xfe\x00", "file-damaged"),
        (workbook(("empty", [])), "file-empty"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_a_name(data, code):
    assert refused(data) == code


CSV = b"a,b\n" + b"1,2\n" * 9


def test_each_limit_is_a_problem_just_beyond_it_and_not_at_it():
    assert len(one(CSV, Limits(bytes_max=len(CSV), rows_max=10, columns_max=2)).rows) == 10
    assert refused(CSV, bytes_max=len(CSV) - 1) == "file-too-large"
    assert refused(CSV, rows_max=9) == "too-many-rows"
    assert refused(CSV, columns_max=1) == "too-many-columns"
    assert refused(b"a,b\n1," + b"x" * 11, cell_characters_max=10) == "cell-too-long"
    assert one(b"a,b\n1," + b"x" * 10, Limits(cell_characters_max=10))


def test_limits_hold_for_a_workbook_too():
    data = workbook(("one", [["a", "b"]] + [[1, 2]] * 9))
    assert len(one(data, Limits(rows_max=10, columns_max=2)).rows) == 10
    assert refused(data, rows_max=9) == "too-many-rows"
    assert refused(data, columns_max=1) == "too-many-columns"


def test_a_field_longer_than_the_csv_reader_takes_is_a_problem():
    assert refused(b'a;b\n"' + b"x" * 200_000 + b'";1\n') == "file-damaged"


@given(st.binary(max_size=400))
def test_random_bytes_give_a_table_or_a_problem(data):
    read = read_tables(data)
    assert isinstance(read, Problem) or all(table.rows for table in read)


@given(st.text(alphabet=" \t\n\r\";,|'0123456789abcé€/\\", max_size=300))
def test_random_text_gives_a_table_or_a_problem(text):
    read = read_tables(text.encode())
    assert isinstance(read, Problem) or all(table.rows for table in read)


SMALL_BOOK = workbook(("one", [["account", "amount"], ["A1", 12.5], ["A2", "x"]]))


@given(st.lists(st.tuples(st.integers(0, len(SMALL_BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=12))
@examples(100)
def test_a_workbook_with_any_bytes_changed_gives_tables_or_a_problem(changes):
    data = bytearray(SMALL_BOOK)
    for place, value in changes:
        data[place] = value
    read = read_tables(bytes(data))
    assert isinstance(read, Problem) or all(table.rows for table in read)


@given(st.integers(4, len(SMALL_BOOK)))
def test_a_workbook_cut_short_is_a_problem(length):
    read = read_tables(SMALL_BOOK[:length])
    assert isinstance(read, Problem) == (length < len(SMALL_BOOK))


def test_moments_days_durations_and_marks_of_a_workbook_become_plain_cells():
    moment = datetime(2025, 12, 31, 13, 30)  # noqa: DTZ001 - a workbook knows no time zone
    cells = [moment, date(2025, 12, 31), time(8, 30), True, 3, "  x  ", "   "]
    (row,) = one(workbook(("one", [[*cells, "end"]]))).rows
    assert row == [date(2025, 12, 31), date(2025, 12, 31), "08:30:00", True, 3.0, "x", None, "end"]


def test_empty_columns_beyond_the_limit_are_not_counted():
    assert one(b"a,b\n1,2,,,,,,,\n", Limits(columns_max=2)).rows[1] == ["1", "2"]


def test_a_csv_longer_than_the_limit_is_not_read_to_its_end():
    assert refused(b"a,b\n" + b"1,2\n" * 50_000, rows_max=3) == "too-many-rows"
