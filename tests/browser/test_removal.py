"""Somebody leaves, on the page: her keys are rolled there as the agent does it, and both go on together."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from demo.links import Account
from member import keyring, rolling
from member.conversing import Desk
from member.credit import LIGHTS, Lights, Shown, read_lights, with_task
from member.credit_file import change_lights
from member.enrol import Person, log_in_person
from member.keys import NotOpened, RoleKeys, book_name, read_account_key, unseal
from member.keystore import Member
from member.line import Line
from member.network import Network
from member.refusals import NetworkRefused
from member.sales_done import read_done, say_done
from tests.browser.conftest import open_portfolio
from tests.browser.talking import home_of, talk_between
from tests.browser.test_settings import opened
from tests.browser.views import seen_by_axe, settle

pytestmark = pytest.mark.browser
PEER, REMOVER = 1, 2  # places among the demo's firms
WAIT_SECONDS = 60.0


@pytest.fixture
def agent(network) -> Iterator[Member]:
    """The agent of the firm that removes, with the keys that are in force."""
    member = home_of(network, REMOVER)
    keyring.take_up(member)
    yield member
    member.close()


@dataclass
class Known:
    """Somebody's log-in, and what her secrets opened."""

    account: Account
    user: UUID
    keys: RoleKeys


def entered(url: str, account: Account) -> Known:
    asking = Network(url)
    try:
        found, bundle = log_in_person(
            asking, Person(account.email, account.password), read_account_key(account.account_key)
        )
    finally:
        asking.close()
    return Known(account, found.user_id, bundle.role_keys)


def added(page, url: str, email: str, role: str) -> Known:
    form = page.locator("form:has(input[type=email])")
    form.locator("input").fill(email)
    form.locator("select").select_option(role)
    form.locator("button").click()
    made = page.locator(".made", has_text=email)
    expect(made.locator("code")).to_have_count(2)
    password, account_key = made.locator("code").all_inner_texts()
    return entered(url, Account(role, email, password, account_key))


def asked_for(page, email: str):
    page.get_by_role("button", name=f"Revoke {email}", exact=True).click()
    return page.locator("form[aria-label='Revoke and roll the keys']")


def confirm(asking, password: str) -> None:
    asking.locator("input").fill(password)
    asking.locator("button.primary").click()


def revoked(page, email: str, password: str) -> None:
    """Through the question, with a wrong password first."""
    asking = asked_for(page, email)
    expect(asking.locator("input")).to_be_focused()
    confirm(asking, "not the password")
    asking.locator("[role=alert]").wait_for()
    settle(page)
    assert not seen_by_axe(page)
    confirm(asking, password)
    page.locator("p.notice[role=status]", has_text="Done. New keys").wait_for()


def opens(keys: RoleKeys, member: Member, name: str) -> bool:
    """Whether the key in force of somebody's opens a segment of the book as the network has it."""
    key = keys.names if name == "names" else keys.ledger
    assert key is not None
    try:
        unseal(key, member.session.segment(name), book_name(str(member.firm_id), name))
    except NotOpened:
        return False
    return True


def secret_of(member: Member, conversation: UUID) -> tuple[bytes, str]:
    found = member.session.ask("GET", f"/api/conversations/{conversation}")
    return base64.b64decode(found["secret"]), Desk.of(member).side_aad(conversation)


def test_who_is_removed_on_the_page_opens_nothing_sealed_afterwards_and_the_agent_and_the_others_go_on(
    visit, network
) -> None:
    own = network.accounts[REMOVER]
    talk = talk_between(network, REMOVER, PEER, -1)
    agent, peer = home_of(network, REMOVER), home_of(network, PEER)
    try:
        book = {client.name for client in agent.shelf.sync(agent).clients.values()}
        page = visit(own, locale="en-GB", allowed=("401",)).page
        opened(page, "people", "users")
        leaves = added(page, network.url, "leaves@firm.test", "credit_manager")
        stays = added(page, network.url, "stays@firm.test", "analyst")
        assert opens(leaves.keys, agent, "names")
        before = agent.role_keys
        revoked(page, "leaves@firm.test", own.password)

        with pytest.raises(NetworkRefused):
            entered(network.url, leaves.account)
        assert keyring.take_up(agent), "the agent opens what the page rolled"
        now = agent.role_keys
        for name in ("names", "ledger", "conversations", "notes"):
            assert getattr(now, name) not in {None, getattr(before, name)}
        segments = agent.shelf.version.segments
        assert len(segments) > 1
        assert not any(opens(leaves.keys, agent, name) for name in segments if name != "lights")
        assert {client.name for client in agent.shelf.sync(agent).clients.values()} == book
        assert entered(network.url, own).keys.names == now.names, "her other devices get them too"

        sealed, aad = secret_of(agent, talk)
        with pytest.raises(NotOpened):
            unseal(leaves.keys.conversations or b"", sealed, aad)
        with closing(sqlite3.connect(network.folder / "vigie.sqlite3", timeout=30)) as base, base:
            due = base.execute(
                "SELECT due_at FROM conversation_succession WHERE conversation = ?", [str(talk)]
            ).fetchall()
            assert len(due) == 1, "new keys wait for their moment"
            base.execute("UPDATE conversation_succession SET due_at = 1")
            base.execute("UPDATE conversation SET turn_at = 1 WHERE turn_at IS NOT NULL")
        with Line.of(agent, Desk.of(agent)) as one, Line.of(peer, Desk.of(peer)) as two:
            for line in (one, two):
                line.follow(talk)
            one.say(talk, "under the new keys")
            said = two.arrived(talk, WAIT_SECONDS)
            assert next(each for each in said if getattr(each.content, "text", "") == "under the new keys")

        theirs = visit(stays.account, locale="en-GB", allowed=("401",)).page
        open_portfolio(theirs)
        fresh = entered(network.url, stays.account).keys
        assert (fresh.names, fresh.ledger, fresh.conversations) == (now.names, now.ledger, None)

        rolling.remove(agent, stays.user, own.password)  # the other way round
        page.reload()
        open_portfolio(page)
        page.evaluate("() => (location.hash = '#/conversations')")
        page.get_by_text("under the new keys").first.wait_for()
    finally:
        agent.close()
        peer.close()


