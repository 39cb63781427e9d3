"""A ledger without a single SIREN is compared from the page alone, and nothing of it leaves in clear."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest
from playwright.sync_api import expect

from demo.sirens import siren
from member.book import Client, Contents
from member.book_edit import with_mark, without_clients
from tests.browser.talking import home_of
from tests.leaks.search import Search
from tests.leaks.spellings import of_identifier, of_name
from tests.member.connectors.ledgers import Fec

pytestmark = pytest.mark.browser

FIRST, SECOND = siren(8_990), siren(8_991)
HIDDEN = f"fr.siren:{siren(8_992)}"
CUSTOMERS = (
    "Code client;Raison sociale;SIREN;Code postal;Ville\n"
    f"CMOUL;Moulin Fictif de l'Odet;{FIRST};29000;Quimper\n"
    f"CFORG;Forge Fictive;{SECOND};31000;Toulouse\n"
)


def ledger() -> bytes:
    book = Fec().invoice("2025-09-04", "CMOUL", 1200, "A").paid("2025-11-20", "CMOUL", 1200, "A")
    book.invoice("2025-10-02", "CFORG", 600).invoice("2025-11-03", "CMOUL", 240)
    return book.invoice("2025-11-05", "CDIVERS", 60).bytes("cp1252", delimiter="|")


@contextmanager
def hidden_by_another_device(network) -> Iterator[tuple[Callable[[], bool], Callable[[bool], None]]]:
    """A client that the agent adds, confidential.

    Whether the book still says so; what marks another client, one that is compared, or takes its mark away.
    """
    home = home_of(network, 0)
    try:
        before = home.shelf.sync(home)
        compared = next(one for one in before.clients.values() if one.pseudonym and not one.confidential)
        added = Client(max(one.id for one in before.clients.values()) + 1, "Tannerie Fictive", HIDDEN)
        added = msgspec.structs.replace(added, confidential=True)
        home.shelf.save(home, Contents({**before.clients, HIDDEN: added}, before.sent))

        def hidden() -> bool:
            found = home.shelf.sync(home).clients
            return found[HIDDEN].confidential and not found[compared.identifier].confidential

        def mark(confidential: bool) -> None:
            book = home.shelf.sync(home)
            home.shelf.save(home, with_mark(book, compared.identifier, confidential=confidential))

        yield hidden, mark
        home.shelf.save(home, without_clients(home.shelf.sync(home), {HIDDEN}))
    finally:
        home.close()


def test_a_ledger_without_sirens_is_sent_from_the_page_once_its_accounts_are_known(visit, network) -> None:
    seen = visit(network.member, again=True)
    page = seen.page
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/upload")
    page.set_input_files(
        "input[type=file]", {"name": "FEC.txt", "mimeType": "text/plain", "buffer": ledger()}
    )
    page.wait_for_selector("#whose")
    expect(page.locator("button.primary")).to_be_disabled()
    page.set_input_files(
        ".add input[type=file]",
        {"name": "clients.csv", "mimeType": "text/csv", "buffer": CUSTOMERS.encode("cp1252")},
    )
    expect(page.locator("section .big").first).to_contain_text("2 comptes")
    select = page.locator("select[aria-label$='CDIVERS']")
    select.select_option("other")
    page.fill("input.typed", "123456789")
    expect(page.locator(".doubt[role=alert]")).to_contain_text("clé de contrôle")
    select.select_option("")
    select.select_option("other")
    page.get_by_role("button", name="Défaire la dernière décision").click()
    expect(select).to_have_value("")
    page.click("button.primary")
    page.wait_for_selector(".check .big")
    expect(page.locator(".check .big")).to_contain_text("2 clients")
    expect(page.locator(".check")).to_contain_text("1 compte reste de côté")
    page.fill("#terms-days", "30")
    page.keyboard.press("Tab")
    page.wait_for_function("() => !document.querySelector('fieldset p')")
    page.check("#declared")
    page.click("button.primary")
    page.wait_for_selector(".box td")
    with hidden_by_another_device(network) as (hidden, mark):
        mark(True)
        page.click("button.primary")
        expect(page.locator("[role=alert]")).to_contain_text("confidentiel entre-temps. Rien n’a été envoyé")
        mark(False)
        page.click("button.primary")
        page.wait_for_selector("#sent")
        assert hidden(), "what another device wrote while the upload was being checked stays"
    result = page.locator(".check:has(#sent)")
    expect(result).to_contain_text(re.compile(r"de vos 2 clients (est|sont) comparés? maintenant"))
    told = [result.locator("p.big").inner_text(), *result.locator("li").all_inner_texts()]
    told = [line for line in told if "identifiant" not in line]  # an account that nobody knows is no client
    reasons = [int(found[0]) for line in told if (found := re.match(r"\d+", line))]
    assert sum(reasons) == 2, "who is not compared has one reason"
    expect(result.locator("thead")).to_contain_text("Lignes")
    page.get_by_role("button", name="Défaire cet envoi").click()
    expect(page.locator("#sent")).to_contain_text("Défait")
    expect(page.locator(".check")).to_contain_text("ce qu’il avait avant cet envoi")
    everything = b"\n".join(seen.sent)
    patterns = {**of_identifier(FIRST), **of_identifier(SECOND), **of_name("Moulin Fictif de l'Odet")}
    found = Search(patterns).look(everything, "what the page sent")
    assert not found, found[:3]


def test_a_cell_that_is_wrong_is_set_right_in_place(visit, network) -> None:
    page = visit(network.member, again=True).page
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/upload")
    text = (
        "SIREN;Client;Date facture;Échéance;Montant TTC;Date de règlement\n"
        + f"{FIRST};Moulin Fictif;02/09/2025;02/10/2025;100,00;\n" * 3
        + f"{FIRST};Moulin Fictif;31/02/2025;02/10/2025;100,00;\n"
        f"{FIRST};Moulin Fictif;02/09/2025;02/10/2025;mille;\n"
    )
    page.set_input_files(
        "input[type=file]", {"name": "f.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.wait_for_selector("select#kind")
    page.click("button.primary")
    page.wait_for_selector("input.cell")
    expect(page.locator("input.cell").first).to_have_value(re.compile("31/02/2025"))
    expect(page.locator(".check table.plain")).to_contain_text("attendu une date")
    page.locator("input.cell").nth(0).fill("28/02/2025")
    page.locator("input.cell").nth(1).fill("1000")
    page.keyboard.press("Enter")
    page.wait_for_selector("input.cell", state="detached")
    expect(page.locator(".check .big")).to_contain_text("peuvent partir")


# Others than above: what one test has sent is known to the next.
NAMES = ("Verrerie fictive du Lot", "Forge fictive du Tarn", "Scierie fictive du Jura")
NUMBERS = (siren(8_992), siren(8_993), siren(8_994))
BY_NAME = "Code client;Raison sociale;SIREN;Code postal;Ville\n" + "".join(
    f"Z{number};{name};{number};29000;Quimper\n" for name, number in zip(NAMES, NUMBERS, strict=True)
)


def named_ledger() -> bytes:
    """Three accounts that say no more than a name."""
    book = Fec()
    for place, name in enumerate(NAMES):
        book.invoice(f"2025-09-0{place + 1}", f"C{place}", 1200 - 100 * place, chr(65 + place))
        book.paid("2025-11-20", f"C{place}", 1200 - 100 * place, chr(65 + place))
        book.invoice("2025-11-03", f"C{place}", 300 - 50 * place)
        for line in book.lines:
            if line["CompAuxNum"] == f"C{place}":
                line["CompAuxLib"] = name
    return book.bytes("cp1252", delimiter="|")


def test_proposals_are_confirmed_all_at_once_or_one_after_another_with_enter_alone(visit, network) -> None:
    page = visit(network.member, again=True).page
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/upload")
    page.set_input_files(
        "input[type=file]", {"name": "FEC.txt", "mimeType": "text/plain", "buffer": named_ledger()}
    )
    page.wait_for_selector("#whose")
    page.set_input_files(
        ".add input[type=file]",
        {"name": "clients.csv", "mimeType": "text/csv", "buffer": BY_NAME.encode("cp1252")},
    )
    expect(page.locator(".add")).to_contain_text("3 entrées lues.")
    selects = page.locator("td select")
    expect(selects).to_have_count(3)
    said = page.locator(".tools [role=status]")
    expect(said).to_contain_text("identifiés\u202f: 0 sur 3")

    page.get_by_role("button", name="Confirmer la première proposition de ces 3 comptes").press("Enter")
    expect(said).to_contain_text("3 comptes confirmés.")
    expect(said).to_contain_text("identifiés\u202f: 3 sur 3")
    page.wait_for_function("() => document.activeElement?.matches('[role=region]')")
    page.get_by_role("button", name="Défaire la dernière décision").press("Enter")
    expect(said).to_contain_text("identifiés\u202f: 0 sur 3")

    selects.first.focus()
    for place in range(3):
        expect(selects.nth(place)).to_be_focused()
        page.keyboard.press("Enter")
        expect(selects.nth(place)).not_to_have_value("")
    expect(said).to_contain_text("identifiés\u202f: 3 sur 3")
    page.click("section > .acts button.primary")
    page.wait_for_selector(".check .big")
