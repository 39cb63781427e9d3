"""Appends in a process of their own, once messages come in numbers: it verifies, decides and commits them.

A thread would wait for the interpreter at each of its steps while the network's loop is busy, and the loop
for the thread: on two cores the two take turns (docs/decisions/0020).

Rules of order, whose guardian this is:
1. Nobody waits for the process to start, and nothing is asked of it before it has said that it is there.
2. Batches are answered in the order in which they were asked, and the next one may be asked before.
3. After anything but a whole answer, or none within `ANSWER_SECONDS`, the process is ended: what it had been
   asked may be stored or not. Another one is started after `REST_SECONDS`; until then appends are made here.
4. It ends with its server, after the batch that it has in hand.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Final
from uuid import UUID

import msgspec

from chat.refusals import Code, Refusal
from chat.relay import Head
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
from server.fanout import stored_notifications

LOG: Final = logging.getLogger("vigied")

ANSWER_SECONDS: Final = 45.0  # longer than what its database may take
REST_SECONDS: Final = 60.0
END_SECONDS: Final = 5.0
UNDER_WAY_MAX: Final = 2  # one that is committed, and the next, which then need not be waited for
CAN_WAIT: Final = hasattr(select, "poll")  # not on Windows, where appends are made by the server itself
READY: Final = b"\n"
READ_BYTES: Final = 65_536
_LENGTH_BYTES: Final = 4


class Opening(msgspec.Struct, array_like=True, frozen=True):
    """Where messages are stored: an SQLite file, or the address of a PostgreSQL."""

    file: str | None
    dsn: str


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
_UNDECIDED: Final = (-1, b"", "", "")


class AppendFailed(Exception):
    """A batch is not stored, or it is not known whether it is. `why`: the kind of what failed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AppendProcess:
    """One for each process that stores messages. For one thread at a time."""

    def __init__(
        self, opening: Opening, answer_seconds: float = ANSWER_SECONDS, rest_seconds: float = REST_SECONDS
    ) -> None:
        self._opening = opening
        self._answer_seconds, self._rest_seconds = answer_seconds, rest_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._rests_until = 0.0
        self._come = b""  # of answers, and not read yet
        self._asked: deque[Ask] = deque()

    def is_ready(self, *, wanted: bool) -> bool:
        """Whether it may be asked; it is begun where it is `wanted` and there is none."""
        with suppress(AppendFailed), self._ending_at_failure():
            if self._child is not None and self._child.poll() is not None:
                raise EOFError
            if self._child is None:
                if not wanted or not CAN_WAIT or time.monotonic() < self._rests_until:
                    return False
                self._child = _start()
                self._write(_ENCODER.encode(self._opening))
            if not self._ready and _is_due(self._child.stdout, select.POLLIN, 0):
                _read(self._child.stdout, len(READY))
                self._ready = True
        return self._ready

    @property
    def under_way(self) -> int:
        """Batches asked and not answered."""
        return len(self._asked)

    def ask(self, ask: Ask) -> None:
        """Have it stored, after what was asked before; AppendFailed where the process is gone."""
        with self._ending_at_failure():
            self._write(_ENCODER.encode(ask))
            self._asked.append(ask)

    def answers(self) -> list[Stored | Refusal | Undecided]:
        """What became of the batch asked first; AppendFailed where that is not known, or it could not be."""
        with self._ending_at_failure():
            told = _TOLD.decode(self._read_frame())
            asked = self._asked.popleft()
            if told.failed:
                raise AppendFailed(told.failed)
            return [
                _fate(one, fate, asked.now_unix) for one, fate in zip(asked.said, told.fates, strict=True)
            ]

    @contextmanager
    def _ending_at_failure(self) -> Iterator[None]:
        try:
            yield
        except AppendFailed:
            raise
        except Exception as error:
            LOG.warning("appends: the process, %s", type(error).__name__)
            self._rests_until = time.monotonic() + self._rest_seconds
            self.close()
            raise AppendFailed(type(error).__name__) from error
        except BaseException:
            self.close()
            raise

    def _write(self, frame: bytes) -> None:
        until = time.monotonic() + self._answer_seconds
        rest = memoryview(len(frame).to_bytes(_LENGTH_BYTES, "little") + frame)
        if self._child is None or self._child.stdin is None:
            raise EOFError
        while rest:
            try:
                rest = rest[os.write(self._child.stdin.fileno(), rest) :]
            except BlockingIOError:
                _await(self._child.stdin, select.POLLOUT, until)

    def _read_frame(self) -> bytes:
        until = time.monotonic() + self._answer_seconds
        if self._child is None:
            raise EOFError
        come = self._come
        while (end := _LENGTH_BYTES + int.from_bytes(come[:_LENGTH_BYTES], "little")) > len(come) or not come:
            _await(self._child.stdout, select.POLLIN, until)
            come += _read(self._child.stdout, READ_BYTES)
        self._come = come[end:]
        return come[_LENGTH_BYTES:end]

    def end(self) -> None:
        """Let the process end, which has answered, and wait for it."""
        if self._child is not None and self._child.stdin is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                self._child.stdin.close()
                self._child.wait(END_SECONDS)
        self.close()

    def close(self) -> None:
        """End the process, if there is one, whatever it does."""
        child, self._child, self._ready = self._child, None, False
        self._asked.clear()
        self._come = b""
        if child is not None:
            for pipe in (child.stdin, child.stdout):
                assert pipe is not None
                with suppress(OSError):
                    pipe.close()
            child.kill()
            child.wait()


def _fate(one: Said, told: tuple[int, bytes, str, str], now_unix: int) -> Stored | Refusal | Undecided:
    counter, id_, code, detail = told
    if id_:
        return Stored(one.conversation, counter, one.record, now_unix, id_)
    if code:
        return Refusal(Code(code), detail)
    return UNDECIDED


def _start() -> subprocess.Popen[bytes]:
    # It finds the modules where this process does, and none in whatever folder it was started in (-P).
    path = os.pathsep.join(one or "." for one in sys.path)
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "server.append_process"],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert child.stdin is not None
    os.set_blocking(child.stdin.fileno(), False)
    return child


def _is_due(pipe: IO[bytes] | None, event: int, seconds: float) -> bool:
    assert pipe is not None
    waiting = select.poll()  # not `select`, which knows no file above 1,023
    waiting.register(pipe, event)
    return bool(waiting.poll(max(seconds, 0) * 1000))


def _await(pipe: IO[bytes] | None, event: int, until: float) -> None:
    if not _is_due(pipe, event, until - time.monotonic()):
        raise TimeoutError


def _read(pipe: IO[bytes] | None, size: int) -> bytes:
    assert pipe is not None
    found = os.read(pipe.fileno(), size)
    if not found:
        raise EOFError
    return found


# What follows runs in the process


class _Keeper:
    """Its chains and its store."""

    def __init__(self, opening: Opening) -> None:
        self._origin = UUID(int=0)
        self._store: Store = (
            AppendLine(opening.dsn, lambda rows: stored_notifications(self._origin, spans_of(rows)))
            if opening.file is None
            else AppendFile(Path(opening.file))
        )
        self._chains = Chains(self._store)
        self.close = self._store.close

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
            return _UNDECIDED


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
