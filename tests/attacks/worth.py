"""What a policy is worth to its readers: coverage, error, true degradations seen. The floors of the harness.

Knows: what is published and what is true. Must not know: attackers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.simulation.history import History
from tests.simulation.network import START, Network
from tests.simulation.sending import values

Days = NDArray[np.float64]
WARM_UP = 6  # months until the chain is in its stride
FLOOR = 5
RISE_DAYS, CAUGHT_SHARE, SEEN_WITHIN = 20.0, 0.5, 6


@dataclass(frozen=True, slots=True)
class Worth:
    """Sums over one network, so that networks add up."""

    covered: int  # relation-months with five groups or more whose cell is published
    coverable: int
    shown: int  # relation-months whose cell is published, however few stand behind it
    relations: int  # relation-months in all
    errors: dict[
        str, tuple[float, int]
    ]  # by field: sum of absolute days over cells and months, and their number
    errors_read: dict[str, tuple[float, int]]  # the same over relations: what a reader meets
    caught: int
    degradations: int


def worth(network: Network, history: History) -> Worth:
    """Coverage and error of a history against what everybody's values truly were."""
    sent = network.sent()
    groups = np.searchsorted(history.groups, network.group_id)[network.firm]
    covered = coverable = shown_in_all = relations = 0
    sums = {name: [0.0, 0] for name in ("days_late", "dso")}
    read = {name: [0.0, 0] for name in ("days_late", "dso")}
    truth = np.full((len(network.names), network.months), np.nan)
    for month in range(network.months):
        exact = values(network, month, sent)
        for place, name in enumerate(("days_late", "dso")):
            mean, n = _means(network, groups, exact[place], len(history.groups))
            centre = history.published[name][:, month]
            if place == 0:
                truth[:, month] = mean
            if month < WARM_UP:
                continue
            shown = ~np.isnan(centre) & (n > 0)
            away = np.abs(centre[shown] - mean[shown])
            sums[name][0] += float(away.sum())
            sums[name][1] += int(shown.sum())
            read[name][0] += float((away * n[shown]).sum())
            read[name][1] += int(n[shown].sum())
            if place == 0:
                coverable += int(n[n >= FLOOR].sum())
                covered += int(n[(n >= FLOOR) & ~np.isnan(centre)].sum())
                shown_in_all += int(n[~np.isnan(centre)].sum())
                relations += int(n.sum())
    caught, degradations = _caught(network, history.published["days_late"], truth)
    return Worth(
        covered,
        coverable,
        shown_in_all,
        relations,
        {name: (one[0], int(one[1])) for name, one in sums.items()},
        {name: (one[0], int(one[1])) for name, one in read.items()},
        caught,
        degradations,
    )


def total(several: list[Worth]) -> dict[str, float]:
    """Shares and means over networks."""

    def mean(name: str, of: str) -> float:
        parts = [getattr(one, of)[name] for one in several]
        count = sum(part[1] for part in parts)
        return sum(part[0] for part in parts) / count if count else 0.0

    degradations = sum(one.degradations for one in several)
    coverable = sum(one.coverable for one in several)
    relations = sum(one.relations for one in several)
    return {
        "covered": sum(one.covered for one in several) / max(1, coverable),
        "covered_of_all": sum(one.shown for one in several) / max(1, relations),
        "error_days_late": mean("days_late", "errors"),
        "error_dso": mean("dso", "errors"),
        "error_read_days_late": mean("days_late", "errors_read"),
        "error_read_dso": mean("dso", "errors_read"),
        "caught": sum(one.caught for one in several) / max(1, degradations),
        "degradations": float(degradations),
        "relation_months": float(coverable),
    }


def _means(
    network: Network, group: NDArray[np.int64], exact: Days, width: int
) -> tuple[Days, NDArray[np.int64]]:
    """Each client's mean of group means (unweighted), and how many groups have a value."""
    known = ~np.isnan(exact)
    keys, pair = np.unique(network.client[known] * width + group[known], return_inverse=True)
    count = np.bincount(pair.reshape(-1), minlength=len(keys))
    each = np.bincount(pair.reshape(-1), exact[known], minlength=len(keys)) / count
    client = keys // width
    n = np.bincount(client, minlength=len(network.names))
    sums = np.bincount(client, each, minlength=len(network.names))
    return np.where(n > 0, sums / np.maximum(n, 1), np.nan), n


def _caught(network: Network, centre: Days, truth: Days) -> tuple[int, int]:
    """Clients whose true mean rose by 20 days within half a year, and of whom the cell showed half of it."""
    caught = count = 0
    for client in np.nonzero(network.degraded_from >= WARM_UP)[0]:
        before = int(network.degraded_from[client]) - 1
        after = before + SEEN_WITHIN
        if after >= network.months or np.isnan(centre[client, [before, after]]).any():
            continue
        rise = truth[client, after] - truth[client, before]
        if not rise >= RISE_DAYS:
            continue
        count += 1
        caught += bool(
            np.nanmax(centre[client, before + 1 : after + 1]) - centre[client, before] >= rise * CAUGHT_SHARE
        )
    return caught, count


assert START % 12 == 0
