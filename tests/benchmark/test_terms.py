"""Terms of payment are read from two dates, with their kind: 45 days end of month is not 60 days net."""

import numpy as np
import pytest

from benchmark.terms import (
    DAYS_THEN_END_OF_MONTH,
    END_OF_MONTH_THEN_DAYS,
    NET,
    due_date,
    net_equivalent_days,
    over_ceiling,
    usual_terms,
)
from benchmark.upload import month_index

JUNE = month_index(2025, 6)


def learned(invoiced, due, cents=None, asked=JUNE):
    days = np.array(invoiced, "M8[D]")
    amounts = np.array([100] * len(days) if cents is None else cents)
    client = np.zeros(len(days), np.int32)
    (terms,) = usual_terms(client, amounts, (days, np.array(due, "M8[D]")), 1, range(asked, asked + 1))
    return (int(terms.days[0]), int(terms.kind[0])) if terms.known[0] else None


@pytest.mark.parametrize(
    ("days", "kind", "due"),
    [
        (30, NET, "2025-02-19"),
        (45, END_OF_MONTH_THEN_DAYS, "2025-03-17"),
        (45, DAYS_THEN_END_OF_MONTH, "2025-03-31"),
        (0, END_OF_MONTH_THEN_DAYS, "2025-01-31"),
    ],
)
def test_a_due_date_follows_from_its_term(days, kind, due):
    assert due_date(np.array(["2025-01-20"], "M8[D]"), days, kind).tolist() == [np.datetime64(due).item()]


@pytest.mark.parametrize("kind", [NET, END_OF_MONTH_THEN_DAYS, DAYS_THEN_END_OF_MONTH])
@pytest.mark.parametrize("days", [30, 45, 60])
def test_a_term_is_read_back_from_a_few_invoices(days, kind):
    invoiced = np.array(["2025-01-07", "2025-02-13", "2025-03-20", "2025-05-26"], "M8[D]")
    assert learned(invoiced, due_date(invoiced, days, kind)) == (days, kind)


def test_the_most_usual_term_wins_over_exceptions():
    invoiced = ["2025-01-07", "2025-02-13", "2025-03-20"]
    assert learned(invoiced, ["2025-02-06", "2025-03-15", "2025-06-01"]) == (30, NET)


def test_a_single_invoice_reads_as_usual_days_net_before_anything_odd():
    assert learned(["2025-01-20"], ["2025-02-19"]) == (30, NET)
    assert learned(["2025-01-20"], ["2025-03-17"]) == (45, END_OF_MONTH_THEN_DAYS)


def test_credit_notes_and_invoices_of_more_than_a_year_ago_do_not_count():
    assert learned(["2025-01-20", "2025-02-20"], ["2025-02-19", "2025-02-20"], [100, -100]) == (30, NET)
    assert learned(["2024-06-20", "2024-07-20"], ["2024-06-30", "2024-08-19"]) == (30, NET)
    assert learned(["2024-06-20"], ["2024-06-30"]) is None


def test_a_term_of_more_than_two_years_is_not_a_term():
    assert learned(["2025-01-20"], ["2029-01-20"]) is None


def test_an_end_of_month_is_worth_half_a_month_more():
    assert net_equivalent_days(60, NET) == 60
    assert net_equivalent_days(45, END_OF_MONTH_THEN_DAYS) == pytest.approx(59.7, abs=0.05)


@pytest.mark.parametrize(
    ("days", "kind", "over"),
    [
        (60, NET, False),
        (61, NET, True),
        (45, END_OF_MONTH_THEN_DAYS, False),
        (46, END_OF_MONTH_THEN_DAYS, True),
        (60, DAYS_THEN_END_OF_MONTH, True),
    ],
)
def test_terms_over_the_general_ceiling_are_told(days, kind, over):
    assert over_ceiling(days, kind, JUNE) is over
    assert not over_ceiling(days, kind, month_index(2008, 12))
