"""An invoice list becomes invoices, or says of each row what its cells do not agree on."""

from datetime import date

import numpy as np
import pytest

from benchmark.indicators import EPOCH_MONTH
from member.invoice_list import read_invoices
from member.mapping import Mapping
from member.reading import Table
from member.view import open_view

TODAY = date(2025, 11, 20)
COLUMNS = {
    "account": "Account",
    "number": "Number",
    "invoiced": "Invoiced",
    "due": "Due",
    "settled": "Settled",
    "amount": "Amount",
}
HEADINGS = list(COLUMNS.values())
GOOD = ["A1", "F1", "2025-09-01", "2025-10-01", "2025-10-11", "100.00"]


def read(*rows, more=None, columns=None, defaults=None):
    """Rows under the usual columns and those of `more` (field -> heading), read for client 0."""
    named = (COLUMNS if columns is None else columns) | (more or {})
    table = Table([list(named.values()), *map(list, rows)], "csv", "")
    view = open_view(table, 0, Mapping("invoices", named, defaults=defaults or {}))
    result = read_invoices(view, np.zeros(len(rows), np.int32), TODAY, "EUR")
    return view, result


def problems(view):
    return [(problem.code, problem.row, problem.column, problem.found) for problem in view.problems]


def changed(**cells):
    row = dict(zip(COLUMNS, GOOD, strict=True)) | cells
    return [row[name] for name in COLUMNS]


def test_a_good_row_becomes_an_invoice():
    view, read_rows = read(GOOD)
    invoices = read_rows.invoices
    assert not view.problems
    assert invoices.cents.tolist() == [10_000]
    assert invoices.settled.astype(str).tolist() == ["2025-10-11"]
    assert read_rows.last_event == np.datetime64("2025-10-11")
    assert not read_rows.open_items


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"amount": None}, ("amount-missing", 2, "Amount", "")),
        ({"amount": "cent"}, ("amount-invalid", 2, "Amount", "cent")),
        ({"amount": "10000000000,01"}, ("amount-too-large", 2, "Amount", "10000000000,01")),
        ({"invoiced": None}, ("date-missing", 2, "Invoiced", "")),
        ({"invoiced": "31/02/2025"}, ("date-invalid", 2, "Invoiced", "31/02/2025")),
        ({"due": None}, ("date-missing", 2, "Due", "")),
        ({"due": "demain"}, ("date-invalid", 2, "Due", "demain")),
        ({"settled": "réglée"}, ("date-invalid", 2, "Settled", "réglée")),
        ({"due": "2025-08-31"}, ("due-before-invoice", 2, "Due", "2025-08-31")),
        ({"due": "2035-08-31"}, ("date-too-far", 2, "Due", "2035-08-31")),
        ({"settled": "2025-08-31"}, ("settled-before-invoice", 2, "Settled", "2025-08-31")),
        ({"settled": "2025-11-21"}, ("date-in-future", 2, "Settled", "2025-11-21")),
        (
            {"invoiced": "2025-11-21", "due": "2025-12-21", "settled": None},
            ("date-in-future", 2, "Invoiced", "2025-11-21"),
        ),
        (
            {"invoiced": "1989-12-31", "due": "1990-01-01", "settled": "1990-01-02"},
            ("date-too-far", 2, "Invoiced", "1989-12-31"),
        ),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_column_and_content(cells, expected):
    view, _ = read(changed(**cells))
    assert problems(view) == [expected]
    assert view.bad == {0}


def test_wrong_rows_are_left_out_of_the_invoices_and_the_others_are_not():
    view, read_rows = read(GOOD, changed(amount="x"), changed(amount="7"))
    assert view.bad == {1}
    assert read_rows.invoices.cents.tolist() == [10_000, 700]


def test_a_due_date_may_lie_ahead_and_today_is_not_the_future():
    view, _ = read(changed(invoiced="2025-11-20", due="2026-01-31", settled="2025-11-20"))
    assert not view.problems


@pytest.mark.parametrize(
    ("status", "settled", "code"),
    [
        ("Réglée", None, "settled-date-missing"),
        ("Paid", None, "settled-date-missing"),
        ("Open", "2025-10-11", "status-contradicts"),
        ("Ouverte", None, None),
        ("Settled", "2025-10-11", None),
        ("à relancer", None, None),
        (None, None, None),
    ],
)
def test_a_status_must_not_contradict_the_settlement_date(status, settled, code):
    view, _ = read([*changed(settled=settled), status], more={"status": "Status"})
    assert [problem.code for problem in view.problems] == ([code] if code else [])


