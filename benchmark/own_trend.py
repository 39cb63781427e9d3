"""A firm's own trend, client by client, from its own contributions and nobody else's.

Knows: contributions of one firm. No peer, no cell, no name: clients are indices. What peers add is
`benchmark.comparison`'s.

The *habit* of a client is the median of what it did in the months 15 to 4 before the newest (the lagged
baseline of `benchmark.alerts`), at least `habit_months_min` of them known; the *scale* is its median absolute
deviation (x 1.4826), never under `scale_min_days`. A client is worse where it is above its habit by
`rise_min_days` and by `rise_scales` of its scale, and was half way up the month before already: one late
payment is no change of habit. It is measured in days late where the file tells due dates, in days from the
invoice to the payment where it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.comparison import own_values
from benchmark.indicators import countback, days_late_in_window, month_days
from benchmark.ledger import BUCKETS, Contributions
from benchmark.upload import ROW_DTYPE, known

Floats = NDArray[np.float64]

TREND_MONTHS: Final = 24
WINDOW_MONTHS: Final = 3
HABIT: Final = slice(-16, -4)
"""Months 15 to 4 before the newest."""
MAD_TO_SD: Final = 1.4826
LATE: Final = BUCKETS[1:]
NEEDED_MONTHS: Final = TREND_MONTHS + WINDOW_MONTHS - 1
"""What an import has to prepare for a trend of 24 months whose first window is whole."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is worth a credit manager's time; amounts in cents."""

    name: str = "own-1"
    habit_months_min: int = 4
    scale_min_days: float = 3.0
    rise_scales: float = 3.0
    rise_min_days: float = 8.0
    act_rise_days: float = 15.0
    overdue_cents: int = 100_000
    over_terms_days: float = 15.0
    concentration_percent: float = 20.0
    exposure_times: float = 2.0
    silent_months: int = 2
    paying_months_min: int = 4
    """Of the six months before a silence, in how many it has to have paid."""


