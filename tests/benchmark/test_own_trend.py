"""A firm's own trend and alerts: habit, rise and since when, computed by hand from months of one client."""

import numpy as np
import pytest

from benchmark.own_alerts import alerts
from benchmark.own_trend import NEEDED_MONTHS, Rules, change, trend
from benchmark.upload import FIELD_BIT, ROW_DTYPE, month_index

LAST = month_index(2026, 6)
FLAT = {"sales": 1000, "outstanding": 1000, "not_due": 1000, "paid": 1000}
NOTHING_LATE = dict.fromkeys(("late_1_30", "late_31_60", "late_61_90", "late_91_plus"), 0)


def row(days=5, to_pay=35, **euros):
    """A month in which 1,000 euros were paid `days` late; every field that a list of invoices tells."""
    told = {**FLAT, **NOTHING_LATE, "disputed": 0, **euros}
    paid = told["paid"]
    return {
        **{name: value * 100 for name, value in told.items() if name not in {"incident", "open_late_days"}},
        "paid_days_late": paid * 100 * days,
        "paid_days_to_pay": paid * 100 * to_pay,
        "open_late_days": told.get("open_late_days", 0) * 100,
        **({"incident": told["incident"]} if "incident" in told else {}),
    }


def contributions(*clients, last=LAST):
    """Lists of rows, oldest first, each ending in `last`; None: a month without a row."""
    months = {}
    for back in range(max(len(rows) for rows in clients)):
        there, made = [], []
        for at, rows in enumerate(clients):
            if back < len(rows) and rows[-1 - back] is not None:
                filled = np.zeros((), ROW_DTYPE)
                for name, value in rows[-1 - back].items():
                    filled[name] = value
                    filled["present"] |= FIELD_BIT[name]
                there.append(at)
                made.append(filled)
        if there:
            months[last - back] = (np.array(there, np.int32), np.array(made, ROW_DTYPE))
    return months


def raised(*clients, rules=None, **kinds):
    found = alerts(trend(contributions(*clients), len(clients)), rules or Rules())
    return [one for one in found if not kinds or one.kind in kinds["only"]]


USUAL = [row() for _ in range(NEEDED_MONTHS)]
OTHER = [row(outstanding=9000, not_due=9000) for _ in range(NEEDED_MONTHS)]


def test_days_late_and_days_to_pay_run_over_three_months():
    found = trend(contributions([*USUAL[:-2], row(30, 60), row(30, 60)]), 1)
    assert found.months[[0, -1]].tolist() == [LAST - 23, LAST]
    assert found.days_late[0, -3:].round(2).tolist() == [5.0, 13.33, 21.67]  # (5 + 5 + 30) / 3, (5 + 60) / 3
    assert found.days_to_pay[0, -3:].round(2).tolist() == [35.0, 43.33, 51.67]
    assert found.whole["days_late"][-1] == pytest.approx(65 / 3)
    assert found.cents["outstanding"][0, -1] == 100_000
    assert found.cents["late"][0, -1] == 0


def test_a_client_that_turned_slow_is_told_with_its_habit_and_since_when():
    """5 days late for 23 months, then 30: windows of 13.3, 21.7 and 30; half of the rise of 25 is 17.5."""
    (one,) = raised([*USUAL[:-3], row(30), row(30), row(30)], OTHER, only={"slower"})
    assert (one.client, one.measure, one.now, one.before) == (0, "days_late", 30.0, 5.0)
    assert one.since == LAST - 1
    assert one.severity == "act"
    assert one.cents == 100_000  # nothing is late: what is outstanding


def test_one_late_payment_is_no_change_of_habit():
    assert not raised([*USUAL[:-1], row(60)], OTHER, only={"slower"})
    assert raised([*USUAL[:-2], row(60), row(60)], OTHER, only={"slower"})


def test_a_client_whose_habit_varies_needs_more_to_be_told():
    """Windows of 0, 20, 40, 60, 40, 20: median 30, deviations 30 and 10, their median 10: a bar of 44.5."""
    varied = [row([0, 0, 0, 60, 60, 60][at % 6]) for at in range(NEEDED_MONTHS - 3)]
    for days, rise, worse in ((70, 40.0, False), (75, 45.0, True)):
        moved = change(trend(contributions([*varied, *[row(days)] * 3]), 1).days_late)
        assert (moved.habit[0], moved.rise[0], bool(moved.worse[0])) == (30.0, rise, worse)


def test_who_pays_sooner_than_its_habit_is_good_news():
    (one,) = raised([row(20)] * 23 + [row(0)] * 3, OTHER, only={"faster"})
    assert (one.severity, one.now, one.before, one.since) == ("info", 0.0, 20.0, LAST - 1)


def test_without_due_dates_slowness_is_measured_from_the_invoice():
    def undated(days):
        return {name: value for name, value in row(0, days).items() if name in {*FLAT, "paid_days_to_pay"}}

    found = raised([undated(30)] * 23 + [undated(60)] * 3, OTHER, only={"slower"})
    assert [(one.measure, one.now, one.before) for one in found] == [("days_to_pay", 60.0, 30.0)]


