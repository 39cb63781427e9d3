"""A file is imported whole or not at all; CSV and XLSX give the same; each mistake has its place."""

import csv
import io
import os
import re
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.ledger import BUCKETS
from benchmark.problems import tell
from benchmark.upload import known, month_index, refuse_impossible
from member.client_list import account_key
from member.import_file import Known, Options, read_bytes, read_file, recognise
from member.mapping import Mapping, parse
from member.reading import Limits
from tests.examples import examples

TODAY = date(2025, 11, 20)
OPTIONS = Options(today=TODAY)
HEADINGS = [
    "N° client",
    "Raison sociale",
    "SIREN",
    "N° facture",
    "Date facture",
    "Échéance",
    "Montant TTC",
    "Date de règlement",
    "Litige",
]
ROWS = [
    ["C1", "Moulin fictif", "100000009", "F1", "02/09/2025", "02/10/2025", "1 200,00", "12/10/2025", ""],
    ["C2", "Forge fictive", "200000008", "F2", "15/09/2025", "15/10/2025", "800,50", "", "oui"],
    ["C1", "Moulin fictif", "100000009", "F3", "20/10/2025", "19/11/2025", "300,00", "", ""],
]


def as_csv(rows, delimiter=";", encoding="cp1252"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def typed(cell):
    """A French cell as a spreadsheet holds it: a date, a number, text, nothing."""
    if len(cell) == 10 and cell[2] == "/":
        return date(int(cell[6:]), int(cell[3:5]), int(cell[:2]))
    if cell.replace(" ", "").replace(",", "").isdigit() and "," in cell:
        return float(cell.replace(" ", "").replace(",", "."))
    return int(cell) if cell.isdigit() else cell or None


def as_xlsx(rows, above=()):
    book = openpyxl.Workbook()
    for row in above:
        book.active.append(row)
    book.active.append(rows[0])
    for row in rows[1:]:
        book.active.append([typed(cell) for cell in row])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def content(imported):
    return imported.clients, {
        month: (place.tolist(), rows.tobytes()) for month, (place, rows) in imported.months.items()
    }


def imported_from(rows, **options):
    return read_bytes(as_csv([HEADINGS, *rows]), None, Options(today=TODAY, **options))


def test_a_french_export_is_recognised_and_imported():
    imported = imported_from(ROWS)
    assert imported.ok
    assert imported.problems == []
    assert [client.identifier for client in imported.clients] == ["fr.siren:100000009", "fr.siren:200000008"]
    assert sorted(imported.months) == [month_index(2025, 9), month_index(2025, 10)]
    place, rows = imported.months[month_index(2025, 10)]
    assert place.tolist() == [0, 1]
    assert rows["outstanding"].tolist() == [30_000, 80_050]
    assert rows["paid_days_late"].tolist() == [10 * 120_000, 0]
    assert rows["disputed"].tolist() == [0, 80_050]
    refuse_impossible(rows)


def test_the_summary_says_what_a_person_checks_against_her_own_system():
    summary = imported_from(ROWS).summary
    expected = {
        "kind": "invoices",
        "format": "csv",
        "rows_read": 3,
        "rows_refused": 0,
        "invoices": 3,
        "open": 2,
        "disputed": 1,
        "clients": 2,
        "amount": 230_050,
        "outstanding": 110_050,
        "through_month": month_index(2025, 10),
        "columns_not_used": [],
    }
    assert {name: summary[name] for name in expected} == expected


def test_csv_and_xlsx_give_the_same_import():
    assert content(read_bytes(as_xlsx([HEADINGS, *ROWS]), None, OPTIONS)) == content(imported_from(ROWS))


def test_titles_above_the_headings_do_not_matter_and_rows_keep_their_numbers():
    above = [["Extraction du 20/11/2025"], [None], ["Société fictive"]]
    imported = read_bytes(as_xlsx([HEADINGS, *ROWS], above), None, OPTIONS)
    assert content(imported) == content(imported_from(ROWS))
    broken = [*ROWS[:2], [*ROWS[2][:6], "abc", "", ""]]
    (problem,) = read_bytes(as_xlsx([HEADINGS, *broken], above), None, OPTIONS).problems
    assert (problem.code, problem.row) == ("amount-invalid", 7)


def test_one_wrong_row_stops_everything_and_says_where():
    broken = [*ROWS, ["C2", "Forge fictive", "200000008", "F4", "31/02/2025", "15/10/2025", "1,00", "", ""]]
    imported = imported_from(broken)
    assert not imported.ok
    assert (imported.clients, imported.months) == ([], {})
    assert tell(imported.problems[0], "fr") == (
        "Ligne 5, colonne « Date facture » : date de facture : trouvé « 31/02/2025 », attendu une date comme "
        "31/12/2025."
    )


def test_wrong_rows_can_be_left_out_and_are_listed():
    broken = [*ROWS, ["C2", "Forge fictive", "200000008", "F4", "31/02/2025", "15/10/2025", "1,00", "", ""]]
    imported = imported_from(broken, skip_bad=True)
    assert content(imported) == content(imported_from(ROWS))
    assert [problem.code for problem in imported.problems] == ["rows-left-out", "date-invalid"]
    assert imported.summary["rows_refused"] == 1


def test_what_concerns_the_whole_table_cannot_be_skipped():
    mapping = Mapping(
        "invoices", recognise(as_csv([HEADINGS, *ROWS]), None)[2].columns, defaults={"currency": "USD"}
    )
    imported = read_bytes(as_csv([HEADINGS, *ROWS]), mapping, Options(today=TODAY, skip_bad=True))
    assert imported.months == {}
    assert [problem.code for problem in imported.problems] == ["currency-not-accepted"]


def test_a_saved_mapping_reads_the_next_file_whatever_its_column_order():
    mapping = recognise(as_csv([HEADINGS, *ROWS]), None)[2]
    order = [5, 3, 0, 8, 1, 7, 2, 6, 4]
    shuffled = [[row[place] for place in order] for row in [HEADINGS, *ROWS]]
    assert content(read_bytes(as_csv(shuffled), mapping, OPTIONS)) == content(imported_from(ROWS))


def test_a_mapping_whose_column_is_gone_names_it():
    mapping = recognise(as_csv([HEADINGS, *ROWS]), None)[2]
    renamed = [heading.replace("Échéance", "Exigible le") for heading in HEADINGS]
    (problem,) = read_bytes(as_csv([renamed, *ROWS]), mapping, OPTIONS).problems
    assert (problem.code, problem.field, problem.found) == ("column-unknown", "due", "Échéance")


@pytest.mark.parametrize(
    ("headings", "code", "field"),
    [
        (["N° client", "Date facture", "Montant TTC"], "column-missing", "due"),
        (["a", "b", "c"], "header-missing", None),
        (["Client", "Ville", "Commentaire"], "kind-unknown", None),
    ],
)
def test_a_file_that_lacks_what_it_needs_says_what(headings, code, field):
    (problem, *_) = read_bytes(as_csv([headings, ["1", "15/09/2025", "1,00"]]), None, OPTIONS).problems
    assert (problem.code, problem.field) == (code, field)


def test_a_ledger_without_identifiers_needs_the_map_of_accounts():
    rows = [[row[0], row[1], *row[3:]] for row in [HEADINGS, *ROWS]]
    refused = read_bytes(as_csv(rows), None, OPTIONS)
    assert [problem.code for problem in refused.problems] == ["no-account-identified"]
    assert not refused.ok
    assert [(one.account, one.outstanding_cents) for one in refused.accounts] == [
        ("C1", 30_000),
        ("C2", 80_050),
    ]
    assert refused.summary["invoices"] == 3
    partly = read_bytes(
        as_csv(rows), None, Options(today=TODAY, accounts={"C2": Known("fr.siren:200000008")})
    )
    assert [(problem.code, problem.found) for problem in partly.problems] == [("accounts-unidentified", "1")]
    assert [client.account for client in partly.clients] == ["C2"]
    accounts = {"C1": Known("fr.siren:100000009"), "C2": Known("fr.siren:200000008")}
    given = read_bytes(as_csv(rows), None, Options(today=TODAY, accounts=accounts))
    assert content(given) == content(imported_from(ROWS))


def test_open_items_alone_tell_the_balance_of_one_month_and_nothing_of_payments():
    rows = [row[:7] for row in [HEADINGS, *ROWS]]
    imported = read_bytes(as_csv(rows), None, OPTIONS)
    assert [problem.code for problem in imported.problems] == ["no-settlements"]
    ((month, (_, told)),) = imported.months.items()
    assert month == month_index(2025, 10)
    for name in ("sales", "paid", "paid_days_late", "paid_days_to_pay", "dso"):
        assert not known(told, name).any()
        assert not told[name].any()
    assert told["outstanding"].tolist() == [150_000, 80_050]


FIGURES = [
    [
        "Compte",
        "SIREN",
        "Mois",
        "CA TTC",
        "Encours",
        "Non échu",
        "1-30",
        "31-60",
        "61-90",
        "+90 jours",
        "Encaissé",
    ],
    ["1", "100000009", "09/2025", "100", "80", "80", "0", "0", "0", "0", "20"],
    ["1", "100000009", "10/2025", "100", "120", "90", "30", "0", "0", "0", "60"],
]


def test_figures_by_client_and_month_are_imported_too():
    imported = read_bytes(as_csv(FIGURES), None, OPTIONS)
    assert imported.ok, [tell(problem) for problem in imported.problems]
    assert imported.summary["kind"] == "figures"
    assert imported.months[month_index(2025, 10)][1]["dso"].tolist() == [310 + 60]


def test_two_accounts_of_one_client_in_one_month_are_asked_about():
    twice = [*FIGURES, ["2", "100000009", "10/2025", "1", "0", "0", "0", "0", "0", "0", "1"]]
    codes = [problem.code for problem in read_bytes(as_csv(twice), None, OPTIONS).problems]
    assert codes == ["relation-twice", "clients-merged"]


def test_nothing_up_to_the_last_complete_month_is_said():
    row = ["C1", "Moulin fictif", "100000009", "F1", "15/11/2025", "15/12/2025", "1,00", "", ""]
    codes = [problem.code for problem in imported_from([row]).problems]
    assert codes == ["months-not-complete", "nothing-to-import"]


def test_the_last_month_can_be_set_but_not_beyond_the_last_complete_one():
    assert max(imported_from(ROWS, through_month=month_index(2025, 9)).months) == month_index(2025, 9)
    assert max(imported_from(ROWS, through_month=month_index(2030, 1)).months) == month_index(2025, 10)


def test_a_file_that_is_not_there_or_too_large_is_a_problem(tmp_path):
    assert [problem.code for problem in read_file(tmp_path / "no.csv").problems] == ["file-missing"]
    assert [problem.code for problem in read_file(tmp_path).problems] == ["file-empty"]
    path = tmp_path / "large.csv"
    path.write_bytes(as_csv([HEADINGS, *ROWS]))
    options = Options(today=TODAY, limits=Limits(bytes_max=10))
    assert [problem.code for problem in read_file(path, None, options).problems] == ["file-too-large"]
    assert read_file(path, None, OPTIONS).ok


DOC = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")


def test_the_files_shown_in_the_docs_are_imported_and_say_the_same():
    invoices, figures = (
        read_bytes(block.encode(), None, OPTIONS) for block in re.findall(r"```csv\n(.*?)```", DOC, re.DOTALL)
    )
    assert (invoices.problems, figures.problems) == ([], [])
    october = month_index(2025, 10)
    for name in ("outstanding", *BUCKETS, "sales", "paid", "paid_days_late", "open_late_days", "dso"):
        assert invoices.months[october][1][name].tolist() == figures.months[october][1][name].tolist(), name


def test_the_mapping_shown_in_the_docs_is_one():
    (shown,) = re.findall(r"```json\n(.*?)```", DOC, re.DOTALL)
    assert isinstance(parse(shown.encode()), Mapping)


CELLS = st.sampled_from(
    ["", "1", "-1", "31/12/2025", "2025-02-30", "100000009", "abc", "1 234,56", "é", "9" * 30, "01/09/2025"]
)


@given(st.lists(st.lists(CELLS, max_size=11), max_size=8), st.booleans())
@examples(50)
def test_random_cells_under_real_headings_give_an_import_or_problems(rows, skip):
    imported = imported_from(rows, skip_bad=skip)
    assert imported.months or imported.problems
    assert bool(imported.months) <= bool(imported.clients)
    for problem in imported.problems:
        assert tell(problem, "fr")
        assert tell(problem, "en")
    for _, told in imported.months.values():
        refuse_impossible(told)


@given(st.binary(max_size=300))
def test_random_bytes_give_problems_never_a_crash(data):
    imported = read_bytes(data, None, OPTIONS)
    assert imported.months == {}
    assert imported.problems
    given_headings = read_bytes(as_csv([HEADINGS]) + data, None, OPTIONS)
    assert given_headings.problems or given_headings.months


def _shared(name):
    folder = Path(
        os.environ.get("VIGIE_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
    )
    path = folder / "invoices" / name
    if not path.is_file():
        pytest.skip("the real invoice lists are not here (set VIGIE_SHARED_DATA to their folder)")
    return path


def _stand_ins(accounts):
    """Made-up SIRENs with a right check digit, one an account, for ledgers that name none."""
    made = {}
    for place, account in enumerate(sorted({account_key(account) for account in accounts}), start=1):
        body = f"9{place:07d}"
        doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(body), start=1))
        made[account] = Known(f"fr.siren:{body}{-sum(sum(divmod(one, 10)) for one in doubled) % 10}")
    return made


