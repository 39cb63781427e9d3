"""Who is connected, and what each connection is owed: bounded queues, one function that passes events on.

Knows no database and no socket. A connection that cannot keep up is cut with a reason, never thinned out
silently: whatever it missed it reads again from its cursor.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec

from chat.relay import Feed, Step


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """What one connection may cost. Units last."""

    queue_frames_max: int = 512
    queue_bytes_max: int = 4 * 1024 * 1024
    frame_bytes_max: int = 128 * 1024
    appends_in_flight_max: int = 16
    feeds_max: int = 2_000  # conversations resumed on one connection
    connections_per_firm_max: int = 32
    beat_seconds: float = 20.0
    hello_seconds: float = 5.0
    close_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Cut:
    """Why a connection is ended."""

    code: int
    reason: str


TOO_SLOW: Final = Cut(4508, "too slow: nothing is lost, connect again and resume")
STOPPING: Final = Cut(4503, "the server is stopping")
FAILED: Final = Cut(4500, "the server failed: connect again and resume")
TOO_MANY: Final = Cut(4429, "too many connections of one firm")
ENDED: Final = Cut(4401, "the session has ended")


def frame(kind: str, **fields: Any) -> bytes:
    """One JSON text frame. Bytes become base64, ids their text."""
    return msgspec.json.encode({"type": kind, **fields})


BEAT: Final = frame("beat")


class Connection:
    """What one device is owed: a bounded queue of frames, a feed for each conversation followed."""

    def __init__(self, firm: UUID, *, confers: bool, limits: LiveLimits, watches: bool = True) -> None:
        self.firm = firm
        self.confers = confers  # may this role see calls and conversations?
        self.watches = watches  # may it see alerts?
        self.limits = limits
        self.feeds: dict[UUID, Feed] = {}
        self.readers: dict[UUID, asyncio.Task[None]] = {}  # the one that may send for a conversation
        self.cut: Cut | None = None
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._waiter: asyncio.Future[None] | None = None  # who waits for a frame
        self._beat: asyncio.TimerHandle | None = None
        self._sent_at = 0.0  # by the loop's clock
        self._loop: asyncio.AbstractEventLoop | None = None  # to ask for it is a system call (Python 3.11)
        self._drained = asyncio.Event()
        self._drained.set()

    def push(self, frame_bytes: bytes) -> None:
        """Owe one more frame. Beyond the limit the connection is cut instead."""
        if self.cut is not None:
            return
        full = len(self._frames) >= self.limits.queue_frames_max
        if full or self._bytes + len(frame_bytes) > self.limits.queue_bytes_max:
            self.end(TOO_SLOW)
            return
        self._frames.append(frame_bytes)
        self._bytes += len(frame_bytes)
        self._wake()
        if not self._has_room():
            self._drained.clear()

    def end(self, cut: Cut) -> None:
        """Owe nothing any more; the writer closes with this reason."""
        if self.cut is None:
            self.cut = cut
            self._frames.clear()
            self._bytes = 0
            self._wake()
            self._drained.set()
            if self._beat is not None:
                self._beat.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def reads(self, conversation: UUID, reader: asyncio.Task[None] | None) -> bool:
        """Whether this reader is still the one that sends for the conversation."""
        return self.cut is None and self.readers.get(conversation) is reader

    def _has_room(self) -> bool:
        # A reader of history fills only half of the queue: the other half is for what happens meanwhile.
        return (
            len(self._frames) < self.limits.queue_frames_max // 2
            and self._bytes < self.limits.queue_bytes_max // 2
        )

    async def room(self) -> None:
        """Wait until a reader of history may owe more."""
        await self._drained.wait()

    async def next(self) -> bytes | None:
        """The next frame to send; a beat when there was none for a while; None: close with `cut`."""
        loop = self._loop = self._loop or asyncio.get_running_loop()
        if self._beat is None and self.cut is None:
            self._sent_at = loop.time()
            self._beat = loop.call_later(self.limits.beat_seconds, self._beat_if_silent, loop)
        while not self._frames and self.cut is None:
            self._waiter = loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self.cut is not None:
            return None
        taken = self._frames.popleft()
        self._bytes -= len(taken)
        if not self._drained.is_set() and self._has_room():
            self._drained.set()
        self._sent_at = loop.time()
        return taken

    def _beat_if_silent(self, loop: asyncio.AbstractEventLoop) -> None:
        # One timer for as long as the connection lasts, neither a task nor a timer for each frame.
        left = self._sent_at + self.limits.beat_seconds - loop.time()
        if left <= 0:
            left = self.limits.beat_seconds
            if not self._frames:
                self.push(BEAT)
        if self.cut is None:
            self._beat = loop.call_later(left, self._beat_if_silent, loop)


class Hub:
    """The connections of this process, by firm."""

    def __init__(self, limits: LiveLimits = LiveLimits()) -> None:
        self.limits = limits
        self._connections: defaultdict[UUID, set[Connection]] = defaultdict(set)
        self._stopping = False
        self.doubt = asyncio.Event()  # set: sessions have ended somewhere, those of connections among them?

    def join(self, connection: Connection) -> None:
        """From here on the connection is owed what concerns its firm."""
        mine = self._connections[connection.firm]
        mine.add(connection)
        if self._stopping:
            connection.end(STOPPING)
        elif len(mine) > self.limits.connections_per_firm_max:
            connection.end(TOO_MANY)

    def leave(self, connection: Connection) -> None:
        """The connection is gone."""
        mine = self._connections[connection.firm]
        mine.discard(connection)
        if not mine:
            del self._connections[connection.firm]

    def stop(self) -> None:
        """Cut everybody, with the reason."""
        self._stopping = True
        for connection in self._everybody():
            connection.end(STOPPING)

    def cut_everybody(self, cut: Cut) -> None:
        """End every connection with this reason; new ones are taken."""
        for connection in self._everybody():
            connection.end(cut)

    def has(self, firms: Collection[UUID]) -> bool:
        """Whether a device of one of these firms is connected to this process."""
        return any(firm in self._connections for firm in firms)

    def _everybody(self) -> Iterable[Connection]:
        return [connection for mine in self._connections.values() for connection in mine]

    def _of(self, firms: Collection[UUID]) -> Iterable[Connection]:
        return [connection for firm in set(firms) for connection in self._connections.get(firm, ())]

    def announce(
        self, event: bytes, firms: Collection[UUID] | None, *, confers: bool = False, watches: bool = False
    ) -> None:
        """Pass one frame on to every connection of these firms (None: of all).

        `confers`: it concerns calls or conversations, and only roles that take part in them hear it;
        `watches`: it concerns alerts, and only roles that read them do.
        """
        for connection in self._everybody() if firms is None else self._of(firms):
            if (connection.confers or not confers) and (connection.watches or not watches):
                connection.push(event)

    def followers(self, conversation: UUID, firms: Collection[UUID]) -> list[Connection]:
        """The connections that have said from where they read this conversation."""
        return [connection for connection in self._of(firms) if conversation in connection.feeds]

    def offer(
        self,
        conversation: UUID,
        counter: int,
        event: bytes,
        firms: Collection[UUID],
        sender: Connection | None = None,
    ) -> list[Connection]:
        """Pass a stored message on. Returned: connections that must read from the store what they missed.

        `sender` gets its acknowledgement in the message's place.
        """
        behind = []
        for connection in self._of(firms):
            if not connection.confers:
                continue
            feed = connection.feeds.get(conversation)
            if (
                feed is None
            ):  # this device has not said from where it reads: it hears, and resumes if it likes
                step = Step.SEND
            else:
                connection.feeds[conversation], step = feed.offer(counter)
            if step is Step.SEND and connection is not sender:
                connection.push(event)
            elif step is Step.READ:
                behind.append(connection)
        return behind
