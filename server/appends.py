"""Messages of many connections in one transaction: whoever comes while one commits goes with the next.

A commit with full durability costs the same for one message and for a hundred. The rules are `chat.relay`'s;
the compare-and-swap is the database's, so that several processes may append to one conversation.

Rules of order, whose guardian this is:
1. Nothing is passed on or acknowledged before it is durable. Then in the order in which it was stored, each
   message to everybody and at once to its sender: an acknowledgement comes where the message would.
2. Batches are stored where chains are remembered to stand (`append_chains`): by a process beside this one,
   once messages come in numbers (`append_process`), before that in a thread. What is not decided there is
   decided here, the rows locked and read first; nothing is asked that came after it until that is done.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chat.envelope import message_id
from chat.records import Side
from chat.refusals import Refusal
from chat.relay import Head
from server import append_chains, append_rows, turns
from server.append_chains import (
    Chains,
    Message,
    Said,
    Stored,
    Undecided,
    decide,
    hear,
    messages_of,
    rows_of,
    spans_of,
)
from server.append_process import (
    END_SECONDS,
    UNDER_WAY_MAX,
    AppendFailed,
    AppendProcess,
    Ask,
    Opening,
    open_store,
)
from server.clock import Clock
from server.database import Database, WarmSQLiteEngine
from server.fanout import Fanout
from server.hub import Connection, frame

LOG: Final = logging.getLogger("vigied")

MANY: Final = 8  # come together: a process is worth it
BATCH_MESSAGES_MAX: Final = 24  # while these are committed, the loop has others to read: no batch takes all
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
WAITING_MAX: Final = 4_096
DRAIN_SECONDS: Final = 0.05
NOBODY: Final[frozenset[Side]] = frozenset()


Fate = append_chains.Fate | None
"""What became of a message. None: not stored, and nothing is known to be wrong with it: send it again."""


@dataclass(eq=False, slots=True)
class Waiting:
    """What one side says. `settle` hears its fate."""

    said: Said
    sender: Connection | None
    settle: Callable[[Fate], None]


class Appends:
    """One for each process. `pass_on` gets each message that was committed, and whose it is.

    `show` gets the conversations that something is stored in, in the transaction that locked them.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        fanout: Fanout,
        pass_on: Callable[[Stored, Connection | None], None],
        show: Callable[[Collection[UUID]], Awaitable[None]],
    ) -> None:
        self._database = database
        self._fanout = fanout
        self._clock = clock
        self._pass_on = pass_on
        self._show = show
        self._waiting: deque[Waiting] = deque()
        self._filled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._left: list[Waiting] = []  # for which rows have to be locked and read first
        self._stopping = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="appends")
        engine = database.engine
        self._alone: AbstractAsyncContextManager[object] = nullcontext()  # who writes of this process
        if isinstance(engine, WarmSQLiteEngine):
            self._alone, opening = engine.writer, Opening(engine.path, "")
        else:
            opening = Opening(None, database.dsn)
        self._store = open_store(opening, lambda: fanout.origin)
        self._chains = Chains(self._store)
        self._process = AppendProcess(opening)
        self._heads: dict[UUID, Head] = {}  # that the process is to be told

    def start(self) -> None:
        """Begin to commit."""
        self._task = asyncio.create_task(self._run(), name="appends")

    async def stop(self) -> None:
        """End, after what is on its way if that is soon; what has not been committed is not acknowledged."""
        self._stopping = True
        self._filled.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=END_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        # The thread first: it may be taking from those that wait.
        await asyncio.get_running_loop().run_in_executor(self._thread, self._store.close)
        self._thread.shutdown()
        await self._process.end()
        self._fail((*self._left, *self._waiting))
        self._waiting.clear()

    def submit(self, one: Waiting) -> None:
        """Have it stored, if there is a place."""
        if len(self._waiting) >= WAITING_MAX or self._task is None or self._task.done():
            one.settle(None)
            return
        self._waiting.append(one)
        self._filled.set()

    def forget(self, conversation: UUID) -> None:
        """Another process has appended to it."""
        self._chains.forget([conversation])

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._filled.wait()
            await asyncio.sleep(0)  # what has come together goes together
            if self._stopping:
                return
            self._filled.clear()
            async with self._alone:
                if self._process.is_ready(wanted=len(self._waiting) >= MANY):
                    await self._drain_into_process(loop)
                else:
                    self._heads.clear()  # old when there is a process again
                    await loop.run_in_executor(self._thread, self._drain, loop)
            left, self._left = self._left, []
            if left:
                await self._decide_locked(left)
            if self._waiting:
                self._filled.set()

    async def _drain_into_process(self, loop: asyncio.AbstractEventLoop) -> None:
        until = time.monotonic() + DRAIN_SECONDS  # others have to write too
        asked: deque[list[Waiting]] = deque()
        try:
            while True:
                more = len(asked) < UNDER_WAY_MAX and self._process.is_ready(wanted=False)
                batch = self._take_by(until) if more else []
                if batch:
                    asked.append(batch)
                    heads, self._heads = self._heads, {}
                    said = [one.said for one in batch]
                    self._process.ask(Ask(self._clock.unix(), self._fanout.origin, heads, said))
                elif asked:
                    await self._hear(asked, loop)
                else:
                    return
        finally:
            for batch in asked:  # it may be stored or not
                self._fail(batch)

    async def _hear(self, asked: deque[list[Waiting]], loop: asyncio.AbstractEventLoop) -> None:
        try:
            fates = await self._process.answers()
        except AppendFailed as error:
            while len(asked) > self._process.under_way:  # all of them, where the process has been ended
                self._failed(asked.popleft(), error.why)
        else:
            loop.call_soon(self._settle, self._settled(asked.popleft(), fates))

    def _drain(self, loop: asyncio.AbstractEventLoop) -> None:
        # In the thread: the loop may be busy for longer than a commit takes.
        until = time.monotonic() + DRAIN_SECONDS
        while batch := self._take_by(until):
            try:
                fates = self._chains.append(hear(one.said for one in batch), self._clock.unix())
            except Exception as error:  # noqa: BLE001 - whatever the database says, the next batch is tried
                loop.call_soon_threadsafe(self._failed, batch, type(error).__name__)
            else:
                loop.call_soon_threadsafe(self._settle, self._settled(batch, fates))

    def _take_by(self, until: float) -> list[Waiting]:
        # Nothing is taken that came after what is still to be decided.
        over = self._stopping or self._left or time.monotonic() >= until
        return [] if over else self._take()

    def _take(self) -> list[Waiting]:
        batch: list[Waiting] = []
        weight = 0
        while self._waiting and len(batch) < BATCH_MESSAGES_MAX and weight < BATCH_BYTES_MAX:
            one = self._waiting.popleft()
            weight += len(one.said.record)
            batch.append(one)
        return batch

    def _settled(
        self, batch: list[Waiting], fates: Sequence[append_chains.Fate | Undecided]
    ) -> list[tuple[Waiting, append_chains.Fate]]:
        """What is decided of a batch; the rest is left."""
        settled: list[tuple[Waiting, append_chains.Fate]] = []
        for one, fate in zip(batch, fates, strict=True):
            if isinstance(fate, Undecided):
                self._left.append(one)
            else:
                settled.append((one, fate))
        return settled

    async def _decide_locked(self, batch: list[Waiting]) -> None:
        try:
            fates, after = await self._commit_locked([one.said for one in batch], self._clock.unix())
        except asyncio.CancelledError:
            self._fail(batch)
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(batch, type(error).__name__)
            return
        self._chains.remember(after)
        if self._process.is_ready(wanted=False):
            self._heads.update(after)
        self._settle(zip(batch, fates, strict=True))

    def _settle(self, settled: Iterable[tuple[Waiting, append_chains.Fate]]) -> None:
        for one, fate in settled:
            if isinstance(fate, Stored):
                self._pass_on(fate, one.sender)
            one.settle(fate)

    def _failed(self, batch: list[Waiting], why: str) -> None:
        LOG.error("append: %s", why)
        self._chains.forget(one.said.conversation for one in batch)
        self._fail(batch)

    @staticmethod
    def _fail(batch: Iterable[Waiting]) -> None:
        for one in batch:
            one.settle(None)

    async def _commit_locked(
        self, batch: Sequence[Said], now_unix: int
    ) -> tuple[list[append_chains.Fate], dict[UUID, Head]]:
        heard = hear(batch)
        passed = messages_of(heard)
        async with self._database.writing():
            before = await read_heads(self._database, _speakers(passed), self._fanout, now_unix)
            known = {place: await self._stored_id(*place) for place in _older(passed, before)}
            decided, after = decide(passed, before, known, now_unix)
            stored = [fate for fate in decided if isinstance(fate, Stored)]
            if stored:
                await append_rows.insert(self._database, rows_of(stored))
                await self._show({one.conversation for one in stored})
                await self._fanout.tell_stored(spans_of(rows_of(stored)))
        fates = iter(decided)
        return [one if isinstance(one, Refusal) else next(fates) for _, one in heard], after

    async def _stored_id(self, conversation: UUID, counter: int) -> bytes | None:
        found = await self._database.run(
            "SELECT record FROM message WHERE conversation = {} AND counter = {}", conversation, counter
        )
        return message_id(found[0]["record"]) if found else None


