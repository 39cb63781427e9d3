"""A ledger becomes contributions: by lettering, oldest first where there is none, lost dates unknown."""

import io
import json
import os
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from benchmark.ledger import BUCKETS
from benchmark.problems import tell
from benchmark.upload import known, month_index, refuse_impossible
from member.cli import app
from member.client_list import Known
from member.connectors.fec import Terms
from member.import_file import propose_mapping, read_bytes
from member.mapping import Mapping
from member.preview import preview
from tests.member.connectors.ledgers import FORGE, KNOWN, MOULIN, NAMES, OPTIONS, Fec


def figures(imported, month, client=0):
    place, rows = imported.months[month_index(*month)]
    row = rows[place.tolist().index(client)]
    return {name: int(row[name]) for name in row.dtype.names if name not in {"pseudonym", "present"}}


def codes(imported):
    return [problem.code for problem in imported.problems]


def year():
    """Two clients: one pays by lettering 10 days late, the other has one invoice open."""
    return (
        Fec()
        .invoice("2025-01-10", "CMOUL", 1200, "A")
        .invoice("2025-02-05", "CFORG", 600)
        .paid("2025-02-19", "CMOUL", 1200, "A")
        .invoice("2025-03-03", "CMOUL", 240)
        .entry("OD", "2025-03-31", ("641000", "", 100), ("421000", "", -100))
    )


def test_a_lettered_invoice_carries_the_days_of_its_payment():
    """1,200.00 invoiced on 10 January at 30 days, paid on 19 February: 40 days to pay, 10 late, by hand."""
    imported = read_bytes(year().bytes(), None, OPTIONS)
    assert imported.ok
    assert [client.identifier for client in imported.clients] == [MOULIN, FORGE]
    january, february = figures(imported, (2025, 1)), figures(imported, (2025, 2))
    assert (january["sales"], january["outstanding"], january["not_due"]) == (120_000, 120_000, 120_000)
    assert (february["paid"], february["outstanding"]) == (120_000, 0)
    assert february["paid_days_to_pay"] == 120_000 * 40
    assert february["paid_days_late"] == 120_000 * 10
    march = figures(imported, (2025, 3), client=1)
    assert (march["late_1_30"], march["open_late_days"]) == (60_000, 60_000 * 24)
    for _, rows in imported.months.values():
        assert refuse_impossible(rows) is None
        assert not known(rows, "disputed").any()
    assert imported.summary["letterings"] == imported.summary["balanced_letterings"] == 1
    assert imported.summary["weighted_days_to_pay"] == 40.0
    assert (imported.summary["invoices"], imported.summary["open"]) == (3, 2)
    assert imported.summary["outstanding"] == 84_000


VARIANTS = {
    "tab, utf-8, mark": {"encoding": "utf-8-sig"},
    "bar, cp1252": {"encoding": "cp1252", "delimiter": "|"},
    "bar, iso-8859-15, padded, trailing": {
        "encoding": "iso8859-15",
        "delimiter": "|",
        "pad": True,
        "trailing": "|",
    },
    "old Mac ends of line": {"end": "\r"},
    "utf-16": {"encoding": "utf-16"},
    "names in small letters": {"lower": True, "delimiter": ";"},
    "22 columns": {"names": [*NAMES, "DateRglt", "ModeRglt", "NatOp", "IdClient"]},
    "without lettering dates": {"names": [name for name in NAMES if name != "DateLet"]},
    "columns in another order": {"names": NAMES[::-1]},
}


@pytest.mark.parametrize("how", VARIANTS.values(), ids=VARIANTS)
def test_every_way_to_write_a_ledger_gives_the_same_import(how):
    plain, written = read_bytes(year().bytes(), None, OPTIONS), read_bytes(year().bytes(**how), None, OPTIONS)
    assert codes(written) == codes(plain)
    assert written.clients == plain.clients
    assert {month: rows.tobytes() for month, (_, rows) in written.months.items()} == {
        month: rows.tobytes() for month, (_, rows) in plain.months.items()
    }


def test_mixed_ends_of_line_a_dos_end_of_file_and_quoted_fields_are_read():
    text = year().text(end="\n")
    mixed = text.replace("\n", "\r\n", 7).encode() + b"\x1a"
    quoted = "\n".join(
        "\t".join(f'"{cell}"' for cell in line.split("\t")) for line in text.splitlines()
    ).encode()
    plain = read_bytes(text.encode(), None, OPTIONS)
    for data in (mixed, quoted):
        other = read_bytes(data, None, OPTIONS)
        assert other.summary["outstanding"] == plain.summary["outstanding"]
        assert (
            other.months[month_index(2025, 3)][1].tobytes() == plain.months[month_index(2025, 3)][1].tobytes()
        )


