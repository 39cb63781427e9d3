"""Messages of many connections in one transaction: collected for a moment, committed once, then acknowledged.

A commit with full durability costs the same for one message and for a hundred. The rules are `chat.relay`'s;
the compare-and-swap is the database's, so that several processes may append to one conversation.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chat import relay
from chat.envelope import Envelope, message_id
from chat.records import Side
from chat.refusals import Refusal
from server import append_rows, turns
from server.append_file import AppendFile
from server.clock import Clock
from server.database import Database, WarmSQLiteEngine
from server.fanout import Fanout, Span
from server.hub import frame

LOG: Final = logging.getLogger("vigied")

COLLECT_SECONDS: Final = 0.003
BATCH_MESSAGES_MAX: Final = 128
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
WAITING_MAX: Final = 4_096
LOST: Final = "compare-and-swap lost under its own lock"  # nobody can have moved it
NOBODY: Final[frozenset[Side]] = frozenset()


Fate = relay.Appended | relay.Again | Refusal | None
"""What became of a message. None: not stored, and nothing is known to be wrong with it: send it again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A committed message, to be passed on."""

    conversation: UUID
    counter: int
    record: bytes
    received_at: int
    id: bytes | None = None  # where it is known


@dataclass(eq=False, slots=True)
class _Waiting:
    conversation: UUID
    message: Envelope
    speaker: Side
    settle: Callable[[Fate], None]


class Appends:
    """One for each process. `pass_on` gets what was committed, in order, before it is acknowledged."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        fanout: Fanout,
        pass_on: Callable[[list[Stored]], None],
    ) -> None:
        self._database = database
        self._fanout = fanout
        self._clock = clock
        self._pass_on = pass_on
        self._waiting: deque[_Waiting] = deque()
        self._filled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        engine = database.engine
        self._file = AppendFile(engine) if isinstance(engine, WarmSQLiteEngine) else None

    def start(self) -> None:
        """Begin to commit."""
        self._task = asyncio.create_task(self._run(), name="appends")

    async def stop(self) -> None:
        """End; what has not been committed is not acknowledged."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._fail(self._waiting)
        self._waiting.clear()
        if self._file is not None:
            self._file.close()

    def submit(
        self, conversation: UUID, message: Envelope, speaker: Side, settle: Callable[[Fate], None]
    ) -> None:
        """A verified message of an open conversation; `settle` is called when its fate is durable."""
        if len(self._waiting) >= WAITING_MAX or self._task is None or self._task.done():
            settle(None)
            return
        self._waiting.append(_Waiting(conversation, message, speaker, settle))
        self._filled.set()

    async def _run(self) -> None:
        batch: list[_Waiting] = []
        while True:
            await self._filled.wait()
            # A lone writer does not wait for company: only where the last commit had some, more is expected.
            await asyncio.sleep(COLLECT_SECONDS if len(batch) > 1 else 0)
            batch = self._take()
            try:
                outcomes, stored = await self._commit(batch)
            except asyncio.CancelledError:
                self._fail(batch)
                raise
            except Exception as error:  # noqa: BLE001 - whatever the database says, the next batch is tried
                LOG.error("append: %s", type(error).__name__)  # noqa: TRY400 - a trace would name rows
                self._fail(batch)
                continue
            self._pass_on(stored)
            for one, outcome in zip(batch, outcomes, strict=True):
                one.settle(outcome)

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        weight = 0
        while self._waiting and len(batch) < BATCH_MESSAGES_MAX and weight < BATCH_BYTES_MAX:
            one = self._waiting.popleft()
            weight += len(one.message.record)
            batch.append(one)
        if not self._waiting:
            self._filled.clear()
        return batch

    @staticmethod
    def _fail(batch: Iterable[_Waiting]) -> None:
        for one in batch:
            one.settle(None)

    async def _commit(self, batch: list[_Waiting]) -> tuple[list[Fate], list[Stored]]:
        now = self._clock.unix()
        if self._file is not None:
            done = await self._file.run(lambda file: _commit_to_file(file, batch, now))
            if done is not None:
                return done
        async with self._database.writing():
            before = await read_heads(self._database, {one.conversation for one in batch}, self._fanout, now)
            known = {place: await self._stored_id(*place) for place in _older(batch, before)}
            outcomes, stored, after = decide(batch, before, known, now)
            if stored:
                rows, moves = _written(stored, before, after)
                await append_rows.insert(self._database, rows)
                if await append_rows.move(self._database, moves) != len(moves):
                    raise RuntimeError(LOST)
                spans = [Span(one, was + 1, counter) for counter, _, one, was, _ in moves]
                await self._fanout.tell_stored(spans)
        return outcomes, stored

    async def _stored_id(self, conversation: UUID, counter: int) -> bytes | None:
        rows = await self._database.run(
            "SELECT record FROM message WHERE conversation = {} AND counter = {}", conversation, counter
        )
        return message_id(rows[0]["record"]) if rows else None


def _older(batch: Iterable[_Waiting], heads: Mapping[UUID, relay.Head]) -> set[tuple[UUID, int]]:
    """Places before the heads that somebody writes to: what is stored there has to be read."""
    places = {(one.conversation, one.message.header.counter) for one in batch}
    return {
        (conversation, counter) for conversation, counter in places if counter < heads[conversation].counter
    }


def decide(
    batch: Iterable[_Waiting],
    before: Mapping[UUID, relay.Head],
    known: Mapping[tuple[UUID, int], bytes | None],
    now: int,
) -> tuple[list[Fate], list[Stored], dict[UUID, relay.Head]]:
    """What becomes of each message in turn, what is to be stored, and the heads then."""
    heads, ids = dict(before), dict(known)
    outcomes: list[Fate] = []
    stored: list[Stored] = []
    for one in batch:
        head, place = heads[one.conversation], (one.conversation, one.message.header.counter)
        there = head.id if place[1] == head.counter else ids.get(place)
        outcome = relay.append(head, one.message, one.speaker, there)
        outcomes.append(outcome)
        if isinstance(outcome, relay.Appended):
            heads[one.conversation] = outcome.head
            ids[place] = one.message.id
            stored.append(Stored(*place, one.message.record, now, one.message.id))
    return outcomes, stored, heads


def _written(
    stored: Iterable[Stored], before: Mapping[UUID, relay.Head], after: Mapping[UUID, relay.Head]
) -> tuple[list[tuple[UUID, int, bytes, int]], list[tuple[int, bytes, UUID, int, bytes]]]:
    rows = [(each.conversation, each.counter, each.record, each.received_at) for each in stored]
    moves = [
        (after[one].counter, after[one].id, one, before[one].counter, before[one].id)
        for one in sorted({row[0] for row in rows})
    ]
    return rows, moves


def _commit_to_file(
    file: AppendFile, batch: list[_Waiting], now: int
) -> tuple[list[Fate], list[Stored]] | None:
    """The usual case in one trip; None, with nothing done, where more has to be read or turned first."""
    rows = file.heads({one.conversation for one in batch})
    heads = {row["id"]: _head(row) for row in rows}
    turning = any(row["turn_at"] is not None and row["turn_at"] <= now for row in rows)
    if turning or _older(batch, heads):
        return None
    outcomes, stored, after = decide(batch, heads, {}, now)
    if stored:
        written, moves = _written(stored, heads, after)
        file.insert(written)
        if file.move(moves) != len(moves):
            raise RuntimeError(LOST)
    return outcomes, stored


def _head(row: Any) -> relay.Head:
    return relay.Head(
        row["counter"], row["head"], row["epoch"], row["epoch_digest"], _silenced(row), bool(row["turned"])
    )


def _silenced(row: Any) -> frozenset[Side]:
    if not (row["caller_silenced"] or row["answerer_silenced"]):
        return NOBODY
    return frozenset(side for side in Side if row[f"{side.name.lower()}_silenced"])


async def read_heads(
    database: Database, conversations: Iterable[UUID], fanout: Fanout | None = None, now_unix: int = 0
) -> dict[UUID, relay.Head]:
    """Where open conversations stand, locked until the transaction ends, always in one order.

    With `fanout`: new keys whose moment has come are brought into force first, and both sides told.
    """
    rows = await append_rows.lock_heads(database, conversations)
    heads = {row["id"]: _head(row) for row in rows}
    for row in rows:
        if fanout is not None and row["turn_at"] is not None and row["turn_at"] <= now_unix:
            heads[row["id"]] = await turns.apply(database, row["id"], heads[row["id"]], now_unix)
            told = frame("epoch", conversation=row["id"], epoch=row["epoch"])
            await fanout.announce(told, (row["caller_firm"], row["answerer_firm"]), confers=True)
    return heads
