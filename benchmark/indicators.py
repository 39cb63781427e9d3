"""Formulas of credit management over arrays: days and money in, days out. Each cites where it comes from.

Knows: months as indices (year * 12 + month - 1), cents, days. Money is int64 cents, results are float64 days
with NaN where the formula has no meaning (never a zero that would be averaged), countback in integer tenths.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EPOCH_MONTH: Final = 1970 * 12
DSO_MAX_DAYS: Final = 3_600
"""Countback stops here: ten years of unpaid sales say all there is to say, and the field holds no more."""

FEW_DAYS: Final = 1_000
SPAN_DAYS: Final = 100_000
"""Dates within 270 years of 1970 are looked up in a calendar."""

PROMPTNESS_DAYS: Final = (-30.0, -20.0, 0.0, 15.0, 22.0, 30.0, 60.0, 90.0, 120.0, 180.0)
PROMPTNESS_SCORE: Final = (100.0, 90.0, 80.0, 70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 1.0)


def month_end(month: int) -> np.datetime64:
    """Last day of a month given by its index."""
    last: np.datetime64 = np.datetime64(month - EPOCH_MONTH + 1, "M").astype("M8[D]") - np.timedelta64(1, "D")
    return last


def month_of(days: NDArray[np.datetime64]) -> Ints:
    """Month index of each day, dtype datetime64[D]; the caller masks NaT."""
    number = days.astype("M8[D]", copy=False).view(np.int64)
    if len(number) < FEW_DAYS or (low := int(number.min())) < -SPAN_DAYS or int(number.max()) > SPAN_DAYS:
        return days.astype("M8[M]").astype(np.int64) + EPOCH_MONTH
    # A calendar of the days in between is read many times faster than a date is taken apart.
    calendar = np.arange(low, int(number.max()) + 1).astype("M8[D]").astype("M8[M]").astype(np.int64)
    return np.asarray(calendar[number - low] + EPOCH_MONTH)


def month_end_of(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """The last day of each day's month."""
    month = (month_of(days) - EPOCH_MONTH + 1).astype("M8[M]")
    if len(days) < FEW_DAYS or not len(month):
        return np.asarray(month.astype("M8[D]") - np.timedelta64(1, "D"))
    low = int(month.view(np.int64).min())
    ends = np.arange(low, int(month.view(np.int64).max()) + 1).astype("M8[M]").astype("M8[D]")
    return np.asarray(ends[month.view(np.int64) - low] - np.timedelta64(1, "D"))


def month_days(months: ArrayLike) -> Ints:
    """Calendar days in each month."""
    first = (np.asarray(months, np.int64) - EPOCH_MONTH).astype("M8[M]")
    return np.asarray(((first + 1).astype("M8[D]") - first.astype("M8[D]")).astype(np.int64))


def _ratio(above: ArrayLike, below: ArrayLike) -> Floats:
    """`above` / `below` where `below` is positive, else NaN."""
    top, bottom = np.broadcast_arrays(np.asarray(above, np.float64), np.asarray(below, np.float64))
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def dso_simple(receivable: ArrayLike, sales: ArrayLike, days: ArrayLike) -> Floats:
    """Days sales outstanding = receivable / sales of the period x days of the period.

    Source: Credit Research Foundation, "Ratios and Formulas in Customer Financial Analysis".
    """
    return _ratio(receivable, sales) * np.asarray(days, np.float64)


def dso_best_possible(not_due: ArrayLike, sales: ArrayLike, days: ArrayLike) -> Floats:
    """Best-possible DSO = receivable not yet due / sales x days: what remains if nobody were late (CRF)."""
    return dso_simple(not_due, sales, days)


def average_days_delinquent(
    receivable: ArrayLike, not_due: ArrayLike, sales: ArrayLike, days: ArrayLike
) -> Floats:
    """Average days delinquent = DSO - best-possible DSO (CRF)."""
    return dso_simple(receivable, sales, days) - dso_best_possible(not_due, sales, days)


def collection_effectiveness(
    opening: ArrayLike, sales: ArrayLike, closing: ArrayLike, closing_not_due: ArrayLike
) -> Floats:
    """CEI = (opening + sales - closing total) / (opening + sales - closing not due) x 100 (CRF).

    100 when everything that fell due was collected.
    """
    invoiced = np.asarray(opening, np.float64) + np.asarray(sales, np.float64)
    return 100.0 * _ratio(invoiced - np.asarray(closing), invoiced - np.asarray(closing_not_due))


