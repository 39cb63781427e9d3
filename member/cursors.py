"""The last message that this device has read of each conversation: a history cut off its end is noticed.

A cursor goes when the network lists the conversation no more and nothing was read in it for 12 months: by
then it has been erased. Not before, since a network that leaves a conversation out, and shows it again with
its end cut off, is found out by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from member.home import write_file

CURSORS_FILE: Final = "conversations.json"
KEPT_DAYS: Final = 365
DAY_SECONDS: Final = 86_400


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Counter and id, in hex, of the last message read, and the day of that: days since 1970."""

    counter: int = 0
    id: str = ""
    day: int = 0


@dataclass(slots=True)
class Cursors:
    """Counter and id of each conversation, in one file.

    `path` None: in memory alone.
    """

    path: Path | None = None
    now: Callable[[], float] = time.time
    _read: dict[str, Cursor] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Cursors:
        """An absent file is an empty one; a broken file is an error, never silently forgotten."""
        if not path.exists():
            return cls(path)
        return cls(path, _read=msgspec.json.decode(path.read_bytes(), type=dict[str, Cursor]))

    def of(self, conversation: UUID) -> tuple[int, bytes]:
        """Counter and id; (0, empty) for a conversation that was never read here."""
        found = self._read.get(str(conversation), Cursor())
        return found.counter, bytes.fromhex(found.id)

    def advance(self, conversation: UUID, counter: int, identity: bytes) -> None:
        """Remember; never goes back."""
        if counter > self.of(conversation)[0]:
            self._read[str(conversation)] = Cursor(counter, identity.hex(), self._today())
            self._write()

    def forget_gone(self, listed: Collection[UUID]) -> None:
        """Of what the network lists no more, forget what is old. `listed`: all that it lists."""
        names = {str(one) for one in listed}
        oldest = self._today() - KEPT_DAYS
        gone = [name for name, one in self._read.items() if name not in names and 0 < one.day < oldest]
        for name in gone:
            del self._read[name]
        if gone:
            self._write()

    def _today(self) -> int:
        return int(self.now()) // DAY_SECONDS

    def _write(self) -> None:
        if self.path is not None:
            # A step that a power cut forgets is read again, so that the disk need not be waited for.
            write_file(self.path, msgspec.json.encode(self._read), durable=False)
