"""From invoices to contributions: one row per client and month, every sum in whole cents and cent-days.

Knows: invoices as arrays, month ends, terms of payment. No name and no identifier: clients are indices.

How a receivable is read, once for everybody:

- What is open at a month's end is what was invoiced until then less what was paid until then.
- An open credit note, or money received before its invoice, lowers `outstanding` and `not_due`; it is never
  late, so that `open_late_days` and the late buckets speak of invoices alone.
- A settled credit note is no payment: it closes an invoice, whose own settlement carries the days. `paid` is
  what was settled of invoices.
- A row exists for a client and month with sales, payments or something open; nothing is written for silence.
- What closes an invoice without money (a credit note allocated to it, a write-off) is no payment either.
- A balance brought forward is no sale, and its dates are lost: while some of it is open, the client's ageing
  is unknown; in a month in which some of it is paid, the days of what was paid are.
- Nothing here depends on later months: the same ledger read again a month later gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import Ints, countback, month_days, month_end, month_of
from benchmark.terms import usual_terms
from benchmark.upload import FIELD_BIT, ROW_DTYPE, Rows

Days = NDArray[np.datetime64]
Contributions = dict[int, tuple[NDArray[np.int32], Rows]]

BUCKETS: Final = ("not_due", "late_1_30", "late_31_60", "late_61_90", "late_91_plus")
BUCKET_STARTS_DAYS: Final = np.array([1, 31, 61, 91])
_BUCKET_OF: Final = np.searchsorted(BUCKET_STARTS_DAYS, np.arange(92), side="right")
"""The bucket of so many days late; the last stands for all above."""
HISTORY_MAX_MONTHS: Final = 120
"""Sales older than this before the first month asked for cannot change a countback of 3,600 days."""

CENTS_TOTAL_MAX: Final = 200_000_000_000_000
"""Two trillion units of currency in one ledger: above it, cent-days could leave 64 bits."""


@dataclass(frozen=True, slots=True)
class Payments:
    """Part payments: invoice (k,) int index into the invoices, cents (k,) int64, paid (k,) datetime64[D].

    cash (k,) bool: False where a credit note or a write-off closed the part, not money; None: all True.
    """

    invoice: NDArray[np.int64]
    cents: Ints
    paid: Days
    cash: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Invoices:
    """n invoices in columns.

    client (n,) int32 index; cents (n,) int64, credit notes negative; invoiced, due, settled (n,)
    datetime64[D], settled NaT while open; disputed (n,) bool, or None where the ledger does not tell.
    An invoice with part payments and a settled date is settled by what the parts left.
    sold (n,) bool: False for what is no sale (a balance brought forward, money in advance, a refund), None:
    all are; undated (n,) bool: True where the dates are stand-ins, the invoice's own being lost, None: none.
    """

    client: NDArray[np.int32]
    cents: Ints
    invoiced: Days
    due: Days
    settled: Days
    disputed: NDArray[np.bool_] | None = None
    payments: Payments | None = None
    sold: NDArray[np.bool_] | None = None
    undated: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        sizes = {len(self.client), len(self.cents), len(self.invoiced), len(self.due), len(self.settled)}
        sizes |= {len(each) for each in (self.disputed, self.sold, self.undated) if each is not None}
        if len(sizes) != 1:
            raise ValueError(f"columns of different lengths: {sorted(sizes)}")
        if np.isnat(self.invoiced).any() or np.isnat(self.due).any():
            raise ValueError("an invoice needs its date and its due date")
        if float(np.abs(self.cents.astype(np.float64)).sum()) > CENTS_TOTAL_MAX:
            raise ValueError(f"more than {CENTS_TOTAL_MAX} cents in one ledger")

    def chosen(self, good: NDArray[np.bool_]) -> Invoices:
        """The invoices of a mask (n,), each with its own payments."""
        if good.all():
            return self
        parts = self.payments
        if parts is not None:
            kept, place = good[parts.invoice], np.cumsum(good) - 1
            cash = None if parts.cash is None else parts.cash[kept]
            parts = Payments(place[parts.invoice[kept]], parts.cents[kept], parts.paid[kept], cash)
        told = {
            name: None if column is None else column[good]
            for name, column in (
                ("disputed", self.disputed),
                ("sold", self.sold),
                ("undated", self.undated),
            )
        }
        return Invoices(
            client=self.client[good],
            cents=self.cents[good],
            invoiced=self.invoiced[good],
            due=self.due[good],
            settled=self.settled[good],
            payments=parts,
            **told,
        )


@dataclass(frozen=True, slots=True)
class _Settlements:
    """Every payment, part or whole, in order of month."""

    invoice: NDArray[np.int64]
    cents: Ints
    paid: Days
    month: Ints
    cash: NDArray[np.bool_]


def contributions(
    invoices: Invoices, clients: int, through_month: int, months: int | None = None
) -> Contributions:
    """Rows by month index, for the last `months` months up to `through_month` (None: since the first).

    Each value is (client index (k,) int32 ascending, rows (k,) ROW_DTYPE with a zero pseudonym). An invoice
    list does not tell incident, factored, sector and region, so they are null; disputed likewise where the
    ledger is silent.
    """
    if not len(invoices.client):
        return {}
    invoice_month = month_of(invoices.invoiced)
    settlements = _settlements(invoices)
    earliest = min([int(invoice_month.min()), *settlements.month[:1].tolist()])
    first = earliest
    if months is not None:
        first = max(first, through_month - months + 1)
    if first > through_month:
        return {}
    history = max(earliest, first - HISTORY_MAX_MONTHS)
    sales = _sales(invoices, invoice_month, range(history, through_month + 1), clients)
    out: Contributions = {}
    asked = range(first, through_month + 1)
    days = month_days(np.arange(history, through_month + 1))
    spans = zip(
        _open_by_month(invoices, invoice_month, settlements, asked),
        usual_terms(*_with_terms(invoices), clients, asked),
        strict=True,
    )
    for month, ((open_cents, at), terms) in enumerate(spans, start=first):
        told = _Month(clients)
        reach = month - history + 1
        told.tell("sales", sales[reach - 1])
        outstanding = _fill_open(told, invoices, open_cents[at], at, month)
        _fill_paid(told, invoices, settlements, month)
        told.tell("dso", *countback(sales[:reach], outstanding, days[:reach]))
        told.tell("terms_days", terms.days, terms.known)
        told.tell("terms_kind", terms.kind, terms.known)
        there, rows = told.packed()
        if len(there):
            out[month] = (there, rows)
    return out


def owed(invoices: Invoices, month: int | None = None) -> Ints:
    """What is open of each invoice (n,) at a month's end, in cents; None: after all that the list tells."""
    left = invoices.cents.copy()
    parts = invoices.payments
    if parts is not None:
        np.subtract.at(left, parts.invoice, parts.cents)
    closed = ~np.isnat(invoices.settled)
    if month is None:
        return np.where(closed, 0, left)
    end = month_end(month)
    closed &= invoices.settled <= end
    open_cents = np.where(invoices.invoiced <= end, invoices.cents, 0) - np.where(closed, left, 0)
    if parts is not None:
        by_then = parts.paid <= end
        np.subtract.at(open_cents, parts.invoice[by_then], parts.cents[by_then])
    return open_cents


