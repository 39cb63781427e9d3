"""The rules that are compared: Vigie's alerts, and what people use today, each with one threshold.

Every naive rule is given the threshold that keeps its false onsets at the stated rate in the very worlds it
is judged in, which is more than anybody has who uses it; Vigie's cuts are those of the product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.alerts import HISTORY_MONTHS, KINDS, RAISED_DTYPE, Alert, detect
from benchmark.series import Wide
from privacy.disclosure import MISSING
from tests.leadtime.world import World

Days = NDArray[np.float64]
Onsets = NDArray[np.bool_]
REFRACTORY = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a statistic whose crossing of a threshold is an onset. `own`: of a firm's own figures."""

    name: str
    own: bool
    statistic: Callable[[Days], Days]
    """(units, months) -> (units, months), NaN where it says nothing."""
    source: str = "late"  # "late", "dso" or "incident", of own figures


def _before(values: Days, months: int) -> Days:
    shifted = np.full(values.shape, np.nan)
    if months < values.shape[1]:
        shifted[:, months:] = values[:, : values.shape[1] - months]
    return shifted


def _mean(values: Days, months: int) -> Days:
    stack = np.stack([_before(values, back) for back in range(months)])
    known = ~np.isnan(stack)
    count = known.sum(axis=0)
    total = np.where(known, stack, 0.0).sum(axis=0)
    return np.where(count > months // 2, total / np.maximum(count, 1), np.nan)


def level(values: Days) -> Days:
    """The newest value."""
    return values


def month_change(values: Days) -> Days:
    """The newest value less the month before's."""
    return values - _before(values, 1)


def three_month_mean(values: Days) -> Days:
    """The mean of three months less that of the three before."""
    mean = _mean(values, 3)
    return mean - _before(mean, 3)


def against_year(values: Days) -> Days:
    """The mean of three months less that of the twelve before."""
    return _mean(values, 3) - _before(_mean(values, 12), 3)


NAIVE = (
    Rule("cells: level over a threshold", own=False, statistic=level),
    Rule("cells: change on the month before", own=False, statistic=month_change),
    Rule("cells: three-month mean on the three before", own=False, statistic=three_month_mean),
    Rule("cells: three-month mean on the year before", own=False, statistic=against_year),
    Rule("own DSO over a threshold", own=True, statistic=level, source="dso"),
    Rule("own DSO: change on the month before", own=True, statistic=month_change, source="dso"),
    Rule("own days late over a threshold", own=True, statistic=level),
    Rule("own days late: three-month mean on the three before", own=True, statistic=three_month_mean),
    Rule("own days late: three-month mean on the year before", own=True, statistic=against_year),
    Rule("own first incident (over 60 days late)", own=True, statistic=level, source="incident"),
)


def centres(world: World, history: list[tuple[int, NDArray[np.void]]], start: int) -> Days:
    """(clients, months) published days late, NaN where suppressed."""
    values = np.full((world.size.clients, world.size.months), np.nan)
    for month, cells in history:
        place = np.searchsorted(world.names, cells["pseudonym"])
        days = cells["days_late"].astype(np.float64)
        values[place, month - start] = np.where(cells["days_late"] == MISSING, np.nan, days)
    return values


def onsets(statistic: Days, threshold: float) -> Onsets:
    """Crossings of the threshold from below, none within REFRACTORY months of another; (units, months)."""
    with np.errstate(invalid="ignore"):
        over = statistic >= threshold
    found = over.copy()
    found[:, 1:] &= ~over[:, :-1]
    return _rested(found)


def _rested(found: Onsets) -> Onsets:
    last = np.full(len(found), -REFRACTORY)
    kept = np.zeros(found.shape, bool)
    for month in range(found.shape[1]):
        now = found[:, month] & (month - last >= REFRACTORY)
        kept[:, month] = now
        last[now] = month
    return kept


def vigie(
    world: World, history: list[tuple[int, NDArray[np.void]]], start: int, wide: dict[int, Wide]
) -> tuple[Onsets, list[Alert]]:
    """Drifts and shocks as the server raises them, month by month; all alerts."""
    found = np.zeros((world.size.clients, world.size.months), bool)
    raised, alerts = np.zeros(0, RAISED_DTYPE), []
    for place in range(len(history)):
        seen = history[max(0, place + 1 - HISTORY_MONTHS) : place + 1]
        month = history[place][0]
        told = detect(seen, month, raised, wide=wide)
        rows = [
            (np.frombuffer(one.pseudonym, "V32")[0], KINDS.index(one.kind), one.month, one.size_days,
             one.ends_at_days or 0)
            for one in told
        ]  # fmt: skip
        raised = np.concatenate([raised, np.array(rows, RAISED_DTYPE)])
        alerts += told
        worse = [one.pseudonym for one in told if one.kind in {"drift", "shock"}]
        if worse:
            where = np.searchsorted(world.names, np.frombuffer(b"".join(worse), "V32"))
            found[where, month - start] = True
    return found, alerts
