"""One currency, the network's: another is named, and one that nobody knows is told apart."""

import pytest

from member.currency import read_currency
from member.mapping import Mapping
from member.reading import Table
from member.view import open_view


def problems(*cells, default=None, accepted="EUR"):
    mapping = Mapping(
        "invoices", {"currency": "c", "account": "a"}, defaults={"currency": default} if default else {}
    )
    view = open_view(Table([["c", "a"], *[[cell, "A"] for cell in cells]], "csv", ""), 0, mapping)
    read_currency(view, accepted)
    return [(problem.code, problem.row, problem.found, problem.expected) for problem in view.problems]


@pytest.mark.parametrize("cell", ["EUR", "eur", "€", "Euro", None])
def test_the_networks_currency_passes_however_it_is_written(cell):
    assert problems(cell) == []


def test_another_currency_is_not_accepted_and_an_unknown_one_is_unknown():
    assert problems("USD", "EUR", "Ecus") == [
        ("currency-not-accepted", 2, "USD", "EUR"),
        ("currency-unknown", 4, "Ecus", "EUR"),
    ]


def test_the_mappings_own_currency_counts_for_the_whole_file():
    assert problems(None, default="CHF") == [("currency-not-accepted", None, "CHF", "EUR")]
    assert problems("CHF", default="CHF", accepted="CHF") == []
