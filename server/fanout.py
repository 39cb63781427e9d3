"""Several processes over one PostgreSQL: what happens in one reaches the devices connected to another.

Rules of order, whose guardian this is:
1. What is told is told inside the transaction that it tells of: PostgreSQL passes it on when that is
   committed, and not otherwise. A process killed in between has told.
2. A notification carries references and hints, never content: messages are read again from the store.
3. A line that was lost may have missed something. Connections of this process are then cut with a reason;
   devices connect again and resume from their cursors.
On SQLite one process serves, and what is told reaches its own devices after the commit.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import asyncpg
import msgspec

from server.database import Database
from server.hub import Cut, Hub

LOG: Final = logging.getLogger("vigied")

T = TypeVar("T")

CHANNEL: Final = "vigie"
MISSED: Final = Cut(4510, "something may have been missed: connect again and resume")
AT_ONCE: Final = 100  # references or firms in one notification, of which PostgreSQL takes 8,000 bytes
LOOK_SECONDS: Final = 15.0
ANSWER_SECONDS: Final = 10.0
FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 5.0


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Messages `first` to `last` of a conversation, all stored in one transaction."""

    conversation: UUID
    first: int
    last: int


class Stored(msgspec.Struct, frozen=True, tag="stored"):
    """Messages to read from the store. `origin`: the process that has passed them on to its own devices."""

    origin: UUID
    spans: list[Span]


def stored_notifications(origin: UUID, spans: list[Span]) -> list[str]:
    """What other processes are to be told: the texts of as many notifications as it takes."""
    return [msgspec.json.encode(Stored(origin, part)).decode() for part in _parts(spans)]


class Event(msgspec.Struct, frozen=True, tag="event"):
    """A frame for the devices of these firms; None: of all."""

    frame: str
    firms: list[UUID] | None
    confers: bool
    watches: bool = False


class Ended(msgspec.Struct, frozen=True, tag="ended"):
    """Sessions have ended, which is for each process to look at."""


_NOTIFICATIONS: Final = msgspec.json.Decoder(Stored | Event | Ended)


class Fanout:
    """One for each process. `read`: passes stored messages on to this process's devices."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self.origin = uuid4()  # by which this process knows what it has told itself
        self._read: Callable[[list[Span]], Awaitable[None]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._reading: set[asyncio.Task[None]] = set()

    async def start(self, read: Callable[[list[Span]], Awaitable[None]]) -> None:
        """Begin to hear of other processes; returns when what they commit is heard."""
        self._read = read
        if self._database.postgres:
            listening = asyncio.Event()
            self._task = asyncio.create_task(self._listen(listening), name="fanout")
            await listening.wait()

    async def stop(self) -> None:
        """Hear no more."""
        for task in (self._task, *self._reading):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def announce(
        self, event: bytes, firms: Collection[UUID] | None, *, confers: bool = False, watches: bool = False
    ) -> None:
        """Tell the devices of these firms (None: of all), in every process, when the transaction commits.

        `confers`: it concerns calls or conversations, and only roles that take part in them hear it;
        `watches`: it concerns alerts, and only roles that read them do.
        """
        if not self._database.postgres:
            self._database.after_commit(
                lambda: self._hub.announce(event, firms, confers=confers, watches=watches)
            )
            return
        everybody = None if firms is None else sorted(set(firms))
        for part in [None] if everybody is None else _parts(everybody):
            await self._notify(Event(event.decode(), part, confers, watches))

    async def tell_stored(self, spans: list[Span]) -> None:
        """Tell other processes, when the transaction commits, what there is to read."""
        if self._database.postgres:
            for text in stored_notifications(self.origin, spans):
                await self._database.run("SELECT pg_notify({}, {})", CHANNEL, text)

    def doubt(self) -> None:
        """This process may have stored what it does not know of: it hears from now on of that too."""
        self.origin = uuid4()

    async def tell_ended(self) -> None:
        """Tell every process, when the transaction commits, that sessions have ended."""
        if self._database.postgres:
            await self._notify(Ended())
        else:
            self._database.after_commit(self._hub.doubt.set)

    async def _notify(self, notification: Event | Ended) -> None:
        text = msgspec.json.encode(notification).decode()
        await self._database.run("SELECT pg_notify({}, {})", CHANNEL, text)

    async def _listen(self, listening: asyncio.Event) -> None:
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                connection = await asyncpg.connect(self._database.dsn, timeout=ANSWER_SECONDS)
                try:
                    await connection.add_listener(CHANNEL, self._hear)
                    if listening.is_set():
                        LOG.warning("fanout: listening again; devices resume")
                        self._hub.cut_everybody(MISSED)
                    listening.set()
                    wait = FIRST_WAIT_SECONDS
                    await _until_lost(connection)
                finally:
                    connection.terminate()
            except Exception as error:  # noqa: BLE001 - whatever it was: who hears nothing any more connects again
                LOG.warning("fanout: %s", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        try:
            told = _NOTIFICATIONS.decode(str(payload))
        except msgspec.DecodeError:
            LOG.error("fanout: not a notification of this version")  # noqa: TRY400 - a trace would show it
            return
        if isinstance(told, Event):
            self._hub.announce(told.frame.encode(), told.firms, confers=told.confers, watches=told.watches)
        elif isinstance(told, Ended):
            self._hub.doubt.set()
        elif told.origin != self.origin:
            self.read_on(told.spans)

    def read_on(self, spans: list[Span]) -> None:
        """Have these messages read from the store for this process's devices."""
        if self._read is not None:
            task = asyncio.ensure_future(self._read_on(spans))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read_on(self, spans: list[Span]) -> None:
        assert self._read is not None
        try:
            await self._read(spans)
        except Exception as error:  # noqa: BLE001 - devices see the gap at the next message, or are cut
            LOG.error("fanout: reading, %s", type(error).__name__)  # noqa: TRY400 - a trace would name rows
            self._hub.cut_everybody(MISSED)


async def _until_lost(connection: asyncpg.Connection[Any]) -> None:
    """Until the line is gone: PostgreSQL says so, or does not answer."""
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _connection: lost.set())
    while not lost.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), LOOK_SECONDS)
            return
        await connection.fetchval("SELECT 1", timeout=ANSWER_SECONDS)


def _parts(values: list[T]) -> list[list[T]]:
    return [values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE)]
