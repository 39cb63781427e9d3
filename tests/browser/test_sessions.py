"""Sessions told apart and ended after a question; two pages that pair; the auditor's log and legal holds."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOG_IN, leave
from tests.browser.talking import home_of, talk_between
from tests.browser.test_removal import added
from tests.browser.test_settings import opened
from tests.browser.views import seen_by_axe, settle

pytestmark = pytest.mark.browser
FIRM = 2
TALKS, PEER = 1, 2


def axe(page) -> None:
    settle(page)
    assert not seen_by_axe(page)


def test_a_session_says_by_what_and_since_when_and_ends_after_a_question_never_the_own_one(
    visit, network
) -> None:
    own = network.accounts[FIRM]
    other = visit(own, locale="en-GB", allowed=("401", "WebSocket")).page
    page = visit(own, width=390, theme="dark", locale="en-GB", allowed=("404",)).page
    opened(page, "", "sessions")
    part = page.locator("section[aria-labelledby=sessions]")
    here = part.locator("li", has_text="this one")
    expect(here).to_have_count(1)
    expect(here).to_contain_text("Chrome, Linux")
    expect(here.get_by_role("button")).to_have_count(0)
    axe(page)
    theirs = part.locator("li", has_text="Chrome, Linux").filter(has_not_text="this one").first
    theirs.get_by_role("button").click()
    question = part.locator("[role=alert]")
    expect(question).to_contain_text("End the session")
    axe(page)
    question.get_by_role("button", name="No").click()
    expect(question).to_have_count(0)
    theirs.get_by_role("button").click()
    question.get_by_role("button", name="Yes").click()
    part.locator("[role=status]").wait_for()
    first, last = (visit(own, locale="en-GB", allowed=("401", "WebSocket")).page for _ in range(2))
    page.reload()
    opened(page, "", "sessions")
    leave(first)  # one of those that are listed has ended by itself
    part.get_by_role("button", name="End all the others").click()
    question.get_by_role("button", name="Yes").click()
    expect(part.locator("li")).to_have_count(1)
    expect(part.locator("[role=alert]")).to_have_count(0)
    for page_of_before in (other, last):
        page_of_before.reload()
        page_of_before.wait_for_selector(LOG_IN)


def test_two_pages_pair_after_their_digits_were_compared_and_other_digits_give_nothing(
    visit, network
) -> None:
    own = network.accounts[FIRM]
    first = visit(own, locale="en-GB").page
    opened(first, "", "second")
    part = first.locator("section[aria-labelledby=second]")
    second = visit(width=390, theme="dark", locale="en-GB").page
    second.wait_for_selector(LOG_IN)
    second.fill("input[type=email]", own.email)
    second.locator("#pair").click()
    part.get_by_role("button").click()
    shown = second.locator("code.digits")
    expect(shown).to_have_text(re.compile(r"^\d{6}$"))
    code = shown.inner_text()
    digits = part.locator("input")
    digits.fill("000000" if code != "000000" else "000001")
    part.locator("button.primary").click()
    expect(part.locator("[role=alert]")).to_contain_text("Nothing was given")
    expect(second.locator("input.key")).to_have_value("")
    digits.fill(code)
    part.locator("button.primary").click()
    part.locator("[role=status]").wait_for()
    expect(second.locator("input.key")).to_have_value(own.account_key)
    axe(first)
    second.fill("input[type=password]", own.password)
    second.locator("form button.primary").click()
    second.wait_for_selector("main h1")
    second.wait_for_selector(LOG_IN, state="detached")


def test_the_auditor_reads_the_log_in_words_and_holds_a_conversation_unread(visit, network) -> None:
    talk = talk_between(network, TALKS, PEER, -2)
    own = network.accounts[TALKS]
    page = visit(own, locale="en-GB").page
    opened(page, "people", "users")
    auditor = added(page, network.url, "auditor@firm.test", "auditor").account
    audit = visit(auditor, width=390, theme="dark", locale="en-GB").page
    opened(audit, "holds", "holds")
    row = audit.locator("section[aria-labelledby=holds] tbody tr", has_text=str(talk)[:8])
    row.get_by_role("button", name="Hold").click()
    audit.locator("[role=status]", has_text="Held.").wait_for()
    axe(audit)
    row.get_by_role("button", name="Lift").click()
    question = audit.locator("[role=alert]")
    expect(question).to_contain_text("erased at once")
    question.get_by_role("button", name="No").click()
    expect(row.get_by_role("button", name="Lift")).to_have_count(1)
    agent = home_of(network, TALKS)
    held = agent.session.ask("GET", f"/api/conversations/{talk}/keeping")
    agent.close()
    assert held["held"]

    opened(audit, "audit", "audit")
    audit.wait_for_selector("p.verified")
    rows = audit.locator("section[aria-labelledby=audit] tbody tr")
    placed = rows.filter(has_text="legal hold placed").first
    expect(placed).to_contain_text("auditor@firm.test")
    came = rows.filter(has_text="user added").filter(has_text="auditor@firm.test").first
    expect(came).to_contain_text("role auditor")
    expect(came).to_contain_text(own.email)
    axe(audit)
    row_of_hold = audit.locator("section[aria-labelledby=audit]").inner_text()
    assert not re.search(r"\b[0-9a-f]{8}-[0-9a-f]{4}-", row_of_hold), "no whole id is shown"
    assert "user_id" not in row_of_hold
