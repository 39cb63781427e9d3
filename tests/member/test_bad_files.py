"""Bad files of every kind get a clear answer in French and English and an exit code; nothing leaves."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmark.problems import blocking, tell
from member.account_map import parse_accounts
from member.cli import app
from member.connectors.einvoice_files import attached_xml, open_bytes
from member.connectors.einvoice_xml import read_document
from member.import_file import Options, read_bytes
from member.mapping import parse
from member.reading import DEFAULT_LIMITS, Limits
from tests.examples import examples
from tests.member.connectors.documents import invoice, status
from tests.member.connectors.ledgers import NAMES, Fec
from tests.member.test_import_file import HEADINGS, ROWS, as_csv, as_xlsx

TODAY = date(2025, 11, 20)
FIGURES = [
    "SIREN",
    "Mois",
    "Encours",
    "Non échu",
    "1-30",
    "31-60",
    "61-90",
    "+90",
    "Litige",
    "DSO",
    "Incident",
]
FIGURE = ["100000009", "2025-10", "100", "100", "0", "0", "0", "0", "0", "30", "aucun"]


def listed(*changes, headings=HEADINGS):
    """An invoice list whose first row is changed: {heading: cell}."""
    rows = [list(row) for row in ROWS]
    for heading, cell in dict(changes).items():
        rows[0][HEADINGS.index(heading)] = cell
    return as_csv([headings, *rows], encoding="utf-8")


def figure(**changes):
    row = [changes.get(name.replace("+", "over_"), cell) for name, cell in zip(FIGURES, FIGURE, strict=True)]
    return as_csv([FIGURES, row], encoding="utf-8")


def with_column(heading, *cells):
    rows = [[*row, cell] for row, cell in zip([HEADINGS, *ROWS], [heading, *cells], strict=True)]
    return as_csv(rows, encoding="utf-8")


def zipped(entries):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return data.getvalue()


def patched(change):
    """A workbook whose entries are changed: {name: content or None}."""
    entries = {}
    with zipfile.ZipFile(io.BytesIO(as_xlsx([HEADINGS, *ROWS]))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    return zipped({name: content for name, content in (entries | change).items() if content is not None})


def hidden():
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.create_sheet("Vide")
    book.active.sheet_state = "hidden"
    book.active = 1
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def fec(**changes):
    ledger = Fec().invoice("2025-01-10", "C1", 1200).paid("2025-02-19", "C1", 600)
    for line in ledger.lines[:1]:
        line.update(changes)
    return ledger


def encrypted(data):
    """The same archive with the mark of encryption on each entry."""
    changed = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(magic)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(magic, at + 4)
    return bytes(changed)


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
SHEET_NAME = "xl/worksheets/sheet1.xml"
BOMB = (
    b"<!DOCTYPE a [<!ENTITY b '"
    + b"c" * 100
    + b"'><!ENTITY d '&b;&b;&b;&b;&b;&b;&b;&b;'>]><Invoice>&d;</Invoice>"
)
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Invoice><ID>&b;</ID></Invoice>'
GOOD = as_csv([HEADINGS, *ROWS], encoding="utf-8")

# what -> (bytes, the code of the problem)
FILES = {
    "empty": (b"", "file-empty"),
    "spaces and ends of line": (b" \r\n;;;\n\t\n", "file-empty"),
    "zeros": (bytes(500), "file-empty"),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file-not-supported"),
    "machine code": (b"\x7fELF" + bytes(64) + b"abc", "file-not-supported"),
    "an old or locked workbook": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "file-old-or-locked"),
    "a web page named .xls": (b"<html><table><tr><td>Client</td></tr></table></html>", "file-not-supported"),
    "a mail": (b"From: a@example.invalid\nSubject: export\n\nBonjour\n", "header-missing"),
    "JSON": (b'{"invoices": [{"amount": 12}]}', "header-missing"),
    "a text of one word": (b"facture", "header-missing"),
    "a workbook with macros": (patched({"xl/vbaProject.bin": b"macro"}), "file-with-macros"),
    "a workbook cut in half": (as_xlsx([HEADINGS, *ROWS])[:2_000], "file-damaged"),
    "a workbook whose sheet is cut": (patched({SHEET_NAME: SHEET[:60]}), "file-damaged"),
    "a workbook without its sheet": (patched({SHEET_NAME: None}), "file-damaged"),
    "a workbook with the sheet hidden": (hidden(), "file-empty"),
    "a document named .xlsx": (
        zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
        "file-not-supported",
    ),
    "an OpenDocument sheet": (
        zipped({"mimetype": "application/vnd.oasis", "content.xml": "<a/>"}),
        "file-not-supported",
    ),
    "an archive of pictures": (zipped({"a.png": "x", "b.jpg": "y"}), "file-not-supported"),
    "a workbook a million columns wide": (
        patched(
            {SHEET_NAME: SHEET % b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row>'}
        ),
        "archive-too-large",
    ),
    "an encrypted archive": (encrypted(as_xlsx([HEADINGS, *ROWS])), "file-locked"),
    "an entity bomb in a workbook": (patched({SHEET_NAME: BOMB}), "file-empty"),
    "a million columns": (b";" * 1_000_000 + b"a\n", "too-many-columns"),
    "300 columns": (as_csv([[f"c{at}" for at in range(300)]] * 3), "too-many-columns"),
    "a cell of a book's length": (as_csv([HEADINGS, ["x" * 5_000]]), "cell-too-long"),
    "a quotation mark never closed": (b'Client;Montant\n"C1;100\n' + b"x;1\n" * 60_000, "file-damaged"),
    "half a UTF-16 character": ("Client;Montant\n".encode("utf-16")[:-1] + b"\xd8", "file-damaged"),
    "UTF-8 that is not": (b"\xef\xbb\xbfClient;\xff\xfe;Montant\n", "file-damaged"),
    "headings alone": (as_csv([HEADINGS]), "nothing-to-import"),
    "rows without headings": (as_csv(ROWS), "header-missing"),
    "two headings alike": (
        listed(headings=[*HEADINGS[:4], "Date facture", "Date facture", *HEADINGS[6:]]),
        "column-missing",
    ),
    "no amounts": (as_csv([[*row[:6], *row[7:]] for row in [HEADINGS, *ROWS]]), "column-missing"),
    "an amount in words": (listed(("Montant TTC", "mille")), "amount-invalid"),
    "an amount beyond reason": (listed(("Montant TTC", "9" * 25)), "amount-too-large"),
    "a formula for an amount": (
        listed(("Montant TTC", '=HYPERLINK("http://example.invalid";1)')),
        "amount-invalid",
    ),
    "a command for an identifier": (listed(("SIREN", "=cmd|' /C calc'!A0")), "identifier-invalid"),
    "an empty amount": (listed(("Montant TTC", "")), "amount-missing"),
    "the 31st of February": (listed(("Date facture", "31/02/2025")), "date-invalid"),
    "an empty date": (listed(("Date facture", "")), "date-missing"),
    "a year to come": (listed(("Date facture", "02/09/2205"), ("Échéance", "02/10/2205")), "date-in-future"),
    "a year long past": (listed(("Date facture", "02/09/1025")), "date-too-far"),
    "due before it was written": (listed(("Échéance", "01/09/2025")), "due-before-invoice"),
    "due in fifty years": (listed(("Échéance", "01/09/2075")), "date-too-far"),
    "paid before it was written": (listed(("Date de règlement", "01/09/2025")), "settled-before-invoice"),
    "paid, nobody knows when": (with_column("Statut", "payée", "payée", ""), "settled-date-missing"),
    "open and paid at once": (with_column("Statut", "ouverte", "", ""), "status-contradicts"),
    "more open than invoiced": (with_column("Reste dû", "2 000,00", "0,50", ""), "remaining-impossible"),
    "dollars": (with_column("Devise", "USD", "EUR", "EUR"), "currency-not-accepted"),
    "a currency of nowhere": (with_column("Devise", "Zorkmid", "EUR", "EUR"), "currency-unknown"),
    "nobody identified": (listed(headings=[*HEADINGS[:2], "Rien", *HEADINGS[3:]]), "no-account-identified"),
    "a SIREN with a wrong digit": (listed(("SIREN", "100000008")), "identifier-invalid"),
    "one account, two identifiers": (
        as_csv([HEADINGS, *ROWS, ["C1", "M", "200000008", *ROWS[0][3:]]]),
        "identifier-contradicts",
    ),
    "accounts that differ by zeros": (
        as_csv([HEADINGS, ["01", *ROWS[0][1:]], ["1", *ROWS[0][1:]]]),
        "account-ambiguous",
    ),
    "a cell too many": (GOOD + b"C1;M;100000009;F9;20/10/2025;19/11/2025;300,00;;;;trop\n", "row-too-long"),
    "a sector that does not exist": (with_column("Secteur", "Z", "", ""), "outside-range"),
    "ages that do not add up": (figure(Encours="101"), "ageing-does-not-sum"),
    "a month twice": (as_csv([FIGURES, FIGURE, FIGURE]), "relation-twice"),
    "a month that is none": (figure(Mois="13/2025"), "month-invalid"),
    "a month to come": (figure(Mois="2999-10"), "month-in-future"),
    "a negative dispute": (figure(Litige="-5"), "negative-not-allowed"),
    "an incident that the law keeps secret": (figure(Incident="conciliation"), "incident-confidential"),
    "an incident of no kind": (figure(Incident="panne"), "incident-unknown"),
    "a ledger cut in a line": (fec().bytes()[:-40], "line-too-short"),
    "a ledger cut after a line": ("\n".join(fec().text(end="\n").splitlines()[:-1]).encode(), "ledger-cut"),
    "a ledger without clients": (
        Fec().entry("OD", "2025-01-10", ("641000", "", 1), ("421000", "", -1)).bytes(),
        "ledger-without-clients",
    ),
    "a ledger with words for amounts": (fec(Debit="beaucoup").bytes(), "amount-invalid"),
    "a ledger dated nowhere": (fec(EcritureDate="20251399").bytes(), "date-invalid"),
    "a ledger of the wrong year": (fec(EcritureDate="22050110").bytes(), "date-in-future"),
    "a ledger without its amounts": (
        fec().bytes(names=[name for name in NAMES if name != "Credit"]),
        "column-missing",
    ),
    "an entity bomb": (BOMB, "xml-not-safe"),
    "an entity from outside": (OUTSIDE, "xml-not-safe"),
    "an electronic invoice cut in half": (invoice()[:900], "file-damaged"),
    "an electronic order": (b"<Order xmlns='urn:x'><ID>1</ID></Order>", "einvoice-unknown"),
    "an electronic invoice without number": (invoice(number=""), "einvoice-lacks"),
    "an electronic invoice without total": (invoice(total=""), "amount-missing"),
    "an electronic invoice of tomorrow": (invoice(issued="2031-01-10", due="2031-02-09"), "date-in-future"),
    "an electronic invoice in crowns": (invoice(currency="NOK"), "currency-not-accepted"),
    "invoices of two firms": (
        zipped({"a.xml": invoice(), "b.xml": invoice("F2", seller=("Autre", "400000006"))}),
        "einvoice-several-sellers",
    ),
    "statuses of nothing": (status("F9", "212", "2025-02-19"), "file-empty"),
    "a PDF of pages alone": (b"%PDF-1.4\n%%EOF\n", "file-damaged"),
    "a PDF cut in half": (b"%PDF-1.7\n1 0 obj\n<< /Type /Cat", "file-damaged"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_is_told_in_both_languages_and_ends_with_an_exit_code(what, tmp_path):
    data, code = FILES[what]
    imported = read_bytes(data, None, Options(today=TODAY), name="file")
    assert code in [problem.code for problem in blocking(imported.problems)], imported.problems
    assert imported.months == {}
    assert imported.clients == []
    french, english = ([tell(problem, lang) for problem in imported.problems] for lang in ("fr", "en"))
    assert all(one != other for one, other in zip(french, english, strict=True))
    path = tmp_path / "file"
    path.write_bytes(data)
    arguments = ["preview", str(path), "--home", str(tmp_path / "none"), "--lang", "fr"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 3, shown.output
    assert "Rien n'a été envoyé" in shown.output
    told = tell(blocking(imported.problems)[0], "fr").partition(" : ")[0]
    assert told.split("«")[0].split("ligne")[0][:12] in shown.output


def test_there_are_at_least_sixty_kinds_of_bad_file_and_each_differs():
    assert len(FILES) >= 60
    assert len({data for data, _ in FILES.values()}) == len(FILES)
    assert len({code for _, code in FILES.values()}) > 40


@pytest.mark.parametrize("name", ["no.csv", "folder"])
def test_a_path_that_leads_nowhere_is_a_problem_too(tmp_path, name):
    (tmp_path / "folder").mkdir()
    shown = CliRunner().invoke(app, ["preview", str(tmp_path / name), "--home", str(tmp_path / "none")])
    assert shown.exit_code == 3


def test_a_month_that_is_not_over_waits():
    row = [*ROWS[0][:4], "10/11/2025", "10/12/2025", "5,00", "", ""]
    imported = read_bytes(as_csv([HEADINGS, row]), None, Options(today=TODAY))
    assert "nothing-to-import" in [problem.code for problem in blocking(imported.problems)]
    assert imported.months == {}


def test_every_limit_is_told():
    rows = as_csv([HEADINGS, *ROWS])
    bomb = patched({"xl/media/a.bin": bytes(3_000_000)})
    assert len(bomb) < 20_000
    unpacked = read_bytes(bomb, None, Options(today=TODAY, limits=Limits(unpacked_bytes_max=2_000_000)))
    assert [problem.code for problem in unpacked.problems] == ["archive-too-large"]
    for limits, code in (
        (Limits(bytes_max=10), "file-too-large"),
        (Limits(rows_max=2), "too-many-rows"),
        (Limits(columns_max=3), "too-many-columns"),
        (Limits(cell_characters_max=3), "cell-too-long"),
    ):
        imported = read_bytes(rows, None, Options(today=TODAY, limits=limits))
        assert [problem.code for problem in imported.problems] == [code]


def test_a_previous_year_is_for_ledgers_alone():
    imported = read_bytes(GOOD, None, Options(today=TODAY), [fec().bytes()])
    assert [problem.code for problem in imported.problems] == ["previous-not-expected"]


BEGINNINGS = st.sampled_from(
    [
        b"",
        GOOD[:200],
        fec().bytes()[:300],
        fec().bytes(delimiter="|", encoding="utf-16")[:400],
        invoice()[:300],
        invoice(ubl=True)[:300],
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Names << /EmbeddedFiles ",
        as_xlsx([HEADINGS, *ROWS])[:600],
        zipped({"a.xml": invoice()})[:200],
        b"\xef\xbb\xbf<?xml version='1.0'?><Invoice>",
    ]
)


@given(BEGINNINGS, st.binary(max_size=120))
@examples(50)
def test_random_bytes_crash_no_connector(beginning, rest):
    data = beginning + rest
    imported = read_bytes(data, None, Options(today=TODAY), name="file")
    assert imported.months or blocking(imported.problems)
    for problem in imported.problems:
        assert tell(problem, "fr")
    read_document(data)
    attached_xml(data)
    open_bytes(data, "file", DEFAULT_LIMITS)
    parse_accounts(data)
    parse(data)


@given(
    st.lists(
        st.lists(st.sampled_from(["", "411000", "20250110", "12,00", "-3", "x", "AA", "19"]), max_size=19),
        max_size=6,
    )
)
@examples(50)
def test_random_cells_under_a_ledgers_headings_crash_nothing(rows):
    text = "\n".join("\t".join(row) for row in [NAMES, *rows])
    imported = read_bytes(text.encode(), None, Options(today=TODAY))
    assert imported.months or blocking(imported.problems)
