"""Messages of many connections in one transaction: whoever comes while one commits goes with the next.

A commit with full durability costs the same for one message and for a hundred. The rules are `chat.relay`'s;
the compare-and-swap is the database's, so that several processes may append to one conversation.

Rules of order, whose guardian this is:
1. Nothing is passed on or acknowledged before it is durable. Then in the order in which it was stored, each
   message to everybody and at once to its sender: an acknowledgement comes where the message would.
2. Where a conversation stands is remembered from what was committed here, and only ever a guess. A message
   is stored where it was right: the counter is free, by the unique index, and the row, which is locked, has
   the same epoch and silences, and nothing of it is kept back. Otherwise, or where anything but
   storing is to be decided, the rows are locked and read first.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chat import relay
from chat.envelope import Claim, Envelope, message_id, read_claim, settle_claim
from chat.records import Link, Side
from chat.refusals import Code, Refusal
from server import append_rows, turns
from server.append_file import AppendFile
from server.append_line import AppendLine
from server.append_rows import Row
from server.clock import Clock
from server.database import Database, WarmSQLiteEngine
from server.fanout import Fanout, Span
from server.hub import Connection, frame
from server.signature_process import SignatureProcess

LOG: Final = logging.getLogger("vigied")

BATCH_MESSAGES_MAX: Final = 40  # while these are committed, the loop has others to read: no batch takes all
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
WAITING_MAX: Final = 4_096
HEADS_KEPT_MAX: Final = 8_192
DRAIN_SECONDS: Final = 0.05
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
class Waiting:
    """What one side says to be a message of an open conversation, with the keys of its epoch.

    `settle` hears its fate, and when it was received.
    """

    conversation: UUID
    record: bytes
    link: Link
    speaker: Side
    sender: Connection | None
    settle: Callable[[Fate, int], None]
    verified: Envelope | None = None

    @property
    def message(self) -> Envelope:
        """It, once it is verified."""
        assert self.verified is not None
        return self.verified


Decided = tuple[list[Fate], list[Stored], dict[UUID, relay.Head]]


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
        self._heads: OrderedDict[UUID, relay.Head] = OrderedDict()
        self._left: list[Waiting] = []  # a batch for which rows have to be locked and read first
        self._stopping = False
        self._signatures = SignatureProcess()
        engine = database.engine
        self._store: AppendFile | AppendLine = (
            AppendFile(engine)
            if isinstance(engine, WarmSQLiteEngine)
            else AppendLine(database.dsn, lambda rows: fanout.notifications(_spans(rows)))
        )

    def start(self) -> None:
        """Begin to commit."""
        self._task = asyncio.create_task(self._run(), name="appends")

    async def stop(self) -> None:
        """End; what has not been committed is not acknowledged."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._fail(self._waiting)
        self._waiting.clear()
        await self._store.close()
        self._signatures.close()

    def submit(self, one: Waiting) -> None:
        """Have it stored, if there is a place."""
        if len(self._waiting) >= WAITING_MAX or self._task is None or self._task.done():
            one.settle(None, 0)
            return
        self._waiting.append(one)
        self._filled.set()

    def forget(self, conversation: UUID) -> None:
        """Another process has appended to it."""
        self._heads.pop(conversation, None)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._filled.wait()
            await asyncio.sleep(0)  # what has come together goes together
            self._filled.clear()
            await self._store.run(lambda: self._drain(loop))
            if self._left:
                await self._decide_locked(self._left)
                self._left = []
            if self._waiting:
                self._filled.set()

    def _drain(self, loop: asyncio.AbstractEventLoop) -> None:
        # In the thread: the loop may be busy for longer than a commit takes. Others have to write too.
        until = time.monotonic() + DRAIN_SECONDS
        while not self._stopping and time.monotonic() < until and (batch := self._take()):
            now = self._clock.unix()
            try:
                batch, refused = self._verify(batch)
                if refused:
                    loop.call_soon_threadsafe(self._refuse, refused)
                if not batch:
                    continue
                decided = self._append(batch, now)
            except Exception as error:  # noqa: BLE001 - whatever the database says, the next batch is tried
                loop.call_soon_threadsafe(self._failed, batch, error)
                return
            if decided is None:
                self._left = batch
                return
            loop.call_soon_threadsafe(self._settle, batch, decided, now)

    def _verify(self, batch: list[Waiting]) -> tuple[list[Waiting], list[tuple[Waiting, Refusal]]]:
        """Those that are messages of their conversation, and those that are not."""
        read = [read_claim(one.record, one.link) for one in batch]
        answers = iter(self._signatures.verify([claim for claim in read if isinstance(claim, Claim)]))
        passed: list[Waiting] = []
        refused: list[tuple[Waiting, Refusal]] = []
        for one, claim in zip(batch, read, strict=True):
            outcome = settle_claim(claim, holds=next(answers)) if isinstance(claim, Claim) else claim
            if isinstance(outcome, Refusal):
                refused.append((one, outcome))
            else:
                one.verified = outcome
                passed.append(one)
        return passed, refused

    def _take(self) -> list[Waiting]:
        batch: list[Waiting] = []
        weight = 0
        while self._waiting and len(batch) < BATCH_MESSAGES_MAX and weight < BATCH_BYTES_MAX:
            one = self._waiting.popleft()
            weight += len(one.record)
            batch.append(one)
        return batch

    def _append(self, batch: list[Waiting], now: int) -> Decided | None:
        before: dict[UUID, relay.Head] = {}
        for one in batch:
            head = self._heads.get(one.conversation)
            if head is None:
                return None
            before[one.conversation] = head
        decided = decide(batch, before, {}, now)
        _, stored, after = decided
        if len(stored) < len(batch):
            return None
        if not self._store.commit(before, _rows(stored), now):
            return None
        self._heads.update(after)
        return decided

    async def _decide_locked(self, batch: list[Waiting]) -> None:
        now = self._clock.unix()
        try:
            decided = await self._commit_locked(batch, now)
        except asyncio.CancelledError:
            self._fail(batch)
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(batch, error)
            return
        self._heads.update(decided[2])
        while len(self._heads) > HEADS_KEPT_MAX:
            self._heads.popitem(last=False)
        self._settle(batch, decided, now)

    def _settle(self, batch: list[Waiting], decided: Decided, now: int) -> None:
        outcomes, stored, _ = decided
        committed = iter(stored)
        for one, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, relay.Appended):
                self._pass_on(next(committed), one.sender)
            one.settle(outcome, now)

    @staticmethod
    def _refuse(refused: list[tuple[Waiting, Refusal]]) -> None:
        for one, refusal in refused:
            one.settle(refusal, 0)

    def _failed(self, batch: list[Waiting], error: Exception) -> None:
        LOG.error("append: %s", type(error).__name__)
        for one in batch:
            self.forget(one.conversation)
        self._fail(batch)

    @staticmethod
    def _fail(batch: Iterable[Waiting]) -> None:
        for one in batch:
            one.settle(None, 0)

    async def _commit_locked(self, batch: list[Waiting], now: int) -> Decided:
        async with self._database.writing():
            before = await read_heads(self._database, _speakers(batch), self._fanout, now)
            known = {place: await self._stored_id(*place) for place in _older(batch, before)}
            outcomes, stored, after = decide(batch, before, known, now)
            if stored:
                rows = _rows(stored)
                await append_rows.insert(self._database, rows)
                await self._show({one.conversation for one in stored})
                await self._fanout.tell_stored(_spans(rows))
        return outcomes, stored, after

    async def _stored_id(self, conversation: UUID, counter: int) -> bytes | None:
        rows = await self._database.run(
            "SELECT record FROM message WHERE conversation = {} AND counter = {}", conversation, counter
        )
        return message_id(rows[0]["record"]) if rows else None


