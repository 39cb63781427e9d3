"""A second factor, a second device and a new recovery kit, from the page; Python holds the other end."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import expect

from demo.links import Account
from member.comeback import open_padded
from member.enrol import Person, log_in_person
from member.keys import read_account_key
from member.network import Network
from member.pairing import FirstDevice, SecondDevice
from member.recovery import read_kit
from member.refusals import NetworkRefused
from member.session import Session
from tests.browser.conftest import LOG_IN, leave
from tests.browser.test_settings import opened
from tests.browser.views import seen_by_axe, settle

pytestmark = pytest.mark.browser
T = TypeVar("T")
WAIT_SECONDS = 60.0


def axe(page) -> None:
    settle(page)
    assert not seen_by_axe(page)


def code_of(secret: str) -> str:
    """Of this half minute: by the time it is looked at it may be the one before."""
    app = TOTP(base64.b32decode(secret.replace(" ", "")), 6, SHA1(), 30)
    return app.generate(int(time.time())).decode()


def awaited(look: Callable[[], T | None], page) -> T:
    """What both ends see at last; the page goes on meanwhile."""
    until = time.monotonic() + WAIT_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < until
        page.wait_for_timeout(200)
    return found


def log_in_by_hand(page, account: Account, code: str) -> None:
    page.fill("input[type=email]", account.email)
    page.fill("input[type=password]", account.password)
    page.locator("input.key").first.fill(account.account_key)
    page.locator("form button.primary").click()
    page.fill("#code", "000000" if code != "000000" else "000001")
    page.locator("form button.primary").click()
    page.wait_for_selector("[role=alert]")
    axe(page)
    page.fill("#code", code)
    page.locator("form button.primary").click()
    page.wait_for_selector(LOG_IN, state="detached")


def test_a_code_is_asked_at_the_page_and_at_the_terminal_and_papers_codes_serve_once(visit, network) -> None:
    own = network.accounts[1]
    page = visit(own, width=390, locale="en-GB", theme="dark").page
    opened(page, "", "factor")
    part = page.locator("section[aria-labelledby=factor]")
    part.locator("input").fill(own.password)
    part.locator("button.button").click()
    secret = part.locator("code.secret").inner_text()
    expect(part.locator("svg")).to_be_visible()
    axe(page)
    part.locator("input").fill(code_of(secret))
    part.locator("button.primary").click()
    expect(part.locator("li code")).to_have_count(10)
    axe(page)
    papers = part.locator("li code").all_inner_texts()
    asking = Network(network.url)
    person, key = Person(own.email, own.password), read_account_key(own.account_key)
    try:
        with pytest.raises(NetworkRefused) as refused:
            log_in_person(asking, person, key)
        assert refused.value.code == "second-factor"
        asked = []
        asking.ask_code = lambda: asked.append(1) or papers[0]
        assert log_in_person(asking, person, key)[1].role_keys
        assert log_in_person(asking, person, key)[1].role_keys  # the same command: asked once
        assert len(asked) == 1
        other = visit(width=390, allowed=("401",)).page
        other.wait_for_selector(LOG_IN)
        log_in_by_hand(other, own, papers[1])
    finally:
        part.locator("form input").fill(papers[2])
        part.locator("form button").last.click()
        expect(part.locator("form input")).to_have_attribute("type", "password")
        asking.close()


def with_authenticator(page) -> None:
    """The page's browser gets an authenticator of its own, whose owner is always there."""
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    line.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def refuse_what_was_signed(page) -> None:
    """The network gets another signature than the authenticator's."""

    def another(route) -> None:
        body = route.request.post_data_json
        body["passkey"]["response"]["signature"] = "AAAA"
        route.continue_(post_data=json.dumps(body))

    page.route("**/api/sessions/password", another)


