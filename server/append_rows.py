"""The statements of an append, for many messages at once: fixed texts, so that they are prepared once.

SQLite gets its rows by `executemany`, PostgreSQL as arrays. The caller holds the transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from server.database import Database

Row = tuple[UUID, int, bytes, int]
"""A message: conversation, counter, record, received at."""


_COLUMNS: Final = (
    "id, genesis, epoch, epoch_digest, caller_silenced, answerer_silenced, turned, turn_at,"
    " opening IS NOT NULL AND shown_at IS NULL AS shown, caller_firm, answerer_firm"
)
_LOCK_SQLITE: Final = (
    f"SELECT {_COLUMNS} FROM conversation WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"  # noqa: S608
)
_LOCK_POSTGRES: Final = (
    f"SELECT {_COLUMNS} FROM conversation WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608
)
_LAST_SQLITE: Final = (
    "SELECT m.conversation, m.counter, m.record FROM json_each(?) AS v JOIN message m"
    " ON m.conversation = v.value"
    " AND m.counter = (SELECT MAX(counter) FROM message WHERE conversation = v.value)"
)
_LAST_POSTGRES: Final = (
    "SELECT m.* FROM unnest($1::uuid[]) AS v(id) CROSS JOIN LATERAL (SELECT conversation, counter, record"
    " FROM message WHERE conversation = v.id ORDER BY counter DESC LIMIT 1) AS m"
)
_INSERT_SQLITE: Final = "INSERT INTO message (conversation, counter, record, received_at) VALUES (?, ?, ?, ?)"
_INSERT_POSTGRES: Final = (
    "INSERT INTO message (conversation, counter, record, received_at)"
    " SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bigint[])"
)


async def lock_conversations(database: Database, conversations: Iterable[UUID]) -> Sequence[Any]:
    """Their rows, locked until the transaction ends, always in one order."""
    ids = sorted(conversations)
    if database.postgres:
        return await database.fetch(_LOCK_POSTGRES, ids)
    return await database.fetch(_LOCK_SQLITE, json.dumps([str(one) for one in ids]))


async def read_last(database: Database, conversations: Iterable[UUID]) -> Sequence[Any]:
    """The last message of each that has one: conversation, counter, record. Read when they are locked."""
    if database.postgres:
        return await database.fetch(_LAST_POSTGRES, list(conversations))
    return await database.fetch(_LAST_SQLITE, json.dumps([str(one) for one in conversations]))


async def insert(database: Database, rows: Sequence[Row]) -> None:
    """Store messages."""
    if database.postgres:
        await database.fetch(_INSERT_POSTGRES, *columns(rows))
    else:
        await database.change_many(_INSERT_SQLITE, rows)


def columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as PostgreSQL takes them."""
    return [list(column) for column in zip(*rows, strict=True)]
