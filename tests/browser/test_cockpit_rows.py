"""The rows of the portfolio: whole names, terms, who is worth a step; one client on one sheet of paper."""

from __future__ import annotations

import base64
import csv
import io
import re
from types import SimpleNamespace

import pypdf
import pytest
from playwright.sync_api import expect

from benchmark.upload import month_index
from tests.browser.conftest import open_portfolio
from tests.browser.views import settle
from tests.server.planting import ask, plant

pytestmark = pytest.mark.browser

PLANTED_DAYS = 37
NAMES = "() => [...document.querySelectorAll('tr.row .name')].map((one) => one.textContent)"
# Names of which something is out of sight, and rows that are not as high as the others.
CUT = """() => [...document.querySelectorAll('tr.row .name')]
  .filter((one) => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth).length"""
HEIGHTS = (
    "() => [...new Set([...document.querySelectorAll('tr.row')].map((one) =>"
    " Math.round(one.getBoundingClientRect().height)))]"
)
ONE_LINE = """() => {
  const boxes = [...document.querySelectorAll('.filters > *')].map((one) => one.getBoundingClientRect())
  const seen = boxes.filter((box) => box.height)
  return Math.max(...seen.map((box) => box.top)) < Math.min(...seen.map((box) => box.bottom))
}"""


def figures_of(text: str) -> list[int]:
    """The whole numbers of a sentence."""
    return [int(re.sub(r"\D", "", one)) for one in re.findall(r"\d[\d\u202f\u00a0]*", text)]


def test_what_is_worth_a_step_is_what_the_first_screen_counts_in_its_order(visit, network) -> None:
    page = visit(network.member).page
    page.wait_for_selector("ol li .step")
    listed = page.locator("ol .name").all_inner_texts()
    rest = page.locator("p.rest a")  # where the list is not the whole of it
    worth = figures_of(rest.inner_text())[0] if rest.count() else len(listed)
    if rest.count():
        rest.click()
    else:
        page.goto(f"{network.url}/#/portfolio/worth")
    page.wait_for_selector("tr.row")
    expect(page.locator(".shown b")).to_have_text(str(worth))
    expect(page.locator(".chips button[aria-pressed=true]")).to_contain_text(f"Démarche {worth}")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("En jeu")
    assert page.evaluate(NAMES)[: len(listed)] == listed
    page.locator(".chips button").first.click()
    page.locator("tr.row .name").first.click()
    page.wait_for_selector("#follow")
    page.go_back()
    page.wait_for_selector("tr.row")
    expect(page.locator(".chips button[aria-pressed=true]")).to_contain_text("Tous")
    page.reload()
    page.wait_for_selector("tr.row")
    expect(page.locator(".chips button[aria-pressed=true]")).to_contain_text("Démarche")


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_at_1280_pixels_names_are_whole_rows_as_high_as_ever_and_filters_in_one_line(
    visit, network, locale
) -> None:
    page = visit(network.member, locale=locale).page
    open_portfolio(page)
    assert page.evaluate(CUT) == 0
    assert page.evaluate(HEIGHTS) == [44]
    assert page.evaluate(ONE_LINE)
    page.goto(f"{network.url}/#/portfolio/worth")
    page.wait_for_selector("th[aria-sort=descending]")
    assert page.evaluate(CUT) == 0
    assert page.evaluate(HEIGHTS) == [44]


def test_a_name_that_is_cut_is_told_to_whoever_points_at_it_and_no_other(visit, network) -> None:
    page = visit(network.member).page
    open_portfolio(page)
    row = page.locator("tr.row th").first
    whole = row.locator(".where").evaluate(
        "(one) => one.scrollWidth <= one.clientWidth"
        " && one.offsetLeft === one.closest('th').querySelector('.name').offsetLeft"
    )
    row.hover()
    name = row.locator(".name").inner_text()
    assert bool(row.get_attribute("title")) != whole
    row.locator(".name").evaluate("(one) => (one.textContent = `${one.textContent} `.repeat(9))")
    page.locator("h1").hover()
    row.hover()
    assert name in (row.get_attribute("title") or "")
    assert page.evaluate(HEIGHTS) == [44]


def test_terms_say_the_end_of_the_month_in_the_row_and_in_the_export(visit, network) -> None:
    page = visit(network.member, locale="en-GB").page
    open_portfolio(page)
    cells = page.locator("tr.row td[title]", has_text="EOM")
    assert re.fullmatch(r"\d+\u202fd EOM", cells.first.inner_text())
    assert "end of month" in cells.first.get_attribute("title")
    page.get_by_role("button", name="How the columns are computed").click()
    expect(page.locator("#columns")).to_contain_text("EOM stands for end of month")
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    heading, *lines = csv.reader(io.StringIO(saved.value.path().read_text(encoding="utf-8-sig")))
    at = heading.index("Kind of terms")
    kinds = {line[at] for line in lines if len(line) == len(heading)}
    assert {"net"} < kinds <= {"", "net", "end of month then days", "days then end of month"}


