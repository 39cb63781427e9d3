"""The review goes out as a spreadsheet and comes back as decisions, whatever a person writes in it."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import Workbook, load_workbook

from benchmark.problems import Problem
from member.account_map import parse_accounts
from member.identify import Decided, Party, propose
from member.identify_map import map_csv
from member.identify_review import HEADINGS, parse_review, rows_of, write_review
from member.imported import Account
from tests.member.conftest import siren

ACCOUNTS = [
    Account("0411A", "Durand Exemple", postcode="69003", city="Lyon", outstanding_cents=100),
    Account("0411B", "DURAND EXEMPLE SA", postcode="69003", city="LYON", outstanding_cents=200),
    Account("411C", "=HYPERLINK(1)", outstanding_cents=99_999),
    Account("411E", "Homonyme Fictif", outstanding_cents=70_000),
    Account("411F", "Homonyme Fictif (agence)", outstanding_cents=0),
]
PARTIES = [
    Party("sirene", f"fr.siren:{siren(1)}", "DURAND EXEMPLE", "69003", "LYON"),
    Party("sirene", f"fr.siren:{siren(5)}", "HOMONYME FICTIF", "13001", "MARSEILLE"),
    Party("sirene", f"fr.siren:{siren(6)}", "HOMONYME FICTIF", "59000", "LILLE"),
]


def table(lang: str = "fr") -> list[list[str]]:
    return rows_of(propose(ACCOUNTS, PARTIES), lang)


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def decided(rows: list[list[str]]) -> dict[str, str]:
    review = parse_review(as_csv(rows))
    assert not isinstance(review, Problem), review
    assert review.problems == []
    return {one.account.account: one.identifier for one in review.decided}


def test_what_needs_a_look_comes_first_and_what_is_sure_is_filled_in():
    rows = table()
    assert [row[1] for row in rows[1:]] == ["411C", "411E", "411F", "0411A", "0411B"]
    assert [row[0] for row in rows[1:]] == ["", "", "", "oui", "oui"]
    assert rows[2][11] == "plusieurs entreprises portent ce nom"
    assert rows[2][13].startswith(siren(6)) or rows[2][13].startswith(siren(5))
    assert rows[4][5] == "1,00"
    assert table("en")[4][5] == "1.00"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_left_as_it_is_it_confirms_what_is_sure(lang):
    assert decided(table(lang)) == {"0411A": f"fr.siren:{siren(1)}", "0411B": f"fr.siren:{siren(1)}"}


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("OUI", siren(5)),
        ("2", siren(6)),
        ("non", ""),
        (siren(9), siren(9)),
        (f"{siren(9)[:3]} {siren(9)[3:6]} {siren(9)[6:]}", siren(9)),
        (f"{siren(9)}00012", None),
    ],
)
def test_a_person_may_write_a_word_a_number_or_a_choice(written, chosen):
    rows = table()
    rows[2][0] = written
    if chosen is None:
        review = parse_review(as_csv(rows))
        assert [problem.row for problem in review.problems] == [3]
        return
    found = decided(rows)
    expected = f"fr.siren:{chosen}" if chosen else ""
    # The second account of the client follows the first.
    assert (found["411E"], found["411F"]) == (expected, expected)


def test_an_own_decision_goes_over_the_one_of_the_same_client():
    rows = table()
    rows[2][0], rows[3][0] = "1", "non"
    assert decided(rows)["411F"] == ""


def test_yes_without_a_proposal_names_its_row():
    rows = table()
    rows[1][0] = "oui"
    review = parse_review(as_csv(rows))
    assert [(problem.code, problem.row) for problem in review.problems] == [("identifier-invalid", 2)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_file_is_for_its_user_alone_and_holds_no_formula(tmp_path, suffix):
    path = tmp_path / f"review{suffix}"
    write_review(path, propose(ACCOUNTS, PARTIES), "en")
    assert path.stat().st_mode & 0o077 == 0
    if suffix == ".xlsx":
        cells = [cell for row in load_workbook(path)["Vigie"].iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
    else:
        assert ";=" not in path.read_text(encoding="utf-8-sig")
    review = parse_review(path.read_bytes())
    assert {one.account.account for one in review.decided} == {"0411A", "0411B"}
    assert review.undecided == 3


def test_a_spreadsheet_that_ate_zeros_and_moved_columns_is_still_read():
    book = Workbook()
    sheet = book.active
    order = ["account", "identifier", "decision"]
    sheet.append([HEADINGS[name][1] for name in order])
    sheet.append([411, int(siren(1)), "oui"])
    out = io.BytesIO()
    book.save(out)
    review = parse_review(out.getvalue())
    assert [(one.account.account, one.identifier) for one in review.decided] == [
        ("411", f"fr.siren:{siren(1)}")
    ]


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n"])
def test_another_file_is_said_to_be_another(content):
    assert isinstance(parse_review(content), Problem)


def test_the_map_of_accounts_is_what_an_import_reads():
    person = Decided(ACCOUNTS[3], f"fr.siren:{siren(2)}", confidential=True)
    made = map_csv([Decided(ACCOUNTS[0], f"fr.siren:{siren(1)}"), Decided(ACCOUNTS[2], ""), person])
    known = parse_accounts(made)
    assert not isinstance(known, list), known
    one, out = known.values()
    assert (out.identifier, out.confidential, one.confidential) == (f"fr.siren:{siren(2)}", True, False)
    assert (one.identifier, one.name, one.city) == (f"fr.siren:{siren(1)}", "Durand Exemple", "Lyon")
