"""Attacks that guess one relation's value: members who collude, everybody but one, averages over a year or
more.

Knows: what each attacker legitimately has (its own values, the published cells, others' values if they
collude).
Must not know: the target's series, which only the truth holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tests.attacks.cases import Cases, mean_over, stood
from tests.attacks.likelihood import joint_guesses
from tests.attacks.scoring import Trials
from tests.simulation.history import History
from tests.simulation.network import TERMS_EQUIVALENT, Network
from tests.simulation.policies import Policy
from tests.simulation.sending import values

Days = NDArray[np.float64]
SPANS = (1, 3, 6, 12)
COLUMNS = ("days_late", "spread", "dso")


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One network under one policy, its twin, and the targets that the twin redraws."""

    network: Network
    twin_network: Network
    policy: Policy
    real: History
    twin: History
    cases: Cases
    truth: Days  # (2, months, relations): days_late and dso as counted in each month's release
    beside: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))  # second clients, if any

    @property
    def newest(self) -> int:
        """Place of the newest release."""
        return self.network.months - 1


def truths(network: Network) -> Days:
    """Each relation's value in each month's release; (2, months, relations)."""
    sent = network.sent()
    return np.stack([values(network, month, sent) for month in range(network.months)], axis=1)


def terms_days(world: World, cases: Cases) -> Days:
    """The targets' terms in days; (cases,)."""
    return np.array(TERMS_EQUIVALENT)[world.network.terms[cases.relation]]


def _columns(history: History, cases: Cases, months: range) -> list[Days]:
    return [
        mean_over(history.published[name][cases.client], months)
        for name in (*COLUMNS, "band")
        if name in history.published
    ]


def baseline_features(world: World, cases: Cases) -> tuple[Days, Days]:
    """What the sector tells, and what the published cell itself does; the target's terms are known to
    both."""
    sector = np.column_stack([_sector_level(world, cases), terms_days(world, cases)])
    return sector, published_features(world, cases, world.real)


def published_features(world: World, cases: Cases, history: History) -> Days:
    """The newest cell as anybody reads it, and the target's terms."""
    newest, terms = world.newest, terms_days(world, cases)
    cell = _columns(history, cases, range(newest, newest + 1))
    late, dso = (history.published[name][cases.client, newest] for name in ("days_late", "dso"))
    return np.column_stack([*cell, late + terms, dso - terms, terms])


def _sector_level(world: World, cases: Cases) -> Days:
    """Mean published centre of the sector's clients: protected cells, which any member may average."""
    newest = world.newest
    centre, sector = world.real.published["days_late"][:, newest], world.network.sector
    known = ~np.isnan(centre)
    count = np.bincount(sector[known], minlength=sector.max() + 1)
    total = np.bincount(sector[known], centre[known], minlength=sector.max() + 1)
    level = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return np.asarray(level[sector[cases.client]])


def colluders(world: World, cases: Cases, count: int, seed: int) -> NDArray[np.int64]:
    """`count` members of each panel, at random, who put their values together; (cases, count) group codes."""
    rng = np.random.default_rng(seed)
    behind = world.real.behind[world.newest][0]
    there = ~np.isnan(stood(behind, cases.client[:, None], cases.others, len(world.real.groups)))
    order = np.argsort(np.where(there, rng.random(there.shape), 2.0), axis=1)[:, :count]
    return np.take_along_axis(cases.others, order, axis=1)


def members_view(
    history: History, cases: Cases, knowing: NDArray[np.int64], terms: Days, newest: int
) -> Days:
    """Everything that members who pool their own values see, over several spans of months."""
    width = len(history.groups)
    parts: list[Days] = [terms]
    own = [
        np.stack(
            [
                stood(history.behind[month][place], cases.client[:, None], knowing, width)
                for month in range(max(0, newest - SPANS[-1] + 1), newest + 1)
            ],
            axis=2,
        )
        for place in range(2)
    ]
    length = own[0].shape[2]
    for span in SPANS:
        months = range(max(0, newest - span + 1), newest + 1)
        seen = _columns(history, cases, months)
        late, spread, dso, band = seen[0], seen[1], seen[2], seen[3]
        mine = [
            np.stack(
                [
                    mean_over(each[:, who], range(max(0, length - span), length))
                    for who in range(each.shape[1])
                ],
                1,
            )
            for each in own
        ]
        parts += [late, spread, dso, dso - terms, band, late - spread, late + spread]
        for place, centre in ((0, late), (1, dso)):
            total = mine[place].sum(axis=1)
            parts += [mine[place].mean(axis=1), 5 * centre - total]
            parts += [(5 * centre - total) / (5 - knowing.shape[1])]
    return np.column_stack(parts)


