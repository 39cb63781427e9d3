"""The attacker who knows everybody's values but one, and the policy's public rules: every published number
at once.

Knows: the policy's plain statistics and its noise, the others' values month by month.
Must not know: the target's series.

For every candidate value the attacker computes what the rules would have published of all the values, month
by month, and weighs what was published by the noise's joint normal density over months (what is permanent,
by contributor set, by quarter and by month goes together as it does in the policy), over centre, spread and
DSO, which have noise of their own. The guess is the middle of the six days that hold the most posterior
weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, stood
from tests.simulation.history import History
from tests.simulation.network import (
    CLIENT_SD,
    DSO_SD,
    FIRM_SD,
    MONTH_SD,
    RELATION_SD,
    RELATION_WIDE_SD,
    SECTOR_SD,
    SLOW_KEPT,
    SLOW_SD,
    WIDE_SHARE,
)
from tests.simulation.policies import Policy

Days = NDArray[np.float64]
Codes = NDArray[np.int64]
GRID_DAYS = np.arange(-48.0, 112.0, 2.0)
ROUNDING = 1 / 12  # variance of rounding to whole days
WINDOW = 3
LEVEL = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One published number of each case over months, and what stood behind it but for the target."""

    seen: Days  # (cases, months), NaN: not published
    inside: NDArray[np.bool_]  # (cases, months) the target stands behind it
    others: Days  # (cases, months, others), NaN: not a member
    last: Days  # (cases, months) the centre published before, NaN: none
    network: Days  # (months,) the network's centre
    n: Days  # (cases, months) the target included
    sets: Codes  # (cases, months) equal numbers for equal contributor sets


def reading(history: History, cases: Cases, place: int, column: str, months: range) -> Reading:
    """What was published of the cases' cells; `place` is the field's, `column` the published number's."""
    width, name = len(history.groups), ("days_late", "dso")[place]
    centre = history.published[name][cases.client]
    numbers = history.published[column][cases.client] if column in history.published else centre * np.nan
    others, inside = [], []
    weight = np.random.default_rng(0).random(width)
    sets = []
    for month in months:
        behind = history.behind[month][place]
        others.append(stood(behind, cases.client[:, None], cases.others, width))
        inside.append(~np.isnan(stood(behind, cases.client, cases.group, width)))
        own = np.where(inside[-1], weight[cases.group], 0.0)
        sets.append(own + np.where(~np.isnan(others[-1]), weight[cases.others], 0.0).sum(axis=1))
    stack = np.stack(others, axis=1)
    member = np.stack(inside, axis=1)
    start = history.network[name]
    published = centre[~np.isnan(centre)]
    start = np.where(np.isnan(start), np.median(published) if len(published) else LEVEL, start)
    span = slice(months.start, months.stop)
    return Reading(
        seen=numbers[:, span],
        inside=member,
        others=stack,
        last=_last_published(centre)[:, span],
        network=start[span],
        n=np.maximum(1.0, np.sum(~np.isnan(stack), axis=2) + member),
        sets=np.unique(np.stack(sets, axis=1), return_inverse=True)[1].reshape(member.shape),
    )


def _last_published(centre: Days) -> Days:
    """The centre last published before each month, NaN where none was; (cases, months)."""
    last = np.full_like(centre, np.nan)
    for month in range(1, centre.shape[1]):
        last[:, month] = np.where(np.isnan(centre[:, month - 1]), last[:, month - 1], centre[:, month - 1])
    return last


def joint_guesses(
    history: History,
    policy: Policy,
    cases: Cases,
    terms: Days,
    months: range,
    readings: tuple[tuple[str, ...], ...],
    *,
    honest: bool = True,
) -> list[tuple[Days, Days, Days]]:
    """Of each target's days late: the mode within three days, the mean, and the weight within three days of
    the mode, which is how often the attacker believes to be right; (cases,) each.

    `terms`: the target's terms in days, known to the attacker; one pair of guesses for each of `readings`,
    the published numbers that are read together; `honest`: whether the others' values tell of the client.
    """
    prior = _prior(history, cases, months, honest=honest)
    told = {}
    for column in {each for reading in readings for each in reading}:
        one = reading(history, cases, 1 if column == "dso" else 0, column, months)
        told[column] = one, _expected(one, policy, column, terms)
    return [
        _guess(prior + _likelihood({name: told[name] for name in each}, policy, months)) for each in readings
    ]


