"""The second computation of a release's panels, by hand."""

import pytest

from demo.exact import Centres, Counted, Panels, Value, clipped_mean, window_values
from privacy.profiles import STANDARD

MONTH = 2025 * 12  # January: a quarter begins


def _counted(month: int, *firms: str, client: str = "client") -> Counted:
    return {client: {firm: Value(10.0, month) for firm in firms}}


def _row(**known: int) -> dict[str, int | None]:
    names = ("paid", "paid_days_late", "open_late_days", "outstanding", "dso")
    late = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
    return dict.fromkeys((*names, *late), 0) | known


def test_a_cell_needs_five_firms() -> None:
    panels = Panels(STANDARD)
    assert panels.turn(MONTH, _counted(MONTH, *"abcd")) == {}
    assert panels.turn(MONTH + 1, _counted(MONTH + 1, *"abcde")) == {"client": [10.0] * 5}


def test_a_published_cell_does_not_show_one_firms_joining() -> None:
    panels = Panels(STANDARD)
    panels.turn(MONTH, _counted(MONTH, *"abcde"))
    for later in range(1, 6):
        shown = panels.turn(MONTH + later, _counted(MONTH + later, *"abcdef"))
        assert len(shown["client"]) == 5, "one join waits"
    shown = panels.turn(MONTH + 6, _counted(MONTH + 6, *"abcdefg"))
    assert len(shown["client"]) == 7, "two changes are made together, at a quarter's beginning"


def test_one_change_alone_waits_six_months_and_for_the_quarter() -> None:
    panels = Panels(STANDARD)
    panels.turn(MONTH, _counted(MONTH, *"abcde"))
    sizes = [len(panels.turn(MONTH + n, _counted(MONTH + n, *"abcdef"))["client"]) for n in range(1, 10)]
    assert sizes == [5, 5, 5, 5, 5, 5, 5, 5, 6]  # first seen in February, so due in August, done in October


def test_who_is_silent_is_carried_and_then_leaves() -> None:
    panels = Panels(STANDARD)
    panels.turn(MONTH, _counted(MONTH, *"abcdefg"))
    sizes = []
    for later in range(1, 10):
        now = _counted(MONTH + later, *"abcde")
        sizes.append(len(panels.turn(MONTH + later, now).get("client", [])))
    assert sizes[:5] == [7, 7, 7, 7, 7], "silent for more than three months only in May"
    assert sizes[5] == 5, "July begins a quarter: two leave together"


def test_the_value_of_a_window_is_a_ratio_of_sums_and_open_late_amounts_count() -> None:
    months = {
        MONTH: _row(paid=1000, paid_days_late=5000),
        MONTH + 1: _row(
            paid=1000, paid_days_late=15000, open_late_days=60000, late_31_60=2000, outstanding=2000, dso=433
        ),
    }
    values = window_values({("firm", "client"): months}, MONTH + 1, STANDARD)
    assert values["days_late"]["client"]["firm"] == Value(20.0, MONTH + 1)
    assert values["dso"]["client"]["firm"] == Value(43.3, MONTH + 1)


def test_a_credit_balance_counts_nowhere() -> None:
    months = {MONTH: _row(paid=1000, paid_days_late=5000, outstanding=-1)}
    assert window_values({("firm", "client"): months}, MONTH, STANDARD) == {"days_late": {}, "dso": {}}


def test_values_are_cut_around_the_network_and_what_was_published_last() -> None:
    centres = Centres(STANDARD, 0)
    assert centres.expected("client", [0.0, 100.0]) == pytest.approx((0 + 47) / 2)  # 12 + 35
    centres.see_network(20)
    assert centres.expected("client", [0.0, 100.0]) == pytest.approx((0 + 55) / 2)
    centres.see({"client": 50})
    assert centres.expected("client", [-40.0, 100.0]) == pytest.approx((-15 + 70) / 2)
    assert clipped_mean([1.0, 2.0], 40.0, 60.0) == 40.0
