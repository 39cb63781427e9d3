"""Electronic invoices and the statuses of their lives become contributions."""

import io
import os
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from benchmark.problems import tell
from benchmark.upload import known, month_index, refuse_impossible
from member.client_list import Known
from member.connectors.einvoice_files import open_bytes
from member.connectors.einvoice_xml import EInvoice, read_document
from member.connectors.fec import Terms
from member.import_file import Options, read_bytes, read_file
from member.reading import Limits
from tests.member.connectors.documents import MOULIN, SELLER, invoice, status

OPTIONS = Options(today=date(2026, 2, 10))
SIREN = "fr.siren:100000009"


def zipped(**documents):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in documents.items():
            archive.writestr(name.replace("_", "."), content)
    return data.getvalue()


def read(options=OPTIONS, **documents):
    return read_bytes(zipped(**documents), None, options, name="documents.zip")


def codes(imported):
    return [problem.code for problem in imported.problems]


def figures(imported, month):
    _, rows = imported.months[month_index(*month)]
    return {name: int(rows[name][0]) for name in rows.dtype.names if name not in {"pseudonym", "present"}}


@pytest.mark.parametrize("ubl", [False, True], ids=["CII", "UBL"])
def test_an_invoice_and_its_cashing_give_the_days_of_both(ubl):
    """1,200.00 due on 9 February, cashed on the 19th: 40 days to pay, 10 late, by hand."""
    imported = read(a_xml=invoice(ubl=ubl), b_xml=status("F1", "212", "2025-02-19", "1000.00", "200.00"))
    assert codes(imported) == []
    (client,) = imported.clients
    assert (client.name, client.identifier, client.city, client.terms_days) == (
        "Moulin fictif",
        SIREN,
        "Lyon",
        30,
    )
    february = figures(imported, (2025, 2))
    assert (february["paid"], february["outstanding"]) == (120_000, 0)
    assert (february["paid_days_late"], february["paid_days_to_pay"]) == (120_000 * 10, 120_000 * 40)
    for _, rows in imported.months.values():
        assert refuse_impossible(rows) is None


def test_a_status_in_a_ubl_response_is_read_too():
    response = b"""<ApplicationResponse
      xmlns="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2"
      xmlns:cac="urn:x-cac" xmlns:cbc="urn:x-cbc"><cbc:IssueDate>2025-02-19</cbc:IssueDate>
      <cac:DocumentResponse><cac:Response><cbc:ResponseCode>VRBL:FR:212</cbc:ResponseCode></cac:Response>
      <cac:DocumentReference><cbc:ID>F1</cbc:ID></cac:DocumentReference></cac:DocumentResponse>
      </ApplicationResponse>"""
    imported = read(a_xml=invoice(), b_xml=response)
    assert figures(imported, (2025, 2))["paid"] == 120_000


def test_a_part_cashed_leaves_the_rest_open_and_a_dispute_holds_until_the_next_status():
    imported = read(
        a_xml=invoice(),
        b_xml=status("F1", "212", "2025-02-19", "200.00"),
        c_xml=status("F1", "207", "2025-03-01"),
        d_xml=invoice("F2", "2025-03-02", "2025-04-01", "100.00"),
        e_xml=status("F2", "207", "2025-03-03"),
        f_xml=status("F2", "205", "2025-03-04"),
    )
    march = figures(imported, (2025, 3))
    assert (march["outstanding"], march["disputed"]) == (110_000, 100_000)
    assert imported.summary["disputed"] == 1
    assert imported.summary["open"] == 2


def test_a_credit_note_closes_the_invoice_that_it_names_and_is_no_payment():
    for ubl in (False, True):
        imported = read(
            a_xml=invoice(ubl=ubl),
            b_xml=invoice("A1", "2025-01-20", "", "200.00", ubl=ubl, kind="381", replaces="F1"),
            c_xml=status("F1", "212", "2025-02-19"),
        )
        january, february = figures(imported, (2025, 1)), figures(imported, (2025, 2))
        assert (january["sales"], january["outstanding"], january["paid"]) == (100_000, 100_000, 0)
        assert (february["paid"], february["outstanding"]) == (100_000, 0)


