"""Migrations: what they make is what the tables say, on both databases, however many processes start."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from piccolo.table import create_db_tables

from server import schema
from server.database import Database
from server.settings import Settings
from server.tables import TABLES
from tests.conftest import ROOT, Postgres


def fresh(database: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if database == "sqlite":
        return f"sqlite:///{folder / (uuid.uuid4().hex + '.sqlite3')}"
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"vigie_{uuid.uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    return postgres.uri(name)


async def described(url: str) -> dict[str, Any]:
    """Columns with types, defaults and nullability, and every index: as the database itself tells them."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in tables]
        told = {
            name: sorted(row[1:] for row in connection.execute(f"PRAGMA table_info({name})"))
            for name in names
            if name != "migration" and not name.startswith("sqlite_")
        }
        indexes = connection.execute(
            "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        told["indexes"] = sorted(indexes)
        connection.close()
        return told
    connection = await asyncpg.connect(url)
    columns = await connection.fetch(
        "SELECT c.table_name, c.column_name, c.data_type, c.character_maximum_length, c.is_nullable,"
        " c.column_default, a.attstorage FROM information_schema.columns c"
        " JOIN pg_attribute a ON a.attrelid = quote_ident(c.table_name)::regclass"
        " AND a.attname = c.column_name"
        " WHERE c.table_schema = 'public' AND c.table_name <> 'migration' ORDER BY 1, 2"
    )
    indexes = await connection.fetch(
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migration'"
        " ORDER BY 1, 2"
    )
    await connection.close()
    return {"columns": [tuple(row) for row in columns], "indexes": [tuple(row) for row in indexes]}


async def create_from_tables(url: str) -> None:
    database = Database(Settings(database=url))
    schema.attach(database)
    await create_db_tables(*TABLES)
    both, postgres = schema.index_statements()
    for statement in both + (postgres if database.postgres else []):
        await database.engine.run_ddl(statement)
    await database.close()


async def migrate(url: str) -> None:
    database = Database(Settings(database=url))
    schema.attach(database)
    async with database.writing():
        await schema.migrate(database)
    assert await schema.pending() == []
    await database.close()


async def test_the_migrated_schema_is_the_tables(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    migrated, made = fresh(database, tmp_path, request), fresh(database, tmp_path, request)
    await migrate(migrated)
    await create_from_tables(made)
    assert await described(migrated) == await described(made)


def test_the_migrations_in_the_repository_are_what_the_tables_would_write(tmp_path: Path) -> None:
    schema.write_initial(tmp_path)
    for path in tmp_path.glob("*.py"):
        assert path.read_text() == (ROOT / "migrations" / path.name).read_text(), "run `vigied migration`"


async def test_migrating_again_changes_nothing(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = fresh(database, tmp_path, request)
    await migrate(url)
    before = await described(url)
    await migrate(url)
    assert await described(url) == before


def test_processes_that_start_together_wait_for_each_other(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = fresh(database, tmp_path, request)
    environment = {
        **os.environ,
        "VIGIED_DATABASE": url,
        "VIGIED_KEYS": str(tmp_path / "keys"),
        "VIGIED_KIND": "demo",
    }
    together = [
        subprocess.Popen(
            [sys.executable, "-m", "server", "migrate"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=600) for process in together]
    assert all(process.returncode == 0 for process in together), said
    assert sorted(out for out, _ in said) == ["created a demo network\n", "up to date\n", "up to date\n"]


def test_a_migration_that_fails_leaves_nothing(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = fresh(database, tmp_path, request)

    async def fail() -> None:
        made = Database(Settings(database=url))
        schema.attach(made)
        with pytest.raises(RuntimeError, match="on purpose"):  # noqa: PT012 - the transaction is the point
            async with made.writing():
                await schema.migrate(made)
                raise RuntimeError("on purpose")
        assert await schema.pending() == schema.migration_ids()
        await made.close()

    asyncio.run(fail())


async def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    from piccolo.apps.migrations.tables import Migration

    url = f"sqlite:///{tmp_path / 'newer.sqlite3'}"
    await migrate(url)
    database = Database(Settings(database=url))
    schema.attach(database)
    await Migration(name="2999-01-01T00:00:00:000000", app_name="vigie").save()
    with pytest.raises(schema.SchemaRefused, match="newer program"):
        await schema.pending()
    await database.close()
