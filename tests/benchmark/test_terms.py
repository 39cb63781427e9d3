"""Terms of payment are read from two dates, with their kind: 45 days end of month is not 60 days net."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.terms import (
    DAYS_THEN_END_OF_MONTH,
    END_OF_MONTH_THEN_DAYS,
    NET,
    REGIMES,
    due_date,
    net_equivalent_days,
    over_ceiling,
    parse_terms,
    usual_terms,
)
from benchmark.upload import month_index
from tests.examples import examples

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


def counted_one_by_one(invoices, month):
    """The most usual reading by the words of the docstring, invoice by invoice."""
    met = {}
    for cents, invoiced, due in invoices:
        index = invoiced.year * 12 + invoiced.month - 1
        if cents <= 0 or not month - 12 < index <= month:
            continue
        wait = (due - invoiced).days
        if 0 <= wait <= 720:
            met[0, wait] = met.get((0, wait), 0) + 1
        after = (due - end_of(invoiced)).days
        if 0 <= after <= 720:
            met[1, after] = met.get((1, after), 0) + 1
        for days in (30, 45, 60, 75, 90):
            if due == end_of(invoiced + timedelta(days)):
                met[2, days] = met.get((2, days), 0) + 1
    if not met:
        return None
    usual = {0, 7, 8, 10, 14, 15, 20, 21, 30, 45, 60, 75, 90, 120}
    best = min(met, key=lambda one: (-met[one], one[1] not in usual, one[0], one[1]))
    return best[1], best[0]


def end_of(day):
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(1)


DAYS = st.integers(0, 500).map(lambda days: date(2024, 1, 1) + timedelta(days))
DUE = st.sampled_from(
    [("net", 30), ("net", 30), ("net", 45), ("net", 37), ("eom", 30), ("eom", 0), ("last", 60)]
)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([100, 100, -50]), DAYS, DUE), min_size=1, max_size=30
    )
)
@examples(50)
def test_the_most_usual_terms_are_those_of_counting_one_by_one(drawn):
    def due(day, kind, days):
        wait = timedelta(days)
        return {"net": day + wait, "eom": end_of(day) + wait, "last": end_of(day + wait)}[kind]

    rows = [(client, cents, day, due(day, *terms)) for client, cents, day, terms in drawn]
    client, cents, invoiced, dues = zip(*rows, strict=True)
    asked = range(month_index(2024, 3), month_index(2025, 7))
    found = usual_terms(
        np.array(client, np.int32),
        np.array(cents),
        (np.array(invoiced, "M8[D]"), np.array(dues, "M8[D]")),
        3,
        asked,
    )
    for month, terms in zip(asked, found, strict=True):
        for one in range(3):
            expected = counted_one_by_one([row[1:] for row in rows if row[0] == one], month)
            told = (int(terms.days[one]), int(terms.kind[one])) if terms.known[one] else None
            assert told == expected, (month, one)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("60", (60, NET)),
        ("30 jours", (30, NET)),
        ("60 jours net", (60, NET)),
        ("45 fin de mois", (45, DAYS_THEN_END_OF_MONTH)),
        ("45 j FDM", (45, DAYS_THEN_END_OF_MONTH)),
        ("30 days end of month", (30, DAYS_THEN_END_OF_MONTH)),
        ("fin de mois 45", (45, END_OF_MONTH_THEN_DAYS)),
        ("end of month + 45 days", (45, END_OF_MONTH_THEN_DAYS)),
        ("45 fin de mois le 15", (45, DAYS_THEN_END_OF_MONTH)),
        ("bientôt", None),
        ("999", None),
        ("fin de mois 45 fin de mois", None),
    ],
)
def test_terms_are_read_as_people_write_them(text, terms):
    assert parse_terms(text) == terms


@pytest.mark.parametrize(
    ("regime", "days", "kind", "over"),
    [
        ("periodic", 45, NET, False),
        ("periodic", 60, NET, True),
        ("transport", 30, NET, False),
        ("transport", 31, NET, True),
        ("transport", 30, DAYS_THEN_END_OF_MONTH, True),
        ("fresh_food", 45, NET, True),
        ("livestock", 21, NET, True),
        ("public", 30, NET, False),
        ("public", 45, END_OF_MONTH_THEN_DAYS, True),
        ("public_hospital", 50, NET, False),
        ("public_hospital", 20, END_OF_MONTH_THEN_DAYS, False),
        ("public_enterprise", 61, NET, True),
    ],
)
def test_each_regime_has_its_own_ceiling(regime, days, kind, over):
    assert over_ceiling(days, kind, JUNE, regime) == over


def test_before_a_ceiling_began_nothing_was_over_it_and_each_names_its_source():
    assert not over_ceiling(90, NET, month_index(2008, 12))
    assert over_ceiling(90, NET, month_index(2009, 1))
    for ceilings in REGIMES.values():
        assert all(ceiling.source and ceiling.since for ceiling in ceilings)
    with pytest.raises(KeyError):
        over_ceiling(1, NET, JUNE, "none")