def test_amount_and_side_stand_in_for_debit_and_credit():
    names = [name for name in NAMES if name not in {"Debit", "Credit"}] + ["Montant", "Sens"]
    ledger = year()
    for line in ledger.lines:
        debit = line["Debit"] != "0,00"
        line["Montant"], line["Sens"] = line["Debit" if debit else "Credit"], "D" if debit else "C"
    imported = read_bytes(ledger.bytes(names=names), None, OPTIONS)
    assert imported.summary["outstanding"] == 84_000
    assert imported.summary["balanced_letterings"] == 1


def test_what_is_not_lettered_pays_the_oldest_invoice_first_and_that_is_said():
    ledger = (
        Fec()
        .invoice("2025-01-10", "CMOUL", 100)
        .invoice("2025-01-20", "CMOUL", 100)
        .paid("2025-02-09", "CMOUL", 150)
    )
    imported = read_bytes(ledger.bytes(), None, OPTIONS)
    february = figures(imported, (2025, 2))
    assert (february["paid"], february["outstanding"]) == (15_000, 5_000)
    assert february["paid_days_to_pay"] == 10_000 * 30 + 5_000 * 20
    assert codes(imported) == ["paid-first-in-first-out"]
    assert imported.problems[0].found == "100"


def test_money_in_advance_waits_for_its_invoice():
    """500.00 in advance on 5 January (4191), used for an invoice of 20 January."""
    ledger = (
        Fec()
        .entry("BQ", "2025-01-05", ("512000", "", 500), ("419100", "CMOUL", -500))
        .invoice("2025-02-20", "CMOUL", 800, "B")
        .entry("OD", "2025-02-20", ("419100", "CMOUL", 500), ("411000", "CMOUL", -500, "B"))
        .paid("2025-03-20", "CMOUL", 300, "B")
    )
    imported = read_bytes(ledger.bytes(), None, OPTIONS)
    january, february, march = (figures(imported, (2025, month)) for month in (1, 2, 3))
    assert (january["sales"], january["outstanding"], january["paid"]) == (0, -50_000, 0)
    assert (february["sales"], february["outstanding"]) == (80_000, 30_000)
    assert (march["outstanding"], march["paid"]) == (0, 30_000)
    assert february["paid"] == 50_000


def test_a_bill_is_no_payment_until_the_bank_pays_it():
    """411 to 413 on acceptance, paid by the bank on 15 March; the bill's account bears no client."""
    ledger = (
        Fec()
        .invoice("2025-01-15", "CMOUL", 900, "A")
        .entry("EF", "2025-01-31", ("413000", "", 900, "Z"), ("411000", "CMOUL", -900, "A"))
        .entry("BQ", "2025-03-15", ("512000", "", 900), ("413000", "", -900, "Z"))
    )
    imported = read_bytes(ledger.bytes(), None, OPTIONS)
    assert [client.identifier for client in imported.clients] == [MOULIN]
    january, march = figures(imported, (2025, 1)), figures(imported, (2025, 3))
    assert (january["paid"], january["outstanding"]) == (0, 90_000)
    assert (march["paid"], march["paid_days_to_pay"]) == (90_000, 90_000 * 59)


def test_a_doubtful_account_is_still_owed_with_its_own_dates():
    ledger = (
        Fec()
        .invoice("2025-01-15", "CMOUL", 900)
        .entry("OD", "2025-04-30", ("416000", "CMOUL", 900), ("411000", "CMOUL", -900))
        .invoice("2025-06-15", "CFORG", 10)
    )
    imported = read_bytes(ledger.bytes(), None, OPTIONS)
    june = figures(imported, (2025, 6))
    assert (june["outstanding"], june["late_91_plus"], june["paid"]) == (90_000, 90_000, 0)
    assert june["open_late_days"] == 90_000 * (30 - 14 + 31 * 2 + 28 + 30 + 0)


