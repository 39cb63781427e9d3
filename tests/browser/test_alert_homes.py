"""Alerts of a whole sector, and of own figures, whose life stays sealed with the firm."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from benchmark.alerts import sector_subject
from benchmark.upload import month_index
from tests.browser.conftest import Network, open_portfolio
from tests.server.planting import ask, plant

pytestmark = pytest.mark.browser

SECRET = "Le gérant est parti (fictif)"


def _server(network: Network) -> Any:
    return SimpleNamespace(database_url=f"sqlite:///{network.folder / 'vigie.sqlite3'}")


def _alerts(page, network: Network) -> None:
    page.goto(f"{network.url}/#/alerts")
    page.wait_for_selector("button.toggle")


def test_a_sectors_shift_is_listed_explained_and_worked_on(visit, network) -> None:
    server = _server(network)
    page = visit(network.member).page
    open_portfolio(page)
    sector = page.evaluate(
        "() => Number([...document.querySelectorAll('select option')].map((one) => one.value)"
        ".find((value) => /^[1-9][0-9]?$/.test(value)))"
    )
    facts = page.evaluate("async () => (await fetch('/api/network')).json()")
    month = month_index(*map(int, facts["latest_release"].split("-")))
    for table in ("alert_life", "alert_mute"):
        ask(server, f"DELETE FROM {table}")
    ask(server, "DELETE FROM alert WHERE size_days = 17")
    plant(server, sector_subject(sector), month, kind="sector", severity="watch", size_days=17, sector=sector)
    page.reload()
    _alerts(page, network)
    row = page.locator("li", has_text="Tout un secteur").first
    row.locator("button.toggle").click()
    row.locator(".state .tag", has_text="vue").wait_for()
    assert row.locator(".why h3").first.inner_text() == "Pourquoi elle a été déclenchée"
    assert row.locator(".why ul a").count() > 0, "the firm's own clients there are named"
    work = row.locator(".work")
    work.locator("select.give").select_option(label=network.member.email)
    row.locator(".state .tag", has_text="confiée").wait_for()
    work.locator("button.snooze").click()
    row.wait_for(state="detached")
    page.locator(".undo button.link").click()
    row.locator(".state .tag", has_text="confiée").wait_for()
    work.get_by_role("button", name="Mettre en sourdine").click()
    row.wait_for(state="detached")
    page.locator(".undo button.link").click()
    row.locator(".work button.primary").click()
    row.wait_for(state="detached")
    page.locator(".undo button.link").click()
    row.wait_for()
    page.goto(f"{network.url}/#/sectors")
    page.locator("a.shift", has_text="17").wait_for()
    ask(server, "DELETE FROM alert WHERE size_days = 17")


def test_work_on_an_alert_of_own_figures_is_sealed_and_outlives_a_visit(visit, network) -> None:
    page = visit(network.member).page
    open_portfolio(page)
    _alerts(page, network)
    own = page.locator("section[aria-labelledby=own]")
    row = own.locator("li").first
    name = row.locator("a.name").inner_text()
    row = own.locator("li", has_text=name).first
    row.locator("button.toggle").click()
    row.locator(".state .tag", has_text="vue").wait_for()
    row.locator(".why .next").wait_for()
    row.locator("input.comment").fill(SECRET)
    row.locator(".say button").click()
    row.locator(".talk li", has_text=SECRET).wait_for()
    row.locator("select.give").select_option(label=network.member.email)
    row.locator(".state .tag", has_text="confiée").wait_for()
    row.locator(".work .button.primary").last.click()
    row.wait_for(state="detached")

    again = visit(network.member).page  # another visit: as the book and the releases are read anew
    open_portfolio(again)
    _alerts(again, network)
    again.locator(".chips button", has_text="Mises de côté").click()
    closed = again.locator("section[aria-labelledby=own] li", has_text=name).first
    closed.locator(".state .tag", has_text="close").wait_for()
    closed.locator("button.toggle").click()
    closed.locator(".talk li", has_text=SECRET).wait_for()
    closed.locator(".work button", has_text="Rouvrir").click()
    again.locator(".chips button", has_text="À faire").click()
    closed.locator(".state .tag", has_text="confiée").wait_for()
    closed.get_by_role("button", name="Mettre en sourdine").click()
    closed.wait_for(state="detached")
    again.locator(".undo button.link").click()
    closed.wait_for()

    database = (network.folder / "vigie.sqlite3").read_bytes()
    for path in network.folder.glob("vigie.sqlite3-*"):
        database += path.read_bytes()
    assert SECRET.encode() not in database
    assert json.dumps(SECRET).encode() not in database
    assert base64.b64encode(SECRET.encode())[:-2] not in database


def test_what_a_colleague_did_with_an_own_alert_is_told_before_it_is_gone_over(visit, network) -> None:
    mine, theirs = [visit(network.member, again=True).page for _ in range(2)]
    rows = []
    for page in (mine, theirs):
        open_portfolio(page)
        _alerts(page, network)
        rows.append(page.locator("section[aria-labelledby=own] li").last)
    one, other = rows
    name = one.locator("a.name").inner_text()
    assert other.locator("a.name").inner_text() == name
    for row in rows:
        row.locator("button.toggle").focus()
    mine.keyboard.press("a")
    one.locator(".state .tag", has_text="confiée").wait_for()
    theirs.keyboard.press("s")
    expect(other.locator(".told")).to_contain_text("Un collègue a été plus rapide")
    other.locator(".state .tag", has_text="confiée").wait_for()
    theirs.keyboard.press("s")
    theirs.locator(".undo.shown").wait_for()
    mine.locator(".undo button.link").click()
    expect(mine.locator(".undo.shown")).to_contain_text("Un collègue a été plus rapide")
    theirs.locator(".undo button.link").click()
    other = theirs.locator("section[aria-labelledby=own] li", has_text=name)
    other.locator("button.toggle").click()
    other.locator("select.give").select_option("")
    other.locator(".state .tag", has_text="vue").wait_for()
