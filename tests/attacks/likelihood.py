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

    seen: Days  # (cases, months), NaN: not published, or without the target
    others: Days  # (cases, months, others), NaN: not a member
    anchor: Days  # (cases, months)
    first: NDArray[np.bool_]  # (cases, months) a first publication
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
        sets.append(np.where(~np.isnan(others[-1]), weight[cases.others], 0.0).sum(axis=1))
    stack = np.stack(others, axis=1)
    member = np.stack(inside, axis=1)
    last, known = _last_published(centre)
    start = history.network[name]
    published = centre[~np.isnan(centre)]
    start = np.where(np.isnan(start), np.median(published) if len(published) else LEVEL, start)
    span = slice(months.start, months.stop)
    anchor = np.where(known[:, span], last[:, span], start[None, span])
    return Reading(
        seen=np.where(member, numbers[:, span], np.nan),
        others=stack,
        anchor=anchor,
        first=~known[:, span],
        n=np.sum(~np.isnan(stack), axis=2) + 1.0,
        sets=np.unique(np.stack(sets, axis=1), return_inverse=True)[1].reshape(member.shape),
    )


def _last_published(centre: Days) -> tuple[Days, NDArray[np.bool_]]:
    """The centre last published before each month, and whether there was one; (cases, months) each."""
    last = np.full_like(centre, np.nan)
    for month in range(1, centre.shape[1]):
        last[:, month] = np.where(np.isnan(centre[:, month - 1]), last[:, month - 1], centre[:, month - 1])
    return last, ~np.isnan(last)


def joint_guesses(
    history: History,
    policy: Policy,
    cases: Cases,
    terms: Days,
    months: range,
    readings: tuple[tuple[str, ...], ...],
) -> list[tuple[Days, Days]]:
    """Mode within three days and mean of the posterior of each target's days late; (cases,) each.

    `terms`: the target's terms in days, known to the attacker; one pair of guesses for each of `readings`,
    published numbers that are read together.
    """
    told = {}
    for column in {each for reading in readings for each in reading}:
        place = 1 if column == "dso" else 0
        one = reading(history, cases, place, column, months)
        shift = terms if place else np.zeros(len(cases))
        told[column] = _likelihood(one, policy, column, shift, months)
    prior = _prior(history, cases, months)
    return [_guess(prior + sum(told[column] for column in each)) for each in readings]


def _guess(weight: Days) -> tuple[Days, Days]:
    weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    near = np.stack([weight[:, max(0, at - 1) : at + 2].sum(axis=1) for at in range(len(GRID_DAYS))], axis=1)
    return GRID_DAYS[np.argmax(near, axis=1)], weight @ GRID_DAYS


def _prior(history: History, cases: Cases, months: range) -> Days:
    """Log density on the grid: the others' mean, as far as it can be trusted, and what relations are like."""
    behind = history.behind[months[-1]][0]
    known = stood(behind, cases.client[:, None], cases.others, len(history.groups))
    n = np.sum(~np.isnan(known), axis=1)
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


def _likelihood(one: Reading, policy: Policy, column: str, shift: Days, months: range) -> Days:
    """Log density of what was published for every candidate; (cases, grid)."""
    cases, span = one.seen.shape
    expected = np.empty((cases, span, len(GRID_DAYS)))
    values = np.concatenate([one.others, np.zeros((cases, span, 1))], axis=2)
    for at, day in enumerate(GRID_DAYS):
        values[:, :, -1] = np.maximum(0.0, day + shift[:, None]) if column == "dso" else day
        centre, spread = policy.plain(values, one.anchor, one.first)
        expected[:, :, at] = spread if column == "spread" else centre
    count = np.arange(months.start, months.stop)
    overlap = np.maximum(0, WINDOW - np.abs(count[:, None] - count)) / WINDOW**2
    wander = MONTH_SD**2 * (overlap if column != "dso" else np.eye(span))
    if column == "dso":
        wander = wander + DSO_SD**2 * np.eye(span)
    found = np.zeros((cases, len(GRID_DAYS)))
    for case in range(cases):
        there = ~np.isnan(one.seen[case])
        if not there.any():
            continue
        scale = np.outer(1 / one.n[case, there], 1 / one.n[case, there])
        noise = policy.covariance(column, count[there], one.sets[case, there])
        matrix = (noise + wander[np.ix_(there, there)]) * scale + ROUNDING * np.eye(int(there.sum()))
        away = one.seen[case, there][:, None] - expected[case, there]
        found[case] = -0.5 * np.einsum("tg,tg->g", away, np.linalg.solve(matrix, away))
    return found