def all_but_one_view(
    history: History,
    policy: Policy,
    cases: Cases,
    terms: Days,
    newest: int,
    months: int,
    *,
    honest: bool = True,
) -> Days:
    """Everything but the target's own series: residuals, and the joint likelihood of all published
    numbers."""
    parts: list[Days] = [terms]
    for place, name in ((0, "days_late"), (1, "dso")):
        centre = history.published[name][cases.client]
        left, others = [], np.zeros((0, 0))
        for month in range(newest - months + 1, newest + 1):
            behind = history.behind[month][place]
            others = stood(behind, cases.client[:, None], cases.others, len(history.groups))
            n = np.sum(~np.isnan(others), axis=1) + 1
            left.append(n * centre[:, month] - np.nansum(others, axis=1))
        table = np.stack(left, axis=1)
        parts += [mean_over(table, range(months - span, months)) for span in SPANS if span <= months]
        parts += [
            mean_over(table, range(months)),
            mean_over(others, range(others.shape[1])),
            centre[:, newest],
        ]
    span = range(newest - months + 1, newest + 1)
    readings = (COLUMNS, ("days_late",), ("days_late", "dso"))
    for mode, mean, _ in joint_guesses(history, policy, cases, terms, span, readings, honest=honest):
        parts += [mode, mean, mode + terms, mean + terms]
    return np.column_stack(parts)


def members(world: World, count: int, seed: int) -> list[Trials]:
    """An insider (count 1) or several colluders against the newest days late and DSO."""
    cases, newest = world.cases, world.newest
    knowing, terms = colluders(world, cases, count, seed), terms_days(world, cases)
    real, twin = (members_view(one, cases, knowing, terms, newest) for one in (world.real, world.twin))
    return _both(world, real, twin, world.truth[:, newest, cases.relation])


def all_but_one(world: World, months: int) -> list[Trials]:
    """Everybody else's values against the mean of the target's over the months (1: the newest), by field."""
    cases, newest = world.cases, world.newest
    months = min(months, newest + 1)
    terms = terms_days(world, cases)
    real, twin = (
        all_but_one_view(one, world.policy, cases, terms, newest, months) for one in (world.real, world.twin)
    )
    span = range(newest - months + 1, newest + 1)
    truth = np.stack([mean_over(series[:, cases.relation].T, span) for series in world.truth])
    return _both(world, real, twin, truth)


def _both(world: World, real: Days, twin: Days, truth: Days) -> list[Trials]:
    """Trials on days late and on DSO: (2, cases) of truth."""
    sector, published = baseline_features(world, world.cases)
    return [_known(Trials(each, real, twin, sector, published)) for each in truth]


def averaged(world: World, months: int) -> Trials:
    """An insider against the target's mean over a year or more, from as many releases."""
    cases, newest = world.cases, world.newest
    months = min(months, newest + 1)
    knowing, terms = colluders(world, cases, 1, months), terms_days(world, cases)
    sector, published = baseline_features(world, cases)
    span = range(newest - months + 1, newest + 1)
    views = []
    for history in (world.real, world.twin):
        view = members_view(history, cases, knowing, terms, newest)
        views.append(np.column_stack([view, *_columns(history, cases, span)]))
    truth = mean_over(world.truth[0][:, cases.relation].T, span)
    return _known(Trials(truth, views[0], views[1], sector, published))


def outsider(world: World) -> Trials:
    """Reading the cell as it stands: the centre, and where order statistics would lie.

    The published value is the attack here: what it tells without the target is read in the twin.
    """
    cases, newest = world.cases, world.newest
    terms = terms_days(world, cases)
    sector, _ = baseline_features(world, cases)
    views = []
    for history in (world.real, world.twin):
        late, spread, dso, band = _columns(history, cases, range(newest, newest + 1))
        views.append(np.column_stack([late, late - spread, late + spread, spread, dso - terms, band, terms]))
    published = published_features(world, cases, world.twin)
    return _known(Trials(world.truth[0, newest, cases.relation], views[0], views[1], sector, published))


def counted(world: World) -> Trials:
    """How many stand behind the cell, within one: from bands over months. The band alone is the baseline."""
    cases, newest = world.cases, world.newest
    n = world.real.count(0)[cases.client, newest].astype(np.float64)
    bands = world.real.published["band"][cases.client]
    spans = [mean_over(bands, range(max(0, newest - span + 1), newest + 1)) for span in (1, 6, 12, 18)]
    nothing = np.zeros((len(cases), 4))
    return Trials(n, np.column_stack(spans), nothing, nothing[:, :1], spans[0][:, None])


def _known(trials: Trials) -> Trials:
    return trials.those(~np.isnan(trials.truth))
