"""What a firm has read of each conversation and is about to write: sealed on its own side, one row each."""

from __future__ import annotations

from typing import Final

from piccolo.columns import UUID, BigInt, Bytea
from piccolo.table import Table


class ConversationState(Table, tablename="conversation_state"):
    """Sealed under the firm's *conversations* key; `version` is moved by compare-and-swap."""

    conversation = UUID(default=None)
    firm = UUID(default=None)
    version = BigInt()
    sealed = Bytea()


CONVERSATION_STATE_TABLES: Final[list[type[Table]]] = [ConversationState]
CONVERSATION_STATE_INDEXES: Final[list[tuple[str, str, str, bool, str]]] = [
    ("conversation_state_once", "conversation_state", "firm, conversation", True, ""),
]
