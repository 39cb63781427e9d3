"""The rows' engine: durable settings, transactions that hold, connections that come back."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import uuid
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from piccolo.columns import BigInt, Varchar
from piccolo.table import Table

from server import database as databases
from server.database import WARM_CONNECTIONS, Database, WarmSQLiteEngine, bind
from server.settings import Settings


class Counter(Table):
    """A table of these tests' own."""

    name = Varchar(length=40)
    value = BigInt()


@pytest.fixture
async def rows(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    if database == "sqlite":
        url = f"sqlite:///{tmp_path / 'rows.sqlite3'}"
    else:
        postgres = request.getfixturevalue("postgres")
        name = f"vigie_{uuid.uuid4().hex}"
        postgres.run(f"CREATE DATABASE {name}")
        url = postgres.uri(name)
    made = Database(Settings(database=url, pool_max=4))
    await made.start()
    bind(made.engine, [Counter])
    await Counter.create_table()
    yield made
    await made.close()


async def test_sqlite_is_opened_with_the_settings_that_durability_needs(tmp_path: Path) -> None:
    made = Database(Settings(database=f"sqlite:///{tmp_path / 'rows.sqlite3'}"))
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = [next(iter((await made.run(f"PRAGMA {name}"))[0].values())) for name in pragmas]
    assert found == ["wal", 2, 1, 60_000]
    await made.close()


async def test_a_transaction_that_fails_leaves_nothing(rows: Database) -> None:
    with pytest.raises(RuntimeError):  # noqa: PT012 - the transaction is the point
        async with rows.writing():
            await Counter(name="half", value=1).save()
            raise RuntimeError
    assert await Counter.count() == 0


async def test_what_a_transaction_wrote_is_seen_by_others_only_when_it_commits(rows: Database) -> None:
    written, looked = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with rows.writing():
            await Counter(name="one", value=1).save()
            written.set()
            await looked.wait()

    async def look() -> int:
        await written.wait()
        found = await Counter.count()
        looked.set()
        return found

    writer = asyncio.create_task(write())
    assert await asyncio.create_task(look()) == 0
    await writer
    assert await Counter.count() == 1


async def test_many_transactions_at_once_lose_no_update(rows: Database) -> None:
    await Counter(name="shared", value=0).save()

    async def add() -> None:
        async with rows.writing():
            if rows.postgres:
                await rows.run("SELECT id FROM counter WHERE name = {} FOR UPDATE", "shared")
            row = await Counter.select(Counter.value).where(Counter.name == "shared").first()
            assert row
            await asyncio.sleep(0)
            await Counter.update({Counter.value: row["value"] + 1}).where(Counter.name == "shared")

    await asyncio.gather(*(add() for _ in range(30)))
    row = await Counter.select(Counter.value).first()
    assert row == {"value": 30}


async def test_two_programs_on_one_sqlite_file_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rows.sqlite3'}"
    one, other = Database(Settings(database=url)), Database(Settings(database=url))
    await one.run("CREATE TABLE counter (value INTEGER)")
    await one.run("INSERT INTO counter VALUES (0)")

    async def add(database: Database) -> None:
        async with database.writing():
            (row,) = await database.run("SELECT value FROM counter")
            await asyncio.sleep(0.001)
            await database.run("UPDATE counter SET value = {}", row["value"] + 1)

    await asyncio.gather(*(add(database) for database in (one, other) * 20))
    assert (await one.run("SELECT value FROM counter"))[0]["value"] == 40
    await one.close()
    await other.close()


async def test_a_cancelled_transaction_is_undone_and_its_connection_serves_again(rows: Database) -> None:
    for _ in range(WARM_CONNECTIONS + 2):
        begun = asyncio.Event()

        async def write(begun: asyncio.Event = begun) -> None:
            async with rows.writing():
                await Counter(name="cancelled", value=1).save()
                begun.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(write())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with asyncio.timeout(60):
        assert await Counter.count() == 0
        async with rows.writing():
            await Counter(name="after", value=1).save()
    assert await Counter.count() == 1


async def test_a_transaction_cancelled_at_any_moment_keeps_no_connection_and_no_lock(rows: Database) -> None:
    async def write() -> None:
        async with rows.writing():
            await Counter(name="cancelled", value=1).save()
            await asyncio.sleep(60)

    async with asyncio.timeout(60):
        for steps in range(40):
            task = asyncio.create_task(write())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            if isinstance(rows.engine, WarmSQLiteEngine):
                with closing(sqlite3.connect(rows.engine.path, timeout=0, isolation_level=None)) as other:
                    other.execute("BEGIN IMMEDIATE")
        assert await Counter.count() == 0
        await rows.close()  # waits for every connection that is out


async def test_a_failed_query_gives_its_connection_back(rows: Database) -> None:
    async with asyncio.timeout(60):
        for _ in range(WARM_CONNECTIONS + 5):
            with pytest.raises(Exception, match="nowhere"):
                await rows.run("SELECT * FROM nowhere")
        assert await Counter.count() == 0


async def test_connections_stay_warm(tmp_path: Path) -> None:
    made = Database(Settings(database=f"sqlite:///{tmp_path / 'rows.sqlite3'}"))
    assert isinstance(made.engine, WarmSQLiteEngine)
    first = await made.engine.lease()
    await made.engine.give_back(first)
    assert await made.engine.lease() is first
    await made.engine.give_back(first)
    await made.close()


async def test_an_inner_transaction_joins_the_outer_one(rows: Database) -> None:
    with pytest.raises(RuntimeError):  # noqa: PT012 - the transaction is the point
        async with rows.writing():
            async with rows.writing():
                await Counter(name="inner", value=1).save()
            raise RuntimeError
    assert await Counter.count() == 0


async def test_a_large_value_comes_back_as_it_was(rows: Database) -> None:
    await rows.run(
        "CREATE TABLE packed (payload BYTEA)" if rows.postgres else "CREATE TABLE packed (payload BLOB)"
    )
    body = bytearray(range(256)) * 8_000
    await rows.run("INSERT INTO packed VALUES ({})", memoryview(body)[4:].toreadonly())
    assert bytes((await rows.run("SELECT payload FROM packed"))[0]["payload"]) == bytes(body[4:])


def test_a_connection_that_nobody_waits_for_any_more_leaves_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would keep a process that wants to end."""

    async def give_up() -> None:
        opening = asyncio.Event()

        async def for_ever(_connection: object, _pragma: str) -> None:
            opening.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(databases, "_patiently", for_ever)
        leasing = asyncio.create_task(WarmSQLiteEngine(tmp_path / "some.sqlite").lease())
        await opening.wait()
        leasing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leasing

    before = set(threading.enumerate())
    asyncio.run(give_up())
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(60)
    assert not any(thread.is_alive() for thread in left)
