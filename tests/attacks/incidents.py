"""Attacks on the incident flag: firms report an incident themselves to learn whether one more did.

Knows: panels, who reports, the flags of the last three quarters. Must not know: the drawn thresholds.
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

REPORTING_MONTHS = 9
REPORTERS = (1, 2, 4)


def self_reported(
    network: Network, policy: Policy, real: History, cases: Cases, seed: int
) -> dict[int, Tellings]:
    """By the number of members who report themselves: flags where the target reports too, and where not."""
    rng = np.random.default_rng(seed)
    reporters = rng.choice(REPORTERS, len(cases))
    relation = relations_beside(network, real, cases, rng)[:, : max(REPORTERS)]
    since = max(0, network.months - REPORTING_MONTHS)
    lied = network.incident.copy()
    for place, count in enumerate(reporters):
        those = relation[place][relation[place] >= 0][:count]
        lied[those, since:] = 1
    quiet, loud = lied.copy(), lied.copy()
    quiet[cases.relation] = 0
    loud[cases.relation, since:] = 1
    views = []
    for incident in (loud, quiet):
        history = live_through(replace(network, incident=incident), policy)
        views.append(_flags(history, cases, since))
    return {
        count: Tellings(views[0][reporters == count], views[1][reporters == count]) for count in REPORTERS
    }


def _flags(history: History, cases: Cases, since: int) -> NDArray[np.float64]:
    if "incident" not in history.published:
        return np.zeros((len(cases), 1))
    flags = np.nan_to_num(history.published["incident"][cases.client, since:])
    return np.column_stack([flags, flags.sum(axis=1), flags.max(axis=1)])
