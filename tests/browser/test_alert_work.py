"""Work on alerts in the page: take, comment, snooze, close, and what a colleague finds afterwards."""

from __future__ import annotations

import base64
import re
from types import SimpleNamespace

import pytest

from benchmark.upload import month_index
from tests.server.planting import ask, plant

pytestmark = pytest.mark.browser

SECRET = "La comptable promet vendredi (fictif)"


@pytest.fixture
def alert(visit, network) -> tuple[object, str]:
    """The list of alerts, and an alert of the newest release on a client of the member's."""
    server = SimpleNamespace(database_url=f"sqlite:///{network.folder / 'vigie.sqlite3'}")
    page = visit(network.member).page
    page.wait_for_selector("tr.row")
    facts = page.evaluate("async () => (await fetch('/api/network')).json()")
    year, month = map(int, facts["latest_release"].split("-"))
    cells = page.evaluate(
        "async (month) => (await fetch(`/api/releases/${month}/cells`)).json()", facts["latest_release"]
    )
    pseudonyms = base64.b64decode(cells["pseudonyms"])
    ask(server, "DELETE FROM alert_life")
    made = plant(
        server, pseudonyms[:32], month_index(year, month), kind="shock", severity="urgent", size_days=31
    )
    page.reload()
    page.wait_for_selector("tr.row")
    page.goto(f"{network.url}/#/alerts")
    page.wait_for_selector("button.state")
    return page, made


def test_an_alert_is_taken_commented_closed_and_comes_back_when_asked(alert, network) -> None:
    page, _ = alert
    row = page.locator("tbody tr", has_text="+31").first  # nothing of the played network jumped so far

    def state(word: str) -> None:
        row.locator("button.state", has_text=word).wait_for()

    state("nouvelle")
    row.locator("button.state").click()
    work = row.locator(".work")
    state("vue")
    work.locator("select").first.select_option(label=network.member.email)
    state("confiée")
    work.locator("input").fill(SECRET)
    work.locator("form button").click()
    work.locator("li", has_text=SECRET).wait_for()
    database = (network.folder / "vigie.sqlite3").read_bytes()
    for path in network.folder.glob("vigie.sqlite3-*"):
        database += path.read_bytes()
    assert SECRET.encode() not in database
    work.locator("button.primary").click()
    page.locator("button", has_text=re.compile("^Montrer ")).click()
    state("close")
    assert "payé" in row.locator(".life").inner_text()
    row.locator("button.state").click()
    row.locator("button", has_text="Rouvrir").click()
    state("rouverte")


def test_a_visit_is_marked_and_the_wishes_are_kept(alert, network) -> None:
    page, _ = alert
    page.locator(".changes button").click()
    page.locator(".changes").wait_for(state="detached")
    page.goto(f"{network.url}/#/settings")
    form = page.locator("form", has=page.locator("input[type=number]"))
    form.locator("select").nth(3).select_option("never")
    form.locator("button").click()
    form.locator("[role=status]").wait_for()
    page.reload()
    form.locator("select").nth(3).wait_for()
    assert form.locator("select").nth(3).input_value() == "never"