def test_refused_and_cancelled_invoices_are_owed_no_more_and_one_sold_is_marked():
    imported = read(
        a_xml=invoice(),
        b_xml=status("F1", "210", "2025-01-15"),
        c_xml=invoice("F2", "2025-02-02", "2025-03-04", "50.00"),
        d_xml=status("F2", "212", "2025-02-20"),
        e_xml=status("F2", "225", "2025-02-21"),
    )
    february = figures(imported, (2025, 2))
    assert (february["outstanding"], february["paid"], february["factored"]) == (0, 5_000, 1)


def test_without_any_cashing_nothing_is_claimed_of_payments():
    imported = read(a_xml=invoice())
    assert codes(imported) == ["einvoices-without-payments"]
    _, rows = imported.months[month_index(2025, 1)]
    assert known(rows, "sales").all()
    for name in ("outstanding", "paid", "not_due", "open_late_days", "dso", "disputed"):
        assert not known(rows, name).any(), name
    assert (imported.summary["open"], imported.summary["outstanding"]) == (None, None)


def test_an_invoice_without_a_due_date_says_so_and_agreed_terms_stand_in():
    documents = {"a_xml": invoice(due=""), "b_xml": status("F1", "212", "2025-02-19")}
    imported = read(**documents)
    assert codes(imported) == ["einvoice-without-due-date"]
    assert "F1" in tell(imported.problems[0], "fr")
    _, rows = imported.months[month_index(2025, 2)]
    assert not known(rows, "paid_days_late").any()
    assert known(rows, "paid_days_to_pay").all()
    agreed = read(replace(OPTIONS, terms=Terms(30)), **documents)
    assert figures(agreed, (2025, 2))["paid_days_late"] == 120_000 * 10
    mapped = {"100000009": Known(SIREN, terms_days=60)}
    assert (
        figures(read(replace(OPTIONS, accounts=mapped), **documents), (2025, 2))["paid_days_late"]
        == -120_000 * 20
    )


def test_another_currency_is_refused_unless_a_rate_is_given():
    documents = {"a_xml": invoice(currency="CHF"), "b_xml": status("F1", "212", "2025-02-19")}
    refused = read(**documents)
    assert codes(refused) == ["currency-not-accepted"]
    assert refused.months == {}
    assert tell(refused.problems[0], "en").startswith("Document “a.xml”: ")
    converted = read(replace(OPTIONS, rates={"CHF": Decimal("1.0432")}), **documents)
    assert figures(converted, (2025, 1))["sales"] == 125_184


def test_a_foreign_number_of_nine_digits_is_no_siren():
    imported = read(a_xml=invoice(country="NO"), b_xml=invoice("F2", buyer=("Forge", "200000008")))
    assert [(one.name, one.identifier, one.registration) for one in imported.accounts] == [
        ("Moulin fictif", None, "100000009"),
        ("Forge", "fr.siren:200000008", "200000008"),
    ]
    assert "accounts-unidentified" in codes(imported)


def test_invoices_of_others_are_purchases_and_left_out_and_no_majority_is_refused():
    bought = invoice("X", seller=("Fournisseur fictif", "400000006"))
    mixed = read(a_xml=invoice(), b_xml=invoice("F2"), c_xml=bought)
    assert "einvoice-other-seller" in codes(mixed)
    assert mixed.summary["invoices"] == 2
    refused = read(a_xml=invoice(), c_xml=bought)
    assert "einvoice-several-sellers" in codes(refused)
    assert refused.months == {}


def test_the_same_invoice_twice_counts_once_and_a_contradiction_is_refused():
    assert read(a_xml=invoice(), b_xml=invoice(ubl=True)).summary["invoices"] == 1
    contradicting = read(a_xml=invoice(), b_xml=invoice(total="1300.00"))
    assert "einvoice-contradicts" in codes(contradicting)
    assert contradicting.months == {}


def test_a_wrong_document_refuses_all_unless_it_is_left_out():
    documents = {"a_xml": invoice(), "b_xml": b"<html/>", "c_xml": invoice("F3", due="2024-12-01")}
    refused = read(**documents)
    assert {(one.code, one.row, one.document) for one in refused.problems if not one.notice} == {
        ("einvoice-unknown", 2, "b.xml"),
        ("due-before-invoice", 3, "c.xml"),
    }
    assert refused.months == {}
    left_out = read(replace(OPTIONS, skip_bad=True), **documents)
    assert left_out.summary["invoices"] == 1
    assert codes(left_out)[0] == "rows-left-out"


