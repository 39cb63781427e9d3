"""The member's own figures against the published cells: the member's side only, in Python and in the page.

Knows: one firm's own rows, the cells it may see. The server may not import this module: it would be the place
where somebody's raw figures meet. TypeScript's twin reads the same vectors (`tests/vectors/comparison.json`).

Days are whole: own values are rounded (halves up) before anything is subtracted, so that the figures a person
reads add up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import days_late_in_window
from benchmark.ledger import BUCKETS, Contributions
from benchmark.upload import ROW_DTYPE, Rows, known

Figures = Mapping[str, int]
Position = Literal["inside", "above", "below", "unknown"]
SlowTo = Literal["all", "you", "others", "none", "unknown"]
NextStep = Literal["tighten", "settle-dispute", "talk", "ask", "watch", "none"]

WINDOW_MONTHS: Final = 3
LATE: Final = BUCKETS[1:]
NEEDED_OF_NEWEST: Final = ("paid", "paid_days_late", "open_late_days")


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as a move, as outside, as a dispute. Days are whole; tuples are by count band 1, 2, 3."""

    name: str
    own_move_days: int
    peers_move_days: tuple[int, int, int]
    """About two standard deviations of the noise on a change, at the smallest usual n of each band."""
    uncertainty_days: tuple[int, int, int]
    """`Profile.uncertainty_days` of the network's release profile."""
    trend_months: tuple[int, ...]
    """How far back a change is measured: the first distance at which figures are known."""
    outside_gap_min_days: int
    outside_months_to_raise: int
    outside_months_to_clear: int
    outside_months_silent: int
    dispute_share_min_percent: int
    stake_full_days: int
    """A client so late counts all that is not yet due as at stake."""
    stake_slow_to_all_days: int


