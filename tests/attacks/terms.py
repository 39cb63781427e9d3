"""Attacks on terms of payment: shares that are all one thing (homogeneity), and DSO less days late.

Knows: an attacker's own terms or everybody's but the target's, what is published of the cell.
Must not know: the target's terms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, mean_over, stood
from tests.attacks.reconstruct import World
from tests.attacks.scoring import Choices
from tests.simulation.history import History
from tests.simulation.network import TERMS_EQUIVALENT, Network

Days = NDArray[np.float64]
CLASSES_DAYS = (30.0, 45.0, 60.0)
EDGES = (0.125, 0.375, 0.625, 0.875)  # the middle of each band of shares
COLUMNS = ("terms_30", "terms_45", "terms_60", "terms_more")


def class_of(terms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each of the network's terms among the published classes."""
    return np.searchsorted(CLASSES_DAYS, np.array(TERMS_EQUIVALENT)[terms], side="left")


def sharing(network: Network, history: History, seed: int) -> Cases:
    """One relation that shares its terms of every client; the others that do."""
    rng = np.random.default_rng(seed)
    codes = np.searchsorted(history.groups, network.group_id)
    fits = network.shares_terms[network.firm] & network.own_group()[network.firm]
    fits &= network.sent()[:, : network.months - 12].any(axis=1)
    chosen = rng.permutation(np.nonzero(fits)[0])
    _, first = np.unique(network.client[chosen], return_index=True)
    chosen = chosen[first]
    suppliers = np.bincount(network.client[fits], minlength=len(network.names))
    chosen = chosen[suppliers[network.client[chosen]] >= 10]
    return Cases(chosen, network.client[chosen], codes[network.firm[chosen]], np.full((len(chosen), 1), -1))


def guessed(world: World, cases: Cases, *, everybody_else: bool, seed: int) -> Choices:
    """The target's class of terms where shares are published; of an insider, or of all but one."""
    newest = world.newest
    views = [
        _shares_view(network, history, cases, newest, everybody_else=everybody_else, seed=seed)
        for network, history in ((world.network, world.real), (world.twin_network, world.twin))
    ]
    shown = _shares(world.real, cases, newest)
    there = ~np.isnan(shown).all(axis=1)
    sector = np.zeros((len(cases), 1))
    truth = class_of(world.network.terms[cases.relation])
    return Choices(truth, views[0], views[1], sector, np.nan_to_num(shown)).those(there)


def by_difference(world: World, months: int) -> Choices:
    """The target's class from DSO less days late, of somebody who knows everybody else's of both."""
    cases, newest = world.cases, world.newest
    months = min(months, newest + 1)
    views = [_difference_view(world.network, one, cases, newest, months) for one in (world.real, world.twin)]
    cell = _gap(world.real, cases, range(newest, newest + 1))
    others = _others_classes(world.network, cases)
    truth = class_of(world.network.terms[cases.relation])
    plain = np.column_stack([cell, others])
    return Choices(truth, views[0], views[1], others, plain)


def _shares(history: History, cases: Cases, newest: int) -> Days:
    empty = np.full((len(cases), len(COLUMNS)), np.nan)
    if COLUMNS[0] not in history.published:
        return empty
    return np.column_stack([history.published[name][cases.client, newest] for name in COLUMNS])


def _shares_view(
    network: Network, history: History, cases: Cases, newest: int, *, everybody_else: bool, seed: int
) -> Days:
    rng = np.random.default_rng(seed)
    shown = np.nan_to_num(_shares(history, cases, newest))
    parts = [shown, (shown == 4).astype(float), (shown == 1).astype(float)]
    counts = np.zeros((len(cases), len(COLUMNS)))
    told = network.shares_terms[network.firm] & network.sent()[:, newest - 12]
    told[cases.relation] = False
    classes = class_of(network.terms)
    if everybody_else:
        table = np.zeros((len(network.names), len(COLUMNS)))
        np.add.at(table, (network.client[told], classes[told]), 1.0)
        counts = table[cases.client]
        share = np.array((0.0, *EDGES))[shown.astype(int)]
        parts += [counts, share * (counts.sum(axis=1, keepdims=True) + 1) - counts]
    else:
        place = rng.permutation(np.nonzero(told)[0])
        _, first = np.unique(network.client[place], return_index=True)
        own = np.full(len(network.names), -1)
        own[network.client[place[first]]] = classes[place[first]]
        parts.append((own[cases.client][:, None] == np.arange(len(COLUMNS))).astype(float))
    return np.column_stack(parts)


def _gap(history: History, cases: Cases, months: range) -> Days:
    return mean_over((history.published["dso"] - history.published["days_late"])[cases.client], months)


def _others_classes(network: Network, cases: Cases) -> Days:
    table = np.zeros((len(network.names), len(COLUMNS)))
    others = np.ones(network.relations, bool)
    others[cases.relation] = False
    np.add.at(table, (network.client[others], class_of(network.terms)[others]), 1.0)
    counts = table[cases.client]
    return np.asarray(counts / np.maximum(1, counts.sum(axis=1, keepdims=True)))


def _difference_view(network: Network, history: History, cases: Cases, newest: int, months: int) -> Days:
    """n (DSO - days late) less everybody else's, in days: the target's terms and the noise."""
    width = len(history.groups)
    left = []
    for month in range(newest - months + 1, newest + 1):
        sums = []
        for place, name in ((0, "days_late"), (1, "dso")):
            others = stood(history.behind[month][place], cases.client[:, None], cases.others, width)
            n = np.sum(~np.isnan(others), axis=1) + 1
            known = np.where(np.isnan(others), 0.0, others).sum(axis=1)
            sums.append(n * history.published[name][cases.client, month] - known)
        left.append(sums[1] - sums[0])
    mean = mean_over(np.stack(left, axis=1), range(months))
    near = [-((mean - day) ** 2) / 1000 for day in (30.0, 45.0, 60.0)]
    return np.column_stack([mean, *near, _others_classes(network, cases)])
