"""What the strongest attacker is given is true: the rules without noise say what would be published."""

from dataclasses import replace

import numpy as np
import pytest

from privacy.profiles import STANDARD
from tests.attacks.cases import standing, stood
from tests.attacks.likelihood import joint_guesses, reading
from tests.attacks.variants import Bent
from tests.simulation.history import live_through
from tests.simulation.network import Size, make
from tests.simulation.policies import NaiveMedians, Published

SILENT = replace(
    STANDARD,
    name="silent",
    fields=(replace(STANDARD.fields[0], spread=True), STANDARD.fields[1]),
    noise_permanent_days=0.0,
    noise_set_days=0.0,
    noise_quarter_days=0.0,
    noise_month_days=0.0,
)
POLICIES = [
    Published(SILENT),
    Bent(SILENT, own_cut_only=True, label="own cut"),
    Bent(SILENT, shared=0.5, label="shared"),
    NaiveMedians(),
]
MONTHS = 9


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_known_values_and_public_rules_give_what_is_published_to_the_day(policy) -> None:
    network = make(11, Size(firms=80, clients=700, months=MONTHS))
    history = live_through(network, policy)
    cases = standing(network, history, MONTHS - 1, 1)
    checked, least = 0, 1 if isinstance(policy, Published) else 0
    for place, column in ((0, "days_late"), (0, "spread"), (1, "dso")):
        one = reading(history, cases, place, column, range(MONTHS))
        behind = [fields[place] for fields in history.behind]
        own = np.stack(
            [stood(month, cases.client, cases.group, len(history.groups)) for month in behind], axis=1
        )
        low, high = policy.bounds(one.last, np.broadcast_to(one.network, one.last.shape))
        centre, spread = policy.plain(np.concatenate([one.others, own[:, :, None]], axis=2), low, high)
        said = np.maximum(spread, least) if column == "spread" else centre
        later = ~np.isnan(one.seen) & ~np.isnan(one.last)  # a first cell may start from its sector's
        assert np.abs(one.seen - said)[later].max() <= 0.5 + 1e-6
        checked += int(later.sum())
    assert checked > 500


def test_without_noise_the_attacker_finds_the_value() -> None:
    network = make(12, Size(firms=80, clients=700, months=MONTHS))
    policy = Published(SILENT)
    history = live_through(network, policy)
    cases = standing(network, history, MONTHS - 1, 1)
    terms = np.zeros(len(cases))
    ((mode, _, weight),) = joint_guesses(
        history, policy, cases, terms, range(MONTHS - 1, MONTHS), (("days_late",),)
    )
    truth = stood(history.behind[-1][0], cases.client, cases.group, len(history.groups))
    assert np.mean(np.abs(mode - truth) <= 3) > 0.6
    assert weight.mean() > 0.4  # of the weight lies there
