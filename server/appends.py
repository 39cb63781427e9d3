"""Messages of many connections in one transaction: collected for a moment, committed once, then acknowledged.

A commit with full durability costs the same for one message and for a hundred. The rules are `chat.relay`'s;
the compare-and-swap is the database's, so that several processes may append to one conversation.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chat import relay
from chat.envelope import Envelope, message_id
from chat.records import Side
from chat.refusals import Refusal
from server import append_rows, turns
from server.clock import Clock
from server.database import Database
from server.fanout import Fanout, Span
from server.hub import frame

LOG: Final = logging.getLogger("vigied")

COLLECT_SECONDS: Final = 0.003
BATCH_MESSAGES_MAX: Final = 128
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
WAITING_MAX: Final = 4_096
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

    async def _commit(
        self, batch: list[_Waiting]
    ) -> tuple[list[relay.Appended | relay.Again | Refusal], list[Stored]]:
        now = self._clock.unix()
        async with self._database.writing():
            before = await read_heads(self._database, {one.conversation for one in batch}, self._fanout, now)
            heads = dict(before)
            outcomes: list[relay.Appended | relay.Again | Refusal] = []
            stored: list[Stored] = []
            for one in batch:
                head = heads[one.conversation]
                known = await self._stored_id(one, head, stored)
                outcome = relay.append(head, one.message, one.speaker, known)
                outcomes.append(outcome)
                if isinstance(outcome, relay.Appended):
                    heads[one.conversation] = outcome.head
                    place = (one.conversation, outcome.head.counter)
                    stored.append(Stored(*place, one.message.record, now, one.message.id))
            await self._write(before, heads, stored)
        return outcomes, stored

    async def _stored_id(self, one: _Waiting, head: relay.Head, stored: list[Stored]) -> bytes | None:
        counter = one.message.header.counter
        if counter > head.counter:
            return None
        if counter == head.counter:
            return head.id
        for each in stored:
            if (each.conversation, each.counter) == (one.conversation, counter):
                return each.id
        rows = await self._database.run(
            "SELECT record FROM message WHERE conversation = {} AND counter = {}", one.conversation, counter
        )
        return message_id(rows[0]["record"]) if rows else None

    async def _write(
        self, before: dict[UUID, relay.Head], after: dict[UUID, relay.Head], stored: list[Stored]
    ) -> None:
        if not stored:
            return
        rows = [(each.conversation, each.counter, each.record, each.received_at) for each in stored]
        await append_rows.insert(self._database, rows)
        moves = [
            (after[one].counter, after[one].id, one, before[one].counter, before[one].id)
            for one in sorted({each.conversation for each in stored})
        ]
        if await append_rows.move(self._database, moves) != len(moves):
            raise RuntimeError("compare-and-swap lost under its own lock")  # nobody can have moved them
        await self._fanout.tell_stored(
            [
                Span(each, before[each].counter + 1, after[each].counter)
                for each in {one.conversation for one in stored}
            ]
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
    heads = {
        row["id"]: relay.Head(
            row["counter"],
            row["head"],
            row["epoch"],
            row["epoch_digest"],
            _silenced(row),
            bool(row["turned"]),
        )
        for row in rows
    }
    for row in rows:
        if fanout is not None and row["turn_at"] is not None and row["turn_at"] <= now_unix:
            heads[row["id"]] = await turns.apply(database, row["id"], heads[row["id"]], now_unix)
            told = frame("epoch", conversation=row["id"], epoch=row["epoch"])
            await fanout.announce(told, (row["caller_firm"], row["answerer_firm"]), confers=True)
    return heads