def _speakers(batch: Iterable[Waiting]) -> dict[UUID, set[Side]]:
    """Who writes to each conversation."""
    speakers: dict[UUID, set[Side]] = {}
    for one in batch:
        speakers.setdefault(one.conversation, set()).add(one.speaker)
    return speakers


def _older(batch: Iterable[Waiting], heads: Mapping[UUID, relay.Head]) -> set[tuple[UUID, int]]:
    """Places before the heads that somebody writes to: what is stored there has to be read."""
    places = {(one.conversation, one.message.header.counter) for one in batch}
    return {
        (conversation, counter)
        for conversation, counter in places
        if conversation in heads and counter < heads[conversation].counter
    }


def decide(
    batch: Iterable[Waiting],
    before: Mapping[UUID, relay.Head],
    known: Mapping[tuple[UUID, int], bytes | None],
    now: int,
) -> Decided:
    """What becomes of each message in turn, what is to be stored, and the heads then."""
    heads, ids = dict(before), dict(known)
    outcomes: list[Fate] = []
    stored: list[Stored] = []
    for one in batch:
        if one.conversation not in heads:
            outcomes.append(Refusal(Code.ELSEWHERE, "there is no such conversation any more"))
            continue
        head, place = heads[one.conversation], (one.conversation, one.message.header.counter)
        there = head.id if place[1] == head.counter else ids.get(place)
        outcome = relay.append(head, one.message, one.speaker, there)
        outcomes.append(outcome)
        if isinstance(outcome, relay.Appended):
            heads[one.conversation] = outcome.head
            ids[place] = one.message.id
            stored.append(Stored(*place, one.message.record, now, one.message.id))
    return outcomes, stored, heads


def _rows(stored: Iterable[Stored]) -> list[Row]:
    return [(each.conversation, each.counter, each.record, each.received_at) for each in stored]


def _spans(rows: Iterable[Row]) -> list[Span]:
    spans: dict[UUID, Span] = {}
    for conversation, counter, _, _ in rows:
        first = spans.get(conversation)
        spans[conversation] = Span(conversation, first.first if first else counter, counter)
    return list(spans.values())


def _head(row: Any, last: Any) -> relay.Head:
    counter, identity = (last["counter"], message_id(last["record"])) if last else (0, row["genesis"])
    return relay.Head(
        counter, identity, row["epoch"], row["epoch_digest"], _silenced(row), bool(row["turned"])
    )


def _silenced(row: Any) -> frozenset[Side]:
    if not (row["caller_silenced"] or row["answerer_silenced"]):
        return NOBODY
    return frozenset(side for side in Side if row[f"{side.name.lower()}_silenced"])


async def read_heads(
    database: Database,
    conversations: Iterable[UUID] | Mapping[UUID, Collection[Side]],
    fanout: Fanout | None = None,
    now_unix: int = 0,
) -> dict[UUID, relay.Head]:
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
