"""Attacks through several cells at once: equal contributor sets, a sector's cell beside a client's.

Knows: everybody's values but the target's; in the other cell, all of them.
Must not know: the target's series on the attacked client.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, everybody_else, group_codes, mean_over
from tests.attacks.reconstruct import World, all_but_one_view, baseline_features, terms_days, truths
from tests.attacks.scoring import Trials
from tests.simulation.history import History, live_through
from tests.simulation.network import LEVEL_DAYS, Network, redrawn, twin
from tests.simulation.policies import Policy

Days = NDArray[np.float64]
PER_RELATION = (
    "firm", "client", "begins", "ends", "gap", "late", "late_first", "dso", "terms", "amount", "incident",
    "label",
)  # fmt: skip


def doubled(network: Network, policy: Policy, cases: Cases, seed: int) -> World:
    """A network in which each case's suppliers all supply a second client as well: two equal sets."""
    rng = np.random.default_rng(seed)
    suppliers = np.bincount(network.client, minlength=len(network.names))
    free = rng.permutation(np.nonzero(suppliers == 1)[0])[: len(cases)]
    cases = cases.those(np.arange(len(cases)) < len(free))
    second = np.full(len(network.names), -1)
    second[cases.client] = free
    copied = np.nonzero(second[network.client] >= 0)[0]
    late = LEVEL_DAYS + redrawn(rng, len(copied), network.months)
    dso = np.maximum(0.0, network.dso[copied] - network.late[copied] + late)
    kept = ~np.isin(network.client, free)
    client = second[network.client[copied]]
    label = np.repeat(network.sector[client].astype(np.uint8)[:, None], network.months, axis=1)
    fresh = {"client": client, "late": late, "late_first": late, "dso": dso, "label": label}
    parts = {}
    for name in PER_RELATION:
        old = getattr(network, name)
        parts[name] = np.concatenate([old[kept], fresh.get(name, old[copied])])
    order = np.lexsort((parts["client"], parts["firm"]))
    grown = replace(network, **{name: part[order] for name, part in parts.items()})
    places = np.cumsum(kept) - 1
    where = np.empty(len(order), np.int64)
    where[order] = np.arange(len(order))
    relation = where[places[cases.relation]]
    other = twin(grown, relation, seed + 1)
    real = live_through(grown, policy)
    client, group = grown.client[relation], group_codes(grown, real)[grown.firm[relation]]
    cases = Cases(relation, client, group, everybody_else(real, client, group))
    world = World(grown, other, policy, real, live_through(other, policy), cases, truths(grown))
    return replace(world, beside=second[client])


def equal_sets(world: World, months: int, what: int = 0) -> Trials:
    """All but one, with the noise of the second cell, which is known there to the last day."""
    cases, newest = world.cases, world.newest
    terms = terms_days(world, cases)
    months = min(months, newest + 1)
    sector, published = baseline_features(world, cases)
    views = []
    for history in (world.real, world.twin):
        view = all_but_one_view(history, world.policy, cases, terms, newest, months)
        noise = [_known_noise(history, cases, world.beside, place, newest, months) for place in range(2)]
        views.append(np.column_stack([view, *noise]))
    truth = world.truth[what, newest, cases.relation]
    return Trials(truth, views[0], views[1], sector, published).those(~np.isnan(truth))


def overlap(world: World, what: int = 0) -> Trials:
    """All but one, with the sector's cell of which the attacker knows everybody else's values too."""
    cases, newest = world.cases, world.newest
    terms = terms_days(world, cases)
    sector, published = baseline_features(world, cases)
    views = []
    for history in (world.real, world.twin):
        view = all_but_one_view(history, world.policy, cases, terms, newest, 1)
        left = _sector_residual(world, history)
        views.append(np.column_stack([view, left, left - terms]))
    truth = world.truth[what, newest, cases.relation]
    return Trials(truth, views[0], views[1], sector, published).those(~np.isnan(truth))


def _known_noise(
    history: History, cases: Cases, beside: NDArray[np.int64], place: int, newest: int, months: int
) -> Days:
    """n x centre less the sum of all the values behind the second cell: its noise, at n = 1."""
    name, width = ("days_late", "dso")[place], len(history.groups)
    left = []
    for month in range(newest - months + 1, newest + 1):
        keys, value = history.behind[month][place].key // width, history.behind[month][place].value
        n = np.bincount(keys, minlength=len(history.published[name]))[beside]
        total = np.bincount(keys, value, minlength=len(history.published[name]))[beside]
        left.append(n * history.published[name][beside, month] - total)
    table = np.stack(left, axis=1)
    return np.column_stack([table[:, -1], mean_over(table, range(months))])


def _sector_residual(world: World, history: History) -> Days:
    """Groups x the sector's centre less everybody else's values in it, days late, newest month."""
    network, newest, cases = world.network, world.newest, world.cases
    exact = world.truth[0, newest]
    width = len(history.groups)
    group = group_codes(network, history)[network.firm]
    sector = network.sector[network.client]
    known = ~np.isnan(exact)
    key = sector * width + group
    count = np.bincount(key[known], minlength=(sector.max() + 1) * width)
    total = np.bincount(key[known], exact[known], minlength=len(count))
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan).reshape(-1, width)
    n = (count.reshape(-1, width) > 0).sum(axis=1)
    everybody = np.nansum(mean, axis=1)
    own = mean[sector[cases.relation], cases.group]
    centre = history.sectors["days_late"][sector[cases.relation], newest]
    times = count[key[cases.relation]]
    rest = total[key[cases.relation]] - np.nan_to_num(exact[cases.relation])
    return (n[sector[cases.relation]] * centre - (everybody[sector[cases.relation]] - own)) * times - rest
