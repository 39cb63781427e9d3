"""What the server does with messages that it cannot read: events in, effects or refusals out. No I/O.

Rules of order, whose one guardian this is:
1. A conversation is one chain for both sides: a message has the next counter and names
   the id of the last one.
2. Who comes second at a counter is refused (BEHIND), reads what came first and seals again.
3. The same message once more is no error and changes nothing: it is acknowledged again.
4. A message is of the newest epoch. An epoch follows the one before it by number and digest. After one
   side's new keys (`chat.succession`) nothing is taken until an epoch is sealed to them.
5. A side that the other has silenced adds nothing more: no message, no epoch. It still reads, and its new
   keys wait until the other side writes, or hears it again.
6. A connection is sent each message once and in order, from where it asked to resume; what it misses is
   read again from the store, never skipped. For what it has sent itself the acknowledgement stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from chat.envelope import Envelope
from chat.records import Epoch, Link, Side, succeeds
from chat.refusals import Code, Refusal
from chat.succession import digest_after


class Head(NamedTuple):
    """Where a conversation stands: counter and id of the last message, newest epoch and its digest."""

    counter: int
    id: bytes
    epoch: int
    epoch_digest: bytes
    silenced: frozenset[Side] = frozenset()  # sides that may write no more
    turned: bool = False  # new keys are in force, and no epoch is sealed to them yet


def start(link: Link) -> Head:
    """An opened conversation, before its first epoch and its first message."""
    return Head(0, link.genesis, 0, link.genesis)


class Appended(NamedTuple):
    """Store the message, acknowledge it when that is durable, then offer it to every connection."""

    head: Head
    message: Envelope


@dataclass(frozen=True, slots=True)
class Again:
    """Already stored: acknowledge, and nothing else."""

    counter: int


def append(  # noqa: PLR0911 - a return for each rule
    head: Head, message: Envelope, speaker: Side, stored_id: bytes | None
) -> Appended | Again | Refusal:
    """One verified message (`read_envelope`) against the head.

    `stored_id` is the id of the message already stored at this counter, None when there is none.
    """
    header = message.header
    if header.side is not speaker:
        return Refusal(Code.SIDE, f"message {header.counter} speaks for the other side")
    if stored_id == message.id:
        return Again(header.counter)
    if speaker in head.silenced:
        return Refusal(Code.CLOSED, "the other side has closed the conversation to this one")
    if header.counter <= head.counter:
        return Refusal(Code.BEHIND, f"counter {header.counter}; expected {head.counter + 1}")
    if header.counter > head.counter + 1:
        return Refusal(Code.GAP, f"counter {header.counter}; expected {head.counter + 1}")
    if header.previous != head.id:
        return Refusal(Code.FORKED, f"message {header.counter} does not follow message {head.counter}")
    if head.turned:
        return Refusal(Code.EPOCH, f"epoch {header.epoch}; expected {head.epoch + 1}, which is to be made")
    if header.epoch != head.epoch:
        return Refusal(Code.EPOCH, f"epoch {header.epoch}; expected {head.epoch}")
    after = Head(header.counter, message.id, head.epoch, head.epoch_digest, head.silenced)
    return Appended(after, message)


def extend(head: Head, epoch: Epoch) -> Head | Refusal:
    """The head after a verified epoch (`read_epoch`): compare-and-swap on number and digest."""
    if epoch.maker in head.silenced:
        return Refusal(Code.CLOSED, "the other side has closed the conversation to this one")
    refusal = succeeds(epoch, head.epoch, head.epoch_digest)
    if refusal is not None:
        return refusal
    return head._replace(epoch=epoch.number, epoch_digest=epoch.digest, turned=False)


def turn(head: Head, succession: bytes) -> Head:
    """The head after a verified succession: the next message waits for the epoch after it."""
    return head._replace(epoch_digest=digest_after(head.epoch_digest, succession), turned=True)


class Step(Enum):
    """What to do for one connection with a message that has just been stored."""

    SEND = "send"
    SKIP = "skip"  # already sent, or the reader under way will find it
    READ = "read"  # something before it was not sent: read from the store after `Feed.sent`


@dataclass(frozen=True, slots=True)
class Feed:
    """What one connection has been sent of one conversation: every counter up to `sent`.

    While `reading`, a reader sends pages from the store; what is offered meanwhile is noted in `wanted`.
    """

    sent: int
    reading: bool = True
    wanted: int = 0

    def offer(self, counter: int) -> tuple[Feed, Step]:
        """A message has been stored at `counter`."""
        if counter <= self.sent:
            return self, Step.SKIP
        if self.reading:
            return replace(self, wanted=max(self.wanted, counter)), Step.SKIP
        if counter == self.sent + 1:
            return replace(self, sent=counter), Step.SEND
        return replace(self, reading=True, wanted=counter), Step.READ

    def page(self, counters: list[int]) -> Feed:
        """The reader has read the messages after `sent`, and sends them.

        An empty page ends the reading, unless something newer was offered since the page was read.
        """
        if counters:
            assert counters == list(range(self.sent + 1, self.sent + 1 + len(counters))), (
                "the store has a hole"
            )
            return replace(self, sent=counters[-1])
        return self if self.wanted > self.sent else replace(self, reading=False)
