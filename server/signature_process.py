"""Signatures of many messages at once, verified in a process of its own.

A thread leaves the interpreter for each signature and waits for it again while the loop is busy, so that the
two take turns where there are cores for both. Few are verified where they are; for many, one trip over a
pipe is nothing beside what verifying takes.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO, Final

from chat.envelope import SIGNED_BYTES, Claim
from privacy import signing

LOG: Final = logging.getLogger("vigied")

FEW: Final = 8
_KEY: Final = signing.PUBLIC_KEY_BYTES
_SIGNATURE: Final = _KEY + signing.SIGNATURE_BYTES
_ONE: Final = _SIGNATURE + SIGNED_BYTES
_COUNT_BYTES: Final = 4


class SignatureProcess:
    """One for each process that stores messages; it starts with the first batch that is worth it.

    For one thread at a time.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def verify(self, claims: Sequence[Claim]) -> list[bool]:
        """Whether each is signed as it says; where the process fails, the answers are found here."""
        if len(claims) >= FEW:
            try:
                return self._ask(claims)
            except (OSError, EOFError) as error:
                LOG.warning("signatures: %s", type(error).__name__)
                self.close()
        return [signing.verify(claim.public, "message", claim.signed, claim.signature) for claim in claims]

    def _ask(self, claims: Sequence[Claim]) -> list[bool]:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "server.signature_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        asked, answered = self._child.stdin, self._child.stdout
        assert asked is not None
        assert answered is not None
        parts = [len(claims).to_bytes(_COUNT_BYTES, "little")]
        for claim in claims:
            parts += (claim.public, claim.signature, claim.signed)
        asked.write(b"".join(parts))
        asked.flush()
        answers = answered.read(len(claims))
        if len(answers) < len(claims):
            raise EOFError
        return [answer == 1 for answer in answers]

    def close(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            for pipe in (child.stdin, child.stdout):
                assert pipe is not None
                with suppress(OSError):
                    pipe.close()
            child.kill()
            child.wait()


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
    answer(sys.stdin.buffer, sys.stdout.buffer)
