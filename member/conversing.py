"""Calls and conversations from one device of a firm: raise, answer, open, read; everything verified here.

What comes from the server is bytes until `chat.records` and `chat.session` have verified them. What this
device has read it remembers (`Cursors`), so that a history cut off its end, or another one, is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chat.keys import X25519_AES256, PrivateKeys, Suite
from chat.records import Reason, Side, make_answer, make_call, make_opening
from chat.refusals import Code, Refusal
from chat.session import Received, Seen, Session
from member.cursors import CURSORS_FILE, Cursors
from member.keys import seal, unseal
from member.keystore import Member
from member.moments import unix_of
from member.refusals import HomeRefused
from member.talk_lists import (
    AnswerGot,
    Api,
    Lists,
    RaisedCall,
    ReceivedCall,
    Talk,
    TalkRefused,
    calls,
    conversations,
    granted,
    in_json,
    octets,
    setting_of,
)

__all__ = ["Api", "Cursors", "Desk", "RaisedCall", "ReceivedCall", "Talk", "TalkRefused", "granted"]

PAGE_MESSAGES: Final = 200
NEWER_KEYS: Final = frozenset({Code.EPOCH, Code.SIGNATURE})
"""What a message is refused with whose epoch, or whose signing key, this device has not taken up yet."""


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
    lists: Lists = field(default_factory=Lists)

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
        self.api.ask("POST", "/api/calls", {"record": in_json(call.record), "secret": in_json(secret)})
        return call_id

    def list_calls(self) -> tuple[list[RaisedCall], list[ReceivedCall]]:
        """Own calls with their answers, and calls received; each record verified, or told by `left_out`."""
        raised, received = calls(self.api)
        return self.lists.raised(raised), self.lists.received(received)

    @property
    def left_out(self) -> dict[UUID, Refusal]:
        """What could not be listed or opened since answers were opened last, and why; by its id."""
        return self.lists.left_out

    def answer(self, received: ReceivedCall) -> UUID:
        """Answer a call with keys made for it; the conversation begins when the caller has opened it."""
        keys = PrivateKeys.fresh(received.call.suite)
        given = make_answer(keys, received.call)
        conversation = UUID(bytes=given.conversation)
        secret = self.seal(keys.to_bytes(), self.side_aad(conversation))
        body = {"record": in_json(given.record), "secret": in_json(secret)}
        self.api.ask("POST", f"/api/calls/{received.id}/answer", body)
        return conversation

    def decline(self, call: UUID) -> None:
        """Hide a received call from the whole firm; the caller is not told."""
        self.api.ask("POST", f"/api/calls/{call}/decline")

    def close(self, call: UUID) -> None:
        """Take no further answers to an own call."""
        self.api.ask("POST", f"/api/calls/{call}/close")

    def open_answered(self) -> list[UUID]:
        """Open every answer that no device of the firm has opened; return the conversations opened here.

        Each by itself: one that cannot be opened is told by `left_out`. A call that was closed has lost its
        key: what was not opened by then is not opened any more.
        """
        self.left_out.clear()
        waiting = [
            (raised, got) for raised in self.list_calls()[0] for got in raised.answers if not got.opened
        ]
        return [got.conversation for raised, got in waiting if raised.secret and self._opened(raised, got)]

    def _opened(self, raised: RaisedCall, got: AnswerGot) -> bool:
        try:
            return self._open(raised, got)
        except TalkRefused as refused:
            self.left_out[got.conversation] = refused.refusal
        except ValueError:
            self.left_out[got.conversation] = Refusal(Code.UNREADABLE, "the call's key does not open")
        return False

    def _open(self, raised: RaisedCall, got: AnswerGot) -> bool:
        call_key = Ed25519PrivateKey.from_private_bytes(self.unseal(raised.secret, self.call_aad(raised.id)))
        keys = PrivateKeys.fresh(raised.call.suite)
        link = make_opening(call_key, keys, raised.call, got.answer)
        epoch = granted(Session(link, Side.CALLER, keys).begin_epoch())
        secret = self.seal(keys.to_bytes(), self.side_aad(got.conversation))
        body = {"record": in_json(link.opening), "epoch": in_json(epoch.record), "secret": in_json(secret)}
        try:
            self.api.ask("POST", f"/api/conversations/{got.conversation}/opening", body)
        except Exception as refused:
            code = getattr(refused, "code", "")
            if code in {"conversation-open", "call-closed"}:
                return False  # another device of the firm was faster, or has closed the call
            if code in set(Code):
                raise TalkRefused(Refusal(Code(code), str(refused))) from refused
            raise
        return True

    def talks(self) -> list[Talk]:
        """The firm's conversations, newest first; one that does not verify is told by `left_out`."""
        found = list(conversations(self.api))
        self.cursors.forget_gone([UUID(one["id"]) for one in found])
        return self.lists.talks(iter(found))

    def session(self, conversation: UUID) -> Session:
        """The conversation with its keys and epochs, before its first message."""
        found = self.api.ask("GET", f"/api/conversations/{conversation}")
        if found["id"] != str(conversation):
            raise TalkRefused(Refusal(Code.ELSEWHERE, "not the conversation that was asked for"))
        return self.session_of(found, self._secret(found, conversation))

    def session_of(self, found: dict[str, Any], secret: bytes) -> Session:
        """The same, from what the network listed and the side's private keys."""
        link = setting_of(found)[2]
        if link is None:
            raise TalkRefused(Refusal(Code.ELSEWHERE, "the conversation is not open yet"))
        keys, *later = PrivateKeys.all_from_bytes(secret, link.suite)
        session = Session(link, Side(found["side"]), keys, later=tuple(later))
        _follow(session, found)
        return session

    def adopt_new_epochs(self, conversation: UUID, session: Session) -> bool:
        """Take up epochs that were added since; whether there were any."""
        return self._take_up(session, self.api.ask("GET", f"/api/conversations/{conversation}"), conversation)

    def _take_up(self, session: Session, found: dict[str, Any], conversation: UUID) -> bool:
        secret = self._secret(found, conversation)
        session.later = tuple(PrivateKeys.all_from_bytes(secret, session.link.suite)[1:])
        return _follow(session, found)

    def _secret(self, found: dict[str, Any], conversation: UUID) -> bytes:
        """The side's private keys. TalkRefused: sealed under a role key that this device does not have."""
        try:
            return self.unseal(octets(found["secret"] or ""), self.side_aad(conversation))
        except ValueError as error:
            why = "the private keys of the own side do not open"
            raise TalkRefused(Refusal(Code.UNREADABLE, why)) from error

    def renew_epoch(self, conversation: UUID, session: Session, today: date | None = None) -> bool:
        """Make an epoch where the next message needs one: whether there is a new one now.

        After new keys of a side, after an epoch that does not open here, and when the newest epoch is of
        an earlier month than `today`. Only just before an own message: at any other time it would tell the
        other side when somebody looks.
        """
        found = self.api.ask("GET", f"/api/conversations/{conversation}")
        changed = self._take_up(session, found, conversation)
        newest = date.fromisoformat(found["epochs"][-1]["made_on"])
        this_month = today is None or (newest.year, newest.month) >= (today.year, today.month)
        if this_month and not session.wants_epoch:
            return changed
        epoch = granted(session.begin_epoch())
        try:
            self.api.ask(
                "POST", f"/api/conversations/{conversation}/epochs", {"record": in_json(epoch.record)}
            )
        except Exception as refused:
            if getattr(refused, "code", "") != Code.EPOCH:
                raise  # else the other side made one at the same time: take that one
        return self.adopt_new_epochs(conversation, session)

    def receive(self, conversation: UUID, session: Session, record: bytes) -> Received | Seen:
        """The next message, or TalkRefused; keys that came after the session's are taken up first."""
        outcome = session.receive(record)
        newer = isinstance(outcome, Refusal) and outcome.code in NEWER_KEYS
        if newer and self.adopt_new_epochs(conversation, session):
            outcome = session.receive(record)
        if isinstance(outcome, Refusal):
            raise TalkRefused(outcome)
        return outcome

    def history(self, conversation: UUID) -> tuple[Session, list[Received]]:
        """Every message from the first one, verified, and compared with what was read here before."""
        session = self.session(conversation)
        reach = self.cursors.of(conversation)  # a line may read on while this is being fetched
        shown: list[Received] = []
        before = -1
        while session.counter > before:  # a page that brings nothing new is the end, whatever it repeats
            before = session.counter
            path = f"/api/conversations/{conversation}/messages?after={before}&limit={PAGE_MESSAGES}"
            for one in self.api.ask("GET", path)["messages"]:
                outcome = self.receive(conversation, session, octets(one["record"]))
                if isinstance(outcome, Received):
                    shown.append(replace(outcome, received_at=unix_of(one["received_at"])))
        refusal = session.verify_reach(*reach)
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


def _follow(session: Session, found: dict[str, Any]) -> bool:
    """Epochs and new keys that this device has not taken up yet; whether there was an epoch."""
    known = session.epoch.number if session.epoch else 0
    turns = [(turn["after"], octets(turn["record"])) for turn in found["successions"]]
    fresh = turns[len(session.links.steps) - 1 :]
    for number, epoch in enumerate(found["epochs"][known:], start=known + 1):
        while fresh and fresh[0][0] < number:
            granted(session.turn(fresh.pop(0)[1]))
        granted(session.adopt(octets(epoch["record"])))
    for _, record in fresh:
        granted(session.turn(record))
    return len(found["epochs"]) > known
