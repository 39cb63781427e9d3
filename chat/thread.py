"""What a person sees of a conversation: contents in the order of the chain, folded by rules both sides share.

Rules of order, whose guardian this is:
1. A message is edited or withdrawn by its own side, while at most CHANGES_WITHIN messages have followed it,
   and never after it was withdrawn. What breaks the rule changes nothing, for both sides: no clock decides.
2. The reveal goes offer and offer, commit and commit, open and open. A step out of turn changes nothing. A
   decline voids all of it until the other side has opened: who has seen a name cannot undo it by declining,
   who waits for one can.
3. How far the other side has read is shown once both have opened: before, it would say who is awake.
4. A pinned reveal (`chat.pin`) stands from the message on with which both had opened, whatever was erased.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from chat.contents import (
    CHANGES_WITHIN,
    Commit,
    Decline,
    Edit,
    File,
    Offer,
    Open,
    Read,
    Text,
    Unknown,
    Withdraw,
)
from chat.pin import Pin
from chat.records import Side
from chat.refusals import Code, Refusal
from chat.reveal import commit_to
from chat.session import Received


class Stage(Enum):
    """How far the reveal is."""

    HIDDEN = "hidden"
    OFFERED = "offered"  # by one side
    AGREED = "agreed"  # by both: each may commit
    COMMITTED = "committed"  # by both: each may open
    OPENED = "opened"  # by both; whether it is true is `chat.reveal`'s to say


@dataclass(frozen=True, slots=True)
class Reveal:
    """The reveal as the chain has it.

    `point`: counter and id of the second offer; `received`: when each opening came, unix seconds as the
    network says; `opened`: counter and id of the message with which both had opened.
    """

    offers: frozenset[Side] = frozenset()
    point: tuple[int, bytes] | None = None
    commits: tuple[tuple[Side, bytes], ...] = ()
    opens: tuple[tuple[Side, Open], ...] = ()
    received: tuple[tuple[Side, int], ...] = ()
    opened: tuple[int, bytes] | None = None

    @classmethod
    def of(cls, pin: Pin) -> Reveal:
        """What a pin keeps of it: the other side's half."""
        side = Side(pin.statement[1])
        return cls(
            frozenset(Side),
            pin.point,
            ((side, commit_to(pin.statement, pin.nonce)),),
            ((side, Open(pin.statement, pin.nonce)),),
            ((side, pin.received_at),),
            pin.opened,
        )

    @property
    def stage(self) -> Stage:
        """What comes next follows from it."""
        if self.opened is not None:
            return Stage.OPENED
        if len(self.commits) == 2:
            return Stage.COMMITTED
        if self.point is not None:
            return Stage.AGREED
        return Stage.OFFERED if self.offers else Stage.HIDDEN

    def commit_of(self, side: Side) -> bytes | None:
        """None: not yet."""
        return dict(self.commits).get(side)

    def open_of(self, side: Side) -> Open | None:
        """None: not yet."""
        return dict(self.opens).get(side)

    def received_of(self, side: Side) -> int:
        """When its opening came; 0: not yet, or not said."""
        return dict(self.received).get(side, 0)

    def may_decline(self, side: Side) -> bool:
        """Whether a decline by this side voids it now: not once the other side has shown who it is."""
        return self.stage not in {Stage.HIDDEN, Stage.OPENED} and self.open_of(side.other) is None

    def agrees(self, pin: Pin) -> bool:
        """Whether the messages, all of them, say what the pin keeps."""
        side = Side(pin.statement[1])
        said = (self.point, self.opened, self.open_of(side))
        return said == (pin.point, pin.opened, Open(pin.statement, pin.nonce))


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as it is shown. `said`: None when it was withdrawn or its body has been erased."""

    counter: int
    side: Side
    mine: bool
    said: Text | File | Unknown | Refusal | None
    edited: bool = False
    withdrawn: bool = False


@dataclass(slots=True)
class Thread:
    """One conversation, folded as far as it has been read."""

    entries: dict[int, Entry] = field(default_factory=dict)
    reveal: Reveal = field(default_factory=Reveal)
    read: dict[Side, int] = field(default_factory=dict)
    counter: int = 0
    pin: Pin | None = None
    refused: Refusal | None = None  # the pin contradicts the messages
    _erased_at: int | None = None  # the first message that says nothing any more

    def take(self, received: Received) -> None:
        """The next message of the chain."""
        self.counter = received.counter
        if received.content is None and self._erased_at is None:
            self._erased_at = received.counter
        self._say(received)
        if self.pin is not None and received.counter == self.pin.opened[0]:
            self._fill(self.pin, received.id)

    def hold(self, pin: Pin) -> None:
        """Keep to a pin that is verified; the session knows whether its places are this chain's."""
        self.pin = pin
        if self.counter >= pin.opened[0]:
            self._fill(pin, pin.opened[1])

    def _fill(self, pin: Pin, identity: bytes) -> None:
        whole = self._erased_at is None or self._erased_at > pin.opened[0]
        if identity != pin.opened[1] or (whole and not self.reveal.agrees(pin)):
            self.refused = Refusal(
                Code.PINNED, "the reveal that the firm keeps is not the one in the messages"
            )
        else:
            self.reveal = Reveal.of(pin)

    def _say(self, received: Received) -> None:
        match received.content:
            case Text() | File() | Unknown() | Refusal() | None:
                self.entries[received.counter] = Entry(
                    received.counter, received.side, received.mine, received.content
                )
            case Edit(of, text, sent_at):
                before = self._changeable(received, of)
                if before is not None and isinstance(before.said, Text):
                    self.entries[of] = replace(before, said=Text(text, sent_at), edited=True)
            case Withdraw(of):
                before = self._changeable(received, of)
                if before is not None:
                    self.entries[of] = replace(before, said=None, withdrawn=True)
            case Read(through):
                if self.reveal.stage is Stage.OPENED and through < received.counter:
                    self.read[received.side] = max(through, self.read.get(received.side, 0))
            case Offer() | Decline() | Commit() | Open():
                self.reveal = _step(self.reveal, received)

    def _changeable(self, received: Received, of: int) -> Entry | None:
        entry = self.entries.get(of)
        allowed = (
            entry is not None
            and entry.side is received.side
            and not entry.withdrawn
            and received.counter - of <= CHANGES_WITHIN
        )
        return entry if allowed else None

    def may_change(self, counter: int) -> bool:
        """Whether the own message there may be edited or withdrawn by the next message."""
        entry = self.entries.get(counter)
        return (
            entry is not None
            and entry.mine
            and not entry.withdrawn
            and self.counter + 1 - counter <= CHANGES_WITHIN
        )

    def unread(self, through: int) -> int:
        """How many messages of the other side came after the one at `through`."""
        return sum(entry.counter > through and not entry.mine for entry in self.entries.values())


def _step(reveal: Reveal, received: Received) -> Reveal:
    side, stage = received.side, reveal.stage
    match received.content:
        case Offer() if stage in {Stage.HIDDEN, Stage.OFFERED}:
            offers = reveal.offers | {side}
            return Reveal(offers, (received.counter, received.id) if len(offers) == 2 else None)
        case Decline() if reveal.may_decline(side):
            return Reveal()
        case Commit(commitment) if stage is Stage.AGREED and reveal.commit_of(side) is None:
            return replace(reveal, commits=(*reveal.commits, (side, commitment)))
        case Open() as opened if stage is Stage.COMMITTED and reveal.open_of(side) is None:
            return replace(
                reveal,
                opens=(*reveal.opens, (side, opened)),
                received=(*reveal.received, (side, received.received_at)),
                opened=(received.counter, received.id) if reveal.opens else None,
            )
    return reveal
