"""A call on a declining client, an answer, a short conversation: two firms that do not know each other.

Knows: what credit managers may say to each other: past facts, no prices, no future terms.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Final
from uuid import UUID

from chat.records import Reason
from demo.actor import Actor
from demo.stage import StageRefused
from member.conversing import Desk
from member.line import Line

SAID: Final = (
    (0, "Bonjour. Chez nous leurs règlements glissent : quinze jours, puis un mois. Et chez vous ?"),
    (1, "Bonjour. Même constat depuis l'hiver. Ils finissent par payer, après deux relances."),
    (0, "Avez-vous eu un litige avec eux ? De notre côté, aucun."),
    (1, "Aucun litige non plus. Le dernier virement est arrivé avec quarante-cinq jours de retard."),
    (0, "Merci, c'est utile : cela ne vient donc pas de nous."),
)
ANSWER_SECONDS_MAX: Final = 20.0


def hold(caller: Actor, answerer: Actor, identifier: str, today: date) -> int:
    """The caller calls on the client, the answerer answers; how many messages were said.

    `today`: the business date.
    """
    desks = (Desk.of(caller.member), Desk.of(answerer.member))
    conversation = begin(*desks, caller.pseudonym(identifier), today)
    with Line.of(caller.member, desks[0]) as first, Line.of(answerer.member, desks[1]) as second:
        lines = (first, second)
        first.follow(conversation)
        for place, (side, text) in enumerate(SAID):
            lines[side].say(conversation, text)
            if place == 0:  # with which the answerer sees that the conversation is open
                second.follow(conversation)
            arriving = lines[1 - side].arrived(conversation, ANSWER_SECONDS_MAX)
            if next((each for each in arriving if not each.mine), None) is None:
                raise StageRefused("a message did not reach the other side")
    return len(SAID)


def begin(caller: Desk, answerer: Desk, pseudonym: bytes, today: date) -> UUID:
    """The caller calls on the client, the answerer answers: an open conversation."""
    call = caller.raise_call(pseudonym, Reason.CHANGE_OF_HABITS, today)
    conversation = _answered(answerer, call)
    caller.open_answered()
    return conversation


def _answered(desk: Desk, call: UUID) -> UUID:
    """Wait for the call, which the network delivers after a moment, and answer it."""
    deadline = time.monotonic() + ANSWER_SECONDS_MAX
    while time.monotonic() < deadline:
        for received in desk.list_calls()[1]:
            if received.id == call:
                return desk.answer(received)
        time.sleep(0.1)
    raise StageRefused("the call did not arrive")
