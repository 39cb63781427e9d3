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
from typing import Final
from uuid import UUID

from chat import relay
from chat.envelope import Envelope, message_id
from chat.records import Side
from chat.refusals import Refusal
from server import turns
from server.clock import Clock
from server.database import Database
from server.fanout import Fanout, Span
from server.hub import frame

LOG: Final = logging.getLogger("vigied")

COLLECT_SECONDS: Final = 0.003
BATCH_MESSAGES_MAX: Final = 128
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
WAITING_MAX: Final = 4_096


class NotNow(Exception):
    """The message is not stored and nothing is known to be wrong with it: send it again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A committed message, to be passed on."""

    conversation: UUID
    counter: int
    record: bytes
    received_at: int


@dataclass(eq=False, slots=True)
class _Waiting:
    conversation: UUID
    message: Envelope
    speaker: Side
    outcome: asyncio.Future[relay.Appended | relay.Again | Refusal]


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

    async def append(
        self, conversation: UUID, message: Envelope, speaker: Side
    ) -> relay.Appended | relay.Again | Refusal:
        """A verified message of an open conversation; returns when its fate is durable. NotNow: try again."""
        if len(self._waiting) >= WAITING_MAX or self._task is None or self._task.done():
            raise NotNow
        one = _Waiting(conversation, message, speaker, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._filled.set()
        return await one.outcome

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
                if not one.outcome.done():
                    one.outcome.set_result(outcome)

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
            if not one.outcome.done():
                one.outcome.set_exception(NotNow())

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
                    stored.append(Stored(one.conversation, outcome.head.counter, one.message.record, now))
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
                return message_id(each.record)
        rows = await self._database.run(
            "SELECT record FROM message WHERE conversation = {} AND counter = {}", one.conversation, counter
        )
        return message_id(rows[0]["record"]) if rows else None

    async def _write(
        self, before: dict[UUID, relay.Head], after: dict[UUID, relay.Head], stored: list[Stored]
    ) -> None:
        if not stored:
            return
        places = ", ".join(["({}, {}, {}, {})"] * len(stored))
        values = [
            value
            for each in stored
            for value in (each.conversation, each.counter, each.record, each.received_at)
        ]
        await self._database.run(
            f"INSERT INTO message (conversation, counter, record, received_at) VALUES {places}",  # noqa: S608
            *values,
        )
        for conversation in sorted({each.conversation for each in stored}):
            moved = await self._database.run(
                "UPDATE conversation SET counter = {}, head = {} WHERE id = {} AND counter = {} AND head = {}"
                " RETURNING id",
                after[conversation].counter,
                after[conversation].id,
                conversation,
                before[conversation].counter,
                before[conversation].id,
            )
            if not moved:  # the row was locked: nobody can have moved it
                raise RuntimeError("compare-and-swap lost under its own lock")
        await self._fanout.tell_stored(
            [
                Span(each, before[each].counter + 1, after[each].counter)
                for each in {one.conversation for one in stored}
            ]
        )


async def read_heads(
    database: Database, conversations: Iterable[UUID], fanout: Fanout | None = None, now_unix: int = 0
) -> dict[UUID, relay.Head]:
    """Where open conversations stand, locked until the transaction ends, always in one order.

    With `fanout`: new keys whose moment has come are brought into force first, and both sides told.
    """
    ids = sorted(conversations)
    places = ", ".join(["{}"] * len(ids))
    lock = " FOR UPDATE" if database.postgres else ""
    rows = await database.run(
        "SELECT id, counter, head, epoch, epoch_digest, caller_silenced, answerer_silenced, turned, turn_at,"  # noqa: S608 - places and a lock
        f" caller_firm, answerer_firm FROM conversation WHERE id IN ({places}) ORDER BY id{lock}",
        *ids,
    )
    heads = {
        row["id"]: relay.Head(
            row["counter"],
            row["head"],
            row["epoch"],
            row["epoch_digest"],
            frozenset(side for side in Side if row[f"{side.name.lower()}_silenced"]),
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
