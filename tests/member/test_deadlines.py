"""The clocks of a published judgment: months as the law counts them, and the working day before."""

import json
from datetime import date
from pathlib import Path

import pytest

from member.deadlines import after_months, clocks, is_working
from tests.vectors.make_deadlines import document

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "deadlines.json").read_text(encoding="utf-8"))


def test_the_vectors_are_those_of_today() -> None:
    assert json.loads(json.dumps(document())) == VECTORS


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        ("2025-12-31", 2, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-01-10", 2, "2026-03-10"),
        ("2026-10-15", 3, "2027-01-15"),
    ],
)
def test_a_delay_in_months_ends_on_the_days_number_or_the_months_last(day, months, ends) -> None:
    assert after_months(date.fromisoformat(day), months) == date.fromisoformat(ends)


def test_a_delay_that_ends_on_a_holiday_shows_the_working_day_before_and_the_one_after() -> None:
    told = clocks(date(2026, 6, 15), abroad=False)
    assert (told["claim_safe"], told["claim_by"]) == ("2026-08-14", "2026-08-17")  # Saturday 15 August
    told = clocks(date(2026, 2, 14))
    assert (told["retention_safe"], told["retention_by"]) == ("2026-05-13", "2026-05-15")  # Ascension


def test_a_creditor_abroad_has_four_months_to_declare_and_three_to_claim_goods_back() -> None:
    told = clocks(date(2026, 1, 12), abroad=True)
    assert (told["claim_by"], told["retention_by"]) == ("2026-05-12", "2026-04-13")


@pytest.mark.parametrize("year", range(2025, 2035))
def test_every_day_shown_is_a_working_day(year) -> None:
    for month in range(1, 13):
        told = clocks(date(year, month, 28))
        assert all(is_working(date.fromisoformat(day)) for day in told.values())
