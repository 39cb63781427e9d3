"""Calls and conversations from one device of a firm: raise, answer, open, read; everything verified here.

What comes from the server is bytes until `chat.records` and `chat.session` have verified them. What this
device has read it remembers (`Cursors`), so that a history cut off its end, or another one, is noticed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.keys import X25519_AES256, PrivateKeys, Suite, mark
from chat.records import (
    Answer,
    Call,
    Link,
    Reason,
    Side,
    make_answer,
    make_call,
    make_opening,
    read_answer,
    read_call,
    read_opening,
)
from chat.refusals import Code, Refusal
from chat.session import Received, Session
from member.home import write_file
from member.keys import seal, unseal
from member.keystore import Member
from member.moments import unix_of
from member.refusals import HomeRefused

PAGE_MESSAGES: Final = 200
CURSORS_FILE: Final = "conversations.json"
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
    """An own call; `secret` is the sealed call key."""

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


@dataclass(slots=True)
class Cursors:
    """The last message that this device has read of each conversation: counter and id, in one file.

    `path` None: in memory alone.
    """

    path: Path | None = None
    _read: dict[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Cursors:
        """An absent file is an empty one; a broken file is an error, never silently forgotten."""
        if not path.exists():
            return cls(path)
        return cls(path, msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[int, str]]))

    def of(self, conversation: UUID) -> tuple[int, bytes]:
        """Counter and id; (0, empty) for a conversation that was never read here."""
        counter, identity = self._read.get(str(conversation), (0, ""))
        return counter, bytes.fromhex(identity)

    def advance(self, conversation: UUID, counter: int, identity: bytes) -> None:
        """Remember; never goes back."""
        if counter > self.of(conversation)[0]:
            self._read[str(conversation)] = (counter, identity.hex())
            if self.path is not None:
                # A step that a power cut forgets is read again, so that the disk need not be waited for.
                write_file(self.path, msgspec.json.encode(self._read), durable=False)


@dataclass(slots=True)
class Desk:
    """One firm's calls and conversations.

    `seal(plain, aad)` and `unseal(sealed, aad)` use the role key *conversations*; `unseal` raises ValueError
    for what was not sealed under it.
    """

    api: Api
    firm: UUID
    seal: Callable[[bytes, str], bytes] = field(repr=False)
    unseal: Callable[[bytes, str], bytes] = field(repr=False)
    cursors: Cursors

    @classmethod
    def of(cls, member: Member) -> Desk:
        """The desk of a member's device. Raise HomeRefused where it does not hold the role key."""
        key = member.role_keys.conversations
        if key is None:
            raise HomeRefused("no-conversations-key")
        cursors = Cursors.load(member.home.path / CURSORS_FILE) if member.home else Cursors()
        return cls(
            api=member.session,
            firm=member.firm_id,
            seal=partial(seal, key),
            unseal=partial(_unseal_with, (key, *(one.conversations for one in member.role_keys.earlier))),
            cursors=cursors,
        )

    def call_aad(self, call: UUID) -> str:
        """What a call's sealed key is bound to."""
        return f"vigie/call/v1|{self.firm}|{call}"

    def side_aad(self, conversation: UUID) -> str:
        """What a side's sealed keys are bound to."""
        return f"vigie/conversation/v1|{self.firm}|{conversation}"

    def raise_call(self, pseudonym: bytes, reason: Reason, today: date, suite: Suite = X25519_AES256) -> UUID:
        """Tell firms that share this client that one supplier asks; `today`: the network's business date.

        The conversations that come of it are of the call's suite.
        """
        key, call_id = Ed25519PrivateKey.generate(), uuid4()
        call = make_call(
            key,
            call_id=call_id.bytes,
            pseudonym=pseudonym,
            reason=reason,
            raised_on=(today - date(1970, 1, 1)).days,
            suite=suite,
        )
        secret = self.seal(key.private_bytes_raw(), self.call_aad(call_id))
        self.api.ask("POST", "/api/calls", {"record": _b64(call.record), "secret": _b64(secret)})
        return call_id

    def list_calls(self) -> tuple[list[RaisedCall], list[ReceivedCall]]:
        """Own calls with their answers, and calls received; each record verified."""
        found = self.api.ask("GET", "/api/calls")
        raised = [self._raised(one) for one in found["raised"]]
        received = [
            ReceivedCall(granted(read_call(_bytes(one["record"]))), date.fromisoformat(one["received_on"]))
            for one in found["received"]
        ]
        return raised, received

    def _raised(self, found: dict[str, Any]) -> RaisedCall:
        call = granted(read_call(_bytes(found["record"])))
        answers = [
            AnswerGot(
                UUID(one["conversation"]), granted(read_answer(_bytes(one["record"]), call)), one["opened"]
            )
            for one in found["answers"]
        ]
        closes_on = date.fromisoformat(found["closes_on"])
        return RaisedCall(call, closes_on, found["closed"], answers, _bytes(found["secret"]))

    def answer(self, received: ReceivedCall) -> UUID:
        """Answer a call with keys made for it; the conversation begins when the caller has opened it."""
        keys = PrivateKeys.fresh(received.call.suite)
        given = make_answer(keys, received.call)
        conversation = UUID(bytes=given.conversation)
        secret = self.seal(keys.to_bytes(), self.side_aad(conversation))
        body = {"record": _b64(given.record), "secret": _b64(secret)}
        self.api.ask("POST", f"/api/calls/{received.id}/answer", body)
        return conversation

    def decline(self, call: UUID) -> None:
        """Hide a received call from the whole firm; the caller is not told."""
        self.api.ask("POST", f"/api/calls/{call}/decline")

    def close(self, call: UUID) -> None:
        """Take no further answers to an own call."""
        self.api.ask("POST", f"/api/calls/{call}/close")

    def open_answered(self) -> list[UUID]:
        """Open every answer that no device of the firm has opened; return the conversations opened here."""
        waiting = [
            (raised, got) for raised in self.list_calls()[0] for got in raised.answers if not got.opened
        ]
        return [got.conversation for raised, got in waiting if self._open(raised, got)]

    def _open(self, raised: RaisedCall, got: AnswerGot) -> bool:
        call_key = Ed25519PrivateKey.from_private_bytes(self.unseal(raised.secret, self.call_aad(raised.id)))
        keys = PrivateKeys.fresh(raised.call.suite)
        link = make_opening(call_key, keys, raised.call, got.answer)
        epoch = granted(Session(link, Side.CALLER, keys).begin_epoch())
        secret = self.seal(keys.to_bytes(), self.side_aad(got.conversation))
        body = {"record": _b64(link.opening), "epoch": _b64(epoch.record), "secret": _b64(secret)}
        try:
            self.api.ask("POST", f"/api/conversations/{got.conversation}/opening", body)
        except Exception as refused:
            if getattr(refused, "code", "") == "conversation-open":
                return False  # another device of the firm was faster
            raise
        return True

    def talks(self) -> list[Talk]:
        """The firm's conversations, newest first."""
        return [self._talk(found) for found in self.api.ask("GET", "/api/conversations")]

    def _talk(self, found: dict[str, Any]) -> Talk:
        call, answer, link = _setting(found)
        side = Side(found["side"])
        if UUID(bytes=answer.conversation) != UUID(found["id"]):
            raise TalkRefused(Refusal(Code.ELSEWHERE, "the conversation's id is not that of its answer"))
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

    def session(self, conversation: UUID) -> Session:
        """The conversation with its keys and epochs, before its first message."""
        found = self.api.ask("GET", f"/api/conversations/{conversation}")
        if found["id"] != str(conversation):
            raise TalkRefused(Refusal(Code.ELSEWHERE, "not the conversation that was asked for"))
        return self.session_of(found, self.unseal(_bytes(found["secret"]), self.side_aad(conversation)))

    def session_of(self, found: dict[str, Any], secret: bytes) -> Session:
        """The same, from what the network listed and the side's private keys."""
        _, answer, link = _setting(found)
        if link is None or UUID(bytes=answer.conversation) != UUID(found["id"]):
            raise TalkRefused(Refusal(Code.ELSEWHERE, "the conversation is not open, or not this one"))
        keys, *later = PrivateKeys.all_from_bytes(secret, link.suite)
        session = Session(link, Side(found["side"]), keys, later=tuple(later))
        _follow(session, found)
        return session

    def adopt_new_epochs(self, conversation: UUID, session: Session) -> bool:
        """Take up epochs that were added since; whether there were any."""
        return self._take_up(session, self.api.ask("GET", f"/api/conversations/{conversation}"), conversation)

    def _take_up(self, session: Session, found: dict[str, Any], conversation: UUID) -> bool:
        secret = self.unseal(_bytes(found["secret"]), self.side_aad(conversation))
        session.later = tuple(PrivateKeys.all_from_bytes(secret, session.link.suite)[1:])
        return _follow(session, found)

    def renew_epoch(self, conversation: UUID, session: Session, today: date | None = None) -> bool:
        """Make an epoch where the next message needs one: whether there is a new one now.

        After new keys of a side, and when the newest epoch is of another month than `today`. Only just before
        an own message: at any other time it would tell the other side when somebody looks.
        """
        found = self.api.ask("GET", f"/api/conversations/{conversation}")
        changed = self._take_up(session, found, conversation)
        newest = date.fromisoformat(found["epochs"][-1]["made_on"])
        this_month = today is None or (newest.year, newest.month) == (today.year, today.month)
        if this_month and not session.turned:
            return changed
        epoch = granted(session.begin_epoch())
        try:
            self.api.ask("POST", f"/api/conversations/{conversation}/epochs", {"record": _b64(epoch.record)})
        except Exception as refused:
            if getattr(refused, "code", "") != Code.EPOCH:
                raise  # else the other side made one at the same time: take that one
        return self.adopt_new_epochs(conversation, session)

    def history(self, conversation: UUID) -> tuple[Session, list[Received]]:
        """Every message from the first one, verified, and compared with what was read here before."""
        session = self.session(conversation)
        shown: list[Received] = []
        before = -1
        while session.counter > before:  # a page that brings nothing new is the end, whatever it repeats
            before = session.counter
            path = f"/api/conversations/{conversation}/messages?after={before}&limit={PAGE_MESSAGES}"
            for one in self.api.ask("GET", path)["messages"]:
                outcome = granted(session.receive(_bytes(one["record"])))
                if isinstance(outcome, Received):
                    shown.append(replace(outcome, received_at=unix_of(one["received_at"])))
        refusal = session.verify_reach(*self.cursors.of(conversation))
        if refusal is not None:
            raise TalkRefused(refusal)
        self.cursors.advance(conversation, session.counter, session.head)
        return session, shown


