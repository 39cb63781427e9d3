"""What is wrong with a file is said on the page: the row, the field, what was found and what was expected."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.views import seen_by_axe
from tests.member.test_bad_files import FILES

pytestmark = pytest.mark.browser
WHOLE = {  # ends the reading: row, field, found, and some of what is said of it
    "an image": ("–", "–", "binary", "n’est pas lisible (binary) ; attendu : CSV, XLSX."),
    "an old or locked workbook": ("–", "–", "∅", "Le classeur est un XLS, ou un XLSX protégé"),
    "a workbook cut in half": ("–", "–", "ZIP", "endommagé ou illisible (ZIP)"),
    "an encrypted archive": ("–", "–", "∅", "protégé par un mot de passe"),
    "a million columns": ("1", "–", "1000001", "Le fichier a 1 000 001 colonnes ; la limite est de 256."),
    "a quotation mark never closed": ("2", "–", '"', 'endommagé ou illisible (")'),
    "a ledger cut after a line": ("–", "–", "1800.00", "(débits 1 800,00 €, crédits 1 200,00 €)"),
    "a ledger with words for amounts": ("2", "débit", "beaucoup", "trouvé « beaucoup », attendu un montant"),
    "an electronic invoice of tomorrow": (
        "f.xml",
        "date de facture",
        "2031-01-10",
        "10 janvier 2031 est dans le futur",
    ),
    "an electronic invoice without total": ("f.xml", "montant TTC", "∅", "vide, un montant est attendu"),
    "an entity bomb": ("f.xml", "–", "DOCTYPE", "déclare un type ou une entité"),
}
CELLS = {  # a row among others, to be set right in place: row, field, cell, and some of what is said of it
    "an amount in words": ("2", "amount, tax included", "mille", "expected an amount such as 1234,56"),
    "the 31st of February": ("2", "invoice date", "31/02/2025", "expected a date such as 31/12/2025"),
    "due before it was written": (
        "2",
        "due date",
        "2025-09-01",
        "Due on 1 September 2025, before the invoice",
    ),
    "more open than invoiced": ("2", "amount still open", "2000.00", "€2,000.00 still open on an invoice of"),
    "a SIREN with a wrong digit": ("2", "identifier (SIREN, VAT…)", "100000008", "“100000008” is refused"),
    "a month to come": ("2", "month", "2999-10", "The month October 2999 is not over; October 2026 at the"),
    "an incident that the law keeps secret": ("2", "incident", "conciliation", "confidential by law"),
    "an incident of no kind": ("2", "incident", "panne", "expected: none, unpaid, debit rejection"),
}


def dropped(page, network, what: str):
    """The row of the page's table of problems."""
    data, _ = FILES[what]
    page.goto(f"{network.url}/#/")
    page.wait_for_selector(".drop", state="detached")
    page.goto(f"{network.url}/#/upload")
    name = "f.xml" if data.startswith(b"<") else "f.csv"
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/plain", "buffer": data})
    return page.locator(".notice.bad ~ .scroll tbody tr").first.locator("td")


def plainly(text: str) -> str:
    return re.sub(r"\s", " ", text)


def test_a_file_that_cannot_be_read_is_refused_whole_and_says_where_and_why(visit, network) -> None:
    page = visit(network.member, again=True).page
    page.wait_for_selector("main h1")
    for what, (*places, said) in WHOLE.items():
        row = dropped(page, network, what)
        expect(page.locator(".notice.bad")).to_contain_text("Rien n’en a été repris")
        *shown, sentence = row.all_inner_texts()
        assert shown == places, what
        assert said in plainly(sentence), what
    assert not seen_by_axe(page)


def test_a_cell_that_cannot_be_read_names_its_row_and_column_and_stands_there_to_be_mended(
    visit, network
) -> None:
    page = visit(network.member, again=True, locale="en-GB").page
    page.wait_for_selector("main h1")
    for what, (number, field, found, said) in CELLS.items():
        row = dropped(page, network, what)
        page.wait_for_selector("select#kind")
        page.click("button.primary")
        expect(row.nth(2).locator("input")).to_have_value(found)
        texts = row.all_inner_texts()
        assert texts[:2] == [number, field], what
        assert said in plainly(texts[3]), what
    assert not seen_by_axe(page)
