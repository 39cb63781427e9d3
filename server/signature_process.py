"""Signatures of many messages at once, verified in a process of its own.

A thread leaves the interpreter for each signature and waits for it again while the loop is busy, so that the
two take turns where there are cores for both. Few are verified where they are; for many, one trip over a
pipe is nothing beside what verifying takes.

Rules of order, whose guardian this is:
1. Nobody waits for the process to start, and none is asked before it has said that it is there.
2. An answer comes within `ANSWER_SECONDS`; whoever stores messages holds the database's writer meanwhile.
3. After anything but a whole answer the process is ended, so that none is taken for the next question's.
   Another one is started after `REST_SECONDS`; until then, and for that question, the work is done here.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, BinaryIO, Final

from chat.envelope import SIGNED_BYTES, Claim
from privacy import signing

LOG: Final = logging.getLogger("vigied")

FEW: Final = 8
ANSWER_SECONDS: Final = 5.0  # a batch takes some milliseconds
REST_SECONDS: Final = 60.0
CAN_WAIT: Final = hasattr(select, "poll")  # not on Windows, where the work is done here
READY: Final = b"\n"
_KEY: Final = signing.PUBLIC_KEY_BYTES
_SIGNATURE: Final = _KEY + signing.SIGNATURE_BYTES
_ONE: Final = _SIGNATURE + SIGNED_BYTES
_COUNT_BYTES: Final = 4


class SignatureProcess:
    """One for each process that stores messages; it starts with the first batch that is worth it.

    For one thread at a time.
    """

    def __init__(self, answer_seconds: float = ANSWER_SECONDS, rest_seconds: float = REST_SECONDS) -> None:
        self._answer_seconds, self._rest_seconds = answer_seconds, rest_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._rests_until = 0.0

    def verify(self, claims: Sequence[Claim]) -> list[bool]:
        """Whether each is signed as it says; where the process fails, the answers are found here."""
        if len(claims) >= FEW and CAN_WAIT:
            try:
                child = self._started()
                if child is not None:
                    return self._ask(child, claims)
            except (OSError, EOFError) as error:
                LOG.warning("signatures: %s", type(error).__name__)
                self._rests_until = time.monotonic() + self._rest_seconds
                self.close()
            except BaseException:
                self.close()
                raise
        return [signing.verify(claim.public, "message", claim.signed, claim.signature) for claim in claims]

    def _started(self) -> subprocess.Popen[bytes] | None:
        """The process, once it is there; it is begun where there is none."""
        if self._child is None:
            if time.monotonic() < self._rests_until:
                return None
            self._child = _start()
        if not self._ready and _is_due(self._child.stdout, select.POLLIN, 0):
            _read(self._child.stdout, len(READY))
            self._ready = True
        return self._child if self._ready else None

    def _ask(self, child: subprocess.Popen[bytes], claims: Sequence[Claim]) -> list[bool]:
        until = time.monotonic() + self._answer_seconds
        parts = [len(claims).to_bytes(_COUNT_BYTES, "little")]
        for claim in claims:
            parts += (claim.public, claim.signature, claim.signed)
        rest = memoryview(b"".join(parts))
        if len(rest) != _COUNT_BYTES + len(claims) * _ONE:
            raise ValueError("a key, a signature or what was signed has another length")
        assert child.stdin is not None
        while rest:
            _await(child.stdin, select.POLLOUT, until)
            rest = rest[os.write(child.stdin.fileno(), rest) :]
        answers = b""
        while len(answers) < len(claims):
            _await(child.stdout, select.POLLIN, until)
            answers += _read(child.stdout, len(claims) - len(answers))
        return [answer == 1 for answer in answers]

    def close(self) -> None:
        """End the process, if there is one."""
        child, self._child, self._ready = self._child, None, False
        if child is not None:
            for pipe in (child.stdin, child.stdout):
                assert pipe is not None
                with suppress(OSError):
                    pipe.close()
            child.kill()
            child.wait()


def _start() -> subprocess.Popen[bytes]:
    # It finds the modules where this process does, and none in whatever folder it was started in (-P).
    path = os.pathsep.join(one or "." for one in sys.path)
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "server.signature_process"],
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


def answer(asked: BinaryIO, answered: BinaryIO) -> None:
    """Verify what is asked, until nobody asks any more."""
    while len(head := asked.read(_COUNT_BYTES)) == _COUNT_BYTES:
        size = int.from_bytes(head, "little") * _ONE
        claims = asked.read(size)
        if len(claims) < size:
            return
        parts = (claims[at : at + _ONE] for at in range(0, size, _ONE))
        answered.write(
            bytes(
                signing.verify(one[:_KEY], "message", one[_SIGNATURE:], one[_KEY:_SIGNATURE]) for one in parts
            )
        )
        answered.flush()


if __name__ == "__main__":
    # Ctrl-C reaches both; it is for the server, which closes the pipe when it has ended.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    answer(sys.stdin.buffer, sys.stdout.buffer)
