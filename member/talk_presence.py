"""After the reveal: who is there, who types, how far each has read. Before it, not a byte.

Knows one sitting's conversation. The rules are `chat.signals`' and `chat.thread`'s; here is when to say what.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from chat.contents import Read
from chat.records import Side
from chat.refusals import Refusal
from chat.signals import EVERY_SECONDS, Signal, Signals, seal_signal
from chat.thread import Stage, Thread
from member.line import Line


@dataclass(slots=True)
class Presence:
    """One device in one conversation. `now` gives unix seconds."""

    line: Line
    conversation: UUID
    thread: Thread
    now: Callable[[], int] = lambda: int(time.time())
    heard: Signals = field(default_factory=Signals)
    _said_at: int = 0
    _shown: Signal = Signal.GONE

    def opened(self) -> bool:
        """Whether both sides have shown who they are."""
        return self.thread.reveal.stage is Stage.OPENED

    def sent_at(self) -> int:
        """What a message says of its time: nothing before the reveal, since clocks differ and can be told."""
        return self.now() if self.opened() else 0

    def say(self, signal: Signal) -> None:
        """Tell the other side, now; nothing before the reveal."""
        sealed = seal_signal(self.line.session(self.conversation), self.thread, signal, self.now())
        if not isinstance(sealed, Refusal):
            self.line.signal(self.conversation, sealed)
            self._said_at = self.now()

    def tick(self) -> Signal | None:
        """Say that somebody is here, when it is time; what the other side shows now, if it has changed."""
        if not self.opened():
            self.line.signals(self.conversation)  # dropped unread
            return None
        if self.now() - self._said_at >= EVERY_SECONDS:
            self.say(Signal.HERE)
        for record in self.line.signals(self.conversation):
            self.heard.take(record, self.line.session(self.conversation), self.thread, self.now())
        before, self._shown = self._shown, self.heard.shows(self.now())
        return self._shown if self._shown is not before else None

    def receipt(self) -> Read | None:
        """The receipt for what has been shown, due until it is in the chain; None before the reveal."""
        # What has been erased cannot be shown any more.
        shown = (one for one in self.thread.entries.values() if one.said is not None or one.withdrawn)
        newest = max((one.counter for one in shown if not one.mine), default=0)
        if not self.opened() or newest <= self.thread.read.get(self._side, 0):
            return None
        return Read(newest)

    @property
    def _side(self) -> Side:
        return self.line.session(self.conversation).side
