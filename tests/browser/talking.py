"""Two of the demo's firms begin a conversation of their own, which no other test answers, shows or ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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

    `member`: one of the two firms; `places`: both, among the demo's firms.
    """
    plan = build(SMALL)
    relations, last = plan.relations, SMALL.first_month + SMALL.months - 1
    whole = (relations.start <= SMALL.first_month) & (relations.end >= last)
    one, two = (set(relations.client[whole & (relations.firm == place)]) for place in places)
    talked = plan.stories["decline"].client
    wanted = {plan.clients[place].identifier for place in one & two if place != talked}
    book = member.shelf.sync(member).by_pseudonym()
    return sorted(pseudonym for pseudonym, client in book.items() if client.identifier in wanted)


def talk_between(network: Any, caller: int, answerer: int, client: int) -> UUID:
    """An open conversation in which nothing was said.

    `client`: its place among those of both; each test takes another, for a firm calls on a client once.
    """
    one, two = home_of(network, caller), home_of(network, answerer)
    try:
        pseudonym = clients_of_both(one, caller, answerer)[client]
        return begin(Desk.of(one), Desk.of(two), pseudonym, one.check_network().today)
    finally:
        one.close()
        two.close()
