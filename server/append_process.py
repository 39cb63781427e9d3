"""Appends in a process of their own, once messages come in numbers: it verifies, decides and commits them.

A thread would wait for the interpreter at each of its steps while the network's loop is busy, and the loop
for the thread: on two cores the two take turns (docs/decisions/0020).

Rules of order, whose guardian this is:
1. Nobody waits for the process to start, and nothing is asked of it before it has said that it is there.
2. Batches are answered in the order in which they were asked, and the next one may be asked before.
3. After anything but a whole answer, or none within `ANSWER_SECONDS`, the process is ended: what it had been
   asked may be stored or not. Another one is started after `REST_SECONDS`; until then appends are made here.
   So are they for as long after it has said that the database failed: it may be its own connection alone.
4. It ends with its server, after the batch that it has in hand.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

import msgspec

from chat.refusals import Code, Refusal
from chat.relay import Head
from server import append_line
from server.append_chains import (
    UNDECIDED,
    Chains,
    Said,
    Store,
    Stored,
    Undecided,
    hear,
    spans_of,
)
from server.append_file import AppendFile
from server.append_line import AppendLine
from server.database import BUSY_TIMEOUT_SECONDS
from server.fanout import stored_notifications

LOG: Final = logging.getLogger("vigied")

ANSWER_SECONDS: Final = BUSY_TIMEOUT_SECONDS + 15.0  # longer than another process's lock is waited for
START_SECONDS: Final = 60.0
REST_SECONDS: Final = 60.0
END_SECONDS: Final = 5.0
ENDED: Final = "it has ended"
OTHERWISE: Final = "it says something else"
UNDER_WAY_MAX: Final = 2  # one that is committed, and the next, which then need not be waited for
READY: Final = b"\n"
_LENGTH_BYTES: Final = 4

assert ANSWER_SECONDS > append_line.OPEN_SECONDS + append_line.ANSWER_SECONDS


class Opening(msgspec.Struct, array_like=True, frozen=True):
    """Where messages are stored: an SQLite file, or the address of a PostgreSQL."""

    file: str | None
    dsn: str


def open_store(opening: Opening, origin: Callable[[], UUID]) -> Store:
    """A connection there, for one thread. `origin`: by which notifications say whose they are."""
    if opening.file is not None:
        return AppendFile(Path(opening.file))
    return AppendLine(opening.dsn, lambda rows: stored_notifications(origin(), spans_of(rows)))


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """A batch, what is known of the conversations' heads, and for whom notifications are."""

    now_unix: int
    origin: UUID
    heads: dict[UUID, Head]
    said: list[Said]


class Told(msgspec.Struct, array_like=True, frozen=True):
    """What became of each message (id where stored; code and detail where refused); or what failed."""

    fates: list[tuple[int, bytes, str, str]]
    failed: str = ""


_ENCODER: Final = msgspec.msgpack.Encoder(uuid_format="bytes")
_OPENING: Final = msgspec.msgpack.Decoder(Opening)
_ASK: Final = msgspec.msgpack.Decoder(Ask)
_TOLD: Final = msgspec.msgpack.Decoder(Told)


class AppendFailed(Exception):
    """A batch is not stored, or it is not known whether it is. `why`: the kind of what failed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AppendProcess:
    """One for each process that stores messages. For one task at a time."""

    def __init__(
        self, opening: Opening, answer_seconds: float = ANSWER_SECONDS, rest_seconds: float = REST_SECONDS
    ) -> None:
        self._opening = opening
        self._answer_seconds, self._rest_seconds = answer_seconds, rest_seconds
        self._starting: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._ended: list[asyncio.subprocess.Process] = []  # and not waited for yet
        self._ready = False
        self._rests_until = 0.0
        self._asked: deque[Ask] = deque()

    def is_ready(self, *, wanted: bool) -> bool:
        """Whether it may be asked; it is begun where it is `wanted` and there is none."""
        if self._ready and self._child is not None and self._child.returncode is not None:
            self._give_up(ENDED)
        if time.monotonic() < self._rests_until:
            return False
        if not self._ready and wanted and self._starting is None:
            self._starting = asyncio.create_task(self._start(), name="append process")
        return self._ready

    @property
    def under_way(self) -> int:
        """Batches asked and not answered."""
        return len(self._asked)

    def ask(self, ask: Ask) -> None:
        """Have it stored, after what was asked before."""
        assert self._child is not None
        _write(self._child, _ENCODER.encode(ask))
        self._asked.append(ask)

    async def answers(self) -> list[Stored | Refusal | Undecided]:
        """What became of the batch asked first; AppendFailed where that is not known, or it could not be."""
        if self._child is None:
            raise AppendFailed(ENDED)
        try:
            async with asyncio.timeout(self._answer_seconds):
                told = await _read(self._child)
            fates = _fates(self._asked[0], told)
        except BaseException as error:  # whatever it is: another answer would be taken for this one
            self._give_up(type(error).__name__)
            if isinstance(error, Exception):
                raise AppendFailed(type(error).__name__) from error
            raise
        self._asked.popleft()
        if told.failed:
            self._rests_until = time.monotonic() + self._rest_seconds
            raise AppendFailed(told.failed)
        return fates

    async def _start(self) -> None:
        # It finds the modules where this process does, and none in whatever folder it was started in (-P).
        path = os.pathsep.join(one or "." for one in sys.path)
        try:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "server.append_process"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": path},
            )
            _write(self._child, _ENCODER.encode(self._opening))
            assert self._child.stdout is not None
            async with asyncio.timeout(START_SECONDS):
                told = await self._child.stdout.readexactly(len(READY))
            self._ready = told == READY
            if not self._ready:
                self._give_up(OTHERWISE)
        except Exception as error:  # noqa: BLE001 - whatever it is: appends are made here
            self._give_up(type(error).__name__)
        finally:
            self._starting = None

    def _give_up(self, why: str) -> None:
        LOG.warning("appends: the process, %s", why)
        self._rests_until = time.monotonic() + self._rest_seconds
        child, self._child, self._ready = self._child, None, False
        self._asked.clear()
        if child is not None:
            _kill(child)
            self._ended = [one for one in (*self._ended, child) if one.returncode is None]

    async def end(self) -> None:
        """Let the process end, if there is one, and wait for it."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        child, self._child, self._ready = self._child, None, False
        if child is not None and child.stdin is not None:
            child.stdin.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), END_SECONDS)
            _kill(child)
            await child.wait()
        for one in self._ended:
            await one.wait()


