"""One conversation at the terminal: what was said, what comes, and what a person types.

A line that begins with a slash is a command (`/help` lists them); everything else is said, after a reminder
where it touches what suppliers may not discuss.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

from chat.contents import Content, Decline, Edit, File, Offer, Read, Text, Unknown, Withdraw
from chat.refusals import Refusal
from chat.safety import safety_number
from chat.session import Received, Session
from chat.signals import Signal
from chat.thread import Stage, Thread
from member import guard_rails, talk_keeping
from member.conversing import Desk
from member.line import Line, LineClosed
from member.refusals import MemberError
from member.revealing import Own
from member.talk_files import fetch, send
from member.talk_holding import Holding
from member.talk_lists import TalkRefused
from member.talk_presence import Presence
from member.talk_reveal import Unveiling
from member.talk_state import States
from member.talk_tending import Tending
from member.talk_texts import harmless, tell_refusal, told
from member.transcript_words import words


@dataclass(slots=True)
class Room:
    """One sitting in one conversation. `own`: what this device says of its firm; None: it cannot reveal."""

    desk: Desk
    line: Line
    conversation: UUID
    session: Session
    lang: str
    ask: Callable[[str], str]
    say: Callable[[str], None]
    own: Own | None = None
    today: date | None = None
    hold: Holding | None = None
    states: States | None = None
    thread: Thread = field(default_factory=Thread)
    presence: Presence = field(init=False)
    unveiling: Unveiling = field(init=False)
    tending: Tending = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _renewing: threading.Lock = field(default_factory=threading.Lock)
    _printed: Received | None = None
    _told_peer: bool = False
    _told_lost: bool = False
    _renewed: bool = False
    _told_epoch: int = 0  # the newest one that does not open here, and was told of

    def __post_init__(self) -> None:
        self.presence = Presence(self.line, self.conversation, self.thread)
        if self.states is None:
            self.states = States(self.desk)
            self.states.load()
        self.unveiling = Unveiling(self.states, self.conversation, self.session, self.thread, self.own)
        self.tending = Tending(
            self.desk, self.line, self.presence, self.unveiling, self._put, self._tell, self._lock
        )

    def sit(self, shown: list[Received]) -> Received | None:
        """Until `/back` or the end of the input; the last message that was printed.

        `shown`: the history up to where the session stands.
        """
        self.say(told("who", self.lang, name=self._peer(), mark=self.session.own_mark))
        self.say(told("reminder", self.lang))
        self.unveiling.begin()
        for received in shown:
            self._take(received)
        self.unveiling.verify()
        self._tell_peer()
        self.line.follow(self.conversation, from_start=False)
        over = threading.Event()
        printer = threading.Thread(target=self._print, args=(over,), daemon=True)
        printer.start()
        try:
            self._tell_shut_out()
            self._type()
        finally:
            over.set()
            self.presence.say(Signal.GONE)
            printer.join(timeout=2)
        return self._printed

    def _type(self) -> None:
        while True:
            try:
                text = self.ask("").strip()
            except (EOFError, KeyboardInterrupt):
                return
            if text == "/back":
                return
            if not text:
                continue
            try:
                self._obey(text)
            except (TalkRefused, MemberError, OSError) as why:
                self._tell(why)

    def _tell(self, why: Exception) -> None:
        if isinstance(why, TimeoutError):
            self.say(told("uncertain", self.lang))
        elif isinstance(why, TalkRefused):
            self.say(tell_refusal(why.refusal.code, self.lang))
        else:
            self.say(why.tell(self.lang) if isinstance(why, MemberError) else str(why))

    def _obey(self, text: str) -> None:  # noqa: C901, PLR0912 - a line for each command
        match text.split(maxsplit=2):
            case ["/edit", number, words] if number.isdigit() and self._may_change(int(number)):
                if self._meant(words):
                    self._put(Edit(int(number), words, self.presence.sent_at()))
            case ["/withdraw", number] if number.isdigit() and self._may_change(int(number)):
                self._put(Withdraw(int(number)))
                self.tending.erase(int(number))
            case ["/reveal"]:
                self._put(Offer())
            case ["/no"]:
                self._decline()
            case ["/file", *path] if path:
                self._send_file(Path(" ".join(path)).expanduser())
            case ["/save", number, path] if number.isdigit():
                self._save_file(int(number), Path(path).expanduser())
            case ["/keep", months] if months.isdigit():
                kept = talk_keeping.keep(self.desk, self.conversation, int(months))
                self.say(told("kept", self.lang, n=kept))
            case ["/keep"]:
                self._tell_keeping()
            case ["/hold"] | ["/release"]:
                self._hold(held=text == "/hold")
            case ["/silence"] | ["/hear"]:
                talk_keeping.silence(self.desk, self.conversation, silenced=text == "/silence")
                self.say(told("silenced" if text == "/silence" else "heard", self.lang))
            case ["/transcript", *path] if path:
                written = talk_keeping.take(self.desk, self.conversation)
                Path(" ".join(path)).expanduser().write_bytes(written)
                self.say(told("written", self.lang))
            case ["/report"]:
                talk_keeping.report(self.desk, self.conversation)
                self.say(told("reported", self.lang))
            case [word, *_] if word.startswith("/"):
                self.say(told("room_help", self.lang))
            case _:
                self._speak(text)

    def _speak(self, text: str) -> None:
        if self._meant(text):
            self._put(Text(text, self.presence.sent_at()))

    def _meant(self, text: str) -> bool:
        """Whether a text may go: reminded of what it touches, a person decides."""
        rails = guard_rails.noticed(text)
        for rail in rails:
            self.say(guard_rails.remind(rail, self.lang))
        if rails and not self._agreed("send_anyway"):
            self.say(told("not_sent", self.lang))
            return False
        return True

    def _agreed(self, question: str) -> bool:
        return self.ask(told(question, self.lang)).strip().lower() in {"y", "o", "yes", "oui"}

    def _hold(self, *, held: bool) -> None:
        if self.hold is None:
            self.say(told("hold_who", self.lang))
        elif held or self._agreed("release_sure"):
            self.hold(self.conversation, held)
            self.say(told("held" if held else "released", self.lang))

    def _tell_keeping(self) -> None:
        found = talk_keeping.read(self.desk, self.conversation)
        self.say(told("kept", self.lang, n=found["months"]))
        if found["held"]:
            self.say(told("held", self.lang))

    def _put(self, content: Content) -> None:
        with self._renewing:  # whoever types, and what goes by itself
            if not self._renewed:
                # The month's epoch comes with an own message alone: else it would tell who looks.
                self.desk.renew_epoch(self.conversation, self.session, self.today)
                self._renewed = True
        self.line.say(self.conversation, content)

    def _may_change(self, counter: int) -> bool:
        with self._lock:
            allowed = self.thread.may_change(counter)
        if not allowed:
            self.say(told("not_changeable", self.lang))
        return allowed

    def _send_file(self, path: Path) -> None:
        content = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        at = self.presence.sent_at()
        self._put(send(self.desk.api, self.conversation, content, path.name, kind, at))

    def _save_file(self, counter: int, path: Path) -> None:
        entry = self.thread.entries.get(counter)
        if entry is None or not isinstance(entry.said, File):
            self.say(told("no_file", self.lang))
            return
        path.write_bytes(fetch(self.desk.api, self.conversation, entry.said))
        self.say(told("written", self.lang))

    def _print(self, over: threading.Event) -> None:
        try:
            while True:
                self.tending.tend()
                ending = over.is_set()
                if not ending:
                    self._look()
                wait = 0 if ending else 0.5  # what came while it tended is printed in any case
                first = islice(self.line.arrived(self.conversation, timeout_seconds=wait), 1)
                for received in chain(first, self.line.arrived(self.conversation, timeout_seconds=0)):
                    if received.counter > self.thread.counter:  # the others were shown with the history
                        self._take(received)
                if ending:
                    return
        except TalkRefused as refused:  # two histories, or one cut off: nothing more is to be believed
            self.say(tell_refusal(refused.refusal.code, self.lang))
        except LineClosed as closed:
            self.say(str(closed))

    def _look(self) -> None:
        """Say what is wrong with keys or reveal, and show who is there after it."""
        self._tell_shut_out()
        with self._lock:
            shown = self.presence.tick()
        if shown is not None:
            self.say(told(f"presence_{shown.name.lower()}", self.lang))
        if self.unveiling.lost and not self._told_lost:
            seen = self.thread.reveal.open_of(self.session.side.other) is not None
            self.say(told("lost_seen" if seen else "lost", self.lang))
        self._told_lost = self.unveiling.lost

    def _take(self, received: Received) -> None:
        with self._lock:
            self.thread.take(received)
            if not received.mine and not isinstance(received.content, Read):
                self.presence.heard.said()
        self.tending.take(received)
        who = told("you", self.lang) if received.mine else self._peer()
        self.say(f"{received.counter}. {who}: {self._words(received.content)}")
        self._printed = received
        self._tell_peer()

    def _decline(self) -> None:
        with self._lock:
            allowed = self.thread.reveal.may_decline(self.session.side)
        if allowed:
            self._put(Decline())
        else:
            self.say(told("no_reveal_to_decline", self.lang))

    def _tell_shut_out(self) -> None:
        session = self.line.session(self.conversation)
        number = session.epoch.number if session.epoch else 0
        if session.shut_out is not None and number > self._told_epoch:
            self._told_epoch = number
            self.say(told("shut_out", self.lang, name=self._peer()))

    def _tell_peer(self) -> None:
        if self._told_peer or self.own is None or self.thread.reveal.stage is not Stage.OPENED:
            return
        self._told_peer = True
        found = self.unveiling.peer()
        if isinstance(found, Refusal):
            self.say(told("unproved", self.lang, why=tell_refusal(found.code, self.lang)))
        elif found is not None:
            vouched, asked = len(found.vouched_by), len(self.own.holders)
            self.say(told("revealed", self.lang, name=harmless(found.name), n=vouched, of=asked))
            root = self.unveiling.own_root() or self.own.root
            number = safety_number(self.session.link, self.session.side, root, found.root)
            self.say(told("safety", self.lang, number=number))

    def _peer(self) -> str:
        return told("firm", self.lang, mark=self.session.peer_mark)

    def _words(self, content: Content | Unknown | Refusal | None) -> str:
        return harmless(words(content, self.lang))
