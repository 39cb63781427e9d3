"""`benchmark.comparison` for many clients at once: the same facts from dense arrays, month by client.

Knows: arrays of own values and of published cells. Every figure is the one that `compare` gives for one
client; a test draws histories and compares them. The member's side only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.comparison import STANDARD, Balance, Cell, Comparison, Month, NextStep, Position, Rules, SlowTo

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

NOTHING: Final = -(10**6)
"""Whole days that are not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Clients x months, oldest month first. Own values in days, NaN unknown; cells in whole days, NOTHING."""

    late: Floats = field(repr=False)
    dso: Floats = field(repr=False)
    band: NDArray[np.uint8] = field(repr=False)  # 0: not published
    centre: Whole = field(repr=False)
    spread: Whole = field(repr=False)
    centre_dso: Whole = field(repr=False)

    def month(self, client: int, at: int) -> Month:
        """One month of one client, as `compare` reads it."""
        cell = None
        if self.band[client, at]:
            known = (_known(one[client, at]) for one in (self.centre, self.spread, self.centre_dso))
            cell = Cell(int(self.band[client, at]), *known)
        late, dso = float(self.late[client, at]), float(self.dso[client, at])
        return Month(None if late != late else late, None if dso != dso else dso, cell)  # noqa: PLR0124


def empty(late: Floats, dso: Floats) -> Histories:
    """Own values without any cell yet."""
    shape = late.shape
    unknown = [np.full(shape, NOTHING, np.int64) for _ in range(3)]
    return Histories(late, dso, np.zeros(shape, np.uint8), *unknown)


def _known(value: np.int64) -> int | None:
    return None if value == NOTHING else int(value)


def _whole(values: Floats) -> Whole:
    """Whole days, halves up; NOTHING for NaN."""
    known = ~np.isnan(values)
    return np.where(known, np.floor(np.where(known, values, 0) + 0.5), NOTHING).astype(np.int64)


def _minus(left: Whole, right: Whole) -> Whole:
    return np.where((left == NOTHING) | (right == NOTHING), NOTHING, left - right)


def compare_many(of: Histories, balances: list[Balance], rules: Rules = STANDARD) -> list[Comparison]:
    """Every client's facts at the last month; what `compare` says of each."""
    own, now_dso = _whole(of.late), _whole(of.dso[:, -1])
    months = own.shape[1]
    band, centre, spread = of.band[:, -1].astype(np.int64), of.centre[:, -1], of.spread[:, -1]
    reach = np.array((0, *rules.uncertainty_days))
    own_change, peers_change, distance = _changes(own, of.centre, months, rules)
    slow_to = _slow_to(own_change, peers_change, band, rules)
    above = [_positions(own[:, at], of, at, reach) for at in range(months)]
    since = _standing(own, of, above, rules)
    overdue, not_due, disputed = (
        np.array([getattr(one, name) for one in balances], np.int64).reshape(len(balances))
        for name in ("overdue", "not_due", "disputed")
    )
    late = np.maximum(overdue, 0)
    dispute = (late > 0) & (100 * disputed >= rules.dispute_share_min_percent * late)
    rose = (own_change != NOTHING) & (own_change >= rules.own_move_days)
    steps = _next_steps(slow_to, above[-1], dispute, rose)
    days = np.maximum(np.maximum(np.where(own[:, -1] == NOTHING, 0, own[:, -1]), 0),
                      np.where(centre == NOTHING, 0, centre))  # fmt: skip
    days = np.maximum(days, np.where(slow_to == "all", rules.stake_slow_to_all_days, 0))
    share = np.minimum(days, rules.stake_full_days)
    stake = late + np.maximum(not_due, 0) * share // rules.stake_full_days
    uncertainty = np.where(band > 0, reach[band], NOTHING)
    columns = (
        own[:, -1], centre, np.where(band > 0, spread, NOTHING), uncertainty, _minus(own[:, -1], centre),
        above[-1], now_dso, of.centre_dso[:, -1], _minus(now_dso, of.centre_dso[:, -1]), own_change,
        peers_change, _minus(own_change, peers_change), distance, slow_to, dispute, steps, since, stake,
    )  # fmt: skip
    return [Comparison(*row) for row in zip(*map(_values, columns), strict=True)]


