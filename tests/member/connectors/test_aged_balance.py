"""An aged balance is read however its age is cut, and its month is found where it stands."""

from dataclasses import replace
from datetime import date

import pytest

from benchmark.upload import known, month_index
from member.connectors.aged_balance import bucket_of, month_of_title
from member.import_file import Options, read_bytes
from member.mapping import missing, propose
from tests.member.test_import_file import as_csv, as_xlsx

OPTIONS = Options(today=date(2025, 11, 20))


@pytest.mark.parametrize(
    ("heading", "bucket"),
    [
        ("Non échu", "not_due"),
        ("À échoir", "not_due"),
        ("Current", "not_due"),
        ("1-30", "late_1_30"),
        ("0 à 30 jours", "late_1_30"),
        ("Échu de 1 à 15 j", "late_1_30"),
        ("16/30 jours", "late_1_30"),
        ("< 30 j", "late_1_30"),
        ("Moins de 30 jours", "late_1_30"),
        ("31-60 days", "late_31_60"),
        ("30 à 60 jours", "late_31_60"),
        ("Retard 46 - 60", "late_31_60"),
        ("61_90", "late_61_90"),
        ("60-90", "late_61_90"),
        ("91 à 120", "late_91_plus"),
        ("> 90", "late_91_plus"),
        ("+ de 90 jours", "late_91_plus"),
        ("Over 120 days", "late_91_plus"),
        ("90 jours et plus", "late_91_plus"),
        ("Au-delà de 180 jours", "late_91_plus"),
        ("31-90", None),
        ("> 60", None),
        ("1-45", None),
        ("Délai 30-60", None),
        ("Date 01-30", None),
        ("Compte", None),
    ],
)
def test_a_heading_tells_the_bucket_that_its_days_lie_in(heading, bucket):
    assert bucket_of(heading) == bucket


ROWS = [
    [
        "Compte",
        "Client",
        "SIREN",
        "Total dû",
        "Non échu",
        "1-15 j",
        "16-30 j",
        "31-60 j",
        "61-90 j",
        "91-120 j",
        "> 120 j",
    ],
    [
        "C1",
        "Moulin fictif",
        "100000009",
        "1 500,00",
        "1 000,00",
        "200,00",
        "100,00",
        "100,00",
        "50,00",
        "40,00",
        "10,00",
    ],
    ["C2", "Forge fictive", "200000008", "-80,50", "-80,50", "", "", "", "", "", ""],
    ["", "Total général", "", "1 419,50", "919,50", "200,00", "100,00", "100,00", "50,00", "40,00", "10,00"],
]
TITLE = [["Balance âgée clients"], ["Arrêtée au 31/10/2025"], []]


def row_of(imported, client=0):
    _, rows = imported.months[month_index(2025, 10)]
    return {
        name: int(rows[name][client]) for name in rows.dtype.names if name not in {"pseudonym", "present"}
    }


def test_buckets_cut_finer_add_up_to_ours_and_totals_are_left_out():
    imported = read_bytes(as_csv([*TITLE, *ROWS]), None, OPTIONS)
    assert [problem.code for problem in imported.problems] == ["totals-left-out"]
    first, second = row_of(imported), row_of(imported, 1)
    assert (first["outstanding"], first["not_due"], first["late_1_30"]) == (150_000, 100_000, 30_000)
    assert (first["late_31_60"], first["late_61_90"], first["late_91_plus"]) == (10_000, 5_000, 5_000)
    assert (second["outstanding"], second["not_due"]) == (-8_050, -8_050)
    assert [(one.account, one.outstanding_cents) for one in imported.accounts] == [
        ("C1", 150_000),
        ("C2", -8_050),
    ]
    assert imported.summary["outstanding"] == 141_950
    _, rows = imported.months[month_index(2025, 10)]
    for name in ("sales", "paid", "dso", "open_late_days", "paid_days_late"):
        assert not known(rows, name).any(), name


def test_a_workbook_and_a_file_without_a_total_column_say_the_same():
    from_csv = read_bytes(as_csv([*TITLE, *ROWS]), None, OPTIONS)
    from_xlsx = read_bytes(as_xlsx(ROWS, TITLE), None, OPTIONS)
    shorter = [[*row[:3], *row[4:]] for row in ROWS]
    without_total = read_bytes(as_csv([*TITLE, *shorter]), None, OPTIONS)
    for other in (from_xlsx, without_total):
        assert other.clients == from_csv.clients
        assert row_of(other) == row_of(from_csv)
        assert row_of(other, 1) == row_of(from_csv, 1)


def test_the_month_is_that_asked_for_or_of_the_title_or_of_the_files_name():
    data = as_csv(ROWS)
    assert [problem.code for problem in read_bytes(data, None, OPTIONS).problems] == ["column-missing"]
    assert list(read_bytes(data, None, OPTIONS, name="balance_agee_2025-09.csv").months) == [
        month_index(2025, 9)
    ]
    asked = replace(OPTIONS, through_month=month_index(2025, 8))
    assert list(read_bytes(as_csv([*TITLE, *ROWS]), None, asked).months) == [month_index(2025, 8)]
    future = read_bytes(as_csv([["Balance au 30/11/2025"], *ROWS]), None, OPTIONS)
    assert "month-in-future" in {problem.code for problem in future.problems}


@pytest.mark.parametrize(
    ("titles", "name", "month"),
    [
        ([["Balance âgée au 31 octobre 2025"]], "", "2025-10"),
        ([["Aged balance", date(2025, 9, 30)]], "", "2025-09"),
        ([], "BALAGEE_202510.xlsx", "2025-10"),
        ([], "balance 10-2025.csv", "2025-10"),
        ([["Société fictive"]], "balance.csv", None),
    ],
)
def test_a_date_is_found_where_systems_write_it(titles, name, month):
    assert month_of_title(titles, name) == month


def test_ages_that_cannot_be_placed_are_not_proposed():
    mapping = propose(["Compte", "Client", "Encours", "Non échu", "1-60", "> 60", "Mois"], [])
    assert missing(mapping) == []
    assert "late_1_30" not in mapping.columns


def test_a_balance_that_does_not_add_up_is_refused_with_its_row():
    wrong = [*TITLE, ROWS[0], [*ROWS[1][:3], "1 500,01", *ROWS[1][4:]]]
    (problem,) = read_bytes(as_csv(wrong), None, OPTIONS).problems
    assert (problem.code, problem.row, problem.expected) == ("ageing-does-not-sum", 5, "1500.01")


def test_a_company_called_total_is_a_client():
    rows = [ROWS[0], ["C9", "Total", "100000009", "10,00", "10,00", "", "", "", "", "", ""]]
    imported = read_bytes(as_csv([*TITLE, *rows]), None, OPTIONS)
    assert [client.name for client in imported.clients] == ["Total"]
