"""Figures by client and month, as a member's own system computed them, are checked and taken to the cent."""

import numpy as np
import pytest

from benchmark.upload import FIELD_BIT, month_index, refuse_impossible
from member.figures import read_figures
from member.mapping import Mapping
from member.reading import Table
from member.view import open_view

THROUGH = month_index(2025, 11)
COLUMNS = {
    name: name
    for name in (
        "month",
        "sales",
        "outstanding",
        "not_due",
        "late_1_30",
        "late_31_60",
        "late_61_90",
        "late_91_plus",
        "paid",
        "paid_days_late",
        "open_late_days",
        "disputed",
        "dso",
        "terms_days",
        "terms_kind",
        "incident",
        "factored",
    )
}
GOOD = dict(
    zip(
        COLUMNS,
        [
            "2025-11",
            "1000",
            "150,75",
            "100",
            "20",
            "20",
            "10",
            "0,75",
            "900",
            "-1800",
            "1234,5",
            "0",
            "45,3",
            "30",
            "net",
            "aucun",
            "non",
        ],
        strict=True,
    )
)


def read(*rows, columns=COLUMNS, clients=None, defaults=None):
    named = {"account": "account", **columns}
    cells = [["A", *(row.get(name) for name in columns)] for row in rows]
    view = open_view(
        Table([list(named.values()), *cells], "csv", ""),
        0,
        Mapping("figures", named, defaults=defaults or {}),
    )
    index = np.array(clients or [0] * len(rows), np.int32)
    return view, read_figures(view, index, THROUGH, "EUR")


def told(rows, place=0):
    return {name: int(rows[name][place]) for name in FIELD_BIT if rows["present"][place] & FIELD_BIT[name]}


def test_a_good_row_is_taken_in_cents_tenths_and_codes():
    view, months = read(GOOD)
    assert not view.problems
    _, rows = months[THROUGH]
    refuse_impossible(rows)
    assert told(rows) == {
        "sales": 100_000,
        "outstanding": 15_075,
        "not_due": 10_000,
        "late_1_30": 2_000,
        "late_31_60": 2_000,
        "late_61_90": 1_000,
        "late_91_plus": 75,
        "paid": 90_000,
        "paid_days_late": -180_000,
        "open_late_days": 123_450,
        "disputed": 0,
        "dso": 453,
        "terms_days": 30,
        "terms_kind": 0,
        "incident": 0,
        "factored": 0,
    }


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"late_1_30": "20,01"}, "ageing-does-not-sum", "outstanding"),
        ({"month": "2025-13"}, "month-invalid", "month"),
        ({"month": None}, "month-invalid", "month"),
        ({"month": "1980-01"}, "month-invalid", "month"),
        ({"month": "2025-12"}, "month-in-future", "month"),
        ({"sales": "beaucoup"}, "amount-invalid", "sales"),
        ({"open_late_days": "-1"}, "negative-not-allowed", "open_late_days"),
        ({"disputed": "-1"}, "negative-not-allowed", "disputed"),
        ({"dso": "3600,1"}, "amount-too-large", "dso"),
        ({"dso": "-1"}, "negative-not-allowed", "dso"),
        ({"terms_days": "721"}, "amount-too-large", "terms_days"),
        ({"terms_kind": "souvent"}, "number-invalid", "terms_kind"),
        ({"incident": "orage"}, "incident-unknown", "incident"),
        ({"incident": "Mandat ad hoc"}, "incident-confidential", "incident"),
        ({"incident": "procédure de conciliation"}, "incident-confidential", "incident"),
        ({"factored": "parfois"}, "flag-invalid", "factored"),
    ],
)
def test_a_wrong_figure_is_told_with_its_row_and_field(cells, code, field):
    view, months = read(GOOD | cells)
    assert [(problem.code, problem.row, problem.field) for problem in view.problems] == [(code, 2, field)]
    assert months == {}


def test_an_empty_cell_is_unknown_not_zero():
    view, months = read({"month": "2025-11", "outstanding": "5"})
    assert not view.problems
    assert told(months[THROUGH][1]) == {"outstanding": 500}


def test_a_relation_given_twice_names_the_row_before():
    view, _ = read(GOOD, GOOD | {"month": "2025-10"}, GOOD)
    assert [(problem.code, problem.row, problem.expected) for problem in view.problems] == [
        ("relation-twice", 4, "2")
    ]


def test_rows_come_by_month_and_in_the_order_of_clients():
    _, months = read(GOOD, GOOD | {"sales": "1"}, GOOD | {"month": "10/2025"}, clients=[3, 1, 3])
    assert {month: place.tolist() for month, (place, _) in months.items()} == {
        THROUGH: [1, 3],
        THROUGH - 1: [3],
    }
    assert months[THROUGH][1]["sales"].tolist() == [100, 100_000]


def test_one_bucket_without_a_column_is_the_rest_of_the_balance():
    columns = {name: name for name in COLUMNS if name != "not_due"}
    _, months = read(GOOD, columns=columns)
    assert told(months[THROUGH][1])["not_due"] == 10_000


def test_two_buckets_without_a_column_stay_unknown():
    columns = {name: name for name in COLUMNS if name not in {"not_due", "late_1_30"}}
    _, months = read(GOOD, columns=columns)
    assert not {"not_due", "late_1_30"} & told(months[THROUGH][1]).keys()


def test_an_aged_balance_takes_its_month_from_the_mapping():
    columns = {"outstanding": "outstanding", "not_due": "not_due"}
    _, months = read(GOOD, columns=columns, defaults={"month": "novembre 2025"})
    assert list(months) == [THROUGH]


def test_a_dso_that_no_column_gives_is_counted_back_over_the_file():
    columns = {name: name for name in ("month", "sales", "outstanding")}
    rows = [
        {"month": "2025-09", "sales": "300", "outstanding": "9999"},
        {"month": "2025-10", "sales": "0", "outstanding": "150"},
        {"month": "2025-11", "sales": "100", "outstanding": "250"},
    ]
    _, months = read(*rows, columns=columns)
    assert "dso" not in told(months[THROUGH - 2][1]), "the file's sales do not reach so far back"
    assert told(months[THROUGH - 1][1])["dso"] == 310 + 150
    assert told(months[THROUGH][1])["dso"] == 300 + 310 + 150


def test_no_dso_is_counted_where_a_months_sales_are_not_known():
    columns = {name: name for name in ("month", "sales", "outstanding")}
    rows = [
        {"month": "2025-10", "outstanding": "1"},
        {"month": "2025-11", "sales": "100", "outstanding": "50"},
    ]
    _, months = read(*rows, columns=columns)
    assert "dso" not in told(months[THROUGH][1])


def test_another_currency_is_refused_as_a_whole_or_by_row():
    view, _ = read(GOOD, defaults={"currency": "USD"})
    assert [(problem.code, problem.row) for problem in view.problems] == [("currency-not-accepted", None)]