def _values(column: NDArray[np.generic]) -> list[object]:
    """Plain values, None for what is not known."""
    if column.dtype.kind != "i":
        return list(column.tolist())
    return [None if value == NOTHING else value for value in column.tolist()]


def _positions(own: Whole, of: Histories, at: int, reach: Whole) -> NDArray[np.object_]:
    """Where an own value lies at a month; see `comparison.position`."""
    centre, spread = of.centre[:, at], np.where(of.spread[:, at] == NOTHING, 0, of.spread[:, at])
    wide = spread + reach[of.band[:, at]]
    known = (own != NOTHING) & (of.band[:, at] > 0) & (centre != NOTHING)
    told: list[tuple[Mask, Position]] = [
        (~known, "unknown"),
        (own > centre + wide, "above"),
        (own < centre - wide, "below"),
    ]
    return np.select([one[0] for one in told], np.array([one[1] for one in told], object), "inside")


def _changes(own: Whole, centre: Whole, months: int, rules: Rules) -> tuple[Whole, Whole, Whole]:
    """(own change, peers' change, months): see `comparison._changes`."""
    clients = len(own)
    changes = [np.full(clients, NOTHING, np.int64) for _ in range(3)]
    settled, begun = np.zeros(clients, bool), np.zeros(clients, bool)
    for back in rules.trend_months:
        if months <= back:
            continue
        of_own = _minus(own[:, -1], own[:, -1 - back])
        of_peers = _minus(centre[:, -1], centre[:, -1 - back])
        both = (of_own != NOTHING) & (of_peers != NOTHING)
        either = (of_own != NOTHING) | (of_peers != NOTHING)
        take = ~settled & (both | (either & ~begun))
        for column, value in zip(changes, (of_own, of_peers, np.full(clients, back)), strict=True):
            column[take] = value[take]
        settled |= both
        begun |= either
    return changes[0], changes[1], changes[2]


def _slow_to(own: Whole, peers: Whole, band: Whole, rules: Rules) -> NDArray[np.object_]:
    moves = np.array((10**6, *rules.peers_move_days))
    own_rose, peers_rose = own >= rules.own_move_days, peers >= moves[band]
    told: list[tuple[Mask, SlowTo]] = [
        ((own == NOTHING) | (peers == NOTHING) | (band == 0), "unknown"),
        (own_rose & peers_rose, "all"),
        (own_rose, "you"),
        (peers_rose, "others"),
    ]
    return np.select([one[0] for one in told], np.array([one[1] for one in told], object), "none")


def _next_steps(
    slow_to: NDArray[np.object_], where: NDArray[np.object_], dispute: Mask, rose: Mask
) -> NDArray[np.object_]:
    with_you = (slow_to == "you") | (where == "above")
    told: list[tuple[Mask, NextStep]] = [
        (dispute & with_you, "settle-dispute"),
        (slow_to == "all", "tighten"),
        (with_you, "talk"),
        (rose, "ask"),
        (slow_to == "others", "watch"),
    ]
    return np.select([one[0] for one in told], np.array([one[1] for one in told], object), "none")


def _standing(own: Whole, of: Histories, where: list[NDArray[np.object_]], rules: Rules) -> Whole:
    """Months ago that a stay above the band was raised which still stands; see `comparison.outside`."""
    clients, months = own.shape
    above, back, silent = (np.zeros(clients, np.int64) for _ in range(3))
    raised = np.full(clients, NOTHING, np.int64)
    for at in range(months):
        unknown = where[at] == "unknown"
        gap = _minus(own[:, at], of.centre[:, at])
        spread = np.where(of.spread[:, at] == NOTHING, 0, of.spread[:, at])
        far = (where[at] == "above") & (gap >= rules.outside_gap_min_days)
        above = np.where(~unknown & far, above + 1, 0)
        back = np.where(~unknown & (gap <= spread), back + 1, 0)
        silent = np.where(unknown, silent + 1, 0)
        stands = raised != NOTHING
        over = stands & ((back >= rules.outside_months_to_clear) | (silent >= rules.outside_months_silent))
        begins = ~stands & (above >= rules.outside_months_to_raise)
        raised[over] = NOTHING
        raised[begins] = at
    return np.where(raised == NOTHING, NOTHING, months - 1 - raised)