def _unseal_with(keys: Iterable[bytes | None], sealed: bytes, aad: str) -> bytes:
    """Under the first key that fits: what was sealed before a roll is opened by the key before."""
    refused = ValueError("no key")
    for key in dict.fromkeys(keys):
        if key is not None:
            try:
                return unseal(key, sealed, aad)
            except ValueError as error:
                refused = error
    raise refused


def _setting(found: dict[str, Any]) -> tuple[Call, Answer, Link | None]:
    call = granted(read_call(_bytes(found["call"])))
    answer = granted(read_answer(_bytes(found["answer"]), call))
    opening = found["opening"]
    return call, answer, None if opening is None else granted(read_opening(_bytes(opening), call, answer))


def _follow(session: Session, found: dict[str, Any]) -> bool:
    """Epochs and new keys that this device has not taken up yet; whether there was an epoch."""
    known = session.epoch.number if session.epoch else 0
    turns = [(turn["after"], _bytes(turn["record"])) for turn in found["successions"]]
    fresh = turns[len(session.links.steps) - 1 :]
    for number, epoch in enumerate(found["epochs"][known:], start=known + 1):
        while fresh and fresh[0][0] < number:
            granted(session.turn(fresh.pop(0)[1]))
        granted(session.adopt(_bytes(epoch["record"])))
    for _, record in fresh:
        granted(session.turn(record))
    return len(found["epochs"]) > known


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
