"""Two of the demo's firms begin a conversation of their own, which no other test answers, shows or ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from playwright.sync_api import Page

from demo.conversation import begin
from demo.world import SMALL, build
from member.conversing import Desk
from member.keystore import Member


def home_of(network: Any, place: int) -> Member:
    """The agent of one of the demo's firms."""
    folders = (network.folder / "members").iterdir()
    return Member.load(next(one for one in folders if one.name in network.accounts[place].email))


def clients_of_both(member: Member, *places: int) -> list[bytes]:
    """Pseudonyms of clients that both firms supply all the time; the demo does not talk about them.

    In the plan's order, which is the same in each network (pseudonyms are drawn): another place is another
    client. `member`: one of the two firms; `places`: both, among the demo's firms.
    """
    plan = build(SMALL)
    relations, last = plan.relations, SMALL.first_month + SMALL.months - 1
    whole = (relations.start <= SMALL.first_month) & (relations.end >= last)
    one, two = (set(relations.client[whole & (relations.firm == place)]) for place in places)
    talked = plan.stories["decline"].client
    wanted = [plan.clients[place].identifier for place in sorted(one & two - {talked})]
    book = member.shelf.sync(member).by_pseudonym()
    known = {client.identifier: pseudonym for pseudonym, client in book.items()}
    return [known[identifier] for identifier in wanted]


def close_calls(desk: Desk, pseudonym: bytes) -> None:
    """The firm's open calls on one client, if there are any."""
    for raised in desk.list_calls()[0]:
        if raised.call.pseudonym == pseudonym and not raised.closed:
            desk.close(raised.id)


def talk_between(network: Any, caller: int, answerer: int, client: int) -> UUID:
    """An open conversation in which nothing was said; its call is closed, so that nobody else is asked.

    `client`: its place among those of both. A call on it that another test left open is closed first: a firm
    has one at a time.
    """
    one, two = home_of(network, caller), home_of(network, answerer)
    try:
        pseudonym = clients_of_both(one, caller, answerer)[client]
        desk = Desk.of(one)
        close_calls(desk, pseudonym)
        conversation = begin(desk, Desk.of(two), pseudonym, one.check_network().today)
        close_calls(desk, pseudonym)
        return conversation
    finally:
        one.close()
        two.close()


def shares_the_draft(page: Page, text: str) -> bool:
    """Whether it is what the firm's other device writes in the conversation that is open; else opens it anew.

    A draft of another device is read once, when the conversation is opened.
    """
    page.wait_for_selector("textarea")
    shared = page.input_value("textarea") == text
    if not shared:
        page.reload()
    return shared