def test_a_write_off_and_a_credit_note_close_without_being_payments():
    ledger = (
        Fec()
        .invoice("2025-01-10", "CMOUL", 100, "A")
        .entry("VE", "2025-01-20", ("706000", "", 25), ("445710", "", 5), ("411000", "CMOUL", -30, "A"))
        .paid("2025-02-10", "CMOUL", 69, "A")
        .entry("OD", "2025-02-28", ("654000", "", 1), ("411000", "CMOUL", -1, "A"))
    )
    imported = read_bytes(ledger.bytes(), None, OPTIONS)
    january, february = figures(imported, (2025, 1)), figures(imported, (2025, 2))
    assert (january["sales"], january["paid"]) == (7_000, 0)
    assert (february["paid"], february["outstanding"]) == (6_900, 0)


def test_a_payment_that_comes_back_reopens_its_invoice_with_its_own_dates():
    ledger = (
        Fec()
        .invoice("2025-01-10", "CMOUL", 100)
        .paid("2025-02-09", "CMOUL", 100)
        .entry("BQ", "2025-02-14", ("411000", "CMOUL", 100), ("512000", "", -100), label="REJET PRLV SEPA")
        .invoice("2025-03-31", "CFORG", 10)
    )
    imported = read_bytes(ledger.bytes(), None, OPTIONS)
    february, march = figures(imported, (2025, 2)), figures(imported, (2025, 3))
    assert (february["paid"], february["outstanding"], february["incident"]) == (0, 10_000, 2)
    assert march["open_late_days"] == 10_000 * 50
    assert february["sales"] == 0


def test_a_client_sold_to_a_factor_is_marked_and_listed():
    ledger = Fec().invoice("2025-01-10", "CMOUL", 100).invoice("2025-01-11", "CFORG", 50)
    ledger.entry("OD", "2025-01-15", ("467100", "", 100), ("411000", "CMOUL", -100))
    for line in ledger.lines:
        if line["CompteNum"] == "467100":
            line["CompteLib"] = "Affacturage Exemple"
    imported = read_bytes(ledger.bytes(), None, OPTIONS)
    assert figures(imported, (2025, 1))["factored"] == 1
    assert figures(imported, (2025, 1), client=1)["factored"] == 0
    shown = preview(imported, "fec.txt").as_json()
    assert [(one["account"], one["reason"]) for one in shown["left_out"]] == [("CMOUL", "factored")]


def opening():
    """A year that brings forward 700.00, of which 500.00 is paid."""
    return (
        Fec()
        .entry("AN", "2025-01-01", ("101000", "", -700), ("411000", "CMOUL", 700))
        .invoice("2025-01-15", "CMOUL", 60)
        .paid("2025-02-10", "CMOUL", 500)
        .invoice("2025-02-20", "CFORG", 10)
    )


def before():
    """The year before it: two invoices of 500.00 and 200.00 left open."""
    return (
        Fec()
        .invoice("2024-11-10", "CMOUL", 500)
        .invoice("2024-12-05", "CMOUL", 200)
        .invoice("2024-12-06", "CFORG", 30, "A")
        .paid("2024-12-20", "CFORG", 30, "A")
    )


def test_a_balance_brought_forward_is_no_sale_and_the_previous_year_is_asked_for():
    imported = read_bytes(opening().bytes(), None, OPTIONS)
    january = figures(imported, (2025, 1))
    assert (january["sales"], january["outstanding"]) == (6_000, 76_000)
    _, rows = imported.months[month_index(2025, 1)]
    for name in (*BUCKETS, "open_late_days"):
        assert not known(rows[:1], name)[0], name
    assert "brought-forward" in codes(imported)
    french = next(tell(one, "fr") for one in imported.problems if one.code == "brought-forward")
    assert "700.00" in french
    assert "2025-01" in french


def test_the_previous_years_file_gives_the_dates_back():
    imported = read_bytes(opening().bytes(), None, OPTIONS, [before().bytes(delimiter="|")])
    assert codes(imported) == ["paid-first-in-first-out"]
    january, february = figures(imported, (2025, 1)), figures(imported, (2025, 2))
    assert (january["outstanding"], january["sales"]) == (76_000, 6_000)
    assert january["late_1_30"] == 20_000
    assert january["late_31_60"] == 50_000
    assert february["paid_days_to_pay"] == 50_000 * 92
    assert imported.summary["outstanding"] == 27_000
    assert imported.summary["from"] == "2024-11-10"


def test_a_previous_year_that_closes_otherwise_is_said_and_the_later_ledger_holds():
    less = before().paid("2024-12-29", "CMOUL", 100)
    imported = read_bytes(opening().bytes(), None, OPTIONS, [less.bytes()])
    assert "brought-forward-differs" in codes(imported)
    assert figures(imported, (2025, 1))["outstanding"] == 76_000


