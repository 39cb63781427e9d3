"""The keyboard never falls out of the page: the focus is in what was opened, or beside what is gone."""

from __future__ import annotations

import pytest

from tests.browser.conftest import open_portfolio

pytestmark = pytest.mark.browser

ON = "(one) => document.activeElement?.matches(one)"
SETTLED = """() => new Promise((go) => setTimeout(() => requestAnimationFrame(() =>
  requestAnimationFrame(() => go(document.activeElement.tagName))), 50))"""


def _on(page, selector: str) -> None:
    page.wait_for_function(ON, arg=selector)


def _somewhere(page) -> None:
    assert page.evaluate(SETTLED) != "BODY"


def test_the_keyboard_is_never_left_nowhere(visit, network) -> None:
    page = visit(network.member).page
    open_portfolio(page)
    page.locator("tr.row").first.focus()
    page.keyboard.press("Enter")
    _on(page, "main h1")
    assert page.url.rpartition("#/")[2].startswith("client/")
    page.keyboard.press("Escape")
    _on(page, "tr.row")

    page.keyboard.press("/")
    page.keyboard.type("nobody of this name")
    page.keyboard.press("Escape")
    _on(page, "main input[type=search]")

    page.locator(".bars button:not(:disabled)").first.click()
    page.locator("button.drop").press("Enter")
    page.locator("button.tag.drop").wait_for(state="detached")
    _somewhere(page)

    page.locator("button.views").press("Enter")
    for name in ("un", "deux"):
        page.locator("#views input").fill(name)
        page.locator("#views form button").focus()
        page.keyboard.press("Enter")
        page.locator("#views .take", has_text=name).wait_for()
        _on(page, "#views input")
    for left in ("button.take", "button.link"):  # the next view, and after the last one the way back
        page.locator("#views li .drop").first.press("Enter")
        _on(page, f"#views {left}")
    page.keyboard.press("Escape")

    page.evaluate("() => { location.hash = '#/tour' }")
    _on(page, "main h1")
    for step in range(2, 6):
        page.locator(".turn .primary").press("Enter")
        page.wait_for_url(f"**/#/tour/{step}")
        _on(page, "main h1")

    page.locator("nav a[href='#/alerts']").press("Enter")
    _on(page, "main h1")