def days_beyond_terms(
    late_1_30: ArrayLike,
    late_31_60: ArrayLike,
    late_61_90: ArrayLike,
    late_91_plus: ArrayLike,
    balance: ArrayLike,
) -> Floats:
    """Days beyond terms from an aged balance = (15 A1 + 45 A2 + 75 A3 + 105 A4) / balance.

    Source: Experian Business, "Days Beyond Terms": each bucket at its middle, the oldest at 105 days.
    """
    weighted = (
        15 * np.asarray(late_1_30, np.float64)
        + 45 * np.asarray(late_31_60, np.float64)
        + 75 * np.asarray(late_61_90, np.float64)
        + 105 * np.asarray(late_91_plus, np.float64)
    )
    return _ratio(weighted, balance)


def promptness(days_late: ArrayLike, cents: ArrayLike) -> float:
    """Payments weighted by amount on a scale of 1 to 100: 80 is on the day, 50 is 30 days late.

    The points are those that Dun & Bradstreet publishes for its own, registered score (100 anticipates, 90
    takes the discount, 80 prompt, 70 is 15 days slow, 60 is 22, 50 is 30, 40 is 60, 30 is 90, 20 is 120);
    between them the scale is straight. NaN without a positive amount.
    """
    weights = np.asarray(cents, np.float64)
    total = float(weights.sum())
    if total <= 0:
        return float("nan")
    scores = np.interp(np.asarray(days_late, np.float64), PROMPTNESS_DAYS, PROMPTNESS_SCORE)
    return float((scores * weights).sum() / total)


def days_late_in_window(
    paid_days_late: ArrayLike,
    open_late_days: ArrayLike,
    paid: ArrayLike,
    late_outstanding: ArrayLike,
    outstanding: ArrayLike,
) -> Floats:
    """The network's one formula for how late a client pays in a window, in days.

    (sum of paid_days_late over the window + open_late_days at its end)
        / (sum of paid over the window + late outstanding at its end)

    What is open and late counts, so that a client who stops paying gets worse, not invisible. NaN without a
    positive denominator, or with a credit balance.
    """
    days = np.asarray(paid_days_late, np.float64) + np.asarray(open_late_days, np.float64)
    amount = np.asarray(paid, np.float64) + np.asarray(late_outstanding, np.float64)
    value = _ratio(days, amount)
    return np.where(np.asarray(outstanding) < 0, np.nan, value)


def countback(sales: Ints, outstanding: Ints, days: Ints) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Countback DSO (the épuisement method, formula countback-1) in tenths of a day, and where it is known.

    sales (months, n) cents by month, oldest first, the last row being the month at whose end the receivable
    stands; outstanding (n,) cents; days (months,) calendar days of each month. Take the latest month's sales
    off the receivable and add its days; repeat; the last month counts pro rata, rounded half up to a tenth.

    A month without sales adds its days; one with more credit notes than invoices puts them back on the
    receivable. A receivable of zero is 0 days; a credit balance is unknown. When the history runs out before
    the receivable does, the value is unknown (an invented month would be averaged like a true one), unless
    DSO_MAX_DAYS was reached: then it is DSO_MAX_DAYS.

    Source: CRF, "Countback DSO"; AFDCC, « DSO par la méthode d'épuisement du chiffre d'affaires ».
    """
    tenths = np.zeros(len(outstanding), np.int32)
    known = np.asarray(outstanding == 0)
    active = np.flatnonzero(outstanding > 0)
    left = outstanding[active].astype(np.int64)
    full = 0
    for back in range(len(sales) - 1, -1, -1):
        if not len(active) or full >= DSO_MAX_DAYS:
            break
        sold, length = sales[back, active], int(days[back])
        last = sold >= left
        who, part, whole = active[last], left[last], sold[last]
        tenths[who] = 10 * full + (20 * length * part + whole) // (2 * whole)
        known[who] = True
        active, left = active[~last], (left - sold)[~last]
        full += length
    if full >= DSO_MAX_DAYS:
        tenths[active], known[active] = 10 * DSO_MAX_DAYS, True
    return np.minimum(tenths, 10 * DSO_MAX_DAYS), known
