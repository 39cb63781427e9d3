"""What a sitting does without being asked: steps of the reveal, its pin, receipts, erasing withdrawals.

Rules of order, whose guardian this is:
1. Whatever fails ends nothing: it is told once, and tried again after a rest that grows.
2. What is due follows from the chain, and from what still waits to be in it: nothing is sent a second time
   because its answer is late.
3. What this side has withdrawn is erased, by whichever sitting first reaches the network after it. Where the
   network refuses that, it is asked again in the next sitting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chat.contents import Commit, Content, Open, Read
from chat.refusals import Code
from chat.session import Received
from chat.thread import Thread
from member import talk_keeping
from member.conversing import Desk, TalkRefused
from member.line import Line
from member.refusals import MemberError, NetworkRefused
from member.talk_presence import Presence
from member.talk_reveal import Unveiling

FIRST_REST_SECONDS: Final = 2.0
LONGEST_REST_SECONDS: Final = 60.0


@dataclass(slots=True)
class _Rest:
    until: float
    seconds: float  # of the one after it
    why: str


@dataclass(slots=True)
class Tending:
    """Of one sitting. `put` sends a content, `tell` says why something did not work; for one thread."""

    desk: Desk
    line: Line
    presence: Presence
    unveiling: Unveiling
    put: Callable[[Content], None]
    tell: Callable[[Exception], None]
    lock: threading.Lock  # on the thread of messages
    now: Callable[[], float] = time.monotonic
    _whole: set[int] = field(default_factory=set)  # own messages whose ciphertext the network still had
    _rests: dict[str, _Rest] = field(default_factory=dict)

    @property
    def _thread(self) -> Thread:
        return self.presence.thread

    def take(self, received: Received) -> None:
        """A message of the chain, which the thread has taken."""
        if received.mine and received.content is not None:
            self._whole.add(received.counter)

    def tend(self) -> None:
        """Do what is due."""
        for name, task in (
            ("step", self._step),
            ("pin", self.unveiling.pin),
            ("receipt", self._receipt),
            ("erase", self._erase),
        ):
            rest = self._rests.get(name)
            if rest is not None and self.now() < rest.until:
                continue
            try:
                task()
            except TimeoutError:
                continue  # it is on its way: the line goes on trying
            except (TalkRefused, MemberError, OSError) as why:
                if rest is None or str(why) != rest.why:
                    self.tell(why)
                seconds = FIRST_REST_SECONDS if rest is None else rest.seconds
                grown = min(seconds * 2, LONGEST_REST_SECONDS)
                self._rests[name] = _Rest(self.now() + seconds, grown, str(why))
            else:
                self._rests.pop(name, None)

    def erase(self, counter: int) -> None:
        """Have the ciphertext of an own withdrawn message erased, at once."""
        talk_keeping.erase(self.desk, self.presence.conversation, counter)
        self._whole.discard(counter)

    def _waits(self, *kinds: type[Content]) -> bool:
        return any(isinstance(one, kinds) for one in self.line.waiting(self.presence.conversation))

    def _step(self) -> None:
        """What the reveal wants next from this side: both have agreed to it."""
        step = self.unveiling.step()
        if step is None or self._waits(Commit, Open):
            return
        try:
            self.put(step)
        except TalkRefused as refused:
            if refused.refusal.code is not Code.BEHIND:
                raise  # else a decline came first: what follows from it comes with that message

    def _receipt(self) -> None:
        with self.lock:
            receipt = self.presence.receipt()
        if receipt is not None and not self._waits(Read):
            self.put(receipt)

    def _erase(self) -> None:
        with self.lock:
            withdrawn = [one.counter for one in self._thread.entries.values() if one.mine and one.withdrawn]
        for counter in self._whole.intersection(withdrawn):
            try:
                self.erase(counter)
            except NetworkRefused:
                self._whole.discard(counter)
                raise