def test_a_lettering_that_spans_two_years_is_one():
    first = Fec().invoice("2024-12-05", "CMOUL", 200, "AA").invoice("2024-12-06", "CFORG", 30)
    second = (
        Fec()
        .entry(
            "AN", "2025-01-01", ("101000", "", -230), ("411000", "CMOUL", 200, "AA"), ("411000", "CFORG", 30)
        )
        .paid("2025-01-20", "CMOUL", 200, "AA")
        .invoice("2025-01-25", "CFORG", 10)
    )
    imported = read_bytes(second.bytes(), None, OPTIONS, [first.bytes()])
    january = figures(imported, (2025, 1))
    assert (january["paid"], january["paid_days_to_pay"]) == (20_000, 20_000 * 46)


@pytest.mark.parametrize("shift", ["same", "apart"])
def test_files_that_do_not_follow_each_other_are_refused(shift):
    other = opening() if shift == "same" else Fec().invoice("2022-03-10", "CMOUL", 500)
    imported = read_bytes(opening().bytes(), None, OPTIONS, [other.bytes()])
    assert codes(imported) == ["ledger-years-apart"]
    assert not imported.months


def test_without_terms_lateness_is_unknown_and_everything_else_is_told():
    accounts = {key: replace(one, terms_days=None) for key, one in KNOWN.items()}
    imported = read_bytes(year().bytes(), None, replace(OPTIONS, accounts=accounts))
    assert "terms-unknown" in codes(imported)
    _, rows = imported.months[month_index(2025, 2)]
    for name in (*BUCKETS, "open_late_days", "paid_days_late", "terms_days"):
        assert not known(rows, name).any(), name
    for name in ("sales", "outstanding", "paid", "paid_days_to_pay"):
        assert known(rows, name).all(), name
    assert {client.terms_days for client in imported.clients} == {None}
    given = read_bytes(year().bytes(), None, replace(OPTIONS, accounts=accounts, terms=Terms(30)))
    plain = read_bytes(year().bytes(), None, OPTIONS)
    assert given.months[month_index(2025, 2)][1].tobytes() == plain.months[month_index(2025, 2)][1].tobytes()


def test_accounts_without_an_identifier_are_listed_with_what_they_owe():
    imported = read_bytes(year().bytes(), None, replace(OPTIONS, accounts={"CMOUL": KNOWN["CMOUL"]}))
    assert [client.account for client in imported.clients] == ["CMOUL"]
    assert [
        (one.account, one.identifier, one.outstanding_cents, one.sales_cents) for one in imported.accounts
    ] == [
        ("CMOUL", MOULIN, 24_000, 144_000),
        ("CFORG", None, 60_000, 60_000),
    ]
    assert "accounts-unidentified" in codes(imported)
    nobody = read_bytes(year().bytes(), None, replace(OPTIONS, accounts={}))
    assert not nobody.ok
    assert nobody.summary["clients"] == 2
    assert nobody.summary["outstanding"] == 84_000


def test_a_general_ledger_with_french_headings_is_a_ledger_too():
    rows = ["Journal;Date;N° compte;Libellé du compte;Pièce;Libellé;Débit;Crédit;Lettrage;Échéance"]
    rows += [
        "VE;10/01/2025;411MOUL;Moulin fictif;F1;Facture;1 200,00;;A;28/02/2025",
        "VE;10/01/2025;706000;Ventes;F1;Facture;;1 200,00;;",
        "BQ;05/03/2025;512000;Banque;R1;Virement;1 200,00;;;",
        "BQ;05/03/2025;411MOUL;Moulin fictif;R1;Virement;;1 200,00;A;",
    ]
    accounts = {"411MOUL": Known(MOULIN)}
    imported = read_bytes("\n".join(rows).encode("cp1252"), None, replace(OPTIONS, accounts=accounts))
    assert imported.ok
    assert imported.summary["kind"] == "ledger"
    march = figures(imported, (2025, 3))
    assert (march["paid"], march["paid_days_late"]) == (120_000, 120_000 * 5)


# ---- real ledgers, where they are


def shared(name):
    here = Path(__file__).resolve().parents[4] / "shared" / "data"
    path = Path(os.environ.get("VIGIE_SHARED_DATA") or here) / name
    if not path.is_file():
        pytest.skip("the real files are not here (set VIGIE_SHARED_DATA to their folder)")
    return path


