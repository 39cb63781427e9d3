"""One row in PostgreSQL's binary COPY format, in pieces: a large value is never copied whole.

https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
"""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any, Final
from uuid import UUID

from piccolo.columns import BigInt, Boolean, Bytea, Column, Integer, SmallInt

SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + struct.pack(">II", 0, 0)
TRAILER: Final = struct.pack(">h", -1)
PIECE_BYTES: Final = 512 * 1024


def encoded(column: Column, value: Any) -> bytes | memoryview:
    """A value in the binary form of its column's type; TypeError for one that is not known here."""
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(column, Bytea):
        return memoryview(value).cast("B")
    if isinstance(column, BigInt):
        return struct.pack(">q", value)
    if isinstance(column, SmallInt):
        return struct.pack(">h", value)
    if isinstance(column, Integer):
        return struct.pack(">i", value)
    if isinstance(column, Boolean):
        return struct.pack("?", value)
    raise TypeError(type(column).__name__)


async def row(values: Mapping[Column, Any]) -> AsyncIterator[bytes | memoryview]:
    """The whole stream of a COPY of one row; a value that is awaitable is waited for when its turn comes."""
    yield SIGNATURE + struct.pack(">h", len(values))
    for column, given in values.items():
        value = await given if isinstance(given, Awaitable) else given
        if value is None:
            yield struct.pack(">i", -1)
            continue
        data = encoded(column, value)
        yield struct.pack(">i", len(data))
        if len(data) <= PIECE_BYTES:
            yield data
            continue
        for start in range(0, len(data), PIECE_BYTES):
            yield memoryview(data)[start : start + PIECE_BYTES]
    yield TRAILER
