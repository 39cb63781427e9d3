"""What administrators and the operator keep on the page: Python opens what the page made."""

from __future__ import annotations

import re
import secrets
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import count

import msgspec
import pytest
from playwright.sync_api import APIResponse, Route, expect

from chat.keys import PrivateKeys
from demo.links import Account
from member import keyring
from member.enrol import Person, log_in_person
from member.keys import read_account_key
from member.network import Network
from member.own_secrets import wrap_again
from member.refusals import NetworkRefused
from member.session import Session
from tests.browser.views import seen_by_axe, settle

pytestmark = pytest.mark.browser
NEW = (f"analyste{number}@firm.test" for number in count(1))


def axe(page) -> None:
    settle(page)
    assert not seen_by_axe(page)


def opened(page, panel: str, heading: str) -> None:
    page.evaluate(f"() => (location.hash = '#/settings/{panel}')")
    page.wait_for_selector(f"h2#{heading}")


@pytest.fixture
def analyst(visit, network) -> Account:
    """A user whom the page has just added."""
    page = visit(network.member, again=True).page
    email = next(NEW)
    opened(page, "people", "users")
    axe(page)
    page.fill("form input[type=email]", email)
    page.select_option("form select", "analyst")
    page.locator("form:has(input[type=email]) button").click()
    expect(page.locator(".made code")).to_have_count(2)
    password, account_key = page.locator(".made code").all_inner_texts()
    return Account("analyst", email, password, account_key)


def entered(asking: Network, one: Account):
    return log_in_person(asking, Person(one.email, one.password), read_account_key(one.account_key))


def test_a_user_that_the_page_adds_logs_in_with_python_and_holds_her_roles_keys(network, analyst) -> None:
    asking = Network(network.url)
    found, bundle = entered(asking, analyst)
    _, own = entered(asking, network.member)
    assert found.role == "analyst"
    assert (bundle.role_keys.names, bundle.role_keys.ledger) == (own.role_keys.names, own.role_keys.ledger)
    assert (bundle.role_keys.conversations, bundle.root_seed) == (None, None)
    asking.close()


def test_a_fingerprint_is_compared_before_a_key_is_certified_and_python_follows_the_chain(
    visit, network, analyst
) -> None:
    theirs = visit(analyst, width=390, theme="dark", locale="en-GB").page
    opened(theirs, "", "own")
    axe(theirs)
    theirs.locator("section[aria-labelledby=own] button").click()
    fingerprint = theirs.locator("code.print").inner_text()
    page = visit(network.member).page
    opened(page, "people", "ring")
    ring = page.locator("section[aria-labelledby=ring]")
    waiting = ring.locator("form", has_text=analyst.email)
    waiting.locator("input").fill("AAAA-" + fingerprint[5:])
    waiting.locator("button").click()
    page.wait_for_selector("[role=alert]")
    expect(waiting).to_have_count(1)
    waiting.locator("input").fill(fingerprint.lower())
    waiting.locator("button").click()
    expect(ring.locator("li", has_text=analyst.email)).to_contain_text(fingerprint)
    asking = Network(network.url)
    found, bundle = entered(asking, analyst)
    assert found.firm_id
    assert bundle.subject_seed
    assert bundle.root_public
    session = Session.of_token(asking, found.token)
    answer = asking.read(session.send("GET", "/api/keyring"), keyring.Answer)
    verified = keyring.verify(answer.entries, found.firm_id, bundle.root_public, None)
    own = PrivateKeys.from_bytes(bundle.subject_seed)
    keys = keyring.open_wrap(answer.wrap, verified, found.user_id, bundle.root_public, own)
    assert (keys.names, keys.ledger, keys.conversations) == (
        bundle.role_keys.names,
        bundle.role_keys.ledger,
        None,
    )
    asking.close()


def test_a_password_is_changed_on_the_page_and_the_one_before_opens_nothing(visit, network, analyst) -> None:
    page = visit(analyst).page
    opened(page, "", "password")
    expect(page.locator("section[aria-labelledby=sessions] .tag")).to_have_count(1)
    inputs = page.locator("section[aria-labelledby=password] input")
    inputs.nth(0).fill(analyst.password)
    inputs.nth(1).fill("another, longer one")
    page.locator("section[aria-labelledby=password] button").click()
    page.wait_for_selector("p.notice[role=status]")
    asking = Network(network.url)
    assert entered(asking, replace(analyst, password="another, longer one"))[1]
    with pytest.raises(NetworkRefused):
        entered(asking, analyst)
    asking.close()


def test_keys_that_another_device_put_in_stay_when_the_password_is_changed(visit, network, analyst) -> None:
    page = visit(analyst).page
    opened(page, "", "password")
    asking = Network(network.url)
    before = entered(asking, analyst)[1].role_keys
    rolled = msgspec.structs.replace(before, names=secrets.token_bytes(32), earlier=(before,))
    person, account_key = Person(analyst.email, analyst.password), read_account_key(analyst.account_key)
    wrap_again(asking, person, account_key, rolled)
    inputs = page.locator("section[aria-labelledby=password] input")
    inputs.nth(0).fill(analyst.password)
    inputs.nth(1).fill("another, longer one")
    page.locator("section[aria-labelledby=password] button").click()
    page.wait_for_selector("p.notice[role=status]")
    assert entered(asking, replace(analyst, password="another, longer one"))[1].role_keys == rolled
    asking.close()


def test_webhooks_are_added_and_removed_and_a_changed_log_is_told(visit, network) -> None:
    page = visit(network.member, theme="dark", again=True).page
    before: list[tuple[Route, APIResponse]] = []

    def late(route: Route) -> None:
        """The list as it was first asked for, once there is more in it."""
        if route.request.method == "GET" and not before:
            before.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/api/webhooks", late)
    opened(page, "webhooks", "hooks")
    page.fill("input[type=url]", "https://hooks.firm.test/vigie")
    page.locator("form button").click()
    expect(page.locator("code.token")).to_have_text(re.compile("^whsec_"))
    axe(page)
    [(route, answer)] = before
    route.fulfill(response=answer)
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
    expect(page.locator("section[aria-labelledby=holders]")).to_contain_text("this server itself")
    expect(page.locator("section[aria-labelledby=health]")).to_contain_text("answer")
    dark = visit(network.operator, width=390, theme="dark").page
    dark.wait_for_selector("p.verified")
    axe(dark)
    expect(dark.locator("section[aria-labelledby=audit]")).to_contain_text("no ledger of its own")