@pytest.fixture(scope="module")
def real():
    path = _shared("b2b_invoices_raw.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        accounts = _stand_ins(row["Cust nbr"] for row in csv.DictReader(file))
    options = Options(months=None, accounts=accounts)
    return read_file(path, None, options), read_file(_shared("B2B_Invoice_Analysis.xlsx"), None, options)


def test_a_real_invoice_list_is_read_with_the_counts_known_from_elsewhere(real):
    for imported in real:
        assert imported.ok
        counts = {
            name: imported.summary[name]
            for name in ("invoices", "open", "disputed", "clients", "through_month")
        }
        assert counts == {
            "invoices": 4_675,
            "open": 225,
            "disputed": 461,
            "clients": 53,
            "through_month": month_index(2014, 7),
        }


def test_a_real_invoice_list_gives_the_same_rows_from_csv_and_xlsx(real):
    from_csv, from_xlsx = real
    assert [client.identifier for client in from_csv.clients] == [
        client.identifier for client in from_xlsx.clients
    ]
    assert content(from_csv)[1] == content(from_xlsx)[1]


def test_sales_of_a_real_invoice_list_add_up_to_its_amounts(real):
    imported, _ = real
    assert sum(int(rows["sales"].sum()) for _, rows in imported.months.values()) == imported.summary["amount"]
    assert len(imported.months) == 49
    last = imported.months[max(imported.months)][1]
    assert int(last["outstanding"].sum()) == imported.summary["outstanding"]
    assert np.isin(last["terms_kind"], [0, 1, 2]).all()


def test_american_dates_of_a_real_list_are_told_by_their_content():
    path = _shared("WA_Fn-UseC_-Accounts-Receivable.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        accounts = _stand_ins(row["customerID"] for row in csv.DictReader(file))
    imported = read_file(path, None, Options(months=None, accounts=accounts))
    assert imported.ok
    assert imported.summary["invoices"] == 2_466
    assert imported.summary["disputed"] == 561
    assert imported.summary["clients"] == 100
    assert {client.terms_days for client in imported.clients} == {30}


def test_the_row_of_headings_can_be_named_and_a_row_that_is_not_there_is_a_problem():
    columns = recognise(as_csv([HEADINGS, *ROWS]), None)[2].columns
    data = as_csv([["Client", "Montant", "Date"], HEADINGS, *ROWS])
    named = read_bytes(data, Mapping("invoices", columns, heading_row=2), OPTIONS)
    assert content(named) == content(imported_from(ROWS))
    assert content(read_bytes(data, Mapping("invoices", columns), OPTIONS)) == content(imported_from(ROWS))
    beyond = read_bytes(data, Mapping("invoices", columns, heading_row=99), OPTIONS)
    assert [problem.code for problem in beyond.problems] == ["header-missing"]


def test_a_mapping_that_contradicts_itself_is_refused_before_the_file_is_read():
    imported = read_bytes(b"", Mapping("invoices", {"month": "Mois"}), OPTIONS)
    assert [problem.code for problem in imported.problems] == ["mapping-invalid"]


def test_a_title_sheet_before_the_data_is_passed_over():
    book = openpyxl.Workbook()
    book.active.append(["Extraction"])
    sheet = book.create_sheet("Données")
    for row in [HEADINGS, *ROWS]:
        sheet.append([cell or None for cell in row])
    data = io.BytesIO()
    book.save(data)
    imported = read_bytes(data.getvalue(), None, OPTIONS)
    assert imported.summary["sheet"] == "Données"
    assert content(imported) == content(imported_from(ROWS))
