"""The real policy holds on a small network in a minute; a naive one fails loudly. In full: `make attacks`."""

from dataclasses import replace

import pytest

from privacy.profiles import STANDARD
from tests.attacks.bars import CEILINGS
from tests.attacks.plan import SMOKE, attack
from tests.attacks.report import failures
from tests.simulation.network import Size
from tests.simulation.policies import NaiveMedians, Published

SMALLER = replace(
    SMOKE, judged=1, size=Size(firms=100, clients=1500, months=8), averaged=(1, 4), everything=False
)


@pytest.fixture(scope="module")
def naive():
    return attack(NaiveMedians(), SMALLER)


def test_the_policy_holds_on_a_small_network() -> None:
    outcome = attack(Published(STANDARD), SMOKE)
    assert failures(outcome, len(STANDARD.fields), strict=False) == []


def test_live_medians_give_a_value_away_to_everybody_but_one(naive) -> None:
    worst = max(one.low for one in naive.scores if one.judged == "all but one" and one.within_days == 3)
    assert worst > 2 * CEILINGS["all but one"]


def test_live_medians_give_a_value_away_to_shams_who_split(naive) -> None:
    split = [one for one in naive.scores if one.attack == "k - 1 shams, split" and one.within_days == 3]
    assert max(one.advantage for one in split) > 0.7


def test_live_medians_fail_the_harness(naive) -> None:
    assert len(failures(naive, 2, strict=False)) >= 2
