"""A firm's own portfolio without any peer: how fast it collects, where its cash is, what lateness costs.

Knows: contributions and invoices of one firm. The formulas are `benchmark.indicators`'; statutory penalties
are computed on request and sent to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import (
    Ints,
    average_days_delinquent,
    collection_effectiveness,
    countback,
    dso_best_possible,
    dso_simple,
    month_days,
    month_of,
)
from benchmark.ledger import BUCKETS, Contributions, Invoices, owed
from benchmark.upload import known

SPAN_MONTHS: Final = 3
MARGIN_POINTS: Final = 10.0
FIXED_CENTS: Final = 4_000
"""Recovery costs, 40 euros an invoice paid late: Code de commerce, art. D. 441-5."""
YEAR_DAYS: Final = 365

_RATES: Final = (
    (2010, 1.00, 1.00),
    (2011, 1.00, 1.25),
    (2012, 1.00, 1.00),
    (2013, 0.75, 0.50),
    (2014, 0.25, 0.15),
    (2015, 0.05, 0.05),
    (2016, 0.05, 0.00),
    *((year, 0.00, 0.00) for year in range(2017, 2023)),
    (2023, 2.50, 4.00),
    (2024, 4.50, 4.25),
    (2025, 3.15, 2.15),
)
REFERENCE_RATES: Final[dict[int, float]] = {
    **{2 * year + half: rate for year, *both in _RATES for half, rate in enumerate(both)},
    2 * 2026: 2.15,
}
"""The European Central Bank's main refinancing rate, percent, on 1 January and 1 July, by half-year (2 x
year, + 1 for the second). A half-year that is not here takes the newest before it, and the caller says so."""


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """All clients together at the end of `month`; days NaN and cents None where the file does not tell.

    cash: outstanding in cents split into terms granted (not due), lateness, disputes, and what the file does
    not tell the age of ("unknown"), summing to it exactly; credit balances of clients lower what is not due.
    ageing: cents by bucket, and "unknown". None where nobody's age is told.
    """

    month: int
    outstanding: int
    dso: float
    dso_countback: float
    dso_best: float
    days_delinquent: float
    effectiveness: float
    ageing: dict[str, int] | None
    cash: dict[str, int] | None


def own_figures(months: Contributions) -> OwnFigures | None:
    """Of the newest month; DSO over the sales of its last three months. None without any month."""
    if not months:
        return None
    last = max(months)
    sums = {month: _sums(months, month) for month in range(min(months), last + 1)}
    now = sums[last]
    span = [sums.get(last - back) for back in range(SPAN_MONTHS)]
    sales = np.array([one["sales"] if one else np.nan for one in span]).sum()
    days = float(month_days(np.arange(last - SPAN_MONTHS + 1, last + 1)).sum())
    before = sums.get(last - 1)
    effectiveness = (
        float(
            collection_effectiveness(before["outstanding"], now["sales"], now["outstanding"], now["not_due"])
        )
        if before
        else float("nan")
    )
    ageing, cash = _ageing_and_cash(months[last][1])
    return OwnFigures(
        month=last,
        outstanding=int(now["outstanding"]),
        dso=float(dso_simple(now["outstanding"], sales, days)),
        dso_countback=_countback(sums, last, int(now["outstanding"])),
        dso_best=float(dso_best_possible(now["not_due"], sales, days)),
        days_delinquent=float(average_days_delinquent(now["outstanding"], now["not_due"], sales, days)),
        effectiveness=effectiveness,
        ageing=ageing,
        cash=cash,
    )


def _sums(months: Contributions, month: int) -> dict[str, float]:
    """Sums over the clients of a month; NaN for a field that one of them does not tell."""
    names = ("sales", "outstanding", *BUCKETS)
    if month not in months:
        return dict.fromkeys(names, 0.0)
    _, rows = months[month]
    return {name: float(rows[name].sum()) if known(rows, name).all() else float("nan") for name in names}


def _countback(sums: Mapping[int, dict[str, float]], last: int, outstanding: int) -> float:
    span = np.arange(min(sums), last + 1)
    sold = np.array([sums[int(month)]["sales"] for month in span])
    if np.isnan(sold).any():
        return float("nan")
    tenths, told = countback(
        sold.astype(np.int64)[:, None], np.array([outstanding], np.int64), month_days(span)
    )
    return float(tenths[0]) / 10 if told[0] else float("nan")


def _ageing_and_cash(rows: NDArray[np.void]) -> tuple[dict[str, int] | None, dict[str, int] | None]:
    """What is outstanding, by age, and by what brings it in: terms run out, reminders, a dispute settled.

    A disputed amount is late where it can be, client by client; what is disputed before it is due counts as
    disputed too.
    """
    aged = np.logical_and.reduce([known(rows, name) for name in BUCKETS])
    if not aged.any():
        return None, None
    unknown = int(rows["outstanding"][~aged].sum())
    told = rows[aged]
    late = sum((told[name] for name in BUCKETS[1:]), np.zeros(len(told), np.int64))
    disputed = np.where(known(told, "disputed"), told["disputed"], 0)
    disputed = np.minimum(disputed, np.maximum(told["outstanding"], 0))
    of_late = np.minimum(disputed, late)
    cash = {
        "terms": int((told["not_due"] - (disputed - of_late)).sum()),
        "lateness": int((late - of_late).sum()),
        "disputes": int(disputed.sum()),
        "unknown": unknown,
    }
    return {name: int(told[name].sum()) for name in BUCKETS} | {"unknown": unknown}, cash


@dataclass(frozen=True, slots=True)
class Penalties:
    """By client (n,): late_invoices, interest and fixed costs in cents."""

    late_invoices: Ints
    interest_cents: Ints
    fixed_cents: Ints


def penalties(
    invoices: Invoices, clients: int, until: np.datetime64, rates: Mapping[int, float] = REFERENCE_RATES
) -> Penalties:
    """What the law grants on invoices paid late or open and late on the day `until`.

    Interest = amount x days late / 365 x (reference rate of the half-year in which the invoice fell due + 10
    points), each part of an invoice on its own days, rounded to a cent per invoice; and 40 euros an invoice
    (Code de commerce, art. L. 441-10 II and D. 441-5). Credit notes, disputed invoices and invoices whose
    dates are lost are left out.
    """
    asked = invoices.cents > 0
    for left_out in (invoices.disputed, invoices.undated):
        if left_out is not None:
            asked &= ~left_out
    if invoices.sold is not None:
        asked &= invoices.sold
    due = invoices.due
    late_cent_days = np.zeros(len(due), np.float64)
    was_late = np.zeros(len(due), bool)
    parts = invoices.payments
    rest = invoices.cents.astype(np.int64).copy()
    if parts is not None:
        days = np.maximum((parts.paid - due[parts.invoice]).astype(np.int64), 0)
        counted = np.ones(len(days), bool) if parts.cash is None else parts.cash
        np.add.at(late_cent_days, parts.invoice[counted], (parts.cents * days)[counted])
        was_late[parts.invoice[counted & (days > 0)]] = True
        np.subtract.at(rest, parts.invoice, parts.cents)
    settled = ~np.isnat(invoices.settled)
    ends = np.where(settled, invoices.settled, until)
    left = np.where(settled, rest, np.minimum(rest, owed(invoices)))
    days = np.maximum((ends - due).astype(np.int64), 0)
    late_cent_days += np.maximum(left, 0) * days
    was_late |= (left > 0) & (days > 0)
    rate = (_reference(due, rates) + MARGIN_POINTS) / 100
    interest = np.floor(np.maximum(late_cent_days, 0) * rate / YEAR_DAYS + 0.5).astype(np.int64)
    found = asked & was_late
    counts, sums = np.zeros(clients, np.int64), np.zeros(clients, np.int64)
    np.add.at(counts, invoices.client[found], 1)
    np.add.at(sums, invoices.client[found], interest[found])
    return Penalties(counts, sums, counts * FIXED_CENTS)


def _reference(due: NDArray[np.datetime64], rates: Mapping[int, float]) -> NDArray[np.float64]:
    """The reference rate of each due date's half-year, the newest known one where it is later."""
    halves = np.array(sorted(rates))
    month = month_of(due)
    half = month // 12 * 2 + (month % 12 >= 6)
    place = np.clip(np.searchsorted(halves, half, side="right") - 1, 0, len(halves) - 1)
    return np.array([rates[int(one)] for one in halves])[place]


def newest_rate(rates: Mapping[int, float] = REFERENCE_RATES) -> tuple[str, float]:
    """The newest half-year known, such as "2026-01", and its rate in percent."""
    half = max(rates)
    return f"{half // 2}-{'07' if half % 2 else '01'}", rates[half]
