"""The bytes of an upload as the database likes them: on PostgreSQL in parts of a page, on SQLite in one.

PostgreSQL cuts a large value into chunks of 2 kB, each a row with an index entry and a log record of its own;
parts that fill a page go in by one COPY, several to a record, in less than half the time. Nobody else knows
that there are parts: a reader says `payload_of(database, "u")` where a column would stand.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import AsyncIterator
from typing import Final

from server.database import Database, PooledPostgresEngine
from server.tables import PART_NUMBER_BITS, UploadPart

PART_BYTES: Final = 8_096  # with its number and the row's header it fills a page of PostgreSQL's
PIECE_BYTES: Final = 512 * 1024
COPY_BEGINS: Final = b"PGCOPY\n\xff\r\n\0" + struct.pack(">II", 0, 0)
COPY_ENDS: Final = struct.pack(">h", -1)


async def write_payload(database: Database, payload: memoryview) -> int:
    """Store the bytes inside the current transaction; the number under which they are found again."""
    number = secrets.randbits(63 - PART_NUMBER_BITS)
    first = number << PART_NUMBER_BITS
    if not isinstance(database.engine, PooledPostgresEngine):
        await database.run("INSERT INTO upload_part (number, bytes) VALUES ({}, {})", first, payload)
        return number
    current = database.engine.current_transaction.get()
    assert current is not None
    await current.connection.copy_to_table(
        UploadPart._meta.tablename,  # noqa: SLF001
        source=copied(first, payload),
        columns=["number", "bytes"],
        format="binary",
    )
    return number


async def copied(first: int, payload: memoryview) -> AsyncIterator[bytes]:
    """The stream of a binary COPY of all parts, numbered from `first` on.

    https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
    """
    view = memoryview(payload).cast("B")
    piece: list[bytes | memoryview] = [COPY_BEGINS]
    size = 0
    for place, start in enumerate(range(0, len(view), PART_BYTES)):
        part = view[start : start + PART_BYTES]
        piece += [struct.pack(">hiqi", 2, 8, first + place, len(part)), part]
        size += len(part)
        if size >= PIECE_BYTES:
            yield b"".join(piece)
            piece, size = [], 0
    yield b"".join([*piece, COPY_ENDS])


def payload_of(database: Database, upload: str) -> str:
    """SQL for the whole bytes of the upload that a query calls `upload`; NULL for an erased one."""
    if database.postgres:
        return (
            "(SELECT string_agg(p.bytes, ''::bytea ORDER BY p.number) FROM upload_part p"  # noqa: S608
            f" WHERE p.number >= {upload}.payload << {PART_NUMBER_BITS}"
            f" AND p.number < ({upload}.payload + 1) << {PART_NUMBER_BITS})"
        )
    return f"(SELECT p.bytes FROM upload_part p WHERE p.number = {upload}.payload << {PART_NUMBER_BITS})"  # noqa: S608


async def erase_payload(database: Database, number: int) -> None:
    """Remove the bytes inside the current transaction."""
    await database.run(
        "DELETE FROM upload_part WHERE number >= {} AND number < {}",
        number << PART_NUMBER_BITS,
        (number + 1) << PART_NUMBER_BITS,
    )
