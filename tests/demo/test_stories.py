"""Each story moves its client and nobody else, when and as far as it says."""

import numpy as np

from demo import stories
from demo.stories import CAST, CONSTRUCTION, SLOWDOWN_DAYS, Story, cast_for, days_by_month

SECTORS = np.array([3, 7, CONSTRUCTION])


def test_a_decline_grows_month_by_month_and_ends_somewhere() -> None:
    role = CAST["decline"]
    days = days_by_month({"decline": Story("decline", 0, None, None)}, SECTORS, 0, 40)
    assert days[0, role.from_month - 1] == 0
    assert days[0, role.from_month] == role.days_monthly
    assert days[0].max() == role.days_most == days[0, -1]
    assert not days[1].any()


def test_a_recovery_goes_the_other_way() -> None:
    days = days_by_month({"recovery": Story("recovery", 0, None, None)}, SECTORS, 0, 40)
    assert days[0, -1] == CAST["recovery"].days_most < 0


def test_a_sector_slows_down_and_comes_back() -> None:
    days = days_by_month({}, SECTORS, 0, 24)
    assert days[2].max() == SLOWDOWN_DAYS
    assert days[2, 0] == days[2, -1] == 0
    assert not days[:2].any()


def test_roles_go_to_clients_that_are_shared_enough_and_each_to_one_of_its_own() -> None:
    suppliers = np.array([1, 2, 14, 12, 11, 11, 10, 10, 9, 9, 8, 8])
    cast = cast_for(14, suppliers)
    assert set(cast) == set(CAST)
    assert len({story.client for story in cast.values()}) == len(cast)
    for story in cast.values():
        assert suppliers[story.client] >= CAST[story.name].suppliers_min


def test_a_network_without_such_clients_leaves_a_role_out() -> None:
    assert cast_for(14, np.array([1, 2, 3])) == {}


def test_every_story_is_told_in_both_languages() -> None:
    for name in CAST:
        assert stories.tell(name, "fr")
        assert stories.tell(name, "en")
        assert stories.tell(name, "fr") != stories.tell(name, "en")
