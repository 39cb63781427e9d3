"""An upload's bytes come back as they were stored, and leave nothing behind when they are erased."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.database import Database, bind
from server.payloads import PART_BYTES, PIECE_BYTES, copied, erase_payload, payload_of, write_payload
from server.settings import Settings
from server.tables import UploadPart

SIZES = [1, PART_BYTES, PART_BYTES + 1, 90 * PART_BYTES - 1]


@pytest.fixture
async def database_of_parts(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Database]:
    if database == "sqlite":
        url = f"sqlite:///{tmp_path / 'parts.sqlite3'}"
    else:
        postgres = request.getfixturevalue("postgres")
        name = f"vigie_{uuid.uuid4().hex}"
        postgres.run(f"CREATE DATABASE {name}")
        url = postgres.uri(name)
    made = Database(Settings(database=url, pool_max=4))
    await made.start()
    bind(made.engine, [UploadPart])
    await UploadPart.create_table()
    await made.run("CREATE TABLE upload (payload BIGINT)")
    yield made
    await made.close()


async def _read(made: Database) -> dict[int, bytes | None]:
    rows = await made.run(f"SELECT u.payload, {payload_of(made, 'u')} AS bytes FROM upload u")
    return {row["payload"]: row["bytes"] for row in rows}


async def test_every_uploads_bytes_come_back_whole_until_they_are_erased(database_of_parts: Database) -> None:
    made, stored = database_of_parts, {}
    for size in SIZES:
        body = os.urandom(size)
        async with made.writing():
            number = await write_payload(made, memoryview(b"head" + body)[4:])
            await made.run("INSERT INTO upload VALUES ({})", number)
        stored[number] = body
    assert await _read(made) == stored
    gone, *_ = stored
    async with made.writing():
        await erase_payload(made, gone)
    assert await _read(made) == stored | {gone: None}


async def test_bytes_whose_transaction_fails_leave_no_part(database_of_parts: Database) -> None:
    with pytest.raises(RuntimeError):  # noqa: PT012 - the transaction is the point
        async with database_of_parts.writing():
            await write_payload(database_of_parts, memoryview(os.urandom(3 * PART_BYTES)))
            raise RuntimeError
    assert await UploadPart.count() == 0


async def test_a_large_upload_is_handed_over_in_pieces() -> None:
    body = os.urandom(5 * PIECE_BYTES)
    pieces = [piece async for piece in copied(7 << 16, memoryview(body))]
    assert max(map(len, pieces)) < PIECE_BYTES + 2 * PART_BYTES
    assert sum(map(len, pieces)) > len(body)
