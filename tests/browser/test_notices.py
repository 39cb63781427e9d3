"""A BODACC file dropped on the page: matched here, kept sealed, its clocks shown, met and undone."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from member.deadlines import clocks
from tests.browser.conftest import open_portfolio
from tests.vectors.make_bodacc import record, text_of

pytestmark = pytest.mark.browser

DROP = """
([text, name]) => {
  const carried = new DataTransfer()
  carried.items.add(new File([text], name, { type: 'text/csv' }))
  const section = document.querySelector('section[aria-labelledby=bodacc]')
  section.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }))
}
"""


def _shown(day: str) -> str:
    return f"{date.fromisoformat(day).day} "


def test_a_bodacc_file_is_matched_here_and_its_clocks_run(visit, network) -> None:
    made = visit(network.member)
    page = made.page
    open_portfolio(page)
    page.goto(f"{network.url}/#/client/1")
    page.wait_for_selector(".sentence")
    siren = re.sub(r"\D", "", re.search(r"\d{3}[\s\u202f]?\d{3}[\s\u202f]?\d{3}", page.inner_text("main"))[0])
    name = page.locator("h1").inner_text()
    today = date.fromisoformat(
        page.evaluate("async () => (await (await fetch('/api/network')).json()).today")
    )
    published = (today - timedelta(days=5)).isoformat()
    ends = clocks(date.fromisoformat(published))
    file = text_of("csv", [record(41, siren, day=published), record(42, "404833048", day=published)])

    page.goto(f"{network.url}/#/alerts")
    page.get_by_role("button", name="Annonces publiques").click()
    page.wait_for_selector("section[aria-labelledby=bodacc]")
    page.evaluate(DROP, ["id;dateparution\nA1;2026-01-01\n", "autre.csv"])
    page.locator("section[aria-labelledby=bodacc] [role=alert]", has_text="familleavis").wait_for()
    page.evaluate(DROP, [file, "annonces-commerciales.csv"])
    page.locator("section[aria-labelledby=bodacc] [role=status]", has_text="1 annonce").wait_for()
    listed = page.locator("section[aria-labelledby=notices]")
    listed.locator("a.name", has_text=name).wait_for()

    listed.locator("a.name").click()
    mine = page.locator("main section[aria-labelledby=notices]")
    mine.locator(".clock").nth(1).wait_for()
    said = mine.inner_text()
    assert "redressement judiciaire" in said
    for day in (ends["claim_safe"], ends["retention_safe"]):
        assert _shown(day) in said
    left = (date.fromisoformat(ends["claim_safe"]) - today).days
    assert f"il reste {left} jours" in said.replace("\u202f", " ").replace("\xa0", " ")
    claim = mine.locator(".clock", has_text="Déclarer votre créance")
    claim.locator("input").check()
    mine.locator(".clock.done").wait_for()
    page.reload()
    mine.locator(".clock.done").wait_for()
    claim.locator("input").uncheck()
    mine.locator(".clock.done").wait_for(state="detached")

    # What was read before something was written, and comes after it, does not bring the old state back.
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/api/tasks/done", hold)
    here = page.evaluate("() => location.hash")
    page.evaluate("() => { location.hash = '#/sectors' }")
    page.wait_for_selector("main section[aria-labelledby=notices]", state="detached")
    page.evaluate("(hash) => { location.hash = hash }", here)
    claim.locator("input").check()
    mine.locator(".clock.done").wait_for()
    assert held, "the reading still waits"
    with page.expect_response("**/api/tasks/done"):
        while held:
            held.pop().continue_()
    page.wait_for_timeout(500)
    page.unroute("**/api/tasks/done")
    assert mine.locator(".clock.done").count() == 1
    assert page.locator("section.score .crit, section.score .tag, main").count()

    sent = b"".join(made.sent)
    assert siren.encode() not in sent, "whom the firm looked for is told to nobody"
    assert json.dumps(name).encode() not in sent
