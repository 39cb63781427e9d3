"""What people write in cells is read as they mean it, a whole column at once."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from member.values import (
    AMOUNT_CENTS_MAX,
    label,
    marked,
    read_dates,
    read_month,
    read_numbers,
    yes_or_no,
)


def one_date(cell, order="auto"):
    dates = read_dates([cell], order)
    return None if dates.wrong else dates.values[0].item()


def cents(*cells, decimal="auto"):
    read = read_numbers(cells, decimal)
    return [int(value) if there else None for value, there in zip(read.cents, read.known, strict=True)]


@pytest.mark.parametrize(
    "written",
    [
        "2025-12-31",
        "2025/12/31",
        "2025.12.31",
        "20251231",
        "31/12/2025",
        "31-12-2025",
        "31.12.2025",
        "31/12/25",
        "31/12/2025 00:00",
        "2025-12-31T23:59:59Z",
        "2025-12-31 08:30:00.000",
        "31 déc. 2025",
        "31 décembre 2025",
        "31-Dec-2025",
        "31 December 2025",
        "46022",
        "46022,0",
        46022.0,
        20251231.0,
        date(2025, 12, 31),
    ],
)
def test_the_last_day_of_2025_is_read_however_it_is_written(written):
    assert one_date(written) == date(2025, 12, 31)


@pytest.mark.parametrize(
    "written",
    [
        "31/02/2025",
        "2025-13-01",
        "hier",
        "12/2025",
        "1/1/1",
        "123456",
        "31/12/2025x",
        12.5,
        True,
        "0/0/25",
        "31 foo 2025",
    ],
)
def test_what_is_no_date_is_said_to_be_wrong(written):
    assert read_dates([written]).wrong == [0]


@pytest.mark.parametrize("written", [None, "-", "NULL", "0000-00-00", "00/00/0000", "n/a", "0"])
def test_an_empty_date_is_no_date_and_not_wrong(written):
    dates = read_dates([written])
    assert np.isnat(dates.values[0])
    assert not dates.wrong


def test_a_column_tells_whether_days_or_months_come_first():
    american = read_dates(["1/2/2013", "1/31/2013"])
    assert (american.order, american.assumed) == ("mdy", False)
    assert american.values.astype(str).tolist() == ["2013-01-02", "2013-01-31"]
    french = read_dates(["1/2/2013", "31/1/2013"])
    assert (french.order, french.assumed) == ("dmy", False)
    assert french.values.astype(str).tolist() == ["2013-02-01", "2013-01-31"]


def test_where_nothing_tells_days_come_first_and_it_is_said():
    dates = read_dates(["1/2/2013", "3/4/2013"])
    assert (dates.order, dates.assumed) == ("dmy", True)
    assert not read_dates(["2013-02-01"]).assumed


def test_an_order_can_be_forced():
    assert one_date("1/2/2013", "mdy") == date(2013, 1, 2)
    assert one_date("31/12/2013", "mdy") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1234,56", 123_456),
        ("1234.56", 123_456),
        ("1 234,56", 123_456),
        ("1\u202f234,56", 123_456),
        ("1\u00a0234,56 €", 123_456),
        ("1.234,56", 123_456),
        ("1,234.56", 123_456),
        ("1'234.56", 123_456),
        ("12.345.678,90", 1_234_567_890),
        ("1,234,567", 123_456_700),
        ("€ 12", 1_200),
        ("12 EUR", 1_200),
        ("-12,5", -1_250),
        ("12,50-", -1_250),
        ("(12,50)", -1_250),
        ("−12,50", -1_250),
        ("+12", 1_200),
        (",5", 50),
        ("0,123", 12),
        ("0.125", 13),
        ("-0.125", -13),
        (1080.38, 108_038),
        (1080.3799999999999, 108_038),
        (1e-9, 0),
        (-3.0, -300),
        ("12,3400", 1_234),
    ],
)
def test_an_amount_is_read_however_it_is_written(written, expected):
    assert cents(written) == [expected]


@pytest.mark.parametrize(
    "written",
    [
        "abc",
        "12a",
        "1 23,4",
        "1.23.4,5",
        "--5",
        "1,2,3",
        "12,5,5",
        "€",
        "1e5",
        float("nan"),
        float("inf"),
        True,
        "12..5",
    ],
)
def test_what_is_no_amount_is_said_to_be_wrong(written):
    assert read_numbers([written]).wrong == [0]


def test_a_column_tells_its_decimal_sign():
    assert cents("1.234", "5,60") == [123_400, 560]
    assert cents("1,234", "5.60") == [123_400, 560]
    assert cents("1.234", "2.500") == [123_400, 250_000]
    assert cents("1,234", decimal=",") == [123]


def test_an_empty_amount_is_unknown_not_zero():
    assert cents(None, "-", "0") == [None, None, 0]


def test_an_amount_over_the_limit_is_refused_and_the_limit_itself_is_not():
    read = read_numbers([str(AMOUNT_CENTS_MAX // 100), f"{AMOUNT_CENTS_MAX // 100},01", "9" * 400, 1e300])
    assert read.known.tolist() == [True, False, False, False]
    assert read.too_large == [1, 2, 3]


@given(
    st.integers(-AMOUNT_CENTS_MAX, AMOUNT_CENTS_MAX),
    st.sampled_from([",", "."]),
    st.sampled_from(["", " ", "\u202f", "group"]),
)
def test_every_amount_is_read_back_in_every_habit(amount, decimal, group):
    mark = {"group": "." if decimal == "," else ","}.get(group, group)
    whole = f"{abs(amount) // 100:,}".replace(",", mark)
    written = f"{'-' if amount < 0 else ''}{whole}{decimal}{abs(amount) % 100:02d}"
    assert cents(written) == [amount]


@given(
    st.dates(date(1990, 1, 1), date(2069, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%Y%m%d"]),
)
def test_every_date_is_read_back_in_every_habit(day, form):
    assert one_date(day.strftime(form), "dmy") == day


@given(st.lists(st.none() | st.text(max_size=20) | st.floats() | st.booleans() | st.dates(), max_size=8))
def test_no_column_whatever_it_holds_breaks_the_readers(cells):
    dates, numbers = read_dates(cells), read_numbers(cells)
    assert len(dates.values) == len(numbers.cents) == len(cells)
    assert set(dates.wrong) <= set(range(len(cells)))
    for cell in cells:
        read_month(cell)
        yes_or_no(cell)
        marked(cell)
        label(cell)


@pytest.mark.parametrize(
    "written",
    [
        "2025-11",
        "11/2025",
        "202511",
        202511.0,
        "2025-11-30",
        "30/11/2025",
        "nov. 2025",
        "novembre 2025",
        "Nov-25",
        date(2025, 11, 3),
    ],
)
def test_november_2025_is_read_however_it_is_written(written):
    assert read_month(written) == 2025 * 12 + 10


@pytest.mark.parametrize("written", ["2025-13", "13/2025", "brumaire 2025", "2025", None, True])
def test_what_is_no_month_is_none(written):
    assert read_month(written) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("8846.0", True),
        ("B1", True),
        ("Yes", True),
        ("oui", True),
        ("No", False),
        ("0", False),
        (None, False),
        (0.0, False),
        (True, True),
    ],
)
def test_any_text_but_a_no_is_a_mark(cell, expected):
    assert marked(cell) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("oui", True), ("X", True), ("non", False), (None, False), (1.0, True), ("peut-être", None)],
)
def test_a_yes_or_no_is_one_of_the_two(cell, expected):
    assert yes_or_no(cell) is expected
