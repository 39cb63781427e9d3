"""Frozen panels: nobody watches one firm come or go (rule 3), told month by month through the policy."""

import numpy as np
import pytest

from privacy.disclosure import Tally, protect
from privacy.panels import locate
from privacy.profiles import STANDARD
from tests.privacy.panel_play import GROUPS, JANUARY, KEY, Play

FIVE = range(5)
SIX = range(6)
SEVEN = range(7)


def test_a_first_release_publishes_who_reaches_the_floor() -> None:
    assert not Play().turn(range(4)).published
    assert Play().turn(FIVE).published


@pytest.mark.parametrize("start", [JANUARY, JANUARY + 1, JANUARY + 2])
def test_a_chain_begins_in_any_month_of_a_quarter(start: int) -> None:
    assert Play(month=start - 1).turn(FIVE).published


def test_until_something_is_published_every_release_may_be_the_first() -> None:
    play = Play().turn(range(4))
    assert play.turn(FIVE).published


def test_a_client_that_reaches_the_floor_later_waits_for_the_quarter() -> None:
    def two_clients(month: int, second: int) -> Tally:
        client = np.array([0] * 5 + [1] * second)
        group = np.array([*range(5), *range(second)])
        return Tally(
            month,
            np.array([b"\1" * 32, b"\2" * 32], "V32"),
            GROUPS,
            client,
            group,
            np.full(len(client), month),
            np.full((2, len(client)), 10.0),
        )

    counts, chain = [], None
    for month, second in ((JANUARY, 4), (JANUARY + 1, 5), (JANUARY + 2, 5), (JANUARY + 3, 5)):
        protected, chain = protect(two_clients(month, second), chain, STANDARD, KEY)
        counts.append(len(protected.cells))
    assert counts == [1, 1, 1, 2]


def test_one_join_is_not_visible_before_a_second_change_and_a_revision() -> None:
    play = Play().turns(FIVE, SIX, SIX, SIX)
    assert play.month == JANUARY + 3  # a revision, but one change alone
    assert play.members == set(FIVE)
    play.turns(SEVEN, SEVEN)  # two changes, but no revision
    assert play.members == set(FIVE)
    assert play.turn(SEVEN).members == set(SEVEN)


def test_a_single_join_is_applied_at_the_first_revision_after_six_months() -> None:
    play = Play().turns(FIVE, *[SIX] * 6)
    assert play.month == JANUARY + 6
    assert play.members == set(FIVE)  # seen since February: five months
    assert play.turns(SIX, SIX).members == set(FIVE)
    assert play.turn(SIX).members == set(SIX)


def test_a_join_that_went_silent_no_longer_waits() -> None:
    play = Play().turns(FIVE, SIX, FIVE, FIVE, *[SIX] * 6)
    assert play.month == JANUARY + 9
    assert play.members == set(FIVE)  # seen again since May: five months, not eight


def test_a_silent_member_is_carried_with_the_value_it_had() -> None:
    quiet = Play().turns({**dict.fromkeys(FIVE, 10.0), 5: 28.0}, FIVE, FIVE, FIVE)
    assert quiet.members == set(SIX)
    assert quiet.published
    assert quiet.chain.clients[0].value.tolist() == [10.0] * 5 + [28.0]


def test_who_is_silent_for_more_than_three_months_leaves_with_another_change() -> None:
    play = Play().turns(SEVEN, *[FIVE] * 5)
    assert play.members == set(SEVEN)
    assert play.turn(FIVE).members == set(FIVE)


def test_a_single_leave_waits_until_six_months_after_the_last_value() -> None:
    play = Play().turns(SIX, *[FIVE] * 5)
    assert play.members == set(SIX)
    assert play.published
    assert play.turn(FIVE).members == set(FIVE)


def test_no_value_older_than_six_months_is_used_and_the_cell_is_withheld_meanwhile() -> None:
    play = Play().turns(SIX, SIX, *[FIVE] * 6)  # last value in February, July is five months on
    assert play.month == JANUARY + 7
    assert play.published
    assert not play.turn(FIVE).published  # September: seven months
    assert play.turn(FIVE).published  # October: the quarter's revision lets the member go
    assert play.members == set(FIVE)


def test_a_cell_that_falls_below_the_floor_is_suppressed_and_its_set_still_changes_slowly() -> None:
    play = Play().turns(FIVE, *[range(4)] * 6)
    assert not play.published
    assert play.members == set(range(4))
    back = play.turns(FIVE, FIVE, FIVE)
    assert not back.published  # one join alone
    assert back.turns(*[SIX] * 3).published


def test_an_expelled_member_leaves_at_once_and_alone_is_not_to_be_told_from_the_difference() -> None:
    play = Play().turns(SEVEN).turn(SEVEN, expelled=[3])
    assert play.members == set(SEVEN) - {3}
    assert not play.published
    assert not play.turn(SEVEN, expelled=[3]).published
    assert play.turn(SEVEN, expelled=[3]).published  # the next quarter
    assert play.members == set(SEVEN) - {3}


def test_two_expelled_together_are_a_revision_at_once() -> None:
    play = Play().turns(SEVEN).turn(SEVEN, expelled=[3, 4])
    assert play.members == set(SEVEN) - {3, 4}
    assert play.published


def test_changes_that_wait_go_with_the_expelled() -> None:
    play = Play().turns(SIX, SEVEN).turn(SEVEN, expelled=[0])
    assert play.members == set(SEVEN) - {0}
    assert play.published


def test_an_expulsion_below_the_floor_suppresses() -> None:
    play = Play().turns(SIX).turn(SIX, expelled=[0, 1])
    assert not play.published


def test_a_missed_first_month_of_a_quarter_is_made_up_for_by_the_next_release() -> None:
    play = Play().turns(FIVE, SEVEN, SEVEN)
    play.month += 1
    assert play.turn(SEVEN).members == set(SEVEN)


def test_dso_has_a_panel_of_its_own() -> None:
    play = Play().turn(SIX, dso=dict.fromkeys(range(4), 50.0))
    assert play.published
    play = Play().turn(range(4), dso=dict.fromkeys(FIVE, 50.0))
    assert len(play.cells[-1]) == 1
    assert not play.published


def test_a_needle_is_found_in_its_place_or_said_to_be_missing() -> None:
    place, there = locate(np.array([2, 5, 9]), np.array([9, 1, 5, 12]))
    assert there.tolist() == [True, False, True, False]
    assert place[there].tolist() == [2, 1]
    assert not locate(np.zeros(0, np.int64), np.array([3]))[1].any()
