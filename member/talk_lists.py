"""Calls and conversations as the network lists them: page by page, each entry verified by itself.

One entry that does not verify (another firm's bad answer, say) is left out and told, never more than itself.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from chat.keys import mark
from chat.records import Answer, Call, Link, Side, read_answer, read_call, read_opening
from chat.refusals import Code, Refusal

PAGE_LISTED: Final = 500
T = TypeVar("T")


class Api(Protocol):
    """What is needed of the network's client: one authenticated request. Both raise where it refuses."""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """JSON in and out."""

    def send(self, method: str, path: str, *, content: bytes | None = None) -> bytes:
        """Octets in and out."""


class TalkRefused(Exception):
    """A call or conversation cannot go on; `refusal` says which rule was broken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.detail}")
        self.refusal = refusal


def granted(outcome: T | Refusal) -> T:
    """What was verified, or TalkRefused."""
    if isinstance(outcome, Refusal):
        raise TalkRefused(outcome)
    return outcome


@dataclass(frozen=True, slots=True)
class AnswerGot:
    """An answer to an own call."""

    conversation: UUID
    answer: Answer
    opened: bool


@dataclass(frozen=True, slots=True)
class RaisedCall:
    """An own call; `secret` is the sealed call key, empty once it is of no use any more."""

    call: Call
    closes_on: date
    closed: bool
    answers: list[AnswerGot]
    secret: bytes = field(repr=False)

    @property
    def id(self) -> UUID:
        """The call's id."""
        return UUID(bytes=self.call.id)


@dataclass(frozen=True, slots=True)
class ReceivedCall:
    """A call that another firm raised on a client of ours."""

    call: Call
    received_on: date

    @property
    def id(self) -> UUID:
        """The call's id."""
        return UUID(bytes=self.call.id)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as the list shows it. `waiting`: the caller has not opened it yet."""

    id: UUID
    side: Side
    call: Call
    answer: Answer
    counter: int
    waiting: bool
    started_on: date
    peer_mark: str | None

    @property
    def pseudonym(self) -> bytes:
        """The client that it is about."""
        return self.call.pseudonym


def conversations(api: Api) -> Iterator[dict[str, Any]]:
    """All of the firm's conversations, newest first, as the network lists them."""
    after = ""
    while True:
        page = api.ask("GET", f"/api/conversations?limit={PAGE_LISTED}{after}")
        yield from page
        if len(page) < PAGE_LISTED:
            return
        after = f"&after={page[-1]['id']}"


def calls(api: Api) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All calls raised, and all received, newest first, as the network lists them."""
    raised: list[dict[str, Any]] = []
    received: list[dict[str, Any]] = []
    while True:
        places = (("raised_after", raised), ("received_after", received))
        after = "".join(f"&{name}={listed[-1]['id']}" for name, listed in places if listed)
        page = api.ask("GET", f"/api/calls?limit={PAGE_LISTED}{after}")
        raised += page["raised"]
        received += page["received"]
        if max(len(page["raised"]), len(page["received"])) < PAGE_LISTED:
            return raised, received


@dataclass(slots=True)
class Lists:
    """Verifies what is listed; `left_out` says why of each call or conversation that does not verify."""

    left_out: dict[UUID, Refusal] = field(default_factory=dict)

    def raised(self, found: list[dict[str, Any]]) -> list[RaisedCall]:
        """Own calls with their answers."""
        return [one for one in (self._raised(each) for each in found) if one is not None]

    def _raised(self, found: dict[str, Any]) -> RaisedCall | None:
        call = self._verified(UUID(found["id"]), read_call(octets(found["record"])))
        if call is None:
            return None
        answers = []
        for one in found["answers"]:
            conversation = UUID(one["conversation"])
            answer = self._verified(conversation, read_answer(octets(one["record"]), call))
            if answer is not None:
                answers.append(AnswerGot(conversation, answer, one["opened"]))
        closes_on = date.fromisoformat(found["closes_on"])
        return RaisedCall(call, closes_on, found["closed"], answers, octets(found["secret"]))

    def received(self, found: list[dict[str, Any]]) -> list[ReceivedCall]:
        """Calls of other firms."""
        read = [(one, self._verified(UUID(one["id"]), read_call(octets(one["record"])))) for one in found]
        return [ReceivedCall(call, date.fromisoformat(one["received_on"])) for one, call in read if call]

    def talks(self, found: Iterator[dict[str, Any]]) -> list[Talk]:
        """Conversations."""
        listed = []
        for one in found:
            try:
                listed.append(talk_of(one))
            except TalkRefused as refused:
                self.left_out[UUID(one["id"])] = refused.refusal
        return listed

    def _verified(self, id_: UUID, outcome: T | Refusal) -> T | None:
        if isinstance(outcome, Refusal):
            self.left_out[id_] = outcome
            return None
        return outcome


def talk_of(found: dict[str, Any]) -> Talk:
    """A conversation as it is listed; TalkRefused where its records do not hold together."""
    call, answer, link = setting_of(found)
    side = Side(found["side"])
    return Talk(
        UUID(found["id"]),
        side,
        call,
        answer,
        found["counter"],
        link is None,
        date.fromisoformat(found["started_on"]),
        mark(link.keys(side.other).signing) if link else None,
    )


def setting_of(found: dict[str, Any]) -> tuple[Call, Answer, Link | None]:
    """What a conversation was begun with; no link until the caller has opened it."""
    call = granted(read_call(octets(found["call"])))
    answer = granted(read_answer(octets(found["answer"]), call))
    if UUID(bytes=answer.conversation) != UUID(found["id"]):
        raise TalkRefused(Refusal(Code.ELSEWHERE, "the conversation's id is not that of its answer"))
    opening = found["opening"]
    return call, answer, None if opening is None else granted(read_opening(octets(opening), call, answer))


def octets(text: str) -> bytes:
    """Bytes as they are written in JSON."""
    return base64.b64decode(text)


def in_json(content: bytes) -> str:
    """The inverse of `octets`."""
    return base64.b64encode(content).decode()
