"""A table under a mapping: columns by field, each problem with its row and heading, a list with an end."""

from benchmark.problems import Problem
from member.mapping import Mapping
from member.reading import Table
from member.view import LISTED_MAX, open_view

MAPPING = Mapping("invoices", {"amount": "Montant", "account": "Compte"})


def opened(*rows, mapping=MAPPING, heading_place=0):
    return open_view(Table([list(row) for row in rows], "csv", ""), heading_place, mapping)


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    view = opened(["title"], ["Compte", "Montant"], [], ["A", "1"], [None, None], ["B"], heading_place=1)
    assert view.numbers == [4, 6]
    assert list(view.column("account")) == ["A", "B"]
    assert list(view.column("amount")) == ["1", None]
    assert list(view.column("settled")) == [None, None]


def test_a_heading_that_is_not_there_is_named_with_those_that_are():
    (problem,) = opened(["Compte", "Total"], ["A", "1"])
    assert (problem.code, problem.field, problem.found, problem.expected) == (
        "column-unknown",
        "amount",
        "Montant",
        "Compte, Total",
    )


def test_a_heading_that_appears_twice_is_ambiguous():
    (problem,) = opened(["Compte", "Montant", "Montant"], ["A", "1", "2"])
    assert (problem.code, problem.row, problem.found) == ("column-twice", 1, "Montant")


def test_cells_beyond_the_headings_mean_that_a_row_slipped():
    view = opened(["Compte", "Montant"], ["A", "1", "5"], ["A", "1", None], ["A", "1"])
    assert [(problem.code, problem.row, problem.found, problem.expected) for problem in view.problems] == [
        ("row-too-long", 2, "3", "2")
    ]
    assert view.bad == {0}


def test_the_list_of_problems_has_an_end_and_the_rest_are_counted():
    view = opened(["Compte", "Montant"], *[["A", "x"]] * (LISTED_MAX + 5))
    view.amounts("amount")
    assert (len(view.problems), view.uncounted) == (LISTED_MAX, 5)
    assert len(view.bad) == LISTED_MAX + 5


def test_one_column_tells_the_order_of_days_and_months_for_all():
    mapping = Mapping("invoices", {"invoiced": "Date", "due": "Due"})
    view = opened(["Date", "Due"], ["01/02/2025", "01/31/2025"], mapping=mapping)
    assert view.dates("invoiced").values.astype(str).tolist() == ["2025-01-02"]
    assert not view.problems


def test_an_order_of_dates_that_nothing_tells_is_noticed_once():
    mapping = Mapping("invoices", {"invoiced": "Date", "due": "Due"})
    view = opened(
        ["Date", "Due"], ["01/02/2025", "01/03/2025"], ["03/04/2025", "03/05/2025"], mapping=mapping
    )
    assert view.dates("invoiced").values.astype(str).tolist() == ["2025-02-01", "2025-04-03"]
    view.dates("due")
    assert view.problems == [Problem("date-order-assumed", expected="31/12")]
    assert not view.bad
