"""The reveal in one sitting: what is kept for the firm's other devices before it counts, and after.

Rules of order, whose guardian this is:
1. A statement is kept in the firm's sealed state before it is committed to; any device opens exactly that.
2. What both have opened and this device has verified is pinned there, and outlives the messages.
3. The pin is read before the messages; a history that contradicts it ends the sitting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from chat.contents import Commit, Open
from chat.pin import Place
from chat.refusals import Refusal
from chat.reveal import Revealed
from chat.session import Session
from chat.thread import Stage, Thread
from member import revealing
from member.conversing import TalkRefused
from member.revealing import Own
from member.talk_state import States


@dataclass(slots=True)
class Unveiling:
    """`own`: what this device says of its firm; None: it commits to nothing, and opens what others did."""

    states: States
    conversation: UUID
    session: Session
    thread: Thread
    own: Own | None
    lost: bool = False  # this side has committed to what none of its devices keeps
    _made: tuple[Place, bytes] | None = field(default=None, repr=False)
    _read_at: int = -1  # the last message before which the state was read

    @property
    def _holders(self) -> tuple[bytes, ...]:
        return self.own.holders if self.own else ()

    def begin(self) -> None:
        """Before the first message is shown, with a state read before the history was.

        Raise TalkRefused for a pin that proves nothing.
        """
        pin = self.states.of(self.conversation).revealed
        if pin is not None:
            _expect(revealing.keep_to(self.thread, self.session, pin, self._holders))

    def verify(self) -> None:
        """After the history was read. Raise TalkRefused where it contradicts the pin."""
        _expect(revealing.contradicted(self.thread, self.session))

    def step(self) -> Commit | Open | None:
        """What the reveal wants next from this side, kept before it is given out."""
        if self.thread.reveal.stage not in {Stage.AGREED, Stage.COMMITTED}:
            self.lost = False
            return None
        statement = self._statement()
        lost = revealing.is_lost(self.thread, self.session, statement)
        self.lost = lost and self.states.opens(self.conversation)
        return revealing.next_step(self.thread, self.session, statement)

    def _statement(self) -> bytes | None:
        point, reveal = self.thread.reveal.point, self.thread.reveal
        if point is None:
            return None
        kept = self.states.statement(self.conversation, point)
        if kept is None and self._read_at < self.thread.counter:
            self._read_at = self.thread.counter
            self.states.load()  # another device of the firm may have been first
            kept = self.states.statement(self.conversation, point)
        if kept is None and self.own is not None and reveal.commit_of(self.session.side) is None:
            if self._made is None or self._made[0] != point:  # the key holders are asked once
                self._made = point, revealing.say_who(self.session, self.own, point)
            kept = self.states.commit(self.conversation, *self._made)
        return kept

    def peer(self) -> Revealed | Refusal | None:
        """Who the other side has proved to be."""
        return revealing.peer(self.thread, self.session, self._holders)

    def pin(self) -> None:
        """Keep for good what both have opened and is verified, once. Raise TalkRefused for another pin."""
        pin = None if self.thread.pin else revealing.pin_of(self.thread, self.session, self._holders)
        if pin is not None:
            self.thread.hold(self.states.pin(self.conversation, pin) or pin)
            _expect(self.thread.refused)

    def own_root(self) -> bytes | None:
        """The root key that this side's opening named, once it is pinned."""
        return self.thread.pin.own_root if self.thread.pin else None


def _expect(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise TalkRefused(refusal)
