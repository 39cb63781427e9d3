"""Who lacks a key or a role is told what is lacking and who can give it, in both languages; nothing fails."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import expect

from demo.links import Account
from tests.browser.views import seen_by_axe, settle, sideways

pytestmark = pytest.mark.browser
NEW = (f"role{number}@firm.test" for number in count(1))
WHO_GIVES = {
    "fr-FR": "n administrateur de votre entreprise peut",
    "en-GB": "n administrator of your firm can",
}
BOTH = pytest.mark.parametrize(
    ("locale", "width", "theme"), [("fr-FR", 1280, "light"), ("en-GB", 390, "dark")], ids=["fr", "en"]
)


@pytest.fixture(scope="module")
def added() -> dict[str, Account]:
    """Users whom the page has added, by role."""
    return {}


@pytest.fixture
def in_role(visit, network, added):
    """in_role("auditor") -> a user whom the page has added in this role."""

    def add(role: str) -> Account:
        if role in added:
            return added[role]
        page = visit(network.member, again=True).page
        page.wait_for_selector("main h1")
        page.evaluate("() => (location.hash = '#/settings/people')")
        page.wait_for_selector("h2#users")
        email = next(NEW)
        page.fill("form input[type=email]", email)
        page.select_option("form select", role)
        page.locator("form:has(input[type=email]) button").click()
        expect(page.locator(".made")).to_contain_text(email)
        password, account_key = page.locator(".made code").all_inner_texts()
        added[role] = Account(role, email, password, account_key)
        return added[role]

    return add


def told(page, network, fragment: str, locale: str) -> None:
    """The screen says who can give what is lacking, and passes axe."""
    page.goto(f"{network.url}/{fragment}")
    expect(page.locator("main")).to_contain_text(WHO_GIVES[locale])
    settle(page)
    assert page.locator(".notice.bad").count() == 0
    assert [*seen_by_axe(page), *sideways(page)] == []


@BOTH
def test_the_auditor_is_told_what_the_role_opens_and_who_can_give_more(
    visit, network, in_role, locale, width, theme
) -> None:
    page = visit(in_role("auditor"), locale=locale, width=width, theme=theme).page
    for fragment in ("#/", "#/portfolio", "#/alerts", "#/client/1", "#/conversations", "#/upload"):
        told(page, network, fragment, locale)
    page.goto(f"{network.url}/#/verification")
    page.wait_for_selector(".verdict.verified, .verdict.incomplete")
    page.goto(f"{network.url}/#/settings/holds")
    page.wait_for_selector("main table, main .notice, main p.secondary")


@BOTH
@pytest.mark.parametrize("role", ["analyst", "sales"])
def test_who_takes_no_part_in_conversations_and_sends_nothing_is_told_who_does(
    visit, network, in_role, role, locale, width, theme
) -> None:
    page = visit(in_role(role), locale=locale, width=width, theme=theme).page
    for fragment in ("#/conversations", "#/conversations/call", "#/upload"):
        told(page, network, fragment, locale)
    expect(page.locator("input[type=file]")).to_have_count(0)


def test_a_credit_manager_without_the_conversations_key_is_told_how_to_get_it(visit, network) -> None:
    """As after a roll of the firm's keys that reached the others first."""
    page = visit(network.member, locale="en-GB").page
    page.wait_for_selector("main h1")
    page.evaluate(
        """async () => {
      const database = await new Promise((done) => {
        const asked = indexedDB.open('vigie', 1)
        asked.onsuccess = () => done(asked.result)
      })
      const ask = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)))
      const store = () => database.transaction('kept', 'readwrite').objectStore('kept')
      const key = await ask(store().get('device-key'))
      const { iv, data } = await ask(store().get('session'))
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data)
      const kept = JSON.parse(new TextDecoder().decode(plain))
      delete kept.bundle.role_keys.conversations
      const bytes = new TextEncoder().encode(JSON.stringify(kept))
      const fresh = crypto.getRandomValues(new Uint8Array(12))
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: fresh }, key, bytes)
      await ask(store().put({ iv: fresh, data: sealed }, 'session'))
    }"""
    )
    page.goto(f"{network.url}/#/conversations")
    page.reload()
    expect(page.locator(".notice").first).to_contain_text("does not hold your firm’s conversations key")
    expect(page.locator(".notice").first).to_contain_text("an administrator of your firm certifies them")