def _with_terms(invoices: Invoices) -> tuple[NDArray[np.int32], Ints, tuple[Days, Days]]:
    """Client, cents and dates of the invoices whose two dates tell terms: sales alone."""
    told = slice(None) if invoices.sold is None else invoices.sold
    return invoices.client[told], invoices.cents[told], (invoices.invoiced[told], invoices.due[told])


class _Month:
    """A month's rows field by field: columns are written faster than rows, and packed into rows once."""

    def __init__(self, clients: int) -> None:
        self.clients = clients
        self.values: dict[str, NDArray[Any]] = {}
        self.present = np.zeros(clients, ROW_DTYPE["present"])

    def tell(self, field: str, values: NDArray[Any], known: NDArray[np.bool_] | None = None) -> None:
        """A field (clients,); zero and not present where it is not known."""
        if known is None:
            self.values[field] = values
            self.present |= FIELD_BIT[field]
            return
        self.values[field] = np.where(known, values, np.zeros(1, values.dtype))
        self.present[known] |= FIELD_BIT[field]

    def untell(self, where: NDArray[np.generic], names: Sequence[str]) -> None:
        """Make fields of some clients unknown; `where` is a mask or places."""
        for name in names:
            self.values[name][where] = 0
            self.present[where] &= ~FIELD_BIT[name]

    def packed(self) -> tuple[NDArray[np.int32], Rows]:
        """Who has something to say in the month, ascending, and their rows."""
        said = [self.values[name] != 0 for name in ("sales", "paid", "outstanding", *BUCKETS)]
        there = np.flatnonzero(np.logical_or.reduce(said))
        rows = np.zeros(len(there), ROW_DTYPE)
        for name, values in self.values.items():
            rows[name] = values[there]
        rows["present"] = self.present[there]
        return there.astype(np.int32), rows


def _settlements(invoices: Invoices) -> _Settlements:
    left = invoices.cents.copy()
    parts = invoices.payments
    if parts is not None:
        np.subtract.at(left, parts.invoice, parts.cents)
    closed = np.flatnonzero(~np.isnat(invoices.settled) & (left != 0))
    index, cents, paid = closed, left[closed], invoices.settled[closed]
    cash = np.ones(len(closed), bool)
    if parts is not None:
        index = np.concatenate([parts.invoice, index])
        cents = np.concatenate([parts.cents, cents])
        paid = np.concatenate([parts.paid, paid])
        cash = np.concatenate([np.ones(len(parts.invoice), bool) if parts.cash is None else parts.cash, cash])
    month = month_of(paid)
    order = _in_order(month)
    return _Settlements(index[order], cents[order], paid[order], month[order], cash[order])


