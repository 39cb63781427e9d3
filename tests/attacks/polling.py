"""Attacks that ask again: a firm joins, leaves or corrects a figure while somebody watches the cell.

Knows: in which month the target came, went or corrected (the watcher is told), the cell before and after, how
many stand behind it. A live policy is asked just before and just after the target's upload arrives; between
two releases of any other there is nothing new to see, however often it is asked.
Must not know: the target's series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, everybody_else, mean_over, stood
from tests.attacks.likelihood import joint_guesses
from tests.attacks.reconstruct import World, baseline_features, terms_days
from tests.attacks.scoring import Trials
from tests.simulation.history import History, live_through
from tests.simulation.network import Network, without

Days = NDArray[np.float64]
Codes = NDArray[np.int64]
STEADY_MONTHS = 3  # the cell is published so long before and after
CORRECTED_DAYS = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Cases with the month in which the panel changed: the first with, or the first without the target."""

    cases: Cases
    month: Codes  # (cases,)

    def elsewhere(self, taken: Cases) -> Events:
        """Those on other clients."""
        free = ~np.isin(self.cases.client, taken.client)
        return Events(self.cases.those(free), self.month[free])


def changes(network: Network, real: History, seed: int, *, joins: bool) -> Events:
    """One relation a client that joined (or left) the panel of a published cell; the rest of it may
    change too."""
    rng = np.random.default_rng(seed)
    width = len(real.groups)
    codes = np.searchsorted(real.groups, network.group_id)
    own = np.nonzero(network.own_group()[network.firm])[0]
    client, group = network.client[own], codes[network.firm[own]]
    inside = np.stack([~np.isnan(stood(fields[0], client, group, width)) for fields in real.behind], axis=1)
    shown = ~np.isnan(real.published["days_late"][client])
    step = inside[:, 1:].astype(int) - inside[:, :-1].astype(int)
    found = step == (1 if joins else -1)
    month = np.where(found.any(axis=1), np.argmax(found, axis=1) + 1, 0)
    steady = np.zeros(len(own), bool)
    for place in np.nonzero(month)[0]:
        around = slice(month[place] - STEADY_MONTHS, month[place] + STEADY_MONTHS)
        enough = STEADY_MONTHS <= month[place] <= network.months - STEADY_MONTHS
        steady[place] = enough and bool(shown[place, around].all())
    chosen = rng.permutation(np.nonzero(steady)[0])
    _, first = np.unique(client[chosen], return_index=True)
    chosen = chosen[first]
    cases = Cases(
        own[chosen], client[chosen], group[chosen], everybody_else(real, client[chosen], group[chosen])
    )
    return Events(cases, month[chosen])


def watched(world: World, events: Events, *, joins: bool, daily: bool) -> Trials:
    """The value with which the target came or went, from the cell before and after and its size."""
    cases = events.cases
    inside = events.month if joins else events.month - STEADY_MONTHS
    truth = _around(world.truth[0][:, cases.relation].T, inside, 0, STEADY_MONTHS)
    views = []
    for network, history in ((world.network, world.real), (world.twin_network, world.twin)):
        other = None
        if daily and world.policy.live:
            other = live_through(without(network, cases.relation), world.policy)
        views.append(_change_view(history, other, events, terms_days(world, cases), joins=joins))
    return _while_inside(world, cases, inside, truth, views)


def known_but_one(world: World, events: Events, *, joins: bool) -> Trials:
    """The same for somebody who knows everybody else's values: months with and without the target
    together."""
    cases, terms = events.cases, terms_days(world, events.cases)
    inside = events.month if joins else events.month - STEADY_MONTHS
    truth = _around(world.truth[0][:, cases.relation].T, inside, 0, STEADY_MONTHS)
    views = []
    for history in (world.real, world.twin):
        guesses = joint_guesses(
            history,
            world.policy,
            cases,
            terms,
            range(world.network.months),
            (("days_late", "dso"), ("days_late",)),
        )
        views.append(np.column_stack([each for mode, mean, _ in guesses for each in (mode, mean)]))
    return _while_inside(world, cases, inside, truth, views)