def test_a_factur_x_made_by_another_library_reads_like_its_xml(tmp_path):
    facturx = pytest.importorskip("facturx")
    from pypdf import PdfWriter

    blank = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(blank)
    made = facturx.generate_from_binary(
        blank.getvalue(), invoice(), flavor="factur-x", level="en16931", check_xsd=False
    )
    imported = read_bytes(made, None, OPTIONS, name="f.pdf")
    assert imported.summary["invoices"] == 1
    assert imported.clients[0].identifier == SIREN
    folder = tmp_path / "invoices" / "2025"
    folder.mkdir(parents=True)
    (folder / "f.pdf").write_bytes(made)
    (folder / "plain.pdf").write_bytes(blank.getvalue())
    (folder / "s.xml").write_bytes(status("F1", "212", "2025-02-19"))
    (folder / "readme.txt").write_text("no document")
    from_folder = read_file(tmp_path / "invoices", None, OPTIONS)
    assert codes(from_folder) == ["pdf-left-out"]
    assert figures(from_folder, (2025, 2))["paid"] == 120_000
    alone = read_bytes(blank.getvalue(), None, OPTIONS, name="plain.pdf")
    assert codes(alone) == ["pdf-without-invoice"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Invoice>&b;</Invoice>', "xml-not-safe"),
        (b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><Invoice/>', "xml-not-safe"),
        (
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
            "xml-not-safe",
        ),
        (b'<?xml version="1.0" encoding="cp037"?><Invoice/>', "file-damaged"),
        (b"<Invoice><ID>", "file-damaged"),
        (b"<Invoice xmlns='urn:x'/>", "einvoice-lacks"),
        (b"<Order/>", "einvoice-unknown"),
        (b"<a>" * 400 + b"</a>" * 400, "file-damaged"),
    ],
)
def test_a_document_that_is_not_safe_or_no_invoice_is_a_problem(data, code):
    assert read_document(data).code == code


def test_an_archive_that_unpacks_to_more_than_the_limit_is_not_unpacked():
    bomb = zipped(a_xml=b"<Invoice>" + b" " * 3_000_000 + b"</Invoice>")
    assert len(bomb) < 10_000
    assert open_bytes(bomb, "", Limits(unpacked_bytes_max=1_000_000)).code == "archive-too-large"


# ---- the public examples, where they are


def shared():
    here = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("VIGIE_SHARED_DATA") or here) / "einvoices"
    if not folder.is_dir():
        pytest.skip("the public examples are not here (set VIGIE_SHARED_DATA to their folder)")
    return folder


RATES = {code: Decimal(1) for code in ("NOK", "DKK")}


def test_every_public_example_is_read_and_those_without_a_due_date_say_so():
    files = sorted(path for path in shared().rglob("*") if path.suffix in {".xml", ".pdf"})
    assert len(files) == 15
    silent = set()
    for path in files:
        found = open_bytes(path.read_bytes(), path.name, Limits())
        document = read_document(found.documents[0][1])
        (one,) = document.invoices
        assert isinstance(one, EInvoice)
        assert one.number
        assert one.seller.name
        assert one.buyer.name
        assert one.cents
        assert one.invoiced
        imported = read_bytes(path.read_bytes(), None, replace(OPTIONS, rates=RATES), name=path.name)
        assert imported.summary["invoices"] == 1
        if one.due is None and one.cents > 0:
            silent.add(path.name)
            assert "einvoice-without-due-date" in codes(imported)
        else:
            assert "einvoice-without-due-date" not in codes(imported)
    assert silent == {"Facture_FR_MINIMUM.pdf", "facturFrMinimum.xml"}


def test_the_seller_and_buyer_of_a_document_are_told_apart():
    (one,) = read_document(invoice(ubl=True)).invoices
    assert (one.seller.name, one.seller.registration) == SELLER
    assert (one.buyer.name, one.buyer.registration) == MOULIN
