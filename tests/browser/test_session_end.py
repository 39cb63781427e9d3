"""A session that ends while the page reads: what is read for it afterwards is shown to nobody."""

import pytest
from playwright.sync_api import expect

from demo.links import link
from tests.browser.conftest import LOG_IN, leave, open_portfolio
from tests.browser.views import settle

pytestmark = pytest.mark.browser


def again(page) -> None:
    """The page reads everything again."""
    page.evaluate("() => dispatchEvent(new Event('online'))")


def test_a_reading_that_outlives_its_session_says_nothing_at_the_log_in(visit, network) -> None:
    page = visit(network.member, allowed=("401",)).page
    open_portfolio(page)
    held = []
    page.route("**/api/network", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/api/network"):
        again(page)
    page.context.clear_cookies()
    again(page)  # this one is told that the session has ended
    page.wait_for_selector(LOG_IN)
    with page.expect_response("**/api/book"):
        held[0].continue_()
    settle(page)
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("pris fin")


def test_what_was_read_for_who_left_is_not_shown_to_who_came(visit, network) -> None:
    page = visit(network.member, allowed=("401",)).page
    open_portfolio(page)
    theirs = page.locator("tr.row .name").all_inner_texts()
    answer = page.request.get(f"{network.url}/api/alerts")
    held = []
    page.route("**/api/alerts", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/api/alerts"), page.expect_response("**/api/releases"):
        again(page)
    leave(page)
    page.goto(link(network.url, network.accounts[1]))
    open_portfolio(page)
    mine = page.locator("tr.row .name").all_inner_texts()
    assert mine != theirs
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/cells") else None)
    held[0].fulfill(response=answer)
    with page.expect_response("**/cells"), page.expect_response("**/api/alerts"):
        again(page)
    settle(page)
    assert len(asked) == len(set(asked)), "one reading alone went on"
    assert page.locator("tr.row .name").all_inner_texts() == mine