def _kill(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.kill()


def _write(child: asyncio.subprocess.Process, frame: bytes) -> None:
    assert child.stdin is not None
    child.stdin.write(len(frame).to_bytes(_LENGTH_BYTES, "little") + frame)


async def _read(child: asyncio.subprocess.Process) -> Told:
    assert child.stdout is not None
    size = int.from_bytes(await child.stdout.readexactly(_LENGTH_BYTES), "little")
    return _TOLD.decode(await child.stdout.readexactly(size))


def _fates(asked: Ask, told: Told) -> list[Stored | Refusal | Undecided]:
    if not told.failed and len(told.fates) != len(asked.said):
        raise EOFError
    return [_fate(one, fate, asked.now_unix) for one, fate in zip(asked.said, told.fates, strict=False)]


def _fate(one: Said, told: tuple[int, bytes, str, str], now_unix: int) -> Stored | Refusal | Undecided:
    counter, id_, code, detail = told
    if id_:
        return Stored(one.conversation, counter, one.record, now_unix, id_)
    if code:
        return Refusal(Code(code), detail)
    return UNDECIDED


# What follows runs in the process


class _Keeper:
    """Its chains and its store."""

    def __init__(self, opening: Opening) -> None:
        self._origin = UUID(int=0)
        store = open_store(opening, lambda: self._origin)
        self._chains = Chains(store)
        self.close = store.close

    def store(self, asked: Ask) -> Told:
        """What is asked."""
        self._origin = asked.origin
        self._chains.remember(asked.heads)
        try:
            return Told([_told(fate) for fate in self._chains.append(hear(asked.said), asked.now_unix)])
        except Exception as error:  # noqa: BLE001 - whatever the database says, the next batch is tried
            return Told([], type(error).__name__)


def _told(fate: Stored | Refusal | Undecided) -> tuple[int, bytes, str, str]:
    match fate:
        case Stored(counter=counter, id=bytes(id_)):
            return counter, id_, "", ""
        case Refusal(code, detail):
            return 0, b"", code.value, detail
        case _:
            return 0, b"", "", ""


def answer(asked: BinaryIO, answered: BinaryIO) -> None:
    """Store what is asked, until nobody asks any more."""
    opening = _frame(asked)
    if opening is None:
        return
    keeper = _Keeper(_OPENING.decode(opening))
    try:
        _say(answered, READY)
        while (frame := _frame(asked)) is not None:
            told = _ENCODER.encode(keeper.store(_ASK.decode(frame)))
            _say(answered, len(told).to_bytes(_LENGTH_BYTES, "little") + told)
    finally:
        keeper.close()


def _frame(asked: BinaryIO) -> bytes | None:
    head = asked.read(_LENGTH_BYTES)
    size = int.from_bytes(head, "little")
    frame = asked.read(size) if len(head) == _LENGTH_BYTES else b""
    return frame if frame and len(frame) == size else None


def _say(answered: BinaryIO, text: bytes) -> None:
    with suppress(BrokenPipeError):  # nobody hears it: then nobody asks any more either
        answered.write(text)
        answered.flush()


if __name__ == "__main__":
    # A signal that ends the server reaches both; this one goes on until the server closes the pipe.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    answer(sys.stdin.buffer, sys.stdout.buffer)
