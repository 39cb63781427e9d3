"""One currency, the network's: another is named, and one that nobody knows is told apart."""

from decimal import Decimal

import numpy as np
import pytest

from member.currency import convert, read_currency, read_rates
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


def test_a_rate_converts_to_whole_cents_halves_away_from_zero():
    cents = np.array([100, -100, 1, 333_333_333_333, 0], np.int64)
    assert convert(cents, Decimal("1.0450")).tolist() == [105, -105, 1, 348_333_333_333, 0]
    assert convert(np.array([1_000_000_000_000]), Decimal("0.000001")).tolist() == [1_000_000]


def test_rows_in_a_currency_with_a_rate_are_converted_and_the_others_refused():
    mapping = Mapping("invoices", {"currency": "c", "account": "a"}, defaults={"currency": "CHF"})
    view = open_view(
        Table([["c", "a"], ["EUR", "A"], [None, "A"], ["chf", "A"], ["USD", "A"]], "csv", ""), 0, mapping
    )
    rates = read_rates({"CHF": "1,0432"})
    assert rates == {"CHF": Decimal("1.0432")}
    converted = read_currency(view, "EUR", rates)
    assert {rate: sorted(places.tolist()) for rate, places in converted.items()} == {
        Decimal("1.0432"): [1, 2]
    }
    assert [(problem.code, problem.row) for problem in view.problems] == [("currency-not-accepted", 5)]


@pytest.mark.parametrize(
    "given", [{"CHF": "0"}, {"CHF": "x"}, {"CHF": "NaN"}, {"ABC": "1"}, {"CHF": "1.0000001"}]
)
def test_a_rate_that_is_none_is_a_problem(given):
    assert read_rates(given).code == "rate-invalid"