def _guess(weight: Days) -> tuple[Days, Days, Days]:
    weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    near = np.stack([weight[:, max(0, at - 1) : at + 2].sum(axis=1) for at in range(len(GRID_DAYS))], axis=1)
    return GRID_DAYS[np.argmax(near, axis=1)], weight @ GRID_DAYS, near.max(axis=1)


def _prior(history: History, cases: Cases, months: range, *, honest: bool) -> Days:
    """Log density on the grid: the others' mean, as far as it can be trusted, and what relations are like."""
    behind = history.behind[months[-1]][0]
    known = stood(behind, cases.client[:, None], cases.others, len(history.groups))
    n = np.sum(~np.isnan(known), axis=1) * honest
    mean = np.where(n, np.where(np.isnan(known), 0, known).sum(axis=1) / np.maximum(n, 1), LEVEL)
    shared = CLIENT_SD**2 + SECTOR_SD**2
    own = FIRM_SD**2 + MONTH_SD**2 / WINDOW
    each = own + (1 - WIDE_SHARE) * RELATION_SD**2 + WIDE_SHARE * RELATION_WIDE_SD**2
    trust = n * shared / (n * shared + each)
    at = LEVEL + trust * (mean - LEVEL)
    about = shared * (1 - trust)
    density = np.zeros((len(cases), len(GRID_DAYS)))
    for share, sd in ((1 - WIDE_SHARE, RELATION_SD), (WIDE_SHARE, RELATION_WIDE_SD)):
        variance = (own + sd**2 + about)[:, None]
        density += share * np.exp(-0.5 * (GRID_DAYS - at[:, None]) ** 2 / variance) / np.sqrt(variance)
    return np.log(density + 1e-300)


def _expected(one: Reading, policy: Policy, column: str, terms: Days) -> Days:
    """What the rules would publish for every candidate, before noise; (cases, months, grid)."""
    expected = np.empty((*one.seen.shape, len(GRID_DAYS)))
    low, high = policy.bounds(one.last, np.broadcast_to(one.network, one.last.shape))
    values = np.concatenate([one.others, np.zeros((*one.seen.shape, 1))], axis=2)
    for at, day in enumerate(GRID_DAYS):
        candidate = np.maximum(0.0, day + terms[:, None]) if column == "dso" else day
        values[:, :, -1] = np.where(one.inside, candidate, np.nan)
        centre, spread = policy.plain(values, low, high)
        expected[:, :, at] = spread if column == "spread" else centre
    return expected


def _likelihood(told: dict[str, tuple[Reading, Days]], policy: Policy, months: range) -> Days:
    """Log density of all the numbers published, together, for every candidate; (cases, grid)."""
    names = list(told)
    if not names:
        return np.zeros(1)
    count = np.tile(np.arange(months.start, months.stop), len(names))
    column = np.repeat(names, len(months))
    seen = np.concatenate([told[name][0].seen for name in names], axis=1)
    n = np.concatenate([told[name][0].n for name in names], axis=1)
    sets = np.concatenate([told[name][0].sets for name in names], axis=1)
    expected = np.concatenate([told[name][1] for name in names], axis=1)
    inside = np.concatenate([told[name][0].inside for name in names], axis=1)
    wander = _wander(column, count)
    found = np.zeros((len(seen), len(GRID_DAYS)))
    for case in range(len(seen)):
        there = ~np.isnan(seen[case])
        if there.any():
            scale = np.outer(1 / n[case, there], 1 / n[case, there])
            noise = policy.covariance(column[there], count[there], sets[case, there])
            moves = wander[np.ix_(there, there)] * np.outer(inside[case, there], inside[case, there])
            matrix = (noise + moves) * scale + ROUNDING * np.eye(int(there.sum()))
            away = seen[case, there][:, None] - expected[case, there]
            found[case] = -0.5 * np.einsum("tg,tg->g", away, np.linalg.solve(matrix, away))
    return found


def _wander(column: NDArray[np.str_], month: Codes) -> Days:
    """Covariance of the target's own months about its level, as each published number shows them.

    Days late (and the spread, which moves with them) are a window's, DSO is one month's.
    """
    newest = column == "dso"
    each = np.arange(month.min() - WINDOW + 1, month.max() + 1)
    parts = (month[:, None] - each).astype(np.float64)
    weight = np.where(newest[:, None], parts == 0, ((parts >= 0) & (parts < WINDOW)) / WINDOW)
    path = SLOW_SD**2 * SLOW_KEPT ** np.abs(each[:, None] - each) + MONTH_SD**2 * np.eye(len(each))
    return np.asarray(weight @ path @ weight.T + DSO_SD**2 * np.diag(newest.astype(np.float64)))
