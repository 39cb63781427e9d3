"""`vigie talk`: calls and conversations at the terminal, on `member.conversing` and `member.line`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from chat.keys import HYBRID_AES256, X25519_AES256, Suite
from member.conversing import Desk
from member.keystore import Member
from member.line import Line
from member.refusals import MemberError
from member.revealing import Own
from member.talk_holding import Holding, holding_of
from member.talk_lists import RaisedCall, ReceivedCall, Talk, TalkRefused
from member.talk_room import Room
from member.talk_state import States
from member.talk_texts import REASON_WORDS, REASONS, tell_refusal, told

Place = ReceivedCall | RaisedCall | Talk
HYBRID: Final = frozenset({"hybrid", "hybride"})
"""After a call's reason: keys that also resist a quantum computer (suite 2)."""


def talk(
    member: Member,
    lang: str = "en",
    ask: Callable[[str], str] = input,
    say: Callable[[str], None] = print,
    password: Callable[[], str] | None = None,
) -> None:
    """One sitting of a member at the terminal. `password` asks an administrator for hers."""
    today = member.check_network().today
    names = {pseudonym: client.name for pseudonym, client in member.shelf.sync(member).by_pseudonym().items()}
    desk = Desk.of(member)
    line = Line.of(member, desk, lambda event: terminal.hear(event))  # noqa: PLW0108 - it is made below
    hold = None if password is None else holding_of(member, password)
    terminal = Terminal(desk, line, names, today, lang, ask, say, Own.of(member), hold)
    with line:
        terminal.run()


@dataclass(slots=True)
class Terminal:
    """One sitting. `names`: client names by pseudonym, from the book; `ask` and `say` are input and print."""

    desk: Desk
    line: Line
    names: Mapping[bytes, str]
    today: date
    lang: str = "en"
    ask: Callable[[str], str] = input
    say: Callable[[str], None] = print
    own: Own | None = None
    hold: Holding | None = None
    states: States = field(init=False)
    _places: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.states = States(self.desk)

    def run(self) -> None:
        """Until `quit` or the end of the input."""
        self._open_answers()
        self._list()
        while True:
            try:
                words = self.ask("vigie> ").split()
            except (EOFError, KeyboardInterrupt):
                return
            if words[:1] == ["quit"]:
                return
            if words:
                self._obey(words)

    def hear(self, event: dict[str, Any]) -> None:
        """What the line reports while nobody types."""
        if event["type"] == "call":
            self.say(told("new_call", self.lang))
        elif event["type"] == "answer":
            # Not on the line's own thread: it must go on reading.
            threading.Thread(target=self._open_answers_or_later, daemon=True).start()

    def _obey(self, words: list[str]) -> None:
        try:
            match words:
                case ["list"]:
                    self._open_answers()
                    self._list()
                case ["call", *client, reason] if client and reason in REASON_WORDS:
                    self._call(" ".join(client), reason, X25519_AES256)
                case ["call", *client, reason, suite] if (
                    client and reason in REASON_WORDS and suite in HYBRID
                ):
                    self._call(" ".join(client), reason, HYBRID_AES256)
                case ["decline", number] if isinstance(place := self._at(number), ReceivedCall):
                    self.desk.decline(place.id)
                    self.say(told("declined", self.lang))
                case ["close", number] if isinstance(place := self._at(number), RaisedCall):
                    self.desk.close(place.id)
                    self.say(told("closed", self.lang))
                case [number] if self._at(number) is not None:
                    self._enter(self._at(number))
                case _:
                    self.say(told("not_understood", self.lang))
                    self.say(told("help", self.lang, words="|".join(REASON_WORDS)))
        except TalkRefused as refused:
            self.say(tell_refusal(refused.refusal.code, self.lang))
        except MemberError as refused:
            self.say(refused.tell(self.lang))

    def _at(self, number: str) -> Place | None:
        place = int(number) - 1 if number.isascii() and number.isdigit() else -1
        return self._places[place] if 0 <= place < len(self._places) else None

    def _client(self, pseudonym: bytes) -> str:
        return self.names.get(pseudonym, told("unnamed", self.lang))

    def _peer(self, mark: str | None) -> str:
        return told("firm", self.lang, mark=mark) if mark else told("waiting", self.lang)

    def _open_answers(self) -> None:
        opened = set(self.desk.open_answered())
        for talk in self.desk.talks() if opened else []:
            if talk.id in opened:
                self.say(told("opened", self.lang, name=self._peer(talk.peer_mark)))

    def _open_answers_or_later(self) -> None:
        with suppress(MemberError, TalkRefused):  # `list` tries again, and says what is wrong
            self._open_answers()

    def _list(self) -> None:
        raised, received = self.desk.list_calls()
        talks = self.desk.talks()
        self.states.load()
        self._places = [*received, *(call for call in raised if not call.closed), *talks]
        heading = ""
        for number, place in enumerate(self._places, start=1):
            key, text = self._describe(place)
            if key != heading:
                self.say(told(key, self.lang))
                heading = key
            self.say(f"  {number}. {text}")
        if not self._places:
            self.say(told("nothing", self.lang))
        if self.desk.left_out:
            why = sorted({tell_refusal(one.code, self.lang) for one in self.desk.left_out.values()})
            self.say(told("left_out", self.lang, n=len(self.desk.left_out), why="; ".join(why)))
        self.say(told("help", self.lang, words="|".join(REASON_WORDS)))

    def _describe(self, place: Place) -> tuple[str, str]:
        reason = REASONS[place.call.reason][self.lang == "fr"]
        client = f"{self._client(place.call.pseudonym)} {reason}"
        match place:
            case ReceivedCall():
                return "received", f"{client} ({place.received_on})"
            case RaisedCall():
                return "raised", f"{client} ({told('answers', self.lang, n=len(place.answers))})"
            case Talk():
                count = told("messages", self.lang, n=place.counter)
                new = place.counter - self.states.of(place.id).read
                news = f", {told('news', self.lang, n=new)}" if new > 0 else ""
                return "talks", f"{client}: {self._peer(place.peer_mark)}, {count}{news}"

    def _call(self, wanted: str, reason: str, suite: Suite) -> None:
        found = {
            name: pseudonym for pseudonym, name in self.names.items() if wanted.casefold() in name.casefold()
        }
        if len(found) != 1:
            key = "several_clients" if found else "unknown_client"
            self.say(told(key, self.lang, names=", ".join(sorted(found)[:10])))
            return
        self.say(told("others_learn", self.lang))
        if suite is not X25519_AES256:
            self.say(told("suite_shows", self.lang))
        self.desk.raise_call(next(iter(found.values())), REASON_WORDS[reason], self.today, suite)
        self.say(told("raised_one", self.lang))

    def _enter(self, place: Place | None) -> None:
        if isinstance(place, ReceivedCall):
            self.desk.answer(place)
            self.say(told("answered", self.lang))
        elif isinstance(place, Talk) and not place.waiting:
            self._converse(place.id)
        else:
            self.say(told("waiting", self.lang))

    def _converse(self, conversation: UUID) -> None:
        self.states.load()
        session, shown = self.desk.history(conversation)
        known = self.states.of(conversation)
        refusal = session.verify_reach(known.read, bytes.fromhex(known.id))
        if refusal is not None:
            raise TalkRefused(refusal)
        place = (self.desk, self.line, conversation, session)
        person = (self.lang, self.ask, self.say)
        read = Room(*place, *person, self.own, self.today, self.hold, self.states).sit(shown)
        if read is not None:
            self.states.advance(conversation, read.counter, read.id)
