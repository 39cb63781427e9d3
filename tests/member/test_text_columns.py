"""The quick reader of a CSV says what the careful one says, or leaves the file to it."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.upload import month_index
from member import reading
from member.import_file import Options, read_bytes
from member.text_columns import read_columns
from tests.examples import examples
from tests.member.test_import_file import HEADINGS, ROWS, TODAY, as_csv, content

TEXT = st.text(alphabet=" a1;,\"'\r\n\té\u00a0\x1f-", max_size=4)


def carefully(data, width):
    rows = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=";")
    cells = [[cell.strip() or None for cell in row] for row in list(rows)[1:]]
    return [[row[at] if at < len(row) else None for row in cells] for at in range(width)]


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=6), st.booleans())
@examples(100)
def test_what_is_read_quickly_is_what_careful_reading_gives(rows, quoted):
    text = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=";", quoting=style, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    data = text.getvalue().encode()
    read = read_columns(data, ";", (1, 3), 4_000)
    if read is not None:
        assert [list(column) for column in read] == carefully(data, 3)


@given(st.binary(max_size=60))
@examples(60)
def test_any_bytes_below_headings_are_read_alike_or_left_alone(body):
    data = b"a;b\n" + body.decode("utf-8", "ignore").encode()
    read = read_columns(data, ";", (1, 2), 4_000)
    if read is not None:
        assert [list(column) for column in read] == carefully(data, 2)


@pytest.mark.parametrize(
    "body",
    [
        "1;2\n\n3;4\n",
        "1;2\r3;4\n",
        '1;"2\n"\n',
        '1;2"2\n',
        "1;2;3\n",
        " ; \n1;2\n",
        "1;\x1f2\n",
        f"1;{'x' * 50}\n",
    ],
)
def test_what_two_readers_might_tell_apart_is_left_to_the_careful_one(body):
    assert read_columns(b"a;b\n" + body.encode(), ";", (1, 2), 40) is None


@pytest.mark.parametrize("quote", [False, True])
def test_a_large_file_gives_the_same_import_as_a_small_one(monkeypatch, quote):
    rows = [[*row[:3], f"F{number}{row[3]}", *row[4:]] for number in range(40) for row in ROWS]
    data = as_csv([HEADINGS, *rows], encoding="utf-8")
    if quote:
        text = io.StringIO()
        csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL).writerows([HEADINGS, *rows])
        data = text.getvalue().encode()
    options = Options(today=TODAY)
    small = read_bytes(data, None, options)
    monkeypatch.setattr(reading, "READ_AT_ONCE_BYTES", 10)
    monkeypatch.setattr(reading, "HEADING_LINES", 0)
    large = read_bytes(data, None, options)
    assert content(large) == content(small)
    assert large.accounts == small.accounts
    assert large.summary["outstanding"] == 40 * 110_050
    assert (
        large.months[month_index(2025, 10)][1]["outstanding"].tolist()
        == (np.array([30_000, 80_050]) * 40).tolist()
    )


def test_mistakes_in_a_large_file_have_the_places_that_they_have_in_a_small_one(monkeypatch):
    wrong = [
        ["C1", "Moulin fictif", "100000009", "F9", "31/02/2025", "02/10/2025", "12,x", "", ""],
        ["C2", "Forge fictive", "100000009", "F8", "15/09/2025", "14/09/2025", "1 000,00", "", ""],
        ["", "", "", "F7", "15/09/2025", "15/10/2025", "", "", ""],
    ]
    data = as_csv([HEADINGS, *ROWS, *wrong, *ROWS], encoding="utf-8")
    small = read_bytes(data, None, Options(today=TODAY))
    monkeypatch.setattr(reading, "READ_AT_ONCE_BYTES", 10)
    monkeypatch.setattr(reading, "HEADING_LINES", 0)
    large = read_bytes(data, None, Options(today=TODAY))
    assert len(small.problems) > 4
    assert sorted(map(repr, large.problems)) == sorted(map(repr, small.problems))
