"""What a firm's devices share of its conversations: read up to where. Sealed here, as the page does it.

JSON `{read, id, drafts, committed, revealed, pad}` under the role key *conversations*; `drafts` are the
page's, by user, and stay as they are. The network keeps one a conversation, moved by compare-and-swap.
The first statement that is kept for a point of a reveal stands, and so does the first pin. What does not open
here is not written over: it is sealed under a key that this device does not have yet.
"""

from __future__ import annotations

import base64
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec

from chat.pin import Pin, Place
from member.conversing import Desk

# What is sealed is compressed first, so that the compressed size is rounded up: it says little of a draft,
# and nothing of a reveal, whose longest statement fits into the first.
BUCKET_BYTES: Final = (1_536, 8_192, 32_768)
PAD_TRIES: Final = 24
TRIES: Final = 5


class Committed(msgspec.Struct, frozen=True):
    """What this side opens with, kept before it is committed to. `point`: of the reveal that it is for."""

    point: Place
    statement: bytes


class State(msgspec.Struct, frozen=True):
    """`read`: the counter of the last message that somebody of the firm has seen; `id`: its id in hex."""

    read: int = 0
    id: str = ""
    drafts: dict[str, str] = {}
    committed: Committed | None = None
    revealed: Pin | None = None
    pad: str = ""


@dataclass(slots=True)
class States:
    """The states of a firm's conversations as the network had them when they were read."""

    desk: Desk
    _known: dict[UUID, tuple[int, State]] = field(default_factory=dict)
    _closed: set[UUID] = field(default_factory=set)

    def load(self) -> None:
        """Ask the network. What does not open here counts as nothing read."""
        self._closed.clear()
        for one in self.desk.api.ask("GET", "/api/conversation-states"):
            conversation, state = UUID(one["conversation"]), State()
            try:
                plain = self.desk.unseal(base64.b64decode(one["sealed"]), self._aad(conversation))
                state = msgspec.json.decode(plain, type=State)
            except ValueError:
                self._closed.add(conversation)
            self._known[conversation] = (one["version"], state)

    def of(self, conversation: UUID) -> State:
        """Nothing read, where there is none."""
        return self._known.get(conversation, (0, State()))[1]

    def opens(self, conversation: UUID) -> bool:
        """Whether what the firm keeps can be read here; also where it keeps nothing."""
        return conversation not in self._closed

    def advance(self, conversation: UUID, counter: int, identity: bytes) -> None:
        """Tell the firm's other devices that this far was read; never goes back."""

        def further(state: State) -> State | None:
            if counter <= state.read:
                return None
            return msgspec.structs.replace(state, read=counter, id=identity.hex())

        self._write(conversation, further)

    def commit(self, conversation: UUID, point: Place, statement: bytes) -> bytes | None:
        """Keep what this side commits to at this point; what is to be opened: another device's came first.

        None: the firm is at a later point of the conversation than this device.
        """

        def first(state: State) -> State | None:
            if state.revealed or (state.committed and state.committed.point[0] >= point[0]):
                return None
            return msgspec.structs.replace(state, committed=Committed(point, statement))

        self._write(conversation, first)
        return self.statement(conversation, point)

    def statement(self, conversation: UUID, point: Place) -> bytes | None:
        """What the firm keeps for this point, as far as it is known here."""
        kept = self.of(conversation).committed
        return kept.statement if kept is not None and kept.point == point else None

    def pin(self, conversation: UUID, pin: Pin) -> Pin | None:
        """Keep a verified reveal for good, and no longer what was committed to; the pin that stands."""

        def verified(state: State) -> State | None:
            return None if state.revealed else msgspec.structs.replace(state, committed=None, revealed=pin)

        self._write(conversation, verified)
        return self.of(conversation).revealed

    def _write(self, conversation: UUID, change: Callable[[State], State | None]) -> None:
        """None: there is nothing to change."""
        for _ in range(TRIES):
            version, state = self._known.get(conversation, (0, State()))
            changed = change(state)
            if changed is None or conversation in self._closed:
                return
            sealed = self.desk.seal(
                _padded(msgspec.structs.replace(changed, pad="")), self._aad(conversation)
            )
            body = {"replaces": version, "sealed": base64.b64encode(sealed).decode()}
            try:
                kept = self.desk.api.ask("PUT", f"/api/conversations/{conversation}/state", body)
            except Exception as refused:
                if getattr(refused, "code", "") != "state-moved":
                    raise
                self.load()
            else:
                self._known[conversation] = (kept["version"], changed)
                return

    def _aad(self, conversation: UUID) -> str:
        return state_aad(self.desk.firm, conversation)


def state_aad(firm: UUID, conversation: UUID) -> str:
    """What a conversation's sealed state is bound to."""
    return f"vigie/conversation-state/v1|{firm}|{conversation}"


def _padded(state: State) -> bytes:
    """With as much of random letters, six bits each, as brings the compressed size to a bucket's."""
    plain = msgspec.json.encode(state)
    bare = len(zlib.compress(plain))
    wanted = next((size for size in BUCKET_BYTES if size >= bare), bare)
    letters = base64.b64encode(os.urandom(wanted)).decode()
    length, missing = 0, wanted - bare
    for _ in range(PAD_TRIES):
        if not missing:
            break
        length += int(missing * 4 / 3)
        plain = msgspec.json.encode(msgspec.structs.replace(state, pad=letters[: max(length, 0)]))
        missing = wanted - len(zlib.compress(plain))
    return plain
