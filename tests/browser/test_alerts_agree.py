"""Alerts, the cockpit, the client's page and the agent say one thing of one client, and count it alike."""

from __future__ import annotations

import re
from typing import Any

import pytest

from benchmark.alerts_words import kind_words
from member.alerts_feed import Notice, read_alerts, words
from member.keystore import Member
from member.portfolio import Portfolio, read_portfolio
from tests.browser.conftest import open_portfolio
from tests.browser.talking import home_of
from tests.browser.test_alert_homes import _server
from tests.browser.views import settle
from tests.server.planting import ask

pytestmark = pytest.mark.browser

SPACES = re.compile(r"\s+")


def _plain(text: str) -> str:
    """As it is read, whatever holds the words together."""
    return SPACES.sub(" ", text.replace("’", "'")).strip()


def _listed(page: Any, network: Any, which: str) -> dict[str, str]:
    """Client -> what Alerts says of it in own figures."""
    page.goto(f"{network.url}/#/alerts")
    settle(page)
    if not page.locator(".chips").count():
        return {}
    page.locator(".tools select").select_option("")  # every kind
    page.locator(".chips button", has_text=which).click()
    settle(page)
    return {
        row.locator("a.name").inner_text(): _plain(row.inner_text())
        for row in page.locator("section[aria-labelledby=own] li").all()
    }


@pytest.mark.parametrize("place", range(3))
def test_they_agree(visit, network, place) -> None:
    agent: Member = home_of(network, place)
    for table in ("alert_life", "alert_mute"):
        ask(_server(network), f"DELETE FROM {table}")
    own: list[Notice] = [one for one in read_alerts(agent) if one.own]
    portfolio: Portfolio = read_portfolio(agent)
    agent.close()
    page = visit(network.accounts[place]).page
    open_portfolio(page)

    everything = _listed(page, network, "Toutes")
    assert set(everything) == {one.client for one in own}
    for one in own:
        said, ends = (_plain(text) for text in words(one, "fr"))
        assert said in everything[one.client]
        assert kind_words(one.kind, "fr", returned=one.returned) in everything[one.client]
    for kind in {one.kind for one in own}:
        page.locator(".tools select").select_option(kind)
        settle(page)
        assert page.locator(".none").count() == 0, "nothing is said to be missing above what is listed"
    to_do = {one.client for one in own if one.severity != "info"}
    assert set(_listed(page, network, "À faire")) == to_do

    open_portfolio(page)
    figure = _plain(page.locator(".kpi:has(.value)").nth(3).inner_text())
    assert (f"{len(to_do)} dans vos propres chiffres" in figure) == bool(to_do)
    above = {line.client.name for line in portfolio.lines if line.facts.position == "above"}
    page.locator(".chips button", has_text="Au-dessus").click()
    settle(page)
    assert {row.inner_text() for row in page.locator("tr.row .name").all()} == above

    for line in portfolio.lines:
        mine = [one for one in own if one.identifier == line.client.identifier]
        if not mine and line.facts.position != "above":
            continue
        page.locator(".chips button", has_text="Tous").click()
        page.locator("input[type=search]").fill(line.client.name)
        name = re.compile(f"^{re.escape(line.client.name)}$")
        page.locator("tr.row .name", has_text=name).first.click()
        page.wait_for_selector(".sentence")
        listed = _plain(page.locator("section[aria-labelledby=alerts]").inner_text())
        for one in mine:
            said, ends = (_plain(text) for text in words(one, "fr"))
            assert said in listed
            assert ends in listed
            assert page.locator("svg .mark-head").count() > 0, "it stands on the time axis"
        if not mine:
            assert "L'alerte est donnée au deuxième mois de suite" in listed
        assert ("Il n'est plus au-dessus" in listed) == any(one.returned for one in mine)
        open_portfolio(page)
