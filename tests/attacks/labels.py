"""Attacks on a client's published sector: members name one where nobody else does, to learn of one more.

Knows: panels, who names what, the sectors of the last three quarters. Must not know: the drawn thresholds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, relations_beside
from tests.attacks.scoring import Tellings
from tests.simulation.history import History, live_through
from tests.simulation.network import Network
from tests.simulation.policies import Policy

NAMING_MONTHS = 9
NAMERS = (1, 2, 4)


def named_alike(
    network: Network, policy: Policy, real: History, cases: Cases, seed: int
) -> dict[int, Tellings]:
    """By the number of members who name it: sectors where the target names it too, and where it names none.

    Everybody else names none, which is what those members would wish for.
    """
    rng = np.random.default_rng(seed)
    namers = rng.choice(NAMERS, len(cases))
    beside = relations_beside(network, real, cases, rng)
    since = max(0, network.months - NAMING_MONTHS)
    label = network.label.copy()
    label[np.isin(network.client, cases.client)] = 0
    for place, count in enumerate(namers):
        those = beside[place][beside[place] >= 0][:count]
        label[those, since:] = network.label[those, since:]
    views = []
    for tells in (True, False):
        said = label.copy()
        if tells:
            said[cases.relation, since:] = network.label[cases.relation, since:]
        views.append(_sectors(live_through(replace(network, label=said), policy), cases, since))
    return {count: Tellings(views[0][namers == count], views[1][namers == count]) for count in NAMERS}


def _sectors(history: History, cases: Cases, since: int) -> NDArray[np.float64]:
    """Whether a sector is published, by month, how often, and whether ever; (cases, features)."""
    if "sector" not in history.published:
        return np.zeros((len(cases), 1))
    there = np.nan_to_num(history.published["sector"][cases.client, since:]) > 0
    return np.column_stack([there, there.sum(axis=1), there.any(axis=1)]).astype(np.float64)
