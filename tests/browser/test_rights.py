"""A credit manager who was added before reveals were known is given the right on the page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from demo.links import Account
from member import rights
from member.enrol import UNATTENDED, Person, add_or_find_device, delegate, log_in, new_user, person_session
from member.keys import Bundle, account_key_text
from member.keystore import Member
from member.network import Network
from privacy.delegation import Delegation, Scope
from tests.browser.talking import home_of, talk_between
from tests.browser.test_settings import opened
from tests.browser.views import seen_by_axe, settle
from tests.server.planting import eventually

pytestmark = pytest.mark.browser
FIRM, PEER = 2, 0  # places among the demo's firms
BEFORE_REVEALS = UNATTENDED  # evaluate, upload, book


@dataclass
class Added:
    """A credit manager of then: her device under the administrator's name, without the reveal."""

    account: Account
    key: bytes


def added_then(member: Member, password: str) -> Added:
    root = member.root
    assert root is not None
    session = person_session(member, password)
    seed, key = secrets.token_bytes(32), secrets.token_bytes(16)
    delegation = delegate(root, member.firm_id, seed, BEFORE_REVEALS)
    add_or_find_device(session, seed, delegation)
    bundle = Bundle(member.role_keys, root_public=member.root_public, device_seed=seed, delegation=delegation)
    person = Person("manager@firm.test", secrets.token_urlsafe(12))
    session.add_user({**new_user(person, key, bundle), "role": "credit_manager"})
    session.close()
    return Added(Account("manager", person.email, person.password, account_key_text(key)), key)


def test_a_credit_manager_of_before_can_reveal_once_an_administrator_has_renewed_her_rights(
    visit, network, tmp_path
) -> None:
    own = network.accounts[FIRM]
    admin = home_of(network, FIRM)
    talk = talk_between(network, FIRM, PEER, 0)
    added = added_then(admin, own.password)
    asking = Network(network.url)
    agent = log_in(asking, Person(added.account.email, added.account.password), added.key, tmp_path / "home")
    try:
        hers = visit(added.account, locale="en-GB").page
        hers.evaluate(f"() => (location.hash = '#/conversations/{talk}')")
        panel = hers.locator("section.reveal")
        expect(panel).to_contain_text("does not let this account show")

        def is_hers() -> bool:
            machines = admin.session.ask("GET", "/api/devices")
            return any(one["user_id"] == str(agent.identity.user_id) for one in machines)

        eventually(is_hers)  # her page says so, a moment after it was opened

        page = visit(own, locale="en-GB").page
        opened(page, "people", "machines")
        row = page.locator("section[aria-labelledby=machines] tr", has_text="cannot reveal yet")
        expect(row).to_contain_text(added.account.email)
        settle(page)
        assert not seen_by_axe(page)
        row.get_by_role("button", name="Renew the rights").click()
        page.locator("p[role=status]", has_text="renewed for a year").wait_for()
        expect(row).to_have_count(0)

        assert rights.take_rights(agent)
        assert not rights.take_rights(agent)
        assert Delegation.from_bytes(agent.identity.delegation).scopes & Scope.REVEAL
        hers.reload()
        panel.get_by_role("button", name="Offer").wait_for()
    finally:
        agent.close()
        asking.close()
        admin.close()
