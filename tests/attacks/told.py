"""Attacks by what is told beside the cells: the alerts, the answers to calls, the manifest's numbers.

Knows: alerts as the product raises them from published cells (`benchmark.alerts`), who may call whom, how
manifests count. Must not know: anybody's figures but the attacker's own, unless it knows everybody's but one.

Alerts are computed here from the published cells alone, which is all that `benchmark.alerts` can reach: what
is measured is how much more an attacker does with them than without, in the same worlds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmark.alerts import HISTORY_MONTHS, KINDS, RAISED_DTYPE, detect
from privacy.profiles import Profile
from tests.attacks.cases import Cases, mean_over
from tests.attacks.reconstruct import World, all_but_one_view, baseline_features, members_view, terms_days
from tests.attacks.reconstruct import colluders as colluding
from tests.attacks.scoring import Tellings, Trials
from tests.simulation.history import History
from tests.simulation.network import START, Network

Days = NDArray[np.float64]
HEARD_MONTHS = 12
CALLS, ANSWERING = 12, 0.1
"""A call a month for a year (one is open for 30 days), and the chance that a firm answers one."""


def heard(history: History, clients: NDArray[np.int64], names: NDArray[np.void], profile: Profile) -> Days:
    """Of each client, by kind: how often it was raised in the last year, the newest size, how long ago."""
    releases = [(START + place, one.cells) for place, one in enumerate(history.releases)]
    first = max(0, len(releases) - HEARD_MONTHS)
    raised = np.zeros(0, RAISED_DTYPE)
    told = np.zeros((len(names), len(KINDS), 3))
    told[:, :, 2] = HEARD_MONTHS
    for place in range(first, len(releases)):
        seen = releases[max(0, place + 1 - HISTORY_MONTHS) : place + 1]
        alerts = detect(seen, releases[place][0], raised, profile)
        rows = [
            (np.frombuffer(one.pseudonym, "V32")[0], KINDS.index(one.kind), one.month, one.size_days,
             one.ends_at_days or 0)
            for one in alerts
        ]  # fmt: skip
        new = np.array(rows, RAISED_DTYPE)
        raised = np.concatenate([raised, new])
        where = np.searchsorted(names, new["pseudonym"]), new["kind"].astype(np.int64)
        told[(*where, 0)] += 1
        told[(*where, 1)] = new["size_days"]
        told[(*where, 2)] = len(releases) - 1 - place
    return told[clients].reshape(len(clients), -1)


def with_alerts(world: World, profile: Profile, months: int, seed: int) -> dict[str, Trials]:
    """An insider, and all but one, who read the alerts too. What is published is here the same attacker
    without them: the advantage is what the alerts add to the cells."""
    cases, terms = world.cases, terms_days(world, world.cases)
    months = min(months, world.newest + 1)
    sector, _ = baseline_features(world, cases)
    knowing = colluding(world, cases, 1, seed)
    seen: dict[str, list[Days]] = {"insider": [], "all but one": []}
    alerts = []
    for history in (world.real, world.twin):
        seen["insider"].append(members_view(history, cases, knowing, terms, world.newest))
        seen["all but one"].append(
            all_but_one_view(history, world.policy, cases, terms, world.newest, months)
        )
        alerts.append(heard(history, cases.client, world.network.names, profile))
    span = range(world.newest - months + 1, world.newest + 1)
    truths = {
        "insider": world.truth[0, world.newest, cases.relation],
        "all but one": mean_over(world.truth[0][:, cases.relation].T, span),
    }
    return {
        who: Trials(truth, *(np.column_stack(both) for both in zip(seen[who], alerts, strict=True)), sector,
                    seen[who][0]).those(~np.isnan(truth))
        for who, truth in truths.items()
    }  # fmt: skip


def membership_with_alerts(
    told: Tellings, network: Network, real: History, absent: History, cases: Cases, profile: Profile
) -> Tellings:
    """The same question with a year of alerts beside the cells."""
    views = [
        np.column_stack([view, heard(history, cases.client, network.names, profile)])
        for view, history in ((told.real, real), (told.twin, absent))
    ]
    return Tellings(*views)


def answers(network: Network, told: Tellings, cases: Cases, seed: int, chance: float = ANSWERING) -> Tellings:
    """Who shares the client, by a call a month for a year: how many answer, with the target and without.

    A caller hears of answers alone, and the same whether anybody was asked (`tests/server/test_calls.py`):
    what is left to count is who chooses to answer. Every firm with a live relation, the target like the
    others, answers each call with the same chance; the cells are read beside.
    """
    rng = np.random.default_rng(seed)
    live = network.sent()[:, -1]
    codes = np.unique(network.group_id, return_inverse=True)[1].reshape(-1)[network.firm]
    pairs = np.unique(np.stack([network.client[live], codes[live]], axis=1), axis=0)
    suppliers = np.bincount(pairs[:, 0], minlength=len(network.names))[cases.client]
    others = np.maximum(0, suppliers - live[cases.relation].astype(np.int64))
    views = []
    for view, count in ((told.real, suppliers), (told.twin, others)):
        heard_of = rng.binomial(np.broadcast_to(count, (CALLS, len(cases))), chance)
        parts = [heard_of.sum(axis=0), heard_of.max(axis=0), (heard_of > 0).sum(axis=0)]
        views.append(np.column_stack([view, *parts]))
    return Tellings(*views)
