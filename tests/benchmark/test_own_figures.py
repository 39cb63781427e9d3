"""A firm's own figures, by hand: what it collects, where its cash is, what lateness costs by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.ledger import BUCKETS, Invoices, Payments, contributions
from benchmark.own_figures import newest_rate, own_figures, penalties
from benchmark.upload import month_index
from tests.examples import examples

MARCH = month_index(2025, 3)


def invoices(*given, payments=None):
    client, cents, invoiced, due, settled, disputed = zip(*given, strict=True)
    days = [np.array([one or "NaT" for one in column], "M8[D]") for column in (invoiced, due, settled)]
    return Invoices(np.array(client, np.int32), np.array(cents), *days, np.array(disputed, bool), payments)


LEDGER = invoices(
    (0, 90_000, "2025-01-10", "2025-02-09", "2025-02-19", False),
    (0, 60_000, "2025-02-05", "2025-03-07", None, False),
    (1, 30_000, "2025-02-20", "2025-03-02", None, True),
    (1, 90_000, "2025-03-15", "2025-04-14", None, False),
)


def test_collection_figures_by_hand():
    """Owed 1,800.00 at the end of March, 900.00 of it not due; sold 900, 900, 900 in 31 + 28 + 31 days."""
    found = own_figures(contributions(LEDGER, 2, MARCH))
    assert found.month == MARCH
    assert found.outstanding == 180_000
    assert found.dso == pytest.approx(1800 / 2700 * 90)
    assert found.dso_best == pytest.approx(900 / 2700 * 90)
    assert found.days_delinquent == pytest.approx(30)
    assert found.dso_countback == 59.0
    assert found.effectiveness == pytest.approx(100 * (900 + 900 - 1800) / (900 + 900 - 900))


def test_cash_is_split_into_terms_lateness_and_disputes():
    found = own_figures(contributions(LEDGER, 2, MARCH))
    assert found.cash == {"terms": 90_000, "lateness": 60_000, "disputes": 30_000, "unknown": 0}
    assert sum(found.ageing.values()) == found.outstanding


def test_nothing_is_said_of_nothing():
    assert own_figures({}) is None


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(-50_000, 90_000).filter(bool),
            st.integers(0, 300),
            st.integers(0, 90),
            st.booleans(),
        ),
        min_size=1,
        max_size=25,
    )
)
@examples(30)
def test_the_parts_of_cash_add_up_to_what_is_owed_to_the_cent(drawn):
    first = np.datetime64("2025-01-01")
    rows = [
        (client, cents, str(first + day), str(first + day + terms), None, disputed)
        for client, cents, day, terms, disputed in drawn
    ]
    found = own_figures(contributions(invoices(*rows), 4, month_index(2025, 12)))
    assert sum(found.cash.values()) == found.outstanding
    assert set(found.ageing) == {*BUCKETS, "unknown"}
    assert sum(found.ageing.values()) == found.outstanding


def test_penalties_by_hand():
    """900.00 paid 10 days late and 600.00 open for 24, due in early 2025: 13.15 % of each, and 40 twice."""
    found = penalties(LEDGER, 2, np.datetime64("2025-03-31"))
    assert found.late_invoices.tolist() == [2, 0]
    first = round(90_000 * 10 / 365 * 0.1315)
    second = round(60_000 * 24 / 365 * 0.1315)
    assert (first, second) == (324, 519)
    assert found.interest_cents.tolist() == [first + second, 0]
    assert found.fixed_cents.tolist() == [8_000, 0]


def test_each_part_of_an_invoice_runs_on_its_own_days_and_no_money_runs_none():
    parts = Payments(
        np.array([0, 0]),
        np.array([40_000, 10_000]),
        np.array(["2025-02-19", "2025-03-11"], "M8[D]"),
        np.array([True, False]),
    )
    one = invoices((0, 90_000, "2025-01-10", "2025-02-09", None, False), payments=parts)
    found = penalties(one, 1, np.datetime64("2025-03-31"))
    days = 40_000 * 10 + 40_000 * 50
    assert found.interest_cents.tolist() == [round(days / 365 * 0.1315)]
    assert found.late_invoices.tolist() == [1]


def test_a_half_year_to_come_takes_the_newest_rate_known():
    late = invoices((0, 36_500, "2031-01-01", "2031-01-31", None, False))
    name, rate = newest_rate()
    found = penalties(late, 1, np.datetime64("2031-02-10"))
    assert found.interest_cents.tolist() == [round(36_500 * 10 / 365 * (rate + 10) / 100)]
    assert len(name) == 7
    own = penalties(late, 1, np.datetime64("2031-02-10"), {2031 * 2: 5.0})
    assert own.interest_cents.tolist() == [150]


def test_invoices_on_time_cost_nothing():
    on_time = invoices((0, 90_000, "2025-01-10", "2025-02-09", "2025-02-09", False))
    found = penalties(on_time, 1, np.datetime64("2025-03-31"))
    assert (found.late_invoices.tolist(), found.interest_cents.tolist()) == ([0], [0])