def _speakers(batch: Iterable[Message]) -> dict[UUID, set[Side]]:
    """Who writes to each conversation."""
    speakers: dict[UUID, set[Side]] = {}
    for one, _ in batch:
        speakers.setdefault(one.conversation, set()).add(one.speaker)
    return speakers


def _older(batch: Iterable[Message], heads: Mapping[UUID, Head]) -> set[tuple[UUID, int]]:
    """Places before the heads that somebody writes to: what is stored there has to be read."""
    places = {(one.conversation, message.header.counter) for one, message in batch}
    return {
        (conversation, counter)
        for conversation, counter in places
        if conversation in heads and counter < heads[conversation].counter
    }


def _head(row: Any, last: Any) -> Head:
    counter, identity = (last["counter"], message_id(last["record"])) if last else (0, row["genesis"])
    return Head(counter, identity, row["epoch"], row["epoch_digest"], _silenced(row), bool(row["turned"]))


def _silenced(row: Any) -> frozenset[Side]:
    if not (row["caller_silenced"] or row["answerer_silenced"]):
        return NOBODY
    return frozenset(side for side in Side if row[f"{side.name.lower()}_silenced"])


async def read_heads(
    database: Database,
    conversations: Iterable[UUID] | Mapping[UUID, Collection[Side]],
    fanout: Fanout | None = None,
    now_unix: int = 0,
) -> dict[UUID, Head]:
    """Where open conversations stand, locked until the transaction ends, always in one order.

    With `fanout`: new keys whose moment has come are brought into force first, and both sides told, where one
    of those who write (`conversations` says who) may write.
    """
    rows = await append_rows.lock_conversations(database, conversations)
    last = {
        row["conversation"]: row for row in await append_rows.read_last(database, [row["id"] for row in rows])
    }
    heads = {row["id"]: _head(row, last.get(row["id"])) for row in rows}
    if fanout is None or not isinstance(conversations, Mapping):
        return heads
    for row in rows:
        due = row["turn_at"] is not None and row["turn_at"] <= now_unix
        if due and set(conversations[row["id"]]) - heads[row["id"]].silenced:
            heads[row["id"]] = await turns.apply(database, row["id"], heads[row["id"]], now_unix)
            told = frame("epoch", conversation=row["id"], epoch=row["epoch"])
            firms = (row["caller_firm"], row["answerer_firm"])
            await fanout.announce(told, firms if row["shown"] else firms[:1], confers=True)
    return heads
