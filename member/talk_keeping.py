"""What a side may do with a conversation beside talking: erase, keep, silence, take out, report."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from chat import transcript
from chat.bundle import Turn
from chat.session import Received
from member.conversing import PAGE_MESSAGES, Desk
from member.talk_lists import octets


def erase(desk: Desk, conversation: UUID, counter: int) -> None:
    """Have the ciphertext of an own withdrawn message erased."""
    desk.api.ask("POST", f"/api/conversations/{conversation}/messages/{counter}/erasure")


def keep(desk: Desk, conversation: UUID, months: int) -> int:
    """Say for how many months contents stay; how many it is now: the shorter of both sides' wishes."""
    desk.api.ask("PUT", f"/api/conversations/{conversation}/retention", {"months": months})
    return int(read(desk, conversation)["months"])


def read(desk: Desk, conversation: UUID) -> dict[str, Any]:
    """How long contents stay (`months`), whether the own firm holds them (`held`), and what else is known."""
    found: dict[str, Any] = desk.api.ask("GET", f"/api/conversations/{conversation}/keeping")
    return found


def silence(desk: Desk, conversation: UUID, *, silenced: bool) -> None:
    """Let the other side write no more, or again."""
    desk.api.ask("PUT", f"/api/conversations/{conversation}/silence", {"silenced": silenced})


def take(desk: Desk, conversation: UUID) -> bytes:
    """The signed transcript of all that was said, for a third person to check: `chat.transcript`."""
    session, records = desk.session(conversation), []
    while True:
        path = f"/api/conversations/{conversation}/messages?after={session.counter}&limit={PAGE_MESSAGES}"
        page = [octets(one["record"]) for one in desk.api.ask("GET", path)["messages"]]
        read = [
            record for record in page if isinstance(desk.receive(conversation, session, record), Received)
        ]
        records += read
        if not read:
            break
    found = desk.api.ask("GET", f"/api/conversations/{conversation}")
    # What came since the last message was read is not of what was said.
    epochs = found["epochs"][: session.epoch.number if session.epoch else 0]
    turns = found["successions"][: len(session.links.steps) - 1]
    return transcript.make(
        session,
        call=octets(found["call"]),
        answer=octets(found["answer"]),
        epochs=[octets(epoch["record"]) for epoch in epochs],
        messages=records,
        now=int(time.time()),
        successions=[Turn(octets(turn["record"]), turn["after"]) for turn in turns],
    )


def report(desk: Desk, conversation: UUID) -> None:
    """Disclose the transcript, both sides' messages included, to the operator."""
    desk.api.send("POST", f"/api/conversations/{conversation}/reports", content=take(desk, conversation))