def _in_order(month: Ints) -> NDArray[np.int64]:
    """A stable order by month: a month's index fits 16 bits, which are sorted by counting."""
    return np.argsort(month.astype(np.int16), kind="stable") if len(month) else np.zeros(0, np.int64)


def _sales(invoices: Invoices, invoice_month: Ints, span: range, clients: int) -> Ints:
    """Sums (months, clients) int64: exact, where a float's would not be."""
    inside = (invoice_month >= span.start) & (invoice_month < span.stop)
    if invoices.sold is not None:
        inside &= invoices.sold
    sums = np.zeros(len(span) * clients, np.int64)
    place = (invoice_month[inside] - span.start) * clients + invoices.client[inside]
    np.add.at(sums, place, invoices.cents[inside])
    return sums.reshape(-1, clients)


def _open_by_month(
    invoices: Invoices, invoice_month: Ints, settlements: _Settlements, asked: range
) -> Iterator[tuple[Ints, Ints]]:
    """What is open of each invoice (n,) at each month's end (one array, reused), and where it is not zero."""
    order = _in_order(invoice_month)
    ends = np.asarray(asked)
    raised = np.searchsorted(invoice_month[order], ends, side="right")
    paid = np.searchsorted(settlements.month, ends, side="right")
    open_cents, listed = np.zeros(len(invoices.cents), np.int64), np.zeros(len(invoices.cents), bool)
    raised_before = paid_before = 0
    alive = np.zeros(0, np.int64)
    for raised_now, paid_now in zip(raised.tolist(), paid.tolist(), strict=True):
        new = order[raised_before:raised_now]
        open_cents[new] += invoices.cents[new]
        settled = settlements.invoice[paid_before:paid_now]
        np.subtract.at(open_cents, settled, settlements.cents[paid_before:paid_now])
        new = new[~listed[new]]
        listed[new] = True
        early = np.unique(settled[~listed[settled]])  # paid before it was invoiced, perhaps in parts
        alive = np.concatenate([alive, new, early])
        still = open_cents[alive] != 0
        listed[alive[~still]] = False
        alive = alive[still]
        listed[alive] = True
        raised_before, paid_before = raised_now, paid_now
        yield open_cents, alive


def _fill_open(told: _Month, invoices: Invoices, cents: Ints, at: Ints, month: int) -> Ints:
    """What is outstanding (clients,); `cents` are what is open of the invoices `at`."""
    clients = told.clients
    client = invoices.client[at]
    late = (month_end(month) - invoices.due[at]).astype(np.int64)
    late[cents < 0] = 0
    np.maximum(late, 0, out=late)
    bucket = _BUCKET_OF[np.minimum(late, len(_BUCKET_OF) - 1)]
    flat = np.zeros(len(BUCKETS) * clients, np.int64)
    np.add.at(flat, bucket * clients + client, cents)
    aged = flat.reshape(len(BUCKETS), clients)
    outstanding = np.asarray(aged.sum(axis=0))
    for place, name in enumerate(BUCKETS):
        told.tell(name, aged[place])
    told.tell("outstanding", outstanding)
    late_days = np.zeros(clients, np.int64)
    overdue = np.flatnonzero(late)
    np.add.at(late_days, client[overdue], (cents * late)[overdue])
    told.tell("open_late_days", late_days)
    if invoices.undated is not None:
        told.untell(client[invoices.undated[at] & (cents > 0)], (*BUCKETS, "open_late_days"))
    if invoices.disputed is not None:
        disputed = np.zeros(clients, np.int64)
        counted = np.flatnonzero(invoices.disputed[at] & (cents > 0))
        np.add.at(disputed, client[counted], cents[counted])
        told.tell("disputed", disputed)
    return outstanding


def _fill_paid(told: _Month, invoices: Invoices, settlements: _Settlements, month: int) -> None:
    span = slice(*np.searchsorted(settlements.month, [month, month + 1]).tolist())
    index = settlements.invoice[span]
    counted = np.flatnonzero((invoices.cents[index] > 0) & settlements.cash[span])
    index, cents, paid = index[counted], settlements.cents[span][counted], settlements.paid[span][counted]
    client = invoices.client[index]
    for name, weighted in (
        ("paid", cents),
        ("paid_days_late", cents * (paid - invoices.due[index]).astype(np.int64)),
        ("paid_days_to_pay", cents * (paid - invoices.invoiced[index]).astype(np.int64)),
    ):
        sums = np.zeros(told.clients, np.int64)
        np.add.at(sums, client, weighted)
        told.tell(name, sums)
    if invoices.undated is not None:
        told.untell(client[invoices.undated[index]], ("paid_days_late", "paid_days_to_pay"))


def forget(rows: Rows, where: NDArray[np.generic], names: Sequence[str]) -> None:
    """Make fields of some rows unknown; `where` is a mask or places."""
    for name in names:
        rows[name][where] = 0
        rows["present"][where] &= ~FIELD_BIT[name]
