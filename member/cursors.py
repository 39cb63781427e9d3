"""The last message that this device has read of each conversation: a history cut off its end is noticed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from member.home import write_file

CURSORS_FILE: Final = "conversations.json"


@dataclass(slots=True)
class Cursors:
    """Counter and id of each conversation, in one file.

    `path` None: in memory alone.
    """

    path: Path | None = None
    _read: dict[str, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Cursors:
        """An absent file is an empty one; a broken file is an error, never silently forgotten."""
        if not path.exists():
            return cls(path)
        return cls(path, msgspec.json.decode(path.read_bytes(), type=dict[str, tuple[int, str]]))

    def of(self, conversation: UUID) -> tuple[int, bytes]:
        """Counter and id; (0, empty) for a conversation that was never read here."""
        counter, identity = self._read.get(str(conversation), (0, ""))
        return counter, bytes.fromhex(identity)

    def advance(self, conversation: UUID, counter: int, identity: bytes) -> None:
        """Remember; never goes back."""
        if counter > self.of(conversation)[0]:
            self._read[str(conversation)] = (counter, identity.hex())
            if self.path is not None:
                # A step that a power cut forgets is read again, so that the disk need not be waited for.
                write_file(self.path, msgspec.json.encode(self._read), durable=False)