def _while_inside(world: World, cases: Cases, inside: Codes, truth: Days, views: Sequence[Days]) -> Trials:
    """Trials whose published-value guess reads the cell of the months that the truth is of."""
    sector, _ = baseline_features(world, cases)
    terms = terms_days(world, cases)
    cell = {
        name: _around(world.real.published[name][cases.client], inside, 0, STEADY_MONTHS)
        for name in ("days_late", "dso", "band")
    }
    late, dso = cell["days_late"], cell["dso"]
    published = np.column_stack([late, dso, cell["band"], late + terms, dso - terms, terms])
    return Trials(truth, views[0], views[1], sector, published).those(~np.isnan(truth))


def corrections(network: Network, real: History, seed: int) -> Events:
    """One correction a client, made a month after what was first said."""
    rng = np.random.default_rng(seed)
    width = len(real.groups)
    codes = np.searchsorted(real.groups, network.group_id)
    large = np.abs(network.late_first - network.late) >= CORRECTED_DAYS
    large &= network.sent() & network.own_group()[network.firm][:, None]
    relation, month = np.nonzero(large)
    fits = (month >= 3) & (month < network.months - 1)
    relation, month = relation[fits], month[fits]
    order = rng.permutation(len(relation))
    client, group = network.client[relation], codes[network.firm[relation]]
    ok = np.zeros(len(relation), bool)
    for when in np.unique(month):
        here = month == when
        both = [
            ~np.isnan(stood(real.behind[each][0], client[here], group[here], width))
            for each in (when, when + 1)
        ]
        seen = ~np.isnan(real.published["days_late"][client[here]][:, when : when + 2]).any(axis=1)
        ok[here] = both[0] & both[1] & seen
    order = order[ok[order]]
    _, first = np.unique(client[order], return_index=True)
    chosen = order[first]
    cases = Cases(relation[chosen], client[chosen], group[chosen], np.full((len(chosen), 1), -1))
    return Events(cases, month[chosen])


def corrected(world: World, events: Events, *, daily: bool) -> Trials:
    """By how many days the target corrected a month, from the releases before and after."""
    cases, month = events.cases, events.month
    truth = (world.network.late - world.network.late_first)[cases.relation, month]
    views = []
    for network, history in ((world.network, world.real), (world.twin_network, world.twin)):
        before = history.published["days_late"][cases.client, month]
        if daily and world.policy.live:
            late = network.late.copy()
            late[cases.relation, month] = network.late_first[cases.relation, month]
            unsaid = live_through(replace(network, late=late), world.policy)
            before = unsaid.published["days_late"][cases.client, month + 1]
        after = history.published["days_late"][cases.client, month + 1]
        n = history.count(0)[cases.client, month]
        views.append(np.column_stack([(after - before) * n, (after - before) * n * 3, after - before, n]))
    nothing = np.zeros((len(cases), 1))
    level = world.twin.published["days_late"][cases.client, month + 1][:, None]
    return Trials(truth, views[0], views[1], nothing, level)


def _change_view(
    history: History, other: History | None, events: Events, terms: Days, *, joins: bool
) -> Days:
    cases, month = events.cases, events.month
    n = history.count(0)[cases.client].astype(np.float64)
    parts: list[Days] = [terms]
    for name in ("days_late", "dso"):
        centre = history.published[name][cases.client]
        for span in (1, STEADY_MONTHS):
            before, after = _around(centre, month, -span, 0), _around(centre, month, 0, span)
            if other is not None and joins:
                before = _around(other.published[name][cases.client], month, 0, span)
            elif other is not None:
                after = _around(other.published[name][cases.client], month, -span, 0)
            n_before, n_after = _around(n, month, -1, 0), _around(n, month, 0, 1)
            if other is not None:
                n_before, n_after = (n_after - 1, n_after) if joins else (n_before, n_before - 1)
            moved = (n_after * after - n_before * before) * (1 if joins else -1)
            parts += [
                before,
                after,
                after - before,
                moved,
                moved - terms,
                moved / np.maximum(1, abs(n_after - n_before)),
            ]
    parts.append(_around(n, month, 0, 1))
    return np.column_stack(parts)


def _around(table: Days, month: Codes, start: int, end: int) -> Days:
    """Mean of the known over month + start .. month + end - 1, row by row."""
    span = np.clip(month[:, None] + np.arange(start, end), 0, table.shape[1] - 1)
    return mean_over(np.take_along_axis(table, span, axis=1), range(end - start))
