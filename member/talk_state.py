"""What a firm's devices share of its conversations: read up to where. Sealed here, as the page does it.

JSON `{read, id, drafts, pad}` under the role key *conversations*; `drafts` are the page's, by user, and stay
as they are. The network keeps one for each conversation and moves it by compare-and-swap.
"""

from __future__ import annotations

import base64
import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec

from member.conversing import Desk

BUCKET_BYTES: Final = (512, 2_048, 8_192, 32_768)  # sizes say little of a draft
TRIES: Final = 5


class State(msgspec.Struct, frozen=True):
    """`read`: the counter of the last message that somebody of the firm has seen; `id`: its id in hex."""

    read: int = 0
    id: str = ""
    drafts: dict[str, str] = {}
    pad: str = ""


@dataclass(slots=True)
class States:
    """The states of a firm's conversations as the network had them when they were read."""

    desk: Desk
    _known: dict[UUID, tuple[int, State]] = field(default_factory=dict)

    def load(self) -> None:
        """Ask the network. What this firm has not sealed counts as nothing read."""
        for one in self.desk.api.ask("GET", "/api/conversation-states"):
            conversation, state = UUID(one["conversation"]), State()
            with suppress(ValueError):
                plain = self.desk.unseal(base64.b64decode(one["sealed"]), self._aad(conversation))
                state = msgspec.json.decode(plain, type=State)
            self._known[conversation] = (one["version"], state)

    def of(self, conversation: UUID) -> State:
        """Nothing read, where there is none."""
        return self._known.get(conversation, (0, State()))[1]

    def advance(self, conversation: UUID, counter: int, identity: bytes) -> None:
        """Tell the firm's other devices that this far was read; never goes back."""
        for _ in range(TRIES):
            version, state = self._known.get(conversation, (0, State()))
            if counter <= state.read:
                return
            state = msgspec.structs.replace(state, read=counter, id=identity.hex(), pad="")
            sealed = self.desk.seal(_padded(state), self._aad(conversation))
            body = {"replaces": version, "sealed": base64.b64encode(sealed).decode()}
            try:
                kept = self.desk.api.ask("PUT", f"/api/conversations/{conversation}/state", body)
            except Exception as refused:
                if getattr(refused, "code", "") != "state-moved":
                    raise
                self.load()
            else:
                self._known[conversation] = (kept["version"], state)
                return

    def _aad(self, conversation: UUID) -> str:
        return f"vigie/conversation-state/v1|{self.desk.firm}|{conversation}"


def _padded(state: State) -> bytes:
    bare = len(msgspec.json.encode(state))
    missing = next((size for size in BUCKET_BYTES if size >= bare), bare) - bare
    # Random, for what is sealed is compressed first.
    pad = base64.b64encode(os.urandom(missing)).decode()[:missing]
    return msgspec.json.encode(msgspec.structs.replace(state, pad=pad))
