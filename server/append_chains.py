"""Batches of messages: verified, decided on where chains are remembered to stand, and stored at once.

What is remembered was committed here, and is only ever a guess. A message is stored where it was right: the
counter is free, by the unique index, and the row, which is locked, has the same epoch and silences, and
nothing of it is kept back (`append_file`, `append_line`). Otherwise, or where anything but storing is to be
decided, nothing is stored, and whoever asked locks the rows and reads them first. No asyncio: it waits.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from chat import relay
from chat.envelope import Envelope, Voices, read_heard
from chat.records import Side
from chat.refusals import Code, Refusal
from chat.relay import Again, Head
from server.append_rows import Row
from server.fanout import Span

HEADS_KEPT_MAX: Final = 8_192


class Said(NamedTuple):
    """What one side says to be a message of an open conversation, with the keys of its epoch."""

    conversation: UUID
    record: bytes
    voices: Voices
    speaker: Side


class Stored(NamedTuple):
    """A committed message, to be passed on."""

    conversation: UUID
    counter: int
    record: bytes
    received_at: int
    id: bytes | None = None  # where it is known


class Undecided(NamedTuple):
    """The rows are to be locked and read first."""


UNDECIDED: Final = Undecided()
Fate = Stored | Again | Refusal
"""What became of a message."""

Heard = tuple[Said, Envelope | Refusal]
Message = tuple[Said, Envelope]


def hear(batch: Iterable[Said]) -> list[Heard]:
    """Which are messages of their conversation, signed by one of its sides, and which are not."""
    return [(one, read_heard(one.record, one.voices)) for one in batch]


def messages_of(heard: Iterable[Heard]) -> list[Message]:
    """Those that are."""
    return [(one, message) for one, message in heard if not isinstance(message, Refusal)]


class Store(Protocol):
    """A database, on a connection of its own."""

    def commit(self, heads: Mapping[UUID, Head], rows: Sequence[Row], now_unix: int) -> bool:
        """Store the rows durably; False, and nothing is changed, where the heads are others."""

    def lost(self) -> bool:
        """Whether the connection has been lost since this was last asked, and its server with it perhaps."""

    def close(self) -> None:
        """End the connection."""


class Chains:
    """Where conversations stood when something was last committed to them. For one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._heads: OrderedDict[UUID, Head] = OrderedDict()

    def remember(self, heads: Mapping[UUID, Head]) -> None:
        """They stand so."""
        self._heads.update(heads)
        while len(self._heads) > HEADS_KEPT_MAX:
            self._heads.popitem(last=False)

    def forget(self, conversations: Iterable[UUID]) -> None:
        """Others may have appended to them."""
        for conversation in conversations:
            self._heads.pop(conversation, None)

    def append(self, batch: Sequence[Heard], now_unix: int) -> list[Stored | Refusal | Undecided]:
        """Store the messages among them, durably and in this order, or none."""
        stored = self._store_all(messages_of(batch), now_unix)
        fates: Iterator[Stored | Undecided] = repeat(UNDECIDED) if stored is None else iter(stored)
        return [heard if isinstance(heard, Refusal) else next(fates) for _, heard in batch]

    def _store_all(self, batch: Sequence[Message], now_unix: int) -> list[Stored] | None:
        if self._store.lost():  # the one that takes over may not have what was committed last
            self._heads.clear()
        before: dict[UUID, Head] = {}
        for one, _ in batch:
            head = self._heads.get(one.conversation)
            if head is None:
                return None
            before[one.conversation] = head
        fates, after = decide(batch, before, {}, now_unix)
        stored = [fate for fate in fates if isinstance(fate, Stored)]
        if len(stored) < len(batch):
            return None
        if stored:
            self.forget(before)  # until it is known to be stored
            if not self._store.commit(before, rows_of(stored), now_unix):
                return None
            self._heads.update(after)
        return stored


def decide(
    batch: Iterable[Message],
    before: Mapping[UUID, Head],
    known: Mapping[tuple[UUID, int], bytes | None],
    now_unix: int,
) -> tuple[list[Fate], dict[UUID, Head]]:
    """What becomes of each verified message in turn if it can be stored, and the heads then.

    `known`: ids of messages before the heads that somebody writes to, by conversation and counter.
    """
    heads, ids = dict(before), dict(known)
    fates: list[Fate] = []
    for one, message in batch:
        head = heads.get(one.conversation)
        if head is None:
            fates.append(Refusal(Code.ELSEWHERE, "there is no such conversation any more"))
            continue
        counter = message.header.counter
        place = (one.conversation, counter)
        there = head.id if counter == head.counter else ids.get(place)
        outcome = relay.append(head, message, one.speaker, there)
        if isinstance(outcome, relay.Appended):
            heads[one.conversation] = outcome.head
            ids[place] = message.id
            fates.append(Stored(*place, message.record, now_unix, message.id))
        else:
            fates.append(outcome)
    return fates, heads


def rows_of(stored: Iterable[Stored]) -> list[Row]:
    """As the database takes them."""
    return [one[:4] for one in stored]


def spans_of(rows: Iterable[Row]) -> list[Span]:
    """Where there is something to read, a span for each conversation."""
    found: dict[UUID, Span] = {}
    for conversation, counter, _, _ in rows:
        first = found.get(conversation)
        found[conversation] = Span(conversation, first.first if first else counter, counter)
    return list(found.values())
