"""The statements of an append, for many messages at once: fixed texts, so that they are prepared once.

SQLite gets its rows by `executemany`, PostgreSQL as arrays. The caller holds the transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from server.database import Database

COLUMNS: Final = (
    "id, counter, head, epoch, epoch_digest, caller_silenced, answerer_silenced, turned, turn_at,"
    " caller_firm, answerer_firm"
)
_HEADS_SQLITE: Final = (
    f"SELECT {COLUMNS} FROM conversation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608
)
_HEADS_POSTGRES: Final = (
    f"SELECT {COLUMNS} FROM conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"  # noqa: S608
)
_INSERT_SQLITE: Final = "INSERT INTO message (conversation, counter, record, received_at) VALUES (?, ?, ?, ?)"
_INSERT_POSTGRES: Final = (
    "INSERT INTO message (conversation, counter, record, received_at)"
    " SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bigint[])"
)
_MOVE_SQLITE: Final = (
    "UPDATE conversation SET counter = ?, head = ? WHERE id = ? AND counter = ? AND head = ?"
)
_MOVE_POSTGRES: Final = (
    "UPDATE conversation c SET counter = v.counter, head = v.head FROM"
    " unnest($1::bigint[], $2::bytea[], $3::uuid[], $4::bigint[], $5::bytea[])"
    " AS v(counter, head, id, before_counter, before_head)"
    " WHERE c.id = v.id AND c.counter = v.before_counter AND c.head = v.before_head RETURNING c.id"
)


async def lock_heads(database: Database, conversations: Iterable[UUID]) -> Sequence[Any]:
    """Where conversations stand, locked until the transaction ends, always in one order."""
    ids = sorted(conversations)
    if database.postgres:
        return await database.fetch(_HEADS_POSTGRES, ids)
    return await database.fetch(_HEADS_SQLITE, json.dumps([str(one) for one in ids]))


async def insert(database: Database, messages: Sequence[tuple[UUID, int, bytes, int]]) -> None:
    """Messages: conversation, counter, record, received at."""
    if database.postgres:
        await database.fetch(_INSERT_POSTGRES, *_columns(messages))
    else:
        await database.change_many(_INSERT_SQLITE, messages)


async def move(database: Database, moves: Sequence[tuple[int, bytes, UUID, int, bytes]]) -> int:
    """Counter and head after, conversation, counter and head before; how many stood where they should."""
    if database.postgres:
        return len(await database.fetch(_MOVE_POSTGRES, *_columns(moves)))
    return await database.change_many(_MOVE_SQLITE, moves)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
