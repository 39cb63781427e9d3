"""What a person sees of a conversation: contents in the order of the chain, folded by rules both sides share.

Rules of order, whose guardian this is:
1. A message is edited or withdrawn by its own side, while at most CHANGES_WITHIN messages have followed it,
   and never after it was withdrawn. What breaks the rule changes nothing, for both sides: no clock decides.
2. The reveal goes offer and offer, commit and commit, open and open. A step out of turn changes nothing; a
   decline before both have committed voids the offers.
3. How far the other side has read is shown once both have opened: before, it would say who is awake.
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
from chat.records import Side
from chat.refusals import Refusal
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
    """The reveal as the chain has it. `point`: counter and id of the second offer."""

    offers: frozenset[Side] = frozenset()
    point: tuple[int, bytes] | None = None
    commits: tuple[tuple[Side, bytes], ...] = ()
    opens: tuple[tuple[Side, Open], ...] = ()

    @property
    def stage(self) -> Stage:
        """What comes next follows from it."""
        if len(self.opens) == 2:
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

    def take(self, received: Received) -> None:
        """The next message of the chain."""
        self.counter = received.counter
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
        case Decline() if stage in {Stage.OFFERED, Stage.AGREED}:
            return Reveal()
        case Commit(commitment) if stage is Stage.AGREED and reveal.commit_of(side) is None:
            return replace(reveal, commits=(*reveal.commits, (side, commitment)))
        case Open() as opened if stage is Stage.COMMITTED and reveal.open_of(side) is None:
            return replace(reveal, opens=(*reveal.opens, (side, opened)))
    return reveal
