"""What a member does in the page, in a real browser before a real network."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from member.mapping import Mapping, load
from tests.browser.conftest import LOG_IN, leave, open_portfolio
from tests.browser.reaching import by_keyboard, magnified
from tests.browser.views import WATCHED, fragments, open_screen, quiet, settle
from tests.leaks.search import Search
from tests.leaks.spellings import of_identifier, of_name

pytestmark = pytest.mark.browser

SIREN_NEW = "732829320"  # passes its check digit; no firm of the played network has it
NAME_NEW = "Quincaillerie Introuvable"


def rows(page) -> list[str]:
    open_portfolio(page)
    return page.locator("tr.row .name").all_inner_texts()


def chip(page, number: int) -> None:
    page.locator(".chips button").nth(number).click()


def test_a_demo_link_logs_in_and_leaves_no_secret_in_the_address(visit, network) -> None:
    page = visit(network.member).page
    page.wait_for_selector("ol li")
    assert "demo=" not in page.url
    assert page.evaluate("() => history.length") <= 2
    expect(page.locator(".banner")).to_contain_text("fictifs")


def test_the_portfolio_names_clients_that_the_server_cannot_name(visit, network) -> None:
    page = visit(network.member, again=True).page
    name = rows(page)[0]
    assert re.search(r"[a-z]{3}", name)
    database = (network.folder / "vigie.sqlite3").read_bytes()
    for path in network.folder.glob("vigie.sqlite3-*"):
        database += path.read_bytes()
    assert name.encode() not in database


def test_a_reload_keeps_the_session_and_logging_out_forgets_it(visit, network) -> None:
    page = visit(network.member, allowed=("401",)).page  # what was being asked as she left is refused
    before = rows(page)
    page.reload()
    assert rows(page) == before
    leave(page)
    page.reload()
    page.wait_for_selector(LOG_IN)


def test_an_account_key_is_asked_once_on_a_device(visit, network) -> None:
    page = visit(allowed=("401",)).page
    member = network.member
    page.wait_for_selector(LOG_IN)
    page.fill("input[type=email]", member.email)
    page.fill("input[type=password]", "wrong " + member.password)
    page.fill("input.key", member.account_key)
    page.click("form button.primary")
    expect(page.locator("[role=alert]")).to_contain_text("ne vont pas ensemble")
    page.fill("input[type=password]", member.password)
    page.click("form button.primary")
    assert rows(page)
    leave(page)
    page.fill("input[type=email]", member.email)
    page.locator("input[type=password]").focus()
    page.wait_for_selector("input.key", state="detached")
    page.fill("input[type=password]", member.password)
    page.click("form button.primary")
    assert rows(page)


def test_suppressed_rows_are_hatched_useful_and_last_in_both_directions(visit, network) -> None:
    page = visit(network.member, again=True).page
    rows(page)
    chip(page, 5)
    assert rows(page)
    row = page.locator("tr.row:has(.few)").first
    assert row.locator("td.number").first.inner_text().strip() != "–"
    assert "< 5" in row.inner_text()
    chip(page, 0)
    for _direction in range(2):
        page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
        expect(page.locator("tr.row").last.locator("td:has(+ td.strip)")).to_have_text("–")
        page.evaluate("() => scrollTo(0, 0)")
        page.locator("th[aria-sort] button").click()


def test_the_keyboard_searches_opens_a_client_and_comes_back_to_its_row(visit, network) -> None:
    page = visit(network.member, again=True).page
    names = rows(page)
    page.keyboard.press("/")
    page.wait_for_function("() => document.activeElement?.type === 'search'")
    page.keyboard.type(names[2].lower())
    page.wait_for_function("() => document.querySelectorAll('tr.row').length < 8")
    assert names[2] in rows(page)
    page.keyboard.press("Escape")
    expect(page.locator("tr.row")).to_have_count(len(names))
    page.locator("tr.row[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("() => document.activeElement?.getAttribute('aria-rowindex') === '3'")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sentence")
    expect(page.locator("h1")).to_have_text(names[1])
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement?.getAttribute('aria-rowindex') === '3'")


def test_a_client_opens_with_one_sentence_and_its_chart_is_read_by_keyboard(visit, network) -> None:
    page = visit(network.member, again=True).page
    rows(page)
    page.locator("tr.row .name").first.click()
    expect(page.locator(".sentence")).to_have_text(re.compile("^Ce client vous paie"))
    page.locator("[role=slider]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[role=slider]")).to_have_attribute("aria-valuetext", re.compile("vous"))


# Figures by screen, each of which has a question mark of its own; the portfolio's columns share one.
FIGURES = {
    "#/": "main p.lead",
    "#/portfolio": ".kpi > .name",
    "#/client/1": "section[aria-labelledby=figures] tbody th, section.score h2, h2#alerts, h2#follow",
    "#/alerts": ".head p:has(> .live)",
    "#/sectors": "main p.network, main thead th.number:nth-child(n + 3):nth-child(-n + 6)",
    "#/conversations": "main p:has(.how)",
}


def test_every_figure_says_how_it_is_computed(visit, network) -> None:
    page = visit(network.member, again=True).page
    answer = page.locator(":popover-open")
    for screen, figures in FIGURES.items():
        open_screen(page, network.url, screen)
        quiet(page)
        without = page.locator(f":is({figures}):not(:has(.how))").all_inner_texts()
        assert not without, screen
        marks = page.locator("main button.how:visible")
        assert marks.count() >= page.locator(figures).count() > 0, screen
        for mark in marks.all():
            mark.click()
            expect(answer).to_have_count(1)
            name, text = answer.locator("strong, h2").first, answer.locator("p").first
            assert name.inner_text().strip(), screen
            assert len(text.inner_text().split()) > 3, (screen, name.inner_text())
            page.keyboard.press("Escape")
            expect(answer).to_have_count(0)
    page.goto(f"{network.url}/#/portfolio")
    page.locator(".filters .how").click()
    explained = page.locator("#columns dt").all_inner_texts()
    heads = page.locator("main thead th").all_inner_texts()
    named = {text.strip().split("\n")[0].rstrip(" ↓↑") for text in heads if text.strip()}
    assert named - {"Client", "24 mois"} <= set(explained)  # the months are those of the delay beside them


def test_the_language_is_chosen_once_and_remembered(visit, network) -> None:
    page = visit(network.member).page
    rows(page)
    expect(page.locator("h1")).to_have_text("Portefeuille")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Portfolio").wait_for()
    page.reload()
    page.get_by_role("heading", name="Portfolio").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_an_upload_shows_what_leaves_and_sends_nothing_that_names_a_client(visit, network) -> None:
    seen = visit(network.member, again=True)
    page = seen.page
    before = rows(page)
    month = page.evaluate("async () => (await (await fetch('/api/network')).json()).today.slice(0, 7)")
    year, number = int(month[:4]), int(month[5:])
    last = f"{year - (number == 1)}-{12 if number == 1 else number - 1:02d}"
    page.goto(f"{network.url}/#/upload")
    text = (
        "SIREN;Raison sociale;Mois;Encours;Non échu;1-30 j;31-60 j;61-90 j;91;Ventes;Payé;Ville\n"
        f"{SIREN_NEW};{NAME_NEW};{last};1 250,00;1000;250;0;0;0;900;800;Quimper-sur-Odet\n"
        f"732829321;Mauvaise Clé;{last};1;1;0;0;0;0;0;0;\n"
    )
    page.set_input_files(
        "input[type=file]", {"name": "balance.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    )
    page.wait_for_selector("select#kind")
    page.click("button.primary")
    page.wait_for_selector(".check .big")
    expect(page.locator(".check")).to_contain_text("1 ligne ne peut pas être lue")
    page.check("#declared")
    expect(page.locator("button.primary")).to_be_disabled()
    page.check("#without")
    page.click("button.primary")
    page.wait_for_selector(".box td")
    preview = page.locator("section").first.inner_text()
    assert "125000" in preview
    assert SIREN_NEW not in page.locator(".box").inner_text()
    assert NAME_NEW not in page.locator(".box").inner_text()
    page.click("button.primary")
    page.wait_for_selector("#sent")
    page.click("button.primary")
    assert len(rows(page)) >= len(before)
    page.fill("input[type=search]", "introuvable")
    page.wait_for_function("() => document.querySelectorAll('tr.row').length === 1")
    assert rows(page) == [NAME_NEW]
    assert seen.sent
    everything = b"\n".join(seen.sent)
    patterns = {**of_identifier(SIREN_NEW), **of_name(NAME_NEW), **of_name("Quimper-sur-Odet")}
    for name in before:
        patterns |= of_name(name)
    found = Search(patterns).look(everything, "what the page sent")
    assert not found, found[:3]
    for secret in (network.member.password, network.member.account_key):
        assert secret.encode() not in everything


def test_an_invoice_list_is_turned_into_months_on_this_side(visit, network) -> None:
    page = visit(network.member, again=True).page
    rows(page)
    page.goto(f"{network.url}/#/upload")
    lines = ["N° facture;SIREN;Client;Date de facture;Échéance;Date de règlement;Montant TTC"]
    for day in range(1, 10):
        settled = "" if day > 6 else f"1{day}/06/2026"
        lines.append(f"F{day};{SIREN_NEW};{NAME_NEW};0{day}/05/2026;0{day}/06/2026;{settled};100,00")
    text = "\n".join(lines)
    page.set_input_files(
        "input[type=file]", {"name": "factures.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.wait_for_selector("select#kind")
    expect(page.locator("select#kind")).to_have_value("invoices")
    page.click("button.primary")
    page.wait_for_selector(".check .big")
    expect(page.locator(".check .big")).to_contain_text("2 lignes peuvent partir\u202f: 1 client, 2 mois")


def test_the_operators_console_shows_firms_and_no_client(visit, network) -> None:
    page = visit(network.operator, again=True).page
    page.wait_for_selector("#firms ~ table tbody tr, section table tbody tr")
    page.locator("tbody th").nth(3).wait_for()
    assert "d’horloge" not in page.inner_text("main")
    expect(page.get_by_role("button", name=re.compile("^Publier"))).to_have_count(1)


def test_a_session_that_ended_leads_to_the_log_in_and_says_so(visit, network) -> None:
    page = visit(network.member, allowed=("401",)).page
    rows(page)
    page.context.clear_cookies()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_selector(LOG_IN)
    expect(page.locator(".notice")).to_contain_text("pris fin")


def test_without_network_what_was_read_stays_and_the_page_says_so(visit, network) -> None:
    page = visit(network.member, allowed=("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to load")).page
    names = rows(page)
    page.context.set_offline(True)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_selector(".notice.bad")
    assert rows(page) == names
    # The browser's own "online" would read again before the hand is on the button, which is judged here.
    page.evaluate("() => addEventListener('online', (event) => event.stopImmediatePropagation(), true)")
    page.context.set_offline(False)
    page.locator(".notice.bad button").click()
    page.wait_for_selector(".notice.bad", state="detached")


def test_every_screen_is_used_by_keyboard_alone_and_read_at_twice_its_size(visit, network) -> None:
    page = visit(network.member, allowed=("401",)).page  # what was being asked as she left is refused
    page.add_init_script(WATCHED)
    page.reload()
    page.wait_for_selector("main h1")
    for screen in fragments():
        open_screen(page, network.url, screen)
        quiet(page)  # what comes late moves what is looked at
        assert not magnified(page), screen
        assert not by_keyboard(page), screen
    leave(page)
    settle(page)
    assert not by_keyboard(page)
    page = visit(network.operator).page
    page.wait_for_selector("tbody th")
    assert not magnified(page)
    assert not by_keyboard(page)


def test_the_built_page_holds_nothing_inline_and_no_address_of_others(network) -> None:
    import hatch_build

    html = (hatch_build.DIST / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|style=|<script(?![^>]*src=)| on\w+=", html)
    for path in Path(hatch_build.DIST).rglob("*"):
        if path.suffix in {".js", ".css", ".html"}:
            hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8")))
            assert hosts <= {"www.w3.org", "svelte.dev", "github.com", "x"}, (path.name, hosts)


def test_a_mapping_that_the_page_keeps_is_the_agents_and_comes_back(visit, network, tmp_path) -> None:
    page = visit(network.member, again=True).page
    rows(page)
    page.goto(f"{network.url}/#/upload")
    text = "SIREN;Qui;Mois;Encours\n"
    page.set_input_files(
        "input[type=file]",
        {"name": "soldes.csv", "mimeType": "text/csv", "buffer": f"{text}1;x;y;2\n".encode()},
    )
    who = page.locator('select[aria-label$=": Qui"]')
    expect(who).to_have_value("")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Garder comme fichier").click()
    kept.value.save_as(tmp_path / "mapping.json")
    mapping = load(tmp_path / "mapping.json")
    assert isinstance(mapping, Mapping)
    assert mapping.columns == {"identifier": "SIREN", "month": "Mois", "outstanding": "Encours"}
    chosen = {"kind": "figures", "columns": {**mapping.columns, "name": "Qui"}}
    page.set_input_files(
        ".kept input[type=file]",
        {"name": "m.json", "mimeType": "application/json", "buffer": json.dumps(chosen).encode()},
    )
    expect(who).to_have_value("name")
    page.set_input_files(
        ".kept input[type=file]",
        {"name": "m.json", "mimeType": "application/json", "buffer": b'{"kind":"nothing"}'},
    )
    expect(page.locator("[role=alert]")).to_contain_text("correspondance")
    expect(who).to_have_value("name")
