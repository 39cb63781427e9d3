"""A session that ends, here or in another tab: nothing that was read for one person is there for the next."""

import pytest
from playwright.sync_api import expect

from demo.links import link
from tests.browser.conftest import LOG_IN, leave, open_portfolio

pytestmark = pytest.mark.browser
NAMES = "tr.row .name"


def mark(page) -> None:
    """Something that stays as long as what the page has read does."""
    page.evaluate("() => (window.stays = true)")


def stays(page) -> bool:
    return page.evaluate("() => 'stays' in window")


def test_a_session_that_ended_is_told_at_the_log_in_once(visit, network) -> None:
    page = visit(network.member, allowed=("401",)).page
    open_portfolio(page)
    mark(page)
    page.context.clear_cookies()
    page.evaluate("() => dispatchEvent(new Event('online'))")  # it reads everything again
    page.wait_for_selector(LOG_IN)
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text("pris fin")
    assert not stays(page)
    page.reload()
    page.wait_for_selector(LOG_IN)
    expect(page.locator(".notice")).to_have_count(0)


def test_nothing_of_who_left_is_in_the_tab_for_who_comes_with_a_link_or_without(visit, network) -> None:
    page = visit(network.member, allowed=("401",)).page
    open_portfolio(page)
    theirs = page.locator(NAMES).all_inner_texts()
    mark(page)
    page.goto(link(network.url, network.accounts[1]))  # without a log-out: another link in the same tab
    open_portfolio(page)
    assert not stays(page)
    assert page.locator(NAMES).all_inner_texts() != theirs
    assert "demo" not in page.url
    mark(page)
    leave(page)
    assert not stays(page)
    expect(page.locator(".notice")).to_have_count(0)


def test_a_tab_of_another_person_closes_when_somebody_logs_in_or_out_in_the_next_one(visit, network) -> None:
    visited = visit(network.member, allowed=("401",))
    first, second = visited.page, visited.device.new_page()
    open_portfolio(first)
    second.goto(link(network.url, network.accounts[1]))
    open_portfolio(second)
    mine = second.locator(NAMES).all_inner_texts()
    first.wait_for_selector(LOG_IN)
    expect(first.locator(".notice")).to_contain_text("pris fin")
    first.reload()  # the browser's cookie is the second one's
    open_portfolio(first)
    assert first.locator(NAMES).all_inner_texts() == mine
    leave(second)
    first.wait_for_selector(LOG_IN)
    expect(first.locator(".notice")).to_contain_text("pris fin")
    expect(second.locator(".notice")).to_have_count(0)