def test_a_first_overdue_is_told_once_and_from_the_amount_asked_for():
    late = row(not_due=0, late_1_30=1000, open_late_days=5000)
    (one,) = raised([*USUAL[:-1], late], OTHER, only={"first_overdue"})
    assert (one.severity, one.cents, one.since) == ("watch", 100_000, LAST)
    assert not raised([*USUAL[:-2], late, late], OTHER, only={"first_overdue"})
    assert not raised([*USUAL[:-1], late], OTHER, rules=Rules(overdue_cents=100_001), only={"first_overdue"})
    assert not raised([late], only={"first_overdue"})  # nothing is known of before
    assert raised([late], OTHER, only={"first_overdue"})  # a new client, of a firm whose months are known


def test_what_passes_sixty_days_is_told_when_it_does():
    old = row(not_due=0, late_61_90=1000, open_late_days=70_000)
    (one,) = raised([*USUAL[:-1], old], OTHER, only={"overdue"})
    assert (one.severity, one.now, one.before) == ("act", 100_000.0, 0.0)
    assert not raised([*USUAL[:-2], old, old], OTHER, only={"overdue"})


def test_who_stops_paying_while_late_is_urgent():
    silent = row(paid=0, not_due=0, late_31_60=1000, open_late_days=40_000)
    (one,) = raised([*USUAL[:-2], silent, silent], OTHER, only={"no_payment"})
    assert (one.severity, one.since, one.now, one.cents) == ("urgent", LAST - 1, 2.0, 100_000)
    assert not raised([*USUAL[:-1], silent], OTHER, only={"no_payment"})
    never = [row(paid=0)] * 24 + [silent] * 2
    assert not raised(never, OTHER, only={"no_payment"})


def test_who_is_always_late_is_over_its_terms_and_not_slower():
    always = [row(25, not_due=0, late_1_30=1000, open_late_days=25_000) for _ in range(NEEDED_MONTHS)]
    found = raised(always, OTHER, only={"slower", "over_terms"})
    assert [(one.kind, one.now, one.since) for one in found] == [("over_terms", 25.0, LAST - 23)]


def test_a_dispute_and_an_incident_are_told_in_their_month():
    disputed = row(disputed=1000)
    assert [one.cents for one in raised([*USUAL[:-1], disputed], OTHER, only={"dispute"})] == [100_000]
    assert not raised([*USUAL[:-2], disputed, disputed], OTHER, only={"dispute"})
    (one,) = raised([*USUAL[:-1], row(incident=1)], OTHER, only={"incident"})
    assert one.severity == "urgent"


def test_too_much_with_one_client_is_told_with_its_share_and_since_when():
    """1,000 beside 9,000 is 10 %; 4,000 beside 9,000 is 31 %."""
    grown = row(outstanding=4000, not_due=4000)
    found = raised([*USUAL[:-2], grown, grown], OTHER, only={"concentration"})
    assert [(one.client, round(one.now), one.since) for one in found] == [
        (1, 69, LAST - 23),
        (0, 31, LAST - 1),
    ]
    assert found[1].before == pytest.approx(10.0)
    assert not raised([grown], only={"concentration"})  # of a single client it says nothing


def test_owing_twice_as_much_matters_where_something_is_late():
    grown = row(outstanding=2000, not_due=2000)
    late = row(outstanding=2000, not_due=1000, late_1_30=1000, open_late_days=5000)
    assert not raised([*USUAL[:-1], grown], OTHER, only={"exposure"})
    (one,) = raised([*USUAL[:-1], late], OTHER, only={"exposure"})
    assert (one.now, one.before) == (200_000.0, 100_000.0)


def test_the_gravest_comes_first_and_a_quiet_portfolio_is_silent():
    late = row(not_due=0, late_1_30=1000, open_late_days=5000, incident=2)
    found = raised([*USUAL[:-1], late], USUAL, USUAL, USUAL, USUAL, USUAL)
    assert [one.kind for one in found] == ["incident", "first_overdue"]
    assert raised(*[USUAL] * 6) == []


def test_a_few_months_have_no_habit_and_no_file_no_trend():
    found = trend(contributions(USUAL[:6]), 1)
    moved = change(found.days_late)
    assert np.isnan(moved.habit).all()
    assert not moved.worse.any()
    assert np.isnan(found.whole["outstanding"][:18]).all()
    assert change(found.days_late[:, -6:]).since.tolist() == [-1]
    with pytest.raises(ValueError, match="no month"):
        trend({}, 0)


def test_the_dso_of_all_clients_counts_back_over_their_sales():
    """1,000 owed and 1,000 sold each month: the newest month's sales cover it, so its 30 days."""
    found = trend(contributions(USUAL, USUAL), 2)
    assert found.whole["dso"][-1] == 30.0
    silent = [{name: value for name, value in row().items() if name != "sales"}] * NEEDED_MONTHS
    assert np.isnan(trend(contributions(USUAL, silent), 2).whole["dso"]).all()
