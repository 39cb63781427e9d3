"""Transactions of the test's own on PostgreSQL, held open while a server or a job comes up to them.

SQLite has one writer at a time: what is held open there holds everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import asyncpg

from tests.server.planting import ask, eventually

if TYPE_CHECKING:
    from tests.conftest import RunningServer

WAITING = (
    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@contextmanager
def holding(server: RunningServer, sql: str, *values: Any) -> Iterator[None]:
    """One statement, done in the block and seen after it; {} where a value goes."""
    for number in range(len(values)):
        sql = sql.replace("{}", f"${number + 1}", 1)
    with asyncio.Runner() as runner:
        connection = runner.run(_begin(server.database_url, sql, values))
        try:
            yield
            runner.run(connection.execute("COMMIT"))
        finally:
            runner.run(connection.close())


async def _begin(url: str, sql: str, values: tuple[Any, ...]) -> asyncpg.Connection:
    connection = await asyncpg.connect(url)
    await connection.execute("BEGIN")
    await connection.fetch(sql, *values)
    return connection


def waiting(server: RunningServer) -> bool:
    """Whether somebody waits for what is held."""
    return ask(server, WAITING) != [(0,)]


def come_up_to(server: RunningServer, work: Future[Any]) -> None:
    """Until this work waits for what is held, or has gone past it."""
    eventually(lambda: work.done() or waiting(server))