PINNED = {
    "fec/0000000001FEC20220831.txt": {
        "clients": 17,
        "letterings": 134,
        "balanced_letterings": 119,
        "weighted_days_to_pay": 30.8,
        "outstanding_cents": 5_251_724,
    },
    "fec/111111111FEC20221231.TXT": {
        "clients": 34,
        "letterings": 45,
        "balanced_letterings": 45,
        "weighted_days_to_pay": 60.1,
        "outstanding_cents": 1_441_652,
    },
    "invoices/b2b_invoices_raw.csv": {"invoices": 4_675, "open": 225, "disputed": 461},
    "invoices/B2B_Invoice_Analysis.xlsx": {"invoices": 4_675, "open": 225, "disputed": 461},
}


@pytest.mark.parametrize("name", PINNED)
def test_the_preview_of_a_real_file_gives_the_figures_known_from_elsewhere(name, tmp_path):
    shown = CliRunner().invoke(
        app, ["preview", str(shared(name)), "--json", "--home", str(tmp_path / "none")]
    )
    found = json.loads(shown.stdout)
    assert {key: found[key] for key in PINNED[name]} == PINNED[name]
    assert {"source", "clients", "invoices", "open", "disputed", "problems"} <= found.keys()
    assert found["source"] == Path(name).name
    assert shown.exit_code == 3


def test_a_ledger_saved_as_a_workbook_is_the_same_ledger():
    ledger = year()
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    for line in ledger.lines:
        cells = []
        for name in NAMES:
            text = line.get(name, "")
            if name in {"Debit", "Credit"}:
                cells.append(float(text.replace(",", ".")))
            else:
                cells.append(int(text) if text.isdigit() else text or None)
        book.active.append(cells)
    data = io.BytesIO()
    book.save(data)
    plain, saved = read_bytes(ledger.bytes(), None, OPTIONS), read_bytes(data.getvalue(), None, OPTIONS)
    assert saved.summary["kind"] == "ledger"
    assert saved.clients == plain.clients
    assert saved.accounts == plain.accounts
    for month, (_, rows) in plain.months.items():
        assert saved.months[month][1].tobytes() == rows.tobytes()


GENERAL = "Journal;Date;N° compte;Compte auxiliaire;Libellé;Débit;Crédit;Lettrage"


def test_a_general_ledger_takes_the_year_before_it_too(tmp_path):
    first = f"{GENERAL}\nVE;10/11/2024;411000;CMOUL;F1;200,00;;\nVE;10/11/2024;706000;;F1;;200,00;\n"
    second = (
        f"{GENERAL}\nAN;01/01/2025;411000;CMOUL;RAN;200,00;;\nAN;01/01/2025;101000;;RAN;;200,00;\n"
        "BQ;20/01/2025;512000;;V;200,00;;\nBQ;20/01/2025;411000;CMOUL;V;;200,00;\n"
    )
    imported = read_bytes(second.encode(), None, OPTIONS, [first.encode()])
    assert codes(imported) == ["paid-first-in-first-out"]
    january = figures(imported, (2025, 1))
    assert (january["paid"], january["paid_days_to_pay"]) == (20_000, 20_000 * 71)
    refused = read_bytes(second.encode(), None, OPTIONS, [b"\x00\x01"])
    assert codes(refused) == ["file-not-supported"]
    cut = read_bytes(second.encode(), None, OPTIONS, [year().bytes()[:-40]])
    assert codes(cut) == ["line-too-short"]


def test_the_columns_of_a_ledger_can_be_proposed_named_and_given_terms(tmp_path):
    path = tmp_path / "fec.txt"
    path.write_bytes(year().bytes())
    proposed = propose_mapping(path)
    assert proposed.kind == "ledger"
    assert proposed.columns["general"] == "CompteNum"
    agreed = Mapping("ledger", proposed.columns, defaults={"terms_days": "30", "terms_kind": "0"})
    accounts = {key: replace(one, terms_days=None) for key, one in KNOWN.items()}
    imported = read_bytes(year().bytes(), agreed, replace(OPTIONS, accounts=accounts))
    plain = read_bytes(year().bytes(), None, OPTIONS)
    assert (
        imported.months[month_index(2025, 2)][1].tobytes() == plain.months[month_index(2025, 2)][1].tobytes()
    )
    wrong = read_bytes(year().bytes(), Mapping("ledger", {**proposed.columns, "debit": "Doit"}), OPTIONS)
    assert codes(wrong) == ["column-unknown"]
    assert propose_mapping(tmp_path / "none").code == "file-missing"
    path.write_bytes(b"")
    assert propose_mapping(path).code == "file-empty"
