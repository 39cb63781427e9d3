"""The formulas of credit management, each against an example computed by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.indicators import (
    DSO_MAX_DAYS,
    average_days_delinquent,
    collection_effectiveness,
    countback,
    days_beyond_terms,
    days_late_in_window,
    dso_best_possible,
    dso_simple,
    month_days,
    month_end,
    month_of,
    promptness,
)
from benchmark.upload import month_index


def counted(sales, outstanding, days=None):
    """Tenths of a day for one client, None where unknown; sales oldest month first."""
    days = [30] * len(sales) if days is None else days
    tenths, known = countback(np.array(sales).reshape(-1, 1), np.array([outstanding]), np.array(days))
    return int(tenths[0]) if known[0] else None


def test_simple_dso_by_hand():
    """A receivable of 150,000 on quarterly sales of 300,000: half a quarter, 45 days."""
    assert dso_simple(150_000, 300_000, 90) == 45


def test_best_possible_dso_and_days_delinquent_by_hand():
    """Of 150,000 receivable 100,000 is not yet due: 30 days at best, so 15 days of delinquency."""
    assert dso_best_possible(100_000, 300_000, 90) == 30
    assert average_days_delinquent(150_000, 100_000, 300_000, 90) == 15


def test_collection_effectiveness_by_hand():
    """(100 + 300 - 150) / (100 + 300 - 100) x 100 = 83.33."""
    assert collection_effectiveness(100, 300, 150, 100) == pytest.approx(250 / 300 * 100)
    assert collection_effectiveness(100, 300, 90, 90) == 100


def test_days_beyond_terms_from_ageing_by_hand():
    """(15 x 400 + 45 x 200 + 75 x 100 + 105 x 50) / 1000 = 27.75."""
    assert days_beyond_terms(400, 200, 100, 50, 1_000) == 27.75


@pytest.mark.parametrize(
    ("late", "score"),
    [
        (-45, 100),
        (-30, 100),
        (-20, 90),
        (0, 80),
        (15, 70),
        (22, 60),
        (30, 50),
        (60, 40),
        (90, 30),
        (120, 20),
        (400, 1),
    ],
)
def test_the_promptness_scale_passes_through_its_published_points(late, score):
    assert promptness([late], [1]) == score


def test_promptness_weighs_by_amount():
    """3,000 on the day (80) and 1,000 paid 30 days late (50): 72.5."""
    assert promptness([0, 30], [3_000, 1_000]) == 72.5
    assert np.isnan(promptness([], []))


def test_days_late_in_a_window_by_hand():
    """200 paid, 1,000 cent-days late; 100 open and 30 days late: 4,000 / 300."""
    assert days_late_in_window(1_000, 3_000, 200, 100, 100) == pytest.approx(40 / 3)


def test_days_late_has_no_value_without_amounts_or_with_a_credit_balance():
    assert np.isnan(days_late_in_window(0, 0, 0, 0, 500))
    assert np.isnan(days_late_in_window(1_000, 0, 200, 0, -1))


def test_countback_by_hand():
    """Of 250, December's 100 and November's 120 are taken off whole, then 30 of October's 90.

    31 + 30 + 31 / 3 = 71.3 days.

    And less than the last month's sales: 40/100 of 31 days.
    """
    assert counted([80, 90, 120, 100], 250, [30, 31, 30, 31]) == 713
    assert counted([80, 90, 120, 100], 40, [30, 31, 30, 31]) == 124


def test_a_receivable_that_equals_the_months_sales_is_that_months_days():
    assert counted([50, 100], 100, [30, 31]) == 310
    assert counted([50, 100], 150, [30, 31]) == 610


def test_a_month_without_sales_adds_its_days():
    assert counted([100, 0, 0], 50, [31, 28, 31]) == 590 + 155


def test_a_months_credit_notes_go_back_on_the_receivable():
    """150 invoiced in January, 50 credited in February: what is open is all of January's invoice."""
    assert counted([150, -50], 100, [31, 28]) == 590


def test_a_receivable_of_zero_is_zero_days_and_a_credit_balance_unknown():
    assert counted([100], 0) == 0
    assert counted([100], -1) is None


def test_when_history_runs_out_the_value_is_unknown_not_invented():
    assert counted([10, 10], 21) is None
    assert counted([10, 10], 20) == 600
    assert counted([], 20) is None


def test_after_ten_years_without_covering_sales_it_stops_at_the_limit():
    assert counted([0] * 121, 5) == 10 * DSO_MAX_DAYS
    assert counted([5] + [0] * 121, 5) == 10 * DSO_MAX_DAYS


@given(
    sales=st.integers(1, 10**12),
    share=st.integers(0, 6_000),
    months=st.integers(7, 12),
)
def test_countback_agrees_with_simple_dso_where_sales_are_flat(sales, share, months):
    """Same sales each month of 30 days: receivable / sales x 30, to the rounding."""
    outstanding = sales * share // 1_000
    expected = float(dso_simple(outstanding, sales * months, 30 * months))
    assert abs(counted([sales] * months, outstanding) / 10 - expected) <= 0.0501


@given(
    st.lists(st.integers(0, 1_000), min_size=1, max_size=24),
    st.integers(0, 30_000),
    st.integers(0, 30_000),
)
def test_a_larger_receivable_never_counts_fewer_days(sales, one, other):
    small, large = sorted((one, other))
    less, more = counted(sales, small), counted(sales, large)
    if more is not None:
        assert less is not None
        assert less <= more


def test_many_clients_are_counted_as_each_alone():
    random = np.random.default_rng(7)
    sales = random.integers(-50, 200, (14, 40))
    outstanding = random.integers(-20, 900, 40)
    days = month_days(np.arange(24_300, 24_314))
    tenths, known = countback(sales, outstanding, days)
    for client in range(40):
        alone = counted(sales[:, client].tolist(), int(outstanding[client]), days.tolist())
        assert (int(tenths[client]) if known[client] else None) == alone


def test_months_have_their_calendar_days():
    months = [month_index(2024, 2), month_index(2025, 2), month_index(2025, 12), month_index(2026, 4)]
    assert month_days(months).tolist() == [29, 28, 31, 30]
    assert month_end(month_index(2024, 2)) == np.datetime64("2024-02-29")
    assert month_of(np.array(["2026-11-30", "2027-01-01"], "M8[D]")).tolist() == [24_322, 24_324]
