"""What administrators and the operator keep on the page: Python opens what the page made."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe

from chat.keys import PrivateKeys
from demo.links import Account
from member import keyring
from member.enrol import Person, log_in_person
from member.keys import read_account_key
from member.network import Network
from member.refusals import NetworkRefused
from member.session import Session

pytestmark = pytest.mark.browser
NEW = "analyste@firm.test"


def axe(page) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def opened(page, panel: str, heading: str) -> None:
    page.evaluate(f"() => (location.hash = '#/settings/{panel}')")
    page.wait_for_selector(f"h2#{heading}")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What one test hands to the next: the secrets of the user that was added."""
    return {}


def test_a_user_that_the_page_adds_logs_in_with_python_and_holds_her_roles_keys(visit, network, made) -> None:
    page = visit(network.member).page
    opened(page, "people", "users")
    axe(page)
    page.fill("form input[type=email]", NEW)
    page.select_option("form select", "analyst")
    page.locator("form:has(input[type=email]) button").click()
    page.wait_for_selector(".made code")
    password, account_key = page.locator(".made code").all_inner_texts()
    made |= {"password": password, "account_key": account_key}
    asking = Network(network.url)
    found, bundle = log_in_person(asking, Person(NEW, password), read_account_key(account_key))
    admin = network.member
    _, own = log_in_person(asking, Person(admin.email, admin.password), read_account_key(admin.account_key))
    assert found.role == "analyst"
    assert (bundle.role_keys.names, bundle.role_keys.ledger) == (own.role_keys.names, own.role_keys.ledger)
    assert (bundle.role_keys.conversations, bundle.root_seed) == (None, None)
    asking.close()


def test_a_fingerprint_is_compared_before_a_key_is_certified_and_python_follows_the_chain(
    visit, network, made
) -> None:
    user = Account("analyst", NEW, made["password"], made["account_key"])
    theirs = visit(user, width=390, theme="dark", locale="en-GB").page
    opened(theirs, "", "own")
    axe(theirs)
    theirs.fill("section[aria-labelledby=own] input", user.password)
    theirs.locator("section[aria-labelledby=own] button").click()
    fingerprint = theirs.locator("code.print").inner_text()
    page = visit(network.member).page
    opened(page, "people", "ring")
    waiting = page.locator("section[aria-labelledby=ring] form")
    waiting.locator("input").fill("AAAA-" + fingerprint[5:])
    waiting.locator("button").click()
    page.wait_for_selector("[role=alert]")
    assert waiting.count() == 1
    waiting.locator("input").fill(fingerprint.lower())
    waiting.locator("button").click()
    page.wait_for_selector("section[aria-labelledby=ring] li")
    assert fingerprint in page.locator("section[aria-labelledby=ring] li").inner_text()
    asking = Network(network.url)
    found, bundle = log_in_person(asking, Person(NEW, user.password), read_account_key(user.account_key))
    assert found.firm_id
    assert bundle.subject_seed
    assert bundle.root_public
    session = Session.of_token(asking, found.token)
    answer = asking.read(session.send("GET", "/api/keyring"), keyring.Answer)
    ring = keyring.verify(answer.entries, found.firm_id, bundle.root_public, None)
    own = PrivateKeys.from_bytes(bundle.subject_seed)
    keys = keyring.open_wrap(answer.wrap, ring, found.user_id, bundle.root_public, own)
    assert (keys.names, keys.ledger, keys.conversations) == (
        bundle.role_keys.names,
        bundle.role_keys.ledger,
        None,
    )
    asking.close()


def test_a_password_is_changed_on_the_page_and_the_one_before_opens_nothing(visit, network, made) -> None:
    page = visit(Account("analyst", NEW, made["password"], made["account_key"])).page
    opened(page, "", "password")
    assert page.locator("section[aria-labelledby=sessions] .tag").count() == 1
    inputs = page.locator("section[aria-labelledby=password] input")
    inputs.nth(0).fill(made["password"])
    inputs.nth(1).fill("another, longer one")
    page.locator("section[aria-labelledby=password] button").click()
    page.wait_for_selector("p.notice[role=status]")
    asking = Network(network.url)
    key = read_account_key(made["account_key"])
    assert log_in_person(asking, Person(NEW, "another, longer one"), key)[1].subject_seed
    with pytest.raises(NetworkRefused):
        log_in_person(asking, Person(NEW, made["password"]), key)
    asking.close()


def test_webhooks_are_added_and_removed_and_a_changed_log_is_told(visit, network) -> None:
    page = visit(network.member, theme="dark").page
    opened(page, "webhooks", "hooks")
    page.fill("input[type=url]", "https://hooks.firm.test/vigie")
    page.locator("form button").click()
    assert page.locator("code.token").inner_text().startswith("whsec_")
    axe(page)
    page.locator("article .acts button").last.click()
    page.locator("article [role=alert] .button").click()
    page.wait_for_selector("article", state="detached")
    opened(page, "audit", "audit")
    page.wait_for_selector("p.verified")
    axe(page)
    with closing(sqlite3.connect(network.folder / "vigie.sqlite3", timeout=30, isolation_level=None)) as base:
        query = "SELECT chain, sequence, event FROM audit WHERE event = 'webhook-removed'"
        chain, sequence, event = base.execute(query).fetchone()
        change = "UPDATE audit SET event = ? WHERE chain = ? AND sequence = ?"
        base.execute(change, ("nothing-happened", chain, sequence))
        try:
            page.reload()
            page.wait_for_selector("section[aria-labelledby=audit] [role=alert]")
        finally:
            base.execute(change, (event, chain, sequence))


def test_the_operator_admits_with_a_reason_and_sees_how_the_network_is(visit, network) -> None:
    page = visit(network.operator, locale="en-GB").page
    page.wait_for_selector("p.verified")
    axe(page)
    form = page.locator("form[aria-label='Admit a firm']")
    form.locator("input").first.fill("Let in (fictional)")
    form.locator("input").last.fill("sells on credit")
    form.locator("button").click()
    page.wait_for_selector("code.token")
    refusal = page.locator("form[aria-label='Refuse a firm']")
    refusal.locator("input").first.fill("Kept out (fictional)")
    refusal.locator("input").last.fill("no ledger of its own")
    refusal.locator("button").click()
    page.wait_for_selector("p.notice[role=status] >> text=operator")
    assert "this server itself" in page.locator("section[aria-labelledby=holders]").inner_text()
    assert "answer" in page.locator("section[aria-labelledby=health]").inner_text()
    dark = visit(network.operator, width=390, theme="dark").page
    dark.wait_for_selector("p.verified")
    axe(dark)
    told = dark.locator("section[aria-labelledby=audit]").inner_text()
    assert "no ledger of its own" in told
