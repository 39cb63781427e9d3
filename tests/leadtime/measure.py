"""One seed's measurements: false onsets, recall, days of warning.

A relation is a firm and one of its clients; what is measured is the firm's. Judged are relations whose client
has published cells: what the network cannot show it cannot warn of.

false onset   one outside a decline, by unit and month: a client for what is read from cells, a relation for
              own figures. What follows a default is not judged, nor are the three months after a recovery; a
              dispute is no false onset of own figures, for the firm in dispute.
recall        declines of which the firm hears by an onset from their first month to their last
warning       days from when the firm hears (a release's publication; own figures at the month's end) to the
              first own invoice 30 days later than this client usually is; below zero: after it
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmark.release import release_month
from privacy.profiles import STANDARD
from tests.leadtime.rules import NAIVE, Days, Onsets, Rule, centres, onsets, vigie
from tests.leadtime.world import GRACE_DAYS, NEVER, SHAPES, START, USUAL, Size, World, make

FALSE_PER_THOUSAND = 1.0
QUIET_AFTER = 3
THRESHOLDS = (*np.arange(200.0, 60.0, -2.0), *np.arange(60.0, 0.0, -0.5))
JUDGED_FROM = 16  # months: every rule has its history
KEY = bytes(range(32))


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One seed: the world, what was published, every rule's statistic."""

    world: World
    centre: Days  # (clients, months)
    ours: Onsets  # (clients, months)
    statistics: dict[str, Days]
    shifts: int  # sectors told of, which in these worlds shift by chance alone


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One rule in one seed."""

    false: int
    unit_months: int
    true: int  # onsets within a decline, by unit
    caught: NDArray[np.bool_]  # (declining relations,)
    warning: Days  # (declining relations,) days, NaN where not caught
    shape: NDArray[np.int64]  # (declining relations,)


def play(seed: int, size: Size = USUAL, *, together: bool = False) -> Played:
    """Live through a world: every month through the whole policy, then every rule over what is there."""
    world = make(seed, size, together=together)
    history, state, wide = [], None, {}
    key = seed.to_bytes(4, "little") + KEY[4:]
    for month in range(size.months):
        result = release_month(START + month, world.uploads(month), state, STANDARD, key)
        state = result.state
        history.append((START + month, result.release.cells))
        cells = {0: result.release.network, **result.release.sectors}
        wide[START + month] = {code: (cell.days_late, cell.band) for code, cell in cells.items()}
    centre = centres(world, history, START)
    ours, alerts = vigie(world, history, START, wide)
    shifts = sum(one.kind == "sector" for one in alerts)
    own = {
        "late": world.own_late,
        "dso": world.own_dso,
        "incident": np.stack([rows["incident"].astype(np.float64) for rows in world.rows], axis=1),
    }
    statistics = {rule.name: rule.statistic(own[rule.source] if rule.own else centre) for rule in NAIVE}
    return Played(replace(world, rows=[]), centre, ours, statistics, shifts)  # rows are the most of it


def episode(world: World, *, after: int = 0) -> NDArray[np.bool_]:
    """(clients, months) within a decline, or `after` months beyond."""
    month = np.arange(world.size.months)
    inside = (month >= world.onset[:, None]) & (month <= world.ends[:, None] + after)
    return np.asarray(inside & world.in_decline()[:, None])


def defaulted(world: World) -> NDArray[np.bool_]:
    """(clients, months) after a decline that ended in default."""
    lost = np.isin(world.shape, [SHAPES.index("drift"), SHAPES.index("stop")])
    return np.asarray((np.arange(world.size.months) > world.ends[:, None]) & lost[:, None])


def false_and_months(played: Played, found: Onsets, *, own: bool) -> tuple[int, int, int]:
    """False onsets, the unit-months that could have had one, and true onsets."""
    world = played.world
    quiet = ~episode(world, after=QUIET_AFTER) & ~defaulted(world)
    published = ~np.isnan(played.centre)
    if own:
        quiet, published = quiet[world.client], published[world.client]
        quiet = quiet & ~world.disputing[:, None]
    judged = published & (np.arange(world.size.months) >= JUDGED_FROM)
    hit = episode(world)[world.client] if own else episode(world)
    return (
        int((found & judged & quiet).sum()),
        int((judged & quiet).sum()),
        int((found & hit & (np.arange(world.size.months) >= JUDGED_FROM)).sum()),
    )


def declining(world: World, centre: Days) -> NDArray[np.int64]:
    """Relations whose client declines, published the month before, with an own invoice that is late."""
    client = world.client
    onset = np.maximum(world.onset[client], 1)
    known = ~np.isnan(centre[client, onset - 1])
    lives = (world.begins < onset) & (world.stops >= world.ends[client])
    return np.nonzero(world.in_decline()[client] & known & lives & (world.first_overdue() < NEVER))[0]


def judge(played: Played, found: Onsets, *, own: bool, grace_days: int = GRACE_DAYS) -> Judged:
    """What a rule's onsets were worth, beside the first own invoice so much later than usual."""
    world = played.world
    false, months, true = false_and_months(played, found, own=own)
    relations = declining(world, played.centre)
    client = world.client[relations]
    mine = found[relations] if own else found[client]
    within = mine & episode(world)[client]
    caught = within.any(axis=1)
    month = within.argmax(axis=1)
    heard = world.month_starts[month + 1] + (0 if own else 11)
    warning = np.where(caught, world.first_overdue(grace_days)[relations] - heard, np.nan)
    return Judged(false, months, true, caught, warning, world.shape[client])


def calm_onsets(played: Played, shape: str) -> tuple[int, int]:
    """Vigie's onsets on clients of a shape that is no decline, and their client-months."""
    world = played.world
    mine = (world.shape == SHAPES.index(shape))[:, None]
    judged = mine & ~np.isnan(played.centre) & (np.arange(world.size.months) >= JUDGED_FROM)
    return int((played.ours & judged).sum()), int(judged.sum())


def closure_onsets(played: Played) -> dict[bool, tuple[int, int]]:
    """False onsets and client-months of releases of August to October and December to February; of others.

    What is overdue in August and at Christmas stays in a window of three months.
    """
    world = played.world
    quiet = ~episode(world, after=QUIET_AFTER) & ~defaulted(world) & ~np.isnan(played.centre)
    month = np.arange(world.size.months)
    closed = np.isin((START + month) % 12, [7, 8, 9, 11, 0, 1])
    found = {}
    for after in (True, False):
        judged = quiet & (month >= JUDGED_FROM) & (closed == after)
        found[after] = int((played.ours & judged).sum()), int(judged.sum())
    return found


def calibrated(rule: Rule, every: list[Played]) -> float:
    """The least threshold down to which the false onsets over all seeds stay at the stated rate."""
    if rule.source == "incident":
        return 1.0
    least = math.inf
    for threshold in THRESHOLDS:  # from the highest down, until there are too many
        counts = [
            false_and_months(one, onsets(one.statistics[rule.name], threshold), own=rule.own) for one in every
        ]
        false, months = (sum(count[place] for count in counts) for place in (0, 1))
        if 1000 * false > FALSE_PER_THOUSAND * months:
            break
        least = threshold
    return least
