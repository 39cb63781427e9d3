"""The lead-time simulation, small: what `make leadtime` measures over twenty seeds, over two."""

import numpy as np
import pytest

from tests.leadtime import real
from tests.leadtime.measure import calm_onsets, closure_onsets, declining, episode, play
from tests.leadtime.report import Interval, beaten, interval, plot, score, table
from tests.leadtime.rules import onsets
from tests.leadtime.world import NEVER, Size, make

SMALL = Size(firms=40, clients=220)


@pytest.fixture(scope="module")
def every():
    return [play(seed, SMALL) for seed in range(2)]


def test_the_same_seed_is_the_same_world() -> None:
    first, second, other = make(3, SMALL), make(3, SMALL), make(4, SMALL)
    assert all((one == two).all() for one, two in zip(first.rows, second.rows, strict=True))
    assert len(first.client) != len(other.client) or (first.paid != other.paid).any()


def test_alerts_find_declines_that_naive_rules_find_later_or_not(every) -> None:
    ours, *naive = score(every)
    assert ours.recall().mean > 0.85
    assert ours.precision().mean > 0.8
    assert all(ours.recall().mean > one.recall().mean - 0.02 for one in naive)
    assert ours.warned().mean > max(one.warned().mean for one in naive)
    assert ours.name in table([ours, *naive])
    assert plot([ours, *naive]).startswith("<svg")
    assert not any("DSO" in line and "recall" in line for line in beaten([ours, *naive]))


def test_august_christmas_and_a_dispute_with_one_supplier_are_not_mistaken_for_distress(every) -> None:
    closed = [closure_onsets(one)[True] for one in every]
    found, months = (sum(one[place] for one in closed) for place in (0, 1))
    assert 1000 * found / months < 3
    disputing = [calm_onsets(one, "dispute") for one in every]
    assert sum(one[0] for one in disputing) <= 0.01 * sum(one[1] for one in disputing)
    assert sum(one.shifts for one in every) <= 1


def test_who_declines_is_overdue_in_the_episode_and_nowhere_else(every) -> None:
    world = every[0].world
    relations = declining(world, every[0].centre)
    first = world.first_overdue()[relations]
    assert (first < NEVER).all()
    assert (first >= world.month_starts[world.onset[world.client[relations]]]).all()
    assert not episode(world)[~world.in_decline()].any()


def test_an_onset_is_a_crossing_from_below_and_rests_for_six_months() -> None:
    path = np.array([[0, 5, 5, 0, 5, 0, 0, 5, np.nan, 5]], float)
    assert np.nonzero(onsets(path, 5)[0])[0].tolist() == [1, 7]


def test_an_interval_is_students_over_seeds() -> None:
    assert interval([1.0, 2.0, 3.0, 4.0, 5.0]) == Interval(3.0, pytest.approx(1.963, abs=0.01))
    assert np.isnan(interval([2.0]).half)


def test_a_real_list_that_is_not_there_is_said_to_be_skipped(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("VIGIE_SHARED_DATA", str(tmp_path))
    assert real.report().startswith("Real invoices: skipped, VIGIE_SHARED_DATA names no folder")


def test_a_decline_in_hindsight_is_a_rise_that_lasts() -> None:
    late = np.full(20, 10.0)
    assert real.decline(late) == -1
    late[15] = 40
    assert real.decline(late) == -1
    late[15:18] = 40
    assert real.decline(late) == 15