def test_a_passkey_is_added_opens_in_place_of_a_code_and_is_taken_off(visit, network) -> None:
    own = network.accounts[2]
    # Browsers keep passkeys for a name: the same server under the one that it has on this machine.
    page = visit(own, url=network.url.replace("127.0.0.1", "localhost"), allowed=("401",)).page
    with_authenticator(page)
    opened(page, "", "factor")
    part = page.locator("section[aria-labelledby=factor]")
    part.locator("input").fill(own.password)
    part.locator("button.button").click()
    part.locator("input").fill(code_of(part.locator("code.secret").inner_text()))
    part.locator("button.primary").click()
    expect(part.locator("li code")).to_have_count(10)
    paper = part.locator("li code").first.inner_text()
    mine = part.locator("section[aria-labelledby=passkeys]")
    mine.locator("input").first.fill("Laptop (fictional)")
    mine.locator("input[type=password]").fill(own.password)
    mine.locator("form button").click()
    expect(mine.locator("li")).to_contain_text("Laptop (fictional)")
    axe(page)
    leave(page)
    page.fill("input[type=email]", own.email)
    page.fill("input[type=password]", own.password)
    page.locator("form button.primary").click()
    page.wait_for_selector("#code")
    axe(page)
    refuse_what_was_signed(page)
    page.locator("form button.button:not(.primary)").click()
    expect(page.locator("form [role=alert]")).to_contain_text(re.compile("passkey|clé d’accès"))
    page.unroute("**/api/sessions/password")
    page.locator("form button.button:not(.primary)").click()
    page.wait_for_selector(LOG_IN, state="detached")
    opened(page, "", "factor")
    mine.locator("li button").click()
    mine.locator("li button.button").click()
    expect(mine.locator("li")).to_have_count(0)
    part.locator(":scope > form input").fill(paper)
    part.locator(":scope > form button").last.click()
    expect(part.locator(":scope > form input")).to_have_attribute("type", "password")


def test_the_account_key_goes_to_a_second_device_after_the_digits_were_compared(visit, network) -> None:
    own = network.member
    person, key = Person(own.email, own.password), read_account_key(own.account_key)
    page = visit(own).page
    opened(page, "", "second")
    part = page.locator("section[aria-labelledby=second]")
    asking = Network(network.url)
    second = SecondDevice(asking, own.email)
    second.begin()
    part.locator("button").click()
    code = awaited(second.code, page)
    digits = part.locator("input")
    digits.fill("000000" if code != "000000" else "000001")
    part.locator("button.primary").click()
    part.locator("[role=alert]").wait_for()
    axe(page)
    assert second.account_key() is None
    digits.fill(code)
    part.locator("button.primary").click()
    part.locator("[role=status]").wait_for()
    assert awaited(second.account_key, page) == key
    fresh = visit(width=390, theme="dark").page
    fresh.wait_for_selector(LOG_IN)
    fresh.fill("input[type=email]", own.email)
    fresh.locator("#pair").click()
    found, _ = log_in_person(asking, person, key)
    first = FirstDevice(Session.of_token(asking, found.token), own.email, key)
    awaited(lambda: first.answer() or None, fresh)
    awaited(first.code, fresh)
    shown = fresh.locator("code.digits")
    expect(shown).to_have_text(re.compile(r"^\d{6}$"))
    axe(fresh)
    first.hand_over(shown.inner_text())
    expect(fresh.locator("input.key")).to_have_value(own.account_key)
    asking.close()


def test_a_new_recovery_kit_is_made_and_printed_here_and_opens_the_firms_keys(visit, network) -> None:
    own = network.accounts[2]
    visited = visit(own, locale="en-GB")
    page = visited.page
    opened(page, "", "kit")
    part = page.locator("section[aria-labelledby=kit]")
    part.locator("input").fill(own.password)
    part.locator("button").click()
    text = part.locator("dd code").first.inner_text()
    expect(part.locator("svg")).to_be_visible()
    axe(page)
    kit = read_kit(text)
    asking = Network(network.url)
    found, bundle = log_in_person(asking, Person(own.email, own.password), read_account_key(own.account_key))
    assert found.firm_id
    opened_by_kit = open_padded(kit, found.firm_id, asking.recovery_blob(found.firm_id))
    assert (opened_by_kit.root_seed, opened_by_kit.role_keys) == (bundle.root_seed, bundle.role_keys)
    sent = b"".join(visited.sent)
    assert not any(form in sent for form in (text.encode(), kit, base64.b64encode(kit)))
    page.emulate_media(media="print")
    page.evaluate("() => (document.documentElement.dataset.sheet = 'kit')")
    assert page.locator(".sheet dl").is_visible()
    assert not page.locator("h2#password").is_visible()
    asking.close()