def done_by_sales(agent: Member) -> str:
    """A task that sales was asked and has done, in a note that nobody has taken in; of which client."""
    who = min(client.identifier for client in agent.shelf.sync(agent).clients.values())

    def asked(now: Lights) -> Lights:
        return with_task(replace(now, clients={who: Shown("amber"), **now.clients}), who, "Call", None)

    change_lights(agent, asked)
    say_done(agent, who, "Call")
    return who


def is_taken_in(agent: Member, who: str) -> bool:
    lights = read_lights(agent.shelf.segment(agent, LIGHTS))
    return not read_done(agent) and lights.clients[who].done


def test_a_removal_that_was_cut_off_halfway_has_shut_out_and_is_gone_on_with_by_itself(
    visit, network, agent
) -> None:
    own = network.accounts[REMOVER]
    book = {client.name for client in agent.shelf.sync(agent).clients.values()}
    page = visit(own, locale="en-GB", allowed=("401", "ERR_FAILED")).page
    opened(page, "people", "users")
    leaves = added(page, network.url, "cut-off@firm.test", "credit_manager")
    done = done_by_sales(agent)
    page.route(
        "**/api/book**",
        lambda route: route.abort() if route.request.method == "PUT" else route.continue_(),
    )
    confirm(asked_for(page, "cut-off@firm.test"), own.password)
    page.locator("p.notice[role=status]", has_text="not everything").wait_for()
    with pytest.raises(NetworkRefused):
        entered(network.url, leaves.account)

    page.unroute("**/api/book**")
    page.reload()
    opened(page, "people", "users")
    page.wait_for_function("() => !document.querySelector('form button[disabled]')")
    assert keyring.take_up(agent)
    segments = agent.shelf.version.segments
    assert not any(opens(leaves.keys, agent, name) for name in segments if name != "lights")
    assert {client.name for client in agent.shelf.sync(agent).clients.values()} == book
    assert is_taken_in(agent, done), "a note under the keys before is not lost with them"


def test_where_two_administrators_remove_at_once_both_removals_hold_and_one_set_of_keys(
    visit, network, agent
) -> None:
    own = network.accounts[REMOVER]
    page = visit(own, locale="en-GB", allowed=("401", "409")).page
    opened(page, "people", "users")
    first = added(page, network.url, "first@firm.test", "credit_manager")
    second = added(page, network.url, "second@firm.test", "credit_manager")
    done = done_by_sales(agent)
    tries: list[int] = []

    def meanwhile(route) -> None:
        if route.request.method == "POST" and not tries:
            rolling.remove(agent, second.user, own.password)
        tries.extend([1] if route.request.method == "POST" else [])
        route.continue_()

    page.route("**/api/keyring", meanwhile)
    confirm(asked_for(page, "first@firm.test"), own.password)
    page.locator("p.notice[role=status]", has_text="Done. New keys").wait_for()
    assert len(tries) == 2, "the page read the chain again and tried once more"
    assert keyring.take_up(agent)
    for gone in (first, second):
        with pytest.raises(NetworkRefused):
            entered(network.url, gone.account)
        segments = agent.shelf.version.segments
        assert not any(opens(gone.keys, agent, name) for name in segments if name != "lights")
    assert entered(network.url, own).keys.names == agent.role_keys.names
    assert is_taken_in(agent, done)


def test_what_sales_says_is_done_in_a_page_that_is_older_than_the_keys_reaches_the_firm(
    visit, network, agent
) -> None:
    own = network.accounts[REMOVER]
    page = visit(own, locale="en-GB", allowed=("401",)).page
    opened(page, "people", "users")
    gone = added(page, network.url, "goes@firm.test", "analyst")
    sales = added(page, network.url, "sells@firm.test", "sales")
    who = min(client.identifier for client in agent.shelf.sync(agent).clients.values())
    change_lights(
        agent, lambda _now: Lights(made_on="2026-11-12", clients={who: Shown("amber", "Ask who signs")})
    )
    theirs = visit(sales.account, locale="en-GB", allowed=("403",)).page
    asked = theirs.locator("li", has_text="Ask who signs")
    asked.wait_for()
    rolling.remove(agent, gone.user, own.password)
    asked.get_by_role("button", name="Done").click()
    asked.wait_for(state="detached")
    assert [note.task for note in read_done(agent)] == ["Ask who signs"]
