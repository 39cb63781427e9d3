"""The home's copy of the client book: sealed segments as the network has them, and how far it was seen.

Knows: files. Segments are named by their SHA-256, so that a damaged or lost one is noticed and fetched anew;
names and ledgers lie here sealed, as they do on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from member.book import Version, open_book, read_head
from member.home import write_file
from member.keys import NotOpened, RoleKeys, seal, unseal

HEAD: Final = "head.json"
PENDING: Final = "pending"


@dataclass(frozen=True, slots=True)
class BookCache:
    """The folder book/ of a home. `firm` is the id's text."""

    folder: Path
    firm: str

    def load(self, keys: RoleKeys) -> tuple[bytes | None, Version]:
        """The last head seen, if any, and that version; an empty one where its files are lost or damaged."""
        try:
            head = (self.folder / HEAD).read_bytes()
            parsed = read_head(head)
        except (OSError, ValueError):
            return None, Version()
        try:
            contents = open_book(
                parsed,
                lambda name: (self.folder / parsed.segments[name]).read_bytes(),
                keys,
                self.firm,
                Version(),
            )
        except (NotOpened, OSError):
            return head, Version()
        return head, Version(head, contents)

    def store(self, version: Version, sealed: Mapping[str, bytes]) -> None:
        """Keep a version: `sealed` are its new segments; those that it does not name any more go."""
        if version.head is None:
            return
        self._make()
        segments = version.segments
        for name, content in sealed.items():
            # Not synced to disk: a lost one is fetched again.
            write_file(self.folder / segments[name], content, durable=False)
        write_file(self.folder / HEAD, version.head, durable=False)
        kept = {*segments.values(), HEAD, PENDING}
        for path in self.folder.iterdir():
            if path.name not in kept and not path.name.startswith("."):
                path.unlink(missing_ok=True)

    def store_head(self, head: bytes) -> None:
        """Remember how far the book was seen, without its segments."""
        self._make()
        write_file(self.folder / HEAD, head)

    def load_pending(self, keys: RoleKeys) -> dict[str, bytes]:
        """Pseudonyms by identifier that were asked for and are not in the book yet."""
        if keys.names is None:
            return {}
        try:
            plain = unseal(keys.names, (self.folder / PENDING).read_bytes(), self._pending_name)
            return msgspec.json.decode(plain, type=dict[str, bytes])
        except (OSError, NotOpened, msgspec.MsgspecError):
            return {}  # asked again: that costs budget, not correctness

    def store_pending(self, pending: Mapping[str, bytes], keys: RoleKeys) -> None:
        """Keep them, durably, before they are used; an empty mapping forgets them."""
        if not pending or keys.names is None:
            (self.folder / PENDING).unlink(missing_ok=True)
            return
        self._make()
        write_file(
            self.folder / PENDING,
            seal(keys.names, msgspec.json.encode(dict(pending)), self._pending_name),
        )

    @property
    def _pending_name(self) -> str:
        return f"vigie/pending/v1|{self.firm}"

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