STANDARD: Final = Rules(
    name="comparison-1",
    own_move_days=10,
    peers_move_days=(12, 7, 5),
    uncertainty_days=(12, 6, 3),
    trend_months=(6, 5, 7),
    outside_gap_min_days=10,
    outside_months_to_raise=2,
    outside_months_to_clear=2,
    outside_months_silent=3,
    dispute_share_min_percent=50,
    stake_full_days=90,
    stake_slow_to_all_days=45,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is published of a client for a month; band 1: 5-9, 2: 10-19, 3: 20+; None: not published."""

    band: int
    days_late: int | None
    spread: int | None = None
    dso: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a relation: own values in days (None unknown), the published cell (None suppressed)."""

    days_late: float | None = None
    dso: float | None = None
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What the client owes at the last month end, in cents."""

    overdue: int = 0
    not_due: int = 0
    disputed: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The facts about one client; every number in whole days but `stake_cents`. None: not known."""

    own: int | None
    centre: int | None
    spread: int | None
    uncertainty: int | None
    gap: int | None
    position: Position
    own_dso: int | None
    centre_dso: int | None
    dso_gap: int | None
    own_change: int | None
    peers_change: int | None
    gap_change: int | None
    change_months: int | None
    slow_to: SlowTo
    dispute: bool
    next_step: NextStep
    outside_since: int | None
    """Months ago that "above the band" was raised, when it still stands."""
    stake_cents: int


@dataclass(frozen=True, slots=True)
class Outside:
    """One stay above the band: places in the history where it was raised, and cleared (None: it stands)."""

    raised: int
    cleared: int | None


def days(value: float | None) -> int | None:
    """Whole days, halves up."""
    return None if value is None or math.isnan(value) else math.floor(value + 0.5)


def newest(window: Sequence[Figures | None]) -> Figures | None:
    """The last row of a window of months, oldest first; None where it has none."""
    return next((row for row in reversed(window) if row is not None), None)


def own_days_late(window: Sequence[Figures | None]) -> float | None:
    """Own days late over a window of months, oldest first; None where unknown.

    The network's formula, as benchmark.tally applies it to every firm: payments of the whole window, what is
    open and late of its newest row. An older row whose payments are unknown adds nothing; without the newest
    row's payments, ageing (or outstanding and not due) or open_late_days there is no value.
    """
    end = newest(window)
    if end is None or any(name not in end for name in NEEDED_OF_NEWEST):
        return None
    if all(name in end for name in LATE):
        late = sum(end[name] for name in LATE)
    elif "outstanding" in end and "not_due" in end:
        late = end["outstanding"] - end["not_due"]
    else:
        return None
    counted = [row for row in window if row is not None and "paid" in row and "paid_days_late" in row]
    paid, paid_days = (sum(row[name] for row in counted) for name in ("paid", "paid_days_late"))
    outstanding = end.get("outstanding", 0)
    value = float(days_late_in_window(paid_days, end["open_late_days"], paid, late, outstanding))
    return None if math.isnan(value) else value


def own_dso(figures: Figures | None) -> float | None:
    """Own DSO in days of a window's newest row; unknown with a credit balance."""
    if figures is None or "dso" not in figures or figures.get("outstanding", 0) < 0:
        return None
    return figures["dso"] / 10


def own_values(
    months: Contributions, clients: int, last: int, span: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Own (days late, DSO), each (clients, span) with NaN where unknown, for `span` months up to `last`.

    The same rules as own_days_late and own_dso, over all clients at once.
    """
    late_days = np.full((clients, span), np.nan)
    dso = np.full((clients, span), np.nan)
    every = {month: _spread_out(months, month, clients) for month in range(last - span - 1, last + 1)}
    for column in range(span):
        window = [every[last - span + 1 + column - back] for back in range(WINDOW_MONTHS)]
        rows = np.zeros(clients, ROW_DTYPE)
        paid, paid_days = np.zeros(clients, np.int64), np.zeros(clients, np.int64)
        for there, told in reversed(window):
            rows[there] = told[there]
            counted = known(told, "paid") & known(told, "paid_days_late")
            paid += np.where(counted, told["paid"], 0)
            paid_days += np.where(counted, told["paid_days_late"], 0)
        aged, balanced = _all_known(rows, LATE), _all_known(rows, ("outstanding", "not_due"))
        buckets = sum((rows[name] for name in LATE), np.zeros(clients, np.int64))
        late = np.where(aged, buckets, rows["outstanding"] - rows["not_due"])
        usable = _all_known(rows, NEEDED_OF_NEWEST) & (aged | balanced)
        value = days_late_in_window(paid_days, rows["open_late_days"], paid, late, rows["outstanding"])
        late_days[:, column] = np.where(usable, value, np.nan)
        told_dso = known(rows, "dso") & (rows["outstanding"] >= 0)
        dso[:, column] = np.where(told_dso, rows["dso"] / 10, np.nan)
    return late_days, dso


def _all_known(rows: Rows, names: Sequence[str]) -> NDArray[np.bool_]:
    return np.asarray(np.all([known(rows, name) for name in names], axis=0))


def _spread_out(months: Contributions, month: int, clients: int) -> tuple[NDArray[np.bool_], Rows]:
    rows = np.zeros(clients, ROW_DTYPE)
    there = np.zeros(clients, bool)
    if month in months:
        place, given = months[month]
        rows[place] = given
        there[place] = True
    return there, rows


def position(own: int | None, cell: Cell | None, rules: Rules = STANDARD) -> Position:
    """Where an own value lies: the band is centre +- (spread + uncertainty of the count band)."""
    if own is None or cell is None or cell.days_late is None:
        return "unknown"
    reach = (cell.spread or 0) + rules.uncertainty_days[cell.band - 1]
    if own > cell.days_late + reach:
        return "above"
    return "below" if own < cell.days_late - reach else "inside"


def outside(history: Sequence[Month], rules: Rules = STANDARD) -> list[Outside]:
    """Stays above the band over a history, oldest month first; a pure function, so nothing is remembered.

    Raised after `outside_months_to_raise` months in a row above the band by a gap of at least
    `outside_gap_min_days`; cleared after `outside_months_to_clear` months in a row at or under the peers'
    centre + spread (without the uncertainty), or after `outside_months_silent` months without a comparison.
    Between the two edges the alert stays as it is, so that it does not flicker.
    """
    stays: list[Outside] = []
    above = back = silent = 0
    raised: int | None = None
    for place, month in enumerate(history):
        own = days(month.days_late)
        where = position(own, month.cell, rules)
        if where == "unknown" or own is None or month.cell is None or month.cell.days_late is None:
            above, back, silent = 0, 0, silent + 1
        else:
            gap = own - month.cell.days_late
            silent = 0
            above = above + 1 if where == "above" and gap >= rules.outside_gap_min_days else 0
            back = back + 1 if gap <= (month.cell.spread or 0) else 0
        if raised is None and above >= rules.outside_months_to_raise:
            raised = place
        elif raised is not None and (
            back >= rules.outside_months_to_clear or silent >= rules.outside_months_silent
        ):
            stays.append(Outside(raised, place))
            raised = None
    if raised is not None:
        stays.append(Outside(raised, None))
    return stays


def _changes(history: Sequence[Month], rules: Rules) -> tuple[int | None, int | None, int | None]:
    """(own change, peers' change, months): at the first distance where both are known, else own alone."""
    now = history[-1]
    own_now, centre_now = days(now.days_late), _centre(now)
    found: tuple[int | None, int | None, int | None] = (None, None, None)
    for months in rules.trend_months:
        if len(history) <= months:
            continue
        then = history[-1 - months]
        own_then, centre_then = days(then.days_late), _centre(then)
        own = None if own_now is None or own_then is None else own_now - own_then
        peers = None if centre_now is None or centre_then is None else centre_now - centre_then
        if own is not None and peers is not None:
            return own, peers, months
        if found[2] is None and (own is not None or peers is not None):
            found = own, peers, months
    return found


def _centre(month: Month) -> int | None:
    return None if month.cell is None else month.cell.days_late


def _slow_to(own: int | None, peers: int | None, cell: Cell | None, rules: Rules) -> SlowTo:
    if own is None or peers is None or cell is None:
        return "unknown"
    own_rose, peers_rose = own >= rules.own_move_days, peers >= rules.peers_move_days[cell.band - 1]
    if own_rose:
        return "all" if peers_rose else "you"
    return "others" if peers_rose else "none"


def _next_step(slow_to: SlowTo, where: Position, *, dispute: bool, own_rose: bool) -> NextStep:
    if dispute and (slow_to == "you" or where == "above"):
        return "settle-dispute"
    if slow_to == "all":
        return "tighten"
    if slow_to == "you" or where == "above":
        return "talk"
    if own_rose:
        return "ask"
    return "watch" if slow_to == "others" else "none"


def stake(own: int | None, centre: int | None, slow_to: SlowTo, balance: Balance, rules: Rules) -> int:
    """Money at stake in cents: what is overdue, and of what is not yet due a share that grows with lateness.

    The share is the later of own days and the peers' centre over `stake_full_days`, at most all of it; a
    client slow to all counts as at least `stake_slow_to_all_days` late. An order of work, not a provision.
    """
    late = max(own or 0, centre or 0, rules.stake_slow_to_all_days if slow_to == "all" else 0)
    share = min(late, rules.stake_full_days)
    return max(balance.overdue, 0) + max(balance.not_due, 0) * share // rules.stake_full_days


def compare(history: Sequence[Month], balance: Balance, rules: Rules = STANDARD) -> Comparison:
    """One client's facts at the last month of `history` (oldest first, at least one month)."""
    now = history[-1]
    own, centre, cell = days(now.days_late), _centre(now), now.cell
    own_change, peers_change, months = _changes(history, rules)
    slow_to = _slow_to(own_change, peers_change, cell, rules)
    where = position(own, cell, rules)
    late = max(balance.overdue, 0)
    dispute = late > 0 and 100 * balance.disputed >= rules.dispute_share_min_percent * late
    own_rose = own_change is not None and own_change >= rules.own_move_days
    own_countback, centre_dso = days(now.dso), cell.dso if cell else None
    stays = outside(history, rules)
    standing = stays[-1] if stays and stays[-1].cleared is None else None
    return Comparison(
        own=own,
        centre=centre,
        spread=cell.spread if cell else None,
        uncertainty=rules.uncertainty_days[cell.band - 1] if cell else None,
        gap=_minus(own, centre),
        position=where,
        own_dso=own_countback,
        centre_dso=centre_dso,
        dso_gap=_minus(own_countback, centre_dso),
        own_change=own_change,
        peers_change=peers_change,
        gap_change=_minus(own_change, peers_change),
        change_months=months,
        slow_to=slow_to,
        dispute=dispute,
        next_step=_next_step(slow_to, where, dispute=dispute, own_rose=own_rose),
        outside_since=None if standing is None else len(history) - 1 - standing.raised,
        stake_cents=stake(own, centre, slow_to, balance, rules),
    )


def _minus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left - right


def ranked(comparisons: Sequence[Comparison]) -> list[int]:
    """Places of the comparisons by money at stake, most first; equal ones by gap, then as given."""
    return sorted(
        range(len(comparisons)), key=lambda at: (-comparisons[at].stake_cents, -(comparisons[at].gap or 0))
    )
