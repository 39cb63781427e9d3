"""Two firms that share a declining client have talked; both read the same, and only they."""

from __future__ import annotations

from chat.contents import Text
from demo.conversation import SAID
from member.conversing import Desk
from tests.demo.conftest import Lived


def test_both_sides_read_what_was_said_in_its_order(lived: Lived) -> None:
    assert lived.played.figures["messages"] == len(SAID)
    for firm in (0, 1):
        member = lived.member(firm)
        desk = Desk.of(member)
        (talk,) = desk.talks()
        _, received = desk.history(talk.id)
        texts = [one.content.text for one in received if isinstance(one.content, Text)]
        assert texts == [text for _, text in SAID]
        assert [one.mine for one in received] == [side == firm for side, _ in SAID]
        client = lived.plan.clients[lived.plan.stories["decline"].client]
        assert talk.pseudonym == member.shelf.sync(member).clients[client.identifier].pseudonym
        member.network.close()


def test_a_third_supplier_of_the_client_has_no_conversation(lived: Lived) -> None:
    member = lived.member(2)
    assert Desk.of(member).talks() == []
    member.network.close()


def test_nothing_is_said_of_prices_or_of_future_terms() -> None:
    said = " ".join(text for _, text in SAID).lower()
    assert not any(word in said for word in ("prix", "tarif", "remise", "nous allons", "conditions", "%"))
