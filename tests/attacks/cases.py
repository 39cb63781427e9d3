"""Whom an attack aims at: one relation a client, so that one twin world redraws every target at once.

Knows: a network, a history, who stood behind which cell. Must not know: how a guess is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.simulation.history import Behind, History
from tests.simulation.network import Network

Days = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Targets, one a row: the relation, its client and group, and the groups of everybody else behind
    the cell."""

    relation: Codes  # (cases,)
    client: Codes  # (cases,)
    group: Codes  # (cases,)
    others: Codes  # (cases, widest) group codes, -1: none

    def __len__(self) -> int:
        return len(self.relation)

    def those(self, mask: NDArray[np.bool_]) -> Cases:
        """The cases where the mask holds."""
        return Cases(self.relation[mask], self.client[mask], self.group[mask], self.others[mask])


def group_codes(network: Network, history: History) -> Codes:
    """Group code of every firm in the history's groups."""
    return np.searchsorted(history.groups, network.group_id)


def standing(network: Network, history: History, month: int, seed: int, *, largest: bool = False) -> Cases:
    """For every client published in the month: one member of the panel, at random, alone in its group.

    `largest`: the one with the most money instead.
    """
    rng = np.random.default_rng(seed)
    width = len(history.groups)
    keys = history.behind[month][0].key
    shown = ~np.isnan(history.published["days_late"][:, month])
    codes = group_codes(network, history)
    single = network.own_group()
    relation_key = network.client * width + codes[network.firm]
    order = np.argsort(relation_key)
    place = np.minimum(np.searchsorted(relation_key[order], keys), len(order) - 1)
    relation = order[place]
    fits = shown[keys // width] & (relation_key[relation] == keys) & single[network.firm[relation]]
    shuffled = rng.permutation(np.nonzero(fits)[0])
    if largest:
        shuffled = shuffled[np.argsort(-network.amount[relation[shuffled], month], kind="stable")]
    client = keys[shuffled] // width
    _, first = np.unique(client, return_index=True)
    chosen = shuffled[first]
    client, group = keys[chosen] // width, keys[chosen] % width
    return Cases(relation[chosen], client, group, everybody_else(history, client, group))


def everybody_else(history: History, client: Codes, group: Codes) -> Codes:
    """Groups that ever stood behind each client's cells, the case's own aside; (cases, widest), -1: none."""
    width = len(history.groups)
    keys = np.unique(np.concatenate([one.key for fields in history.behind for one in fields]))
    starts, ends = np.searchsorted(keys, client * width), np.searchsorted(keys, (client + 1) * width)
    widest = int((ends - starts).max(initial=1))
    place = starts[:, None] + np.arange(widest)
    there = place < ends[:, None]
    found = np.where(there, keys[np.minimum(place, len(keys) - 1)] % width, -1)
    return np.where(found == group[:, None], -1, found)


def stood(behind: Behind, client: Codes, group: Codes, width: int) -> Days:
    """Value that each (client, group) stood with, NaN where it did not (or the group is -1)."""
    if not len(behind.key):
        return np.full(np.broadcast_shapes(client.shape, group.shape), np.nan)
    wanted = client * width + group
    place = np.minimum(np.searchsorted(behind.key, wanted), len(behind.key) - 1)
    return np.where((behind.key[place] == wanted) & (group >= 0), behind.value[place], np.nan)


def mean_over(table: Days, months: range) -> Days:
    """Mean of the known over some months of (cases, months); NaN where none is known."""
    part = table[:, months.start : months.stop]
    known = ~np.isnan(part)
    total = np.where(known, part, 0.0).sum(axis=1)
    count = known.sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def relations_beside(network: Network, real: History, cases: Cases, rng: np.random.Generator) -> Codes:
    """Relations of other members of each case's panel, in random order; (cases, widest), -1: none."""
    width = len(real.groups)
    there = ~np.isnan(stood(real.behind[-1][0], cases.client[:, None], cases.others, width))
    codes = np.searchsorted(real.groups, network.group_id)
    key = network.client * width + codes[network.firm]
    order = np.argsort(key)
    wanted = cases.client[:, None] * width + cases.others
    place = np.minimum(np.searchsorted(key[order], wanted), len(order) - 1)
    found = np.where(there & (key[order][place] == wanted), order[place], -1)
    shuffle = np.argsort(np.where(found >= 0, rng.random(found.shape), 2.0), axis=1)
    return np.take_along_axis(found, shuffle, axis=1)
