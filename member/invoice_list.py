"""From a list of invoices to invoices in columns: every row checked, each mistake told with its place.

Knows: what an invoice's cells must agree on (its dates, its status, what is still open of it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import Ints
from benchmark.ledger import CENTS_TOTAL_MAX, Days, Invoices, Payments
from benchmark.problems import Problem
from benchmark.terms import TERMS_MAX_DAYS, due_date
from member.currency import Rates, convert, read_currency
from member.invoice_kinds import (
    closed_undated,
    due_by_terms_told,
    is_payment,
    one_of,
    read_amounts,
    read_left,
)
from member.values import label, marked, plain, read_numbers
from member.view import DATE_EXAMPLE, View

EARLIEST: Final = np.datetime64("1990-01-01")
DUE_MAX_DAYS: Final = 1_830
"""A due date five years after its invoice is a slip of the keyboard."""

TERMS_EXAMPLE: Final = "30, 45 fin de mois"
OPEN_WORDS: Final = frozenset(
    {
        "open",
        "unpaid",
        "not paid",
        "ouvert",
        "ouverte",
        "impaye",
        "impayee",
        "non regle",
        "non reglee",
        "en cours",
    }
)
PAID_WORDS: Final = one_of(
    "settled|paid|closed|cleared|paye|payee|regle|reglee|solde|soldee|lettre|paid in full|"
    "fully paid|bezahlt|ausgeglichen|pagado|pagada|cobrado|pagata|pagato|incassata|"
    "betaald"
)


@dataclass(frozen=True, slots=True)
class InvoiceRows:
    """The invoices of a view's rows (n,), wrong rows included: `good` says which may be used.

    closed: how many more the list tells that were paid, nobody knows when.
    """

    invoices: Invoices
    good: NDArray[np.bool_]
    open_items: bool
    last_event: np.datetime64 | None
    closed: int = 0


@dataclass(frozen=True, slots=True)
class _Dates:
    invoiced: Days
    due: Days
    settled: Days


def read_invoices(
    view: View, client: NDArray[np.int32], today: date, currency: str, rates: Rates | None = None
) -> InvoiceRows:
    """Invoices of a view, whose rows belong to `client` (n,) int32; refused rows are marked in the view.

    `today` is the last day that an invoice or a settlement may bear. Without a settlement date anywhere the
    list is one of open items: what was paid is not told.
    """
    amounts = read_amounts(view)
    _refuse_empty(view, "amount-missing", "amount", ~amounts.known, amounts.wrong + amounts.too_large)
    dates = _read_dates(view, today, amounts.cents < 0)
    settled, parts, cents = _read_settlement(view, amounts.cents, dates, today)
    disputed = None
    if view.has("dispute"):
        dispute = view.column("dispute")
        disputed = dispute.spread(np.array([marked(cell) for cell in dispute.different], bool), False)
    closed = closed_undated(view, amounts.cents, _status_says(view, PAID_WORDS))
    for rate, places in read_currency(view, currency, rates).items():
        cents[places] = convert(cents[places], rate)
        if parts is not None:
            chosen = np.isin(parts.invoice, places)
            parts.cents[chosen] = convert(parts.cents[chosen], rate)
    if float(np.abs(cents).astype(np.float64).sum()) > CENTS_TOTAL_MAX:
        view.note(Problem("amount-too-large", None, "amount", "total", f"{CENTS_TOTAL_MAX // 100:,}"))
        view.bad.update(range(len(view)))
        cents = np.zeros_like(cents)
    _note_repeated(view)
    good = np.ones(len(view), bool)
    good[sorted(view.bad)] = False
    money = is_payment(view)
    invoices = Invoices(
        client,
        cents,
        _filled(dates.invoiced),
        _filled(dates.due),
        settled,
        disputed,
        parts,
        sold=~money if money.any() else None,
    ).chosen(good & ~closed)
    return InvoiceRows(
        invoices, good, not view.has("settled"), _last_event(invoices), int((closed & good).sum())
    )


def _filled(days: Days) -> Days:
    """Dates with a stand-in where there is none: those rows are refused already."""
    return np.where(np.isnat(days), EARLIEST, days)


def _last_event(invoices: Invoices) -> np.datetime64 | None:
    """The last day on which something is known to have happened."""
    if not len(invoices.client):
        return None
    last: np.datetime64 = invoices.invoiced.max()
    settled = invoices.settled[~np.isnat(invoices.settled)]
    return max(last, settled.max()) if len(settled) else last


def _refuse_empty(view: View, code: str, name: str, empty: NDArray[np.bool_], told: list[int]) -> None:
    silent = empty.copy()
    silent[told] = False
    for place in np.flatnonzero(silent).tolist():
        view.refuse(place, code, name, "")


def _read_dates(view: View, today: date, lowering: NDArray[np.bool_]) -> _Dates:
    last = np.datetime64(today)
    invoiced = view.dates("invoiced")
    _refuse_empty(view, "date-missing", "invoiced", np.isnat(invoiced.values), invoiced.wrong)
    due = _read_due(view, invoiced.values, lowering)
    settled = view.dates("settled").values
    for name, days in (("invoiced", invoiced.values), ("settled", settled)):
        for place in np.flatnonzero(days > last).tolist():
            view.refuse(place, "date-in-future", name, str(days[place]), str(last))
    latest_due = invoiced.values + DUE_MAX_DAYS
    for place in np.flatnonzero(invoiced.values < EARLIEST).tolist():
        view.refuse(place, "date-too-far", "invoiced", str(invoiced.values[place]), f"{EARLIEST} – {last}")
    for place in np.flatnonzero(due > latest_due).tolist():
        span = f"{invoiced.values[place]} – {latest_due[place]}"
        view.refuse(place, "date-too-far", "due", str(due[place]), span)
    for place in np.flatnonzero(due < invoiced.values).tolist():
        view.refuse(place, "due-before-invoice", "due", str(due[place]), str(invoiced.values[place]))
    for place in np.flatnonzero(settled < invoiced.values).tolist():
        view.refuse(
            place, "settled-before-invoice", "settled", str(settled[place]), str(invoiced.values[place])
        )
    return _Dates(invoiced.values, due, settled)


def _read_due(view: View, invoiced: Days, lowering: NDArray[np.bool_]) -> Days:
    """Due dates (n,): told, by the terms of the row, or by those agreed; a credit note falls due at once."""
    if view.has("due"):
        read = view.dates("due")
        due, wrong = read.values, read.wrong
        if "terms_days" in view.mapping.defaults:
            due = np.where(np.isnat(due), _due_by_terms(view, invoiced), due)
        due = np.where(np.isnat(due) & lowering, invoiced, due)
        _refuse_empty(view, "date-missing", "due", np.isnat(due), wrong)
        return due
    if not view.has("terms"):
        return _due_by_terms(view, invoiced)
    due = due_by_terms_told(view, invoiced)
    due = np.where(np.isnat(due) & lowering, invoiced, due)
    for place in np.flatnonzero(np.isnat(due) & ~np.isnat(invoiced)).tolist():
        view.refuse(place, "terms-invalid", "terms", label(view.column("terms")[place]), TERMS_EXAMPLE)
    return due


def _due_by_terms(view: View, invoiced: Days) -> Days:
    """Due dates from the agreed terms that the mapping names."""
    defaults = view.mapping.defaults
    numbers = read_numbers([defaults.get("terms_days"), defaults.get("terms_kind", "0")], scale=1)
    days, kind = numbers.cents.tolist()
    if not numbers.known.all() or not 0 <= days <= TERMS_MAX_DAYS or kind not in {0, 1, 2}:
        view.note(Problem("outside-range", None, "terms_days", str(defaults), f"0-{TERMS_MAX_DAYS}, 0-2"))
        view.bad.update(range(len(view)))
        return np.full(len(invoiced), np.datetime64("NaT"), "M8[D]")
    return due_date(invoiced, days, kind)


def _read_settlement(
    view: View, cents: NDArray[np.int64], dates: _Dates, today: date
) -> tuple[Days, Payments | None, Ints]:
    """When each invoice was settled, the parts paid of those still open, and the amounts; against the status.

    In a list that dates no settlement an amount is what is left of it: when the rest was paid is not told.
    """
    settled, parts = dates.settled, None
    partly = np.zeros(len(view), bool)
    left = read_left(view, cents)
    if left is not None:
        impossible = left.known & ((left.cents * np.sign(cents) < 0) | (np.abs(left.cents) > np.abs(cents)))
        for place in np.flatnonzero(impossible).tolist():
            view.refuse(
                place, "remaining-impossible", "remaining", _money(left.cents[place]), _money(cents[place])
            )
        partly = left.known & (left.cents != 0) & (left.cents != cents) & ~impossible
        if not view.has("settled"):
            return settled, None, np.where(partly, left.cents, cents)
        closed_silently = left.known & (left.cents == 0) & (cents != 0) & np.isnat(settled)
        for place in np.flatnonzero(closed_silently).tolist():
            view.refuse(place, "settled-date-missing", "remaining", "0", DATE_EXAMPLE)
        at = np.flatnonzero(partly)
        undated = np.isnat(settled[at])
        paid = np.where(undated, np.minimum(dates.due[at], np.datetime64(today)), settled[at])
        parts = Payments(at, (cents - left.cents)[at], paid)
        if undated.any():
            view.note(Problem("part-paid-undated", None, "remaining", str(int(undated.sum()))))
        settled = np.where(partly, np.datetime64("NaT"), settled)
    if view.has("status"):
        _check_status(view, dates.settled, partly)
    return settled, parts, cents


def _status_says(view: View, said: frozenset[str]) -> NDArray[np.bool_]:
    column = view.column("status")
    found = [plain(label(cell)) in said for cell in column.different]
    return column.spread(np.array(found, bool), False)


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(int(cents)) // 100}.{abs(int(cents)) % 100:02d}"


def _check_status(view: View, settled: Days, partly: NDArray[np.bool_]) -> None:
    """A status must not contradict the settlement date; words that are neither open nor paid say nothing."""
    column = view.column("status")
    paid, still_open = _status_says(view, PAID_WORDS), _status_says(view, OPEN_WORDS)
    dated = ~np.isnat(settled)
    if view.has("settled"):
        for place in np.flatnonzero(paid & ~dated).tolist():
            view.refuse(place, "settled-date-missing", "status", label(column[place]), DATE_EXAMPLE)
    for place in np.flatnonzero(still_open & dated & ~partly).tolist():
        view.refuse(place, "status-contradicts", "status", label(column[place]), str(settled[place]))


def _note_repeated(view: View) -> None:
    if not view.any_repeated("number"):
        return
    times, example = view.column("number").repeated()
    view.note(Problem("invoice-repeated", None, "number", str(times), label(example)))