def test_what_is_still_open_makes_a_part_payment_on_its_date():
    _, read_rows = read([*GOOD, "30.00"], more={"remaining": "Open"})
    parts = read_rows.invoices.payments
    assert (parts.cents.tolist(), parts.paid.astype(str).tolist()) == ([7_000], ["2025-10-11"])
    assert np.isnat(read_rows.invoices.settled[0])


def test_an_undated_part_payment_is_dated_on_the_due_date_and_said_so():
    view, read_rows = read([*changed(settled=None), "30.00"], more={"remaining": "Open"})
    assert read_rows.invoices.payments.paid.astype(str).tolist() == ["2025-10-01"]
    assert problems(view)[0][0] == "part-paid-undated"
    assert not view.bad


@pytest.mark.parametrize(
    ("remaining", "code"),
    [
        ("100.01", "remaining-impossible"),
        ("-1", "remaining-impossible"),
        ("0", "settled-date-missing"),
        ("100", None),
        (None, None),
    ],
)
def test_what_is_still_open_lies_between_nothing_and_the_invoice(remaining, code):
    view, _ = read([*changed(settled=None), remaining], more={"remaining": "Open"})
    assert [problem.code for problem in view.problems] == ([code] if code else [])


def test_parts_follow_their_invoice_when_a_row_before_is_left_out():
    view, read_rows = read([*changed(amount="x"), None], [*GOOD, "40"], more={"remaining": "Open"})
    assert view.bad == {0}
    assert read_rows.invoices.payments.invoice.tolist() == [0]
    assert read_rows.invoices.payments.cents.tolist() == [6_000]


def test_due_dates_can_follow_from_the_agreed_terms():
    columns = {name: heading for name, heading in COLUMNS.items() if name != "due"}
    row = [cell for name, cell in zip(COLUMNS, GOOD, strict=True) if name != "due"]
    _, read_rows = read(row, columns=columns, defaults={"terms_days": "45", "terms_kind": "1"})
    assert read_rows.invoices.due.astype(str).tolist() == ["2025-11-14"]
    view, _ = read(row, columns=columns, defaults={"terms_days": "soon"})
    assert [(problem.code, problem.row) for problem in view.problems] == [("outside-range", None)]
    assert view.bad == {0}


def test_without_any_settlement_date_it_is_a_list_of_open_items():
    columns = {name: heading for name, heading in COLUMNS.items() if name != "settled"}
    _, read_rows = read(GOOD[:4] + GOOD[5:], columns=columns)
    assert read_rows.open_items
    assert np.isnat(read_rows.invoices.settled).all()


def test_disputes_are_known_only_where_a_column_tells_them():
    assert read(GOOD)[1].invoices.disputed is None
    _, read_rows = read([*GOOD, "B12"], [*GOOD, None], [*GOOD, "non"], more={"dispute": "Dispute"})
    assert read_rows.invoices.disputed.tolist() == [True, False, False]


def test_repeated_invoice_numbers_are_noticed_not_refused():
    view, read_rows = read(GOOD, GOOD, changed(number="F2"))
    assert problems(view) == [("invoice-repeated", None, None, "1")]
    assert len(read_rows.invoices.cents) == 3


def test_another_currency_is_refused():
    view, _ = read(
        [*GOOD, "EUR"], [*GOOD, "€"], [*GOOD, "usd"], [*GOOD, "LIVRES"], more={"currency": "Currency"}
    )
    codes = [(problem.code, problem.row) for problem in view.problems if problem.row]
    assert codes == [("currency-not-accepted", 4), ("currency-unknown", 5)]


def test_a_ledger_beyond_all_measure_is_refused_as_a_whole():
    view, read_rows = read(*[changed(amount="9999999999", number=str(at)) for at in range(250)])
    assert ("amount-too-large", None) in [(problem.code, problem.row) for problem in view.problems]
    assert not read_rows.good.any()


def test_months_are_counted_from_the_same_epoch():
    assert EPOCH_MONTH == 1970 * 12


def test_agreed_terms_fill_the_due_dates_that_a_column_leaves_empty():
    view, read_rows = read(changed(due=None, number="F2"), GOOD, defaults={"terms_days": "60"})
    assert not view.problems
    assert read_rows.invoices.due.astype(str).tolist() == ["2025-10-31", "2025-10-01"]


def test_amounts_are_shown_with_their_sign():
    view, _ = read([*changed(settled=None, amount="-5,05"), "-6"], more={"remaining": "Open"})
    (problem,) = view.problems
    assert (problem.code, problem.found, problem.expected) == ("remaining-impossible", "-6.00", "-5.05")
