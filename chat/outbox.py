"""What one device still has to say in one conversation: each text is appended once, whatever happens between.

Rules of order:
1. One envelope is in flight at a time; the next text is sealed when this one is known to be in the chain.
2. What is uncertain (a connection lost before the answer) is sent again as it is: the server appends an
   envelope once, and says so again to who repeats it.
3. Sealed again is only what can no longer be accepted: its counter is taken by another message, or its epoch
   is over. Every envelope ever sealed for a text is remembered until the text is found in the chain.
4. A commitment or an opening that waits when a decline is read is given up (`voided`): a name must not be
   said after the other side has declined. Whether it is said all the same is decided from the chain anew.
Like the rest of the room it sends nothing itself.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field

from chat.contents import Commit, Content, Decline, Open
from chat.envelope import message_id
from chat.keys import Entropy
from chat.refusals import Code, Refusal
from chat.session import Received, Seen, Session


@dataclass(slots=True)
class Outbox:
    """Wraps the session: what is read must pass through `read`, so that own messages are recognised."""

    session: Session
    waiting: deque[Content] = field(default_factory=deque, repr=False)
    in_flight: bytes | None = field(default=None, repr=False)
    voided: list[Content] = field(default_factory=list, repr=False)
    _place: tuple[int, int] = (0, 0)  # counter and epoch of what is in flight
    _sealed_ids: set[bytes] = field(default_factory=set)

    def put(self, said: Content) -> None:
        """One more thing to say."""
        self.waiting.append(said)

    def due(self, entropy: Entropy = os.urandom) -> bytes | Refusal | None:
        """The envelope to send now, the same until it is settled. None: nothing to say.

        A refusal (a text that is too long, no epoch yet) leaves the text where it is; `drop` gives it up.
        """
        if self.in_flight is None and self.waiting:
            sealed = self.session.seal(self.waiting[0], entropy)
            if isinstance(sealed, Refusal):
                return sealed
            assert self.session.epoch is not None
            self._place = (self.session.counter + 1, self.session.epoch.number)
            self._sealed_ids.add(message_id(sealed))
            self.in_flight = sealed
        return self.in_flight

    def read(self, record: bytes) -> Received | Seen | Refusal:
        """A message came from the server; the session's answer, unchanged."""
        outcome = self.session.receive(record)
        if isinstance(outcome, Received):
            self._settle(outcome)
        return outcome

    def acknowledged(self, stored_id: bytes) -> Received | None:
        """The server says that the message of this id is stored; None when that is not what is in flight.

        It may be an envelope sealed earlier for the same text: that one is found when the chain is read.
        """
        if self.in_flight is None or stored_id != message_id(self.in_flight):
            return None
        outcome = self.read(self.in_flight)
        return outcome if isinstance(outcome, Received) else None

    def refused(self, code: Code) -> bool:
        """The server refused the envelope in flight. False: it will never pass, whatever is read next.

        BEHIND waits for the message that took the counter, EPOCH for the epoch: both settle it.
        """
        if code is Code.EPOCH:
            self._renew()
        return code in {Code.BEHIND, Code.EPOCH}

    def adopted(self) -> None:
        """The session has adopted a newer epoch, or new keys that want one."""
        self._renew()

    def drop(self) -> Content | None:
        """Give up the text at the front. Only safe before anything sealed for it was sent."""
        self.in_flight = None
        self._sealed_ids.clear()
        return self.waiting.popleft() if self.waiting else None

    def take_back(self, said: Content) -> None:
        """Give up what was put last, unless something was sealed for it: that may be in the chain."""
        if len(self.waiting) > 1 or not self._sealed_ids:
            self.waiting = deque(one for one in self.waiting if one is not said)

    def _renew(self) -> None:
        if self.session.turned or (self.session.epoch and self.session.epoch.number > self._place[1]):
            self.in_flight = None

    def _settle(self, received: Received) -> None:
        if received.id in self._sealed_ids:
            self.drop()
        elif received.counter >= self._place[0]:
            self.in_flight = None
        if isinstance(received.content, Decline):
            self._give_up_steps()

    def _give_up_steps(self) -> None:
        steps = [one for one in self.waiting if isinstance(one, Commit | Open)]
        if steps and steps[0] is self.waiting[0]:
            self.in_flight = None
            self._sealed_ids.clear()
        self.waiting = deque(one for one in self.waiting if not isinstance(one, Commit | Open))
        self.voided += steps
