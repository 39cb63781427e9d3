"""Attacks that tell whether a firm stands behind a cell at all, and how many do.

Knows: a firm's own value (the attacker has it, say from the firm's ledger) and published cells.
Must not know: who is in a panel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, mean_over
from tests.attacks.scoring import Tellings
from tests.simulation.history import History, live_through
from tests.simulation.network import TERMS_EQUIVALENT, Network, without
from tests.simulation.policies import Policy

Days = NDArray[np.float64]


def at_the_edge(network: Network, floor: int, real: History, seed: int) -> Cases:
    """One relation of every client that has the suppliers for a cell."""
    pairs = _pairs(network, real)
    suppliers = np.bincount(pairs[:, 0], minlength=len(network.names))
    return _one_a_client(network, real, seed, suppliers[network.client] >= floor)


def at_random(network: Network, real: History, seed: int, share: float = 0.07) -> Cases:
    """Relations drawn from all of the network's, whether published or not (a client's second one is
    left out)."""
    drawn = np.random.default_rng(seed + 1).random(network.relations) < share
    return _one_a_client(network, real, seed, drawn)


def _pairs(network: Network, real: History) -> NDArray[np.int64]:
    codes = np.searchsorted(real.groups, network.group_id)
    sent = network.sent().any(axis=1)
    return np.unique(np.stack([network.client, codes[network.firm]], axis=1)[sent], axis=0)


def _one_a_client(network: Network, real: History, seed: int, wanted: NDArray[np.bool_]) -> Cases:
    rng = np.random.default_rng(seed)
    fits = wanted & network.sent().any(axis=1) & network.own_group()[network.firm]
    shuffled = rng.permutation(np.nonzero(fits)[0])
    client, first = np.unique(network.client[shuffled], return_index=True)
    relation = shuffled[first]
    group = np.searchsorted(real.groups, network.group_id)[network.firm[relation]]
    return Cases(relation, client, group, np.full((len(relation), 1), -1))


def told(
    network: Network, truth: Days, real: History, absent: History, cases: Cases
) -> tuple[Tellings, NDArray[np.bool_]]:
    """The same cells with the target and without it; and where a cell is published both times."""
    newest = network.months - 1
    series = truth[0][:, cases.relation].T
    terms = np.array(TERMS_EQUIVALENT)[network.terms[cases.relation]]
    both = [~np.isnan(one.published["days_late"][cases.client, newest]) for one in (real, absent)]
    views = [_view(one, cases, series, terms, newest) for one in (real, absent)]
    return Tellings(*views), both[0] & both[1]


def _view(history: History, cases: Cases, series: Days, terms: Days, newest: int) -> Days:
    """What is published, as deviations that the target's own value would explain."""
    parts: list[Days] = []
    for span in (1, 6, 12):
        months = range(max(0, newest - span + 1), newest + 1)
        own = mean_over(series, months)
        late, spread, dso, band = (
            mean_over(history.published[name][cases.client], months)
            for name in ("days_late", "spread", "dso", "band")
        )
        network = float(np.nan_to_num(mean_over(history.network["days_late"][None], months)[0]))
        shown = (~np.isnan(history.published["days_late"][cases.client, months.start : months.stop])).mean(
            axis=1
        )
        away, away_dso = late - own, dso - own - terms
        parts += [
            shown,
            band,
            spread,
            np.abs(away),
            np.abs(away_dso),
            away**2,
            (late - network) * (own - network),
        ]
        parts += [(dso - terms - network) * (own - network), spread * np.abs(own - network)]
    return np.column_stack(parts)


def absent_world(network: Network, policy: Policy, cases: Cases) -> History:
    """The network lived through without the cases' relations."""
    return live_through(without(network, cases.relation), policy)
