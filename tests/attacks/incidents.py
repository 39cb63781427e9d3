"""Attacks on the incident flag: firms report an incident themselves to learn whether one more did.

Knows: panels, who reports, the flags of the last three quarters. Must not know: the drawn thresholds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, stood
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
    relation = _relations(network, real, cases, rng)
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


def _relations(network: Network, real: History, cases: Cases, rng: np.random.Generator) -> NDArray[np.int64]:
    """Relations of other members of each case's panel, in random order; (cases, most), -1: none."""
    width = len(real.groups)
    there = ~np.isnan(stood(real.behind[-1][0], cases.client[:, None], cases.others, width))
    codes = np.searchsorted(real.groups, network.group_id)
    key = network.client * width + codes[network.firm]
    order = np.argsort(key)
    wanted = cases.client[:, None] * width + cases.others
    place = np.minimum(np.searchsorted(key[order], wanted), len(order) - 1)
    found = np.where(there & (key[order][place] == wanted), order[place], -1)
    shuffle = np.argsort(np.where(found >= 0, rng.random(found.shape), 2.0), axis=1)
    return np.take_along_axis(found, shuffle, axis=1)[:, : max(REPORTERS)]


def _flags(history: History, cases: Cases, since: int) -> NDArray[np.float64]:
    if "incident" not in history.published:
        return np.zeros((len(cases), 1))
    flags = np.nan_to_num(history.published["incident"][cases.client, since:])
    return np.column_stack([flags, flags.sum(axis=1), flags.max(axis=1)])
