"""k - 1 sham accounts: an attacker fills a cell with firms of its own until one real firm is left in it.

Knows: a network to which sham firms are added, and what they say month after month, by strategy.
Must not know: the series of the one real firm that is left.

The shams aim at every client that one real firm alone supplies; with k - 1 of them beside it the cell reaches
the floor. Each client is attacked with one strategy, so that one network serves them all:

    steady     all shams say the usual days late
    split      half of them far below, half far above: a median would be the target's own value
    below      all of them below anybody real, so that centre and spread both rise with the target
    saw        far below for two months, then as usual: while the target's value is cut, the cell shows the
               noise alone, which is then taken off what the cell shows otherwise
    swing      far below twice, far above twice, twice as usual: cut and uncut months in every quarter
    rotating   twice as many shams, who take turns every half year: each set has noise of its own
    both       rotating shams who swing
    crowd      two more shams than needed
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, everybody_else, group_codes
from tests.attacks.reconstruct import (
    World,
    all_but_one_view,
    baseline_features,
    published_features,
    terms_days,
    truths,
)
from tests.attacks.scoring import Trials
from tests.simulation.history import History, live_through
from tests.simulation.network import LEVEL_DAYS, TERMS_EQUIVALENT, Network
from tests.simulation.network import twin as redrawn_twin
from tests.simulation.policies import Policy

Days = NDArray[np.float64]
STRATEGIES = ("steady", "split", "below", "saw", "swing", "rotating", "both", "crowd")
FAR_DAYS = 300.0
USUAL_DAYS = LEVEL_DAYS


def infiltrated(
    network: Network, floor: int, seed: int
) -> tuple[Network, NDArray[np.int64], NDArray[np.int64]]:
    """The network with shams added; the targets' relations in it and each one's strategy."""
    rng = np.random.default_rng(seed)
    sent = network.sent()
    alive = sent.mean(axis=1) > 0.5
    single = network.own_group()[network.firm]
    real = np.bincount(network.client, minlength=len(network.names))
    lonely = np.nonzero((real[network.client] == 1) & single & alive)[0]
    strategy = rng.integers(0, len(STRATEGIES), len(lonely))
    firms, most = len(network.firm_id), 2 * (floor - 1)
    sham, target = np.meshgrid(np.arange(most), np.arange(len(lonely)), indexing="ij")
    sham, target = sham.ravel(), target.ravel()
    says, there = _script(network.months, floor, sham, strategy[target])
    kept = there.any(axis=1)
    sham, target, says, there = sham[kept], target[kept], says[kept], there[kept]
    count = len(sham)
    joined = replace(
        network,
        firm_id=np.concatenate([network.firm_id, np.frombuffer(rng.bytes(16 * most), "V16")]),
        group_id=np.concatenate([network.group_id, np.frombuffer(rng.bytes(16 * most), "V16")]),
        first_full=np.concatenate([network.first_full, np.full(most, -1)]),
        last=np.concatenate([network.last, np.full(most, network.months)]),
        shares_terms=np.concatenate([network.shares_terms, np.ones(most, bool)]),
        delayed=np.concatenate([network.delayed, np.zeros((most, network.months), bool)]),
        firm=np.concatenate([network.firm, firms + sham]),
        client=np.concatenate([network.client, network.client[lonely[target]]]),
        begins=np.concatenate([network.begins, np.zeros(count, np.int64)]),
        ends=np.concatenate([network.ends, np.full(count, network.months)]),
        gap=np.concatenate([network.gap, ~there]),
        late=np.concatenate([network.late, says]),
        late_first=np.concatenate([network.late_first, says]),
        dso=np.concatenate([network.dso, np.maximum(0.0, says + TERMS_EQUIVALENT[0])]),
        terms=np.concatenate([network.terms, np.zeros(count, np.int64)]),
        amount=np.concatenate([network.amount, np.full((count, network.months), 1_000_000)]),
        incident=np.concatenate([network.incident, np.zeros((count, network.months), np.uint8)]),
        label=np.concatenate([network.label, network.label[lonely[target]]]),
    )
    return joined, lonely, strategy


def _script(
    months: int, floor: int, sham: NDArray[np.int64], strategy: NDArray[np.int64]
) -> tuple[Days, NDArray[np.bool_]]:
    """What each sham says of each client, (relations, months), and whether it says anything."""
    month, needed = np.arange(months), floor - 1
    says = np.full((len(sham), months), USUAL_DAYS)
    there = np.repeat((sham < needed)[:, None], months, axis=1)
    name = np.array(STRATEGIES)[strategy]
    away = np.where(sham % 2 == 0, -FAR_DAYS, FAR_DAYS)
    says[name == "split"] = away[name == "split"][:, None]
    says[name == "below"] = USUAL_DAYS - 8
    says[name == "saw"] = np.where(month % 6 < 2, -FAR_DAYS, USUAL_DAYS)
    swing = np.array([-FAR_DAYS, -FAR_DAYS, FAR_DAYS, FAR_DAYS, USUAL_DAYS, USUAL_DAYS])
    says[(name == "swing") | (name == "both")] = swing[month % len(swing)]
    turn = (month // 6) % 2
    rotating = (sham[:, None] < needed) == (turn == 0)
    there = np.where(((name == "rotating") | (name == "both"))[:, None], rotating, there)
    return says, np.where((name == "crowd")[:, None], (sham < needed + 2)[:, None], there)


def infiltrate(network: Network, policy: Policy, floor: int, seed: int) -> tuple[World, NDArray[np.int64]]:
    """The infiltrated network and its twin under the policy; targets that are published, and their
    strategies."""
    joined, lonely, strategy = infiltrated(network, floor, seed)
    real = live_through(joined, policy)
    other = redrawn_twin(joined, lonely, seed + 1)
    redrawn = live_through(other, policy)
    world = World(joined, other, policy, real, redrawn, aimed_at(joined, real, lonely), truths(joined))
    return world, strategy


def aimed_at(joined: Network, history: History, lonely: NDArray[np.int64]) -> Cases:
    """The targets as cases: everybody else behind their cells is a sham."""
    client = joined.client[lonely]
    group = group_codes(joined, history)[joined.firm[lonely]]
    return Cases(lonely, client, group, everybody_else(history, client, group))


def k_minus_1(world: World, months: int) -> list[Trials]:
    """All that the shams and the published cells tell of the newest value, by field; one trial a target."""
    cases, newest = world.cases, world.newest
    terms = terms_days(world, cases)
    sector, _ = baseline_features(world, cases)
    published = published_features(
        world, cases, world.twin
    )  # in the real world the cell is the attack itself
    months = min(months, newest + 1)
    real, twin = (
        all_but_one_view(one, world.policy, cases, terms, newest, months, honest=False)
        for one in (world.real, world.twin)
    )
    return [Trials(truth, real, twin, sector, published) for truth in world.truth[:, newest, cases.relation]]
