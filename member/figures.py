"""From figures by client and month, as a member's own system computed them, to contributions.

Knows: what the figures of one row must agree on. An aged balance is such a file: its month is the mapping's
default. Money is read in the file's unit with decimals, sums of money x days in unit-days, DSO in days.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.indicators import countback, month_days
from benchmark.ledger import BUCKETS, Contributions
from benchmark.problems import Problem
from benchmark.upload import FIELD_BIT, INCIDENTS, ROW_DTYPE, Rows, known, month_text
from member.currency import read_currency
from member.reading import Cell
from member.values import label, plain, read_month, read_numbers, yes_or_no
from member.view import View

MONEY: Final = ("sales", "outstanding", *BUCKETS, "paid", "disputed")
MONEY_DAYS: Final = ("paid_days_late", "paid_days_to_pay", "open_late_days")
MONEY_DAYS_MAX: Final = 10**15
SCALED: Final = {"dso": (10, 36_000), "terms_days": (1, 720)}
NOT_NEGATIVE: Final = ("open_late_days", "disputed")

INCIDENT_WORDS: Final = {
    **{name.replace("_", " "): code for code, name in enumerate(INCIDENTS)},
    **{str(code): code for code in range(len(INCIDENTS))},
    "aucun": 0,
    "non": 0,
    "no": 0,
    "impaye": 1,
    "rejet de prelevement": 2,
    "prelevement rejete": 2,
    "effet impaye": 3,
    "traite impayee": 3,
    "lcr impayee": 3,
    "contentieux": 4,
    "procedure collective": 5,
    "sauvegarde": 5,
    "redressement judiciaire": 5,
    "liquidation judiciaire": 5,
}
CONFIDENTIAL_BY_LAW: Final = ("mandat ad hoc", "conciliation")
TERMS_KIND_WORDS: Final = {
    "0": 0,
    "net": 0,
    "1": 1,
    "end of month then days": 1,
    "fin de mois puis jours": 1,
    "fin de mois": 1,
    "2": 2,
    "days then end of month": 2,
    "jours fin de mois": 2,
    "jours puis fin de mois": 2,
}


def read_figures(view: View, client: NDArray[np.int32], through_month: int, currency: str) -> Contributions:
    """Contributions of a view's rows, which belong to `client` (n,); refused rows are marked in the view.

    Months after `through_month` are refused: they are not over. A DSO that no column gives is counted back
    over the sales of the file where they reach far enough; one missing age bucket is the rest of the balance.
    """
    read_currency(view, currency)
    month = _read_months(view, through_month)
    rows = np.zeros(len(view), ROW_DTYPE)
    for name in MONEY:
        _take(view, rows, name, 100, 10**12)
    for name in MONEY_DAYS:
        _take(view, rows, name, 100, MONEY_DAYS_MAX)
    for name, (scale, highest) in SCALED.items():
        _take(view, rows, name, scale, highest)
        _refuse_negative(view, rows, name)
    for name in NOT_NEGATIVE:
        _refuse_negative(view, rows, name)
    _read_words(view, rows)
    if not view.has("outstanding"):
        _add_up(rows)
    _age(view, rows)
    _refuse_twice(view, client, month)
    good = client >= 0
    good[sorted(view.bad)] = False
    if not view.has("dso"):
        _count_back(rows, client, month, good)
    out: Contributions = {}
    for index in np.unique(month[good]).tolist():
        at = np.flatnonzero(good & (month == index))
        at = at[np.argsort(client[at], kind="stable")]
        out[index] = (client[at], rows[at])
    return out


def _read_months(view: View, through_month: int) -> NDArray[np.int64]:
    default = view.mapping.defaults.get("month")
    months = np.zeros(len(view), np.int64)
    cells = view.column("month")
    read = {cell: read_month(cell) for cell in {default, *cells}}
    for place, cell in enumerate(cells):
        month = read[default if cell is None else cell]
        if month is None:
            view.refuse(place, "month-invalid", "month", label(cell), "2025-11")
        elif month > through_month:
            view.refuse(place, "month-in-future", "month", month_text(month), month_text(through_month))
        elif month < 1990 * 12:
            view.refuse(place, "month-invalid", "month", label(cell), "2025-11")
        else:
            months[place] = month
    return months


def _take(view: View, rows: Rows, name: str, scale: int, highest: int) -> None:
    if not view.has(name):
        return
    amounts = view.amounts(name, scale, highest)
    rows[name] = amounts.cents
    rows["present"][amounts.known] |= FIELD_BIT[name]


def _refuse_negative(view: View, rows: Rows, name: str) -> None:
    cells = view.column(name)
    for place in np.flatnonzero(known(rows, name) & (rows[name] < 0)).tolist():
        view.refuse(place, "negative-not-allowed", name, label(cells[place]))


def _read_words(view: View, rows: Rows) -> None:
    """Incident, kind of terms, factored: one of a few words each; an empty cell tells nothing."""
    for name, read in (("incident", _incident), ("terms_kind", _terms_kind), ("factored", _factored)):
        for place, cell in enumerate(view.column(name)):
            if cell is None:
                continue
            value = read(cell)
            if isinstance(value, Problem):
                view.refuse(place, value.code, name, label(cell), value.expected)
            else:
                rows[name][place] = value
                rows["present"][place] |= FIELD_BIT[name]


def _incident(cell: Cell) -> int | Problem:
    word = plain(label(cell)).replace("_", " ")
    if any(secret in word for secret in CONFIDENTIAL_BY_LAW):
        return Problem("incident-confidential")
    code = INCIDENT_WORDS.get(word)
    return Problem("incident-unknown", expected=", ".join(INCIDENTS)) if code is None else code


def _terms_kind(cell: Cell) -> int | Problem:
    kind = TERMS_KIND_WORDS.get(plain(label(cell)))
    return Problem("number-invalid", expected="0, 1, 2") if kind is None else kind


def _factored(cell: Cell) -> int | Problem:
    mark = yes_or_no(cell)
    return Problem("flag-invalid", expected="oui/non, yes/no, 1/0") if mark is None else int(mark)


def _add_up(rows: Rows) -> None:
    """What is owed, where the buckets alone are given and all of them; an empty one is nothing late."""
    given = np.logical_or.reduce([known(rows, bucket) for bucket in BUCKETS])
    for bucket in BUCKETS:
        rows["present"][given] |= FIELD_BIT[bucket]
    rows["outstanding"] = sum(rows[bucket] for bucket in BUCKETS)
    rows["present"][given] |= FIELD_BIT["outstanding"]


def owed_by_row(view: View) -> NDArray[np.int64]:
    """What each row says is owed, in cents, from its outstanding amount or else its buckets."""
    names = ("outstanding",) if view.has("outstanding") else BUCKETS
    total = np.zeros(len(view), np.int64)
    for name in names:
        total += read_numbers(view.column(name), view.mapping.decimal).cents
    return total


def _age(view: View, rows: Rows) -> None:
    """The ageing sums to the outstanding amount to the cent; a single bucket without a column is the rest."""
    absent = [bucket for bucket in BUCKETS if not view.has(bucket)]
    if len(absent) > 1:
        return
    aged = known(rows, "outstanding")
    total = np.zeros(len(rows), np.int64)
    for bucket in BUCKETS:
        if bucket not in absent:
            aged = aged & known(rows, bucket)
            total += rows[bucket]
    if absent:
        rows[absent[0]][aged] = (rows["outstanding"] - total)[aged]
        rows["present"][aged] |= FIELD_BIT[absent[0]]
        return
    for place in np.flatnonzero(aged & (total != rows["outstanding"])).tolist():
        found, expected = _money(int(total[place])), _money(int(rows["outstanding"][place]))
        view.refuse(place, "ageing-does-not-sum", "outstanding", found, expected)


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _refuse_twice(view: View, client: NDArray[np.int32], month: NDArray[np.int64]) -> None:
    first: dict[tuple[int, int], int] = {}
    for place, relation in enumerate(zip(client.tolist(), month.tolist(), strict=True)):
        if relation[0] < 0 or not relation[1]:
            continue
        before = first.setdefault(relation, place)
        if before != place:
            view.refuse(place, "relation-twice", "month", month_text(relation[1]), str(view.numbers[before]))


def _count_back(
    rows: Rows, client: NDArray[np.int32], month: NDArray[np.int64], good: NDArray[np.bool_]
) -> None:
    """DSO where the file's sales reach back far enough; a month without a row of the client had no sales."""
    usable = good & known(rows, "sales") & known(rows, "outstanding")
    if not usable.any():
        return
    first, last = int(month[usable].min()), int(month[usable].max())
    clients = int(client[usable].max()) + 1
    sales = np.zeros((last - first + 1, clients), np.int64)
    sales[month[usable] - first, client[usable]] = rows["sales"][usable]
    days = month_days(np.arange(first, last + 1))
    silent = good & ~known(rows, "sales")
    for index in np.unique(month[usable]).tolist():
        at = np.flatnonzero(usable & (month == index))
        reach = index - first + 1
        tenths, told = countback(sales[:reach, client[at]], rows["outstanding"][at], days[:reach])
        told &= ~np.isin(client[at], client[silent & (month <= index)])
        rows["dso"][at[told]] = tenths[told]
        rows["present"][at[told]] |= FIELD_BIT["dso"]