def test_the_head_counts_as_compared_whoever_is_not_in_the_filter_of_the_others(visit, network) -> None:
    page = visit(network.member, again=True).page
    open_portfolio(page)
    clients, compared, *_ = figures_of(page.locator(".head .secondary").first.inner_text())
    (alone,) = figures_of(page.locator(".chips button", has_text="Non comparés").inner_text())
    assert clients == compared + alone


def not_listed(page, url: str, month: str) -> tuple[str, bytes]:
    """The name and the pseudonym of a published client that is not among the first screen's."""
    page.wait_for_selector("ol li .step")
    listed = set(page.locator("ol .name").all_inner_texts())
    cells = page.evaluate("async (month) => (await fetch(`/api/releases/${month}/cells`)).json()", month)
    whole = base64.b64decode(cells["pseudonyms"])
    published = {whole[at : at + 4].hex(): whole[at : at + 32] for at in range(0, len(whole), 32)}
    for client in range(1, 60):
        page.goto(f"{url}/#/client/{client}")
        settle(page)
        if not (code := page.locator(".facts code")).count():
            continue
        name, digits = page.locator("h1").inner_text(), code.inner_text().replace("·", "")
        if digits in published and name not in listed:
            return name, published[digits]
    pytest.fail("every published client is among the first ten")


@pytest.fixture
def server(network):
    """The played network's database, without what is planted here, before and after."""
    made = SimpleNamespace(database_url=f"sqlite:///{network.folder / 'vigie.sqlite3'}")

    def clear() -> None:
        ask(
            made,
            "DELETE FROM alert_life WHERE id IN (SELECT id FROM alert WHERE size_days = {})",
            PLANTED_DAYS,
        )
        ask(made, "DELETE FROM alert WHERE size_days = {}", PLANTED_DAYS)

    clear()
    yield made
    clear()


def test_an_urgent_alert_stands_above_the_list_until_somebody_puts_it_aside(visit, network, server) -> None:
    page = visit(network.member).page
    facts = page.evaluate("async () => (await fetch('/api/network')).json()")
    name, pseudonym = not_listed(page, network.url, facts["latest_release"])
    year, month = map(int, facts["latest_release"].split("-"))
    made = plant(
        server, pseudonym, month_index(year, month), kind="shock", severity="urgent", size_days=PLANTED_DAYS
    )
    page.goto(f"{network.url}/?urgent")
    line = page.locator(".urgent")
    link = line.locator(f"a[href$='/{made}']")  # the client may have others
    expect(link).to_have_text(name)
    counted = figures_of(line.inner_text())[0]
    expect(line).to_contain_text("alerte urgente" if counted == 1 else "alertes urgentes")
    expect(line).to_contain_text("à décider aujourd")
    page.get_by_role("button", name="English").click()
    expect(line).to_contain_text("1 urgent alert:" if counted == 1 else f"{counted} urgent alerts:")
    ask(server, "UPDATE alert SET severity = 'act' WHERE size_days = {}", PLANTED_DAYS)
    page.goto(f"{network.url}/?calm")
    page.wait_for_selector("ol li .step")
    page.wait_for_selector("nav .count, .urgent")
    assert link.count() == 0


def test_a_client_is_one_sheet_of_paper_with_its_number_as_people_write_it(visit, network) -> None:
    page = visit(network.member, locale="en-GB").page
    printed = 0
    for client in range(1, 9):
        page.goto(f"{network.url}/#/client/{client}")
        page.wait_for_selector(".score")
        settle(page)
        if page.locator(".alerts li").count() > 3:
            continue
        printed += 1
        paper = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
        text = paper.pages[0].extract_text()
        assert len(paper.pages) == 1
        assert re.search(r"SIREN\s\d{3}\s\d{3}\s\d{3}", text)
        assert "fr.siren" not in text
        assert "Every number in it" not in text
        assert not re.search(r"\d\s%", text)
    assert printed > 3


def test_on_a_phone_the_operators_firms_stand_one_below_another_and_no_date_breaks(visit, network) -> None:
    page = visit(network.operator, width=390, locale="en-GB").page
    page.wait_for_selector("section[aria-labelledby=firms] tbody th")
    firms = page.locator("section[aria-labelledby=firms] .scroll")
    assert firms.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    date = firms.locator("td", has_text=re.compile(r"\d{4}")).first
    assert date.evaluate("(one) => one.getBoundingClientRect().height") < 32
    assert date.get_attribute("data-label") == "Enrolled"


def test_on_a_phone_a_sectors_long_name_begins_where_the_others_do(visit, network) -> None:
    page = visit(network.member, width=390).page
    page.goto(f"{network.url}/#/sectors")
    names = page.locator("tbody th .link")
    names.first.wait_for()
    assert names.evaluate_all("(all) => all.map((one) => getComputedStyle(one).textAlign)") == (
        ["start"] * names.count()
    )