STANDARD: Final = Rules()


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Of n clients over `months` (m,), oldest first; NaN where the file does not tell.

    days_late, days_to_pay, dso (n, m) days over the three months up to each month; cents: outstanding, late,
    late_61_plus, disputed, paid -> (n, m) at its end or in it; incident (n, m) codes of
    benchmark.upload.INCIDENTS. whole: days_late, days_to_pay, dso, outstanding, late -> (m,), all clients
    together.
    """

    months: NDArray[np.int64]
    days_late: Floats
    days_to_pay: Floats
    dso: Floats
    cents: dict[str, Floats]
    incident: NDArray[np.int64]
    whole: dict[str, Floats]

    def slowness(self) -> tuple[Floats, NDArray[np.bool_]]:
        """What slowness is measured by (n, m), and for whom (n,) it is days late, not days to pay."""
        told = np.isfinite(self.days_late).sum(axis=1) > 0
        return np.where(told[:, None], self.days_late, self.days_to_pay), told


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """How series (n, m) moved.

    habit, rise (n,) NaN where nothing is told; worse, better (n,) bool; since (n,) place of the first month
    of the move, -1 where there is none.
    """

    habit: Floats
    rise: Floats
    worse: NDArray[np.bool_]
    better: NDArray[np.bool_]
    since: NDArray[np.int64]


def trend(months: Contributions, clients: int, span: int = TREND_MONTHS) -> Trend:
    """The last `span` months of the contributions, silent ones included. ValueError: there is none."""
    if not months:
        raise ValueError("no month")
    last = max(months)
    late, dso = own_values(months, clients, last, span)
    rows = {month: _laid_out(months, month, clients) for month in range(last - span - 1, last + 1)}
    asked = np.arange(last - span + 1, last + 1)
    to_pay = np.full((clients, span), np.nan)
    cents = {
        name: np.full((clients, span), np.nan)
        for name in ("outstanding", "late", "late_61_plus", "disputed", "paid")
    }
    incident = np.zeros((clients, span), np.int64)
    whole = {
        name: np.full(span, np.nan) for name in ("days_late", "days_to_pay", "dso", "outstanding", "late")
    }
    for at, month in enumerate(asked.tolist()):
        window = [rows[month - back] for back in range(WINDOW_MONTHS)]
        to_pay[:, at] = _days_to_pay(window)
        for name, of_name in cents.items():
            of_name[:, at] = _cents(rows[month], name, there=month in months)
        incident[:, at] = np.where(known(rows[month], "incident"), rows[month]["incident"], 0)
        _all_together(whole, at, window, there=month in months)
    _dso_of_all(whole["dso"], rows, asked)
    return Trend(asked, late, to_pay, dso, cents, incident, whole)


def change(series: Floats, rules: Rules = STANDARD) -> Change:
    """Where series (n, m) of at least 17 months stand against their habit; shorter ones tell nothing."""
    size = len(series)
    nothing = np.full(size, np.nan)
    if series.shape[1] < -HABIT.start:
        none = np.zeros(size, bool)
        return Change(nothing, nothing.copy(), none, none.copy(), np.full(size, -1, np.int64))
    past = series[:, HABIT]
    told = np.isfinite(past).sum(axis=1) >= rules.habit_months_min
    habit, scale = nothing.copy(), nothing.copy()
    habit[told] = np.nanmedian(past[told], axis=1)
    scale[told] = np.nanmedian(np.abs(past[told] - habit[told, None]), axis=1) * MAD_TO_SD
    bar = np.maximum(rules.rise_min_days, rules.rise_scales * np.maximum(scale, rules.scale_min_days))
    rise = series[:, -1] - habit
    half = series - habit[:, None] >= rise[:, None] / 2
    worse = (rise >= bar) & half[:, -2]
    under = series - habit[:, None] <= rise[:, None] / 2
    better = (rise <= -bar) & under[:, -2]
    since = np.full(size, -1, np.int64)
    for moved, held in ((worse, half), (better, under)):
        run = np.cumprod(held[:, ::-1], axis=1).sum(axis=1)  # months in a row up to the newest
        since[moved] = series.shape[1] - run[moved]
    return Change(habit, rise, worse, better, since)


def _laid_out(months: Contributions, month: int, clients: int) -> NDArray[np.void]:
    rows = np.zeros(clients, ROW_DTYPE)
    if month in months:
        there, told = months[month]
        rows[there] = told
    return rows


def _cents(rows: NDArray[np.void], name: str, *, there: bool) -> Floats:
    """Cents (n,); a client without a row in a month that has any owes nothing, buys and pays nothing."""
    parts = {"late": LATE, "late_61_plus": LATE[2:]}.get(name, (name,))
    silent = rows["present"] == 0
    told = np.logical_and.reduce([known(rows, part) for part in parts])
    total = np.sum([rows[part].astype(np.float64) for part in parts], axis=0)
    return np.asarray(np.where(told, total, np.where(silent & there, 0.0, np.nan)))


def _days_to_pay(window: list[NDArray[np.void]]) -> Floats:
    """Days from invoice to payment of what was paid in a window, by amount."""
    paid, weighted = np.zeros(len(window[0])), np.zeros(len(window[0]))
    for rows in window:
        told = known(rows, "paid") & known(rows, "paid_days_to_pay")
        paid += np.where(told, rows["paid"], 0)
        weighted += np.where(told, rows["paid_days_to_pay"], 0)
    return np.asarray(np.divide(weighted, paid, out=np.full(len(paid), np.nan), where=paid > 0))


def _all_together(whole: dict[str, Floats], at: int, window: list[NDArray[np.void]], *, there: bool) -> None:
    """One month of all clients together: those whose lateness is told, as if they were one."""
    if not there:
        return
    now = window[0]
    told = np.logical_and.reduce([known(now, name) for name in (*LATE, "open_late_days")])
    late = sum(float(now[name][told].sum()) for name in LATE)
    sums = {"paid": 0.0, "paid_days_late": 0.0}
    to_pay, paid_at_all = 0.0, 0.0
    for rows in window:
        counted = known(rows, "paid") & known(rows, "paid_days_late")
        for name in sums:
            sums[name] += float(rows[name][counted].sum())
        timed = known(rows, "paid") & known(rows, "paid_days_to_pay")
        paid_at_all += float(rows["paid"][timed].sum())
        to_pay += float(rows["paid_days_to_pay"][timed].sum())
    outstanding = float(now["outstanding"].sum())
    whole["outstanding"][at] = outstanding
    if told.any():
        whole["late"][at] = late
        open_days = float(now["open_late_days"][told].sum())
        whole["days_late"][at] = days_late_in_window(
            sums["paid_days_late"], open_days, sums["paid"], late, max(outstanding, 0.0)
        )
    if paid_at_all > 0:
        whole["days_to_pay"][at] = to_pay / paid_at_all


def _dso_of_all(dso: Floats, rows: dict[int, NDArray[np.void]], asked: NDArray[np.int64]) -> None:
    """Countback over all clients' sales, where every row of the months before tells them."""
    first = min(rows)
    sold = np.array([float(rows[month]["sales"].sum()) for month in sorted(rows)])
    told = [bool((known(one, "sales") | (one["present"] == 0)).all()) for one in rows.values()]
    if not all(told):
        return
    days = month_days(np.arange(first, first + len(sold)))
    for at, month in enumerate(asked.tolist()):
        reach = month - first + 1
        owed = np.array([int(rows[month]["outstanding"].sum())])
        tenths, reached = countback(sold[:reach].astype(np.int64)[:, None], owed, days[:reach])
        if reached[0] and owed[0] > 0:
            dso[at] = tenths[0] / 10
