"""Looks into a test server's database beside the server: every table of it, one query, or one change."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import RunningServer

SQLITE = "sqlite:///"


def ask(server: RunningServer, query: str) -> list[tuple[Any, ...]]:
    """The rows of one SELECT."""
    if server.database_url.startswith(SQLITE):
        connection = sqlite3.connect(server.database_url.removeprefix(SQLITE), timeout=60)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()
    return asyncio.run(_ask_postgres(server.database_url, query))


async def _ask_postgres(url: str, query: str) -> list[tuple[Any, ...]]:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


def change(server: RunningServer, statement: str) -> None:
    """One statement that changes something, beside the server."""
    if server.database_url.startswith(SQLITE):
        connection = sqlite3.connect(server.database_url.removeprefix(SQLITE), timeout=60)
        try:
            with connection:
                connection.execute(statement)
        finally:
            connection.close()
    else:
        asyncio.run(_ask_postgres(server.database_url, statement))


def tables(server: RunningServer) -> list[str]:
    """Every table's name."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if server.database_url.startswith(SQLITE)
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return [name for (name,) in ask(server, query)]


def contents(server: RunningServer) -> dict[str, bytes]:
    """Everything that each table holds."""
    return {
        table: b"\n".join(
            value if isinstance(value, bytes) else str(value).encode()
            for row in ask(server, f"SELECT * FROM {table}")
            for value in row
        )
        for table in tables(server)
    }


def files(server: RunningServer) -> Iterator[Path]:
    """The database with its write-ahead log; with SQLite everything beside it too."""
    folder = data_folder(server)
    if (folder / "pg_wal").is_dir():
        (oid,) = ask(server, "SELECT oid::int FROM pg_database WHERE datname = current_database()")[0]
        yield max((folder / "pg_wal").glob("0*"), key=lambda path: path.stat().st_mtime)
        yield from (path for path in (folder / "base" / str(oid)).iterdir() if path.is_file())
    else:
        yield from (path for path in folder.rglob("*") if path.is_file())


def sound(server: RunningServer) -> bool:
    """Whether SQLite finds its file whole; PostgreSQL is not killed by our tests."""
    if not server.database_url.startswith(SQLITE):
        return True
    return ask(server, "PRAGMA integrity_check") == [("ok",)]


def data_folder(server: RunningServer) -> Path:
    """Where the database keeps its files."""
    if server.database_url.startswith(SQLITE):
        return Path(server.database_url.removeprefix(SQLITE)).parent
    return Path(ask(server, "SHOW data_directory")[0][0])
