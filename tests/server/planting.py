"""Alerts as a release would have stored them, put into a running server's database from outside."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import asyncpg

from tests.conftest import TODAY

if TYPE_CHECKING:
    from tests.conftest import RunningServer


def ask(server: RunningServer, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """One statement; {} where a value goes."""
    if server.database_url.startswith("sqlite"):
        connection = sqlite3.connect(server.database_url.removeprefix("sqlite:///"), timeout=60)
        try:
            adapted = [str(one) if isinstance(one, uuid.UUID) else one for one in values]
            rows = connection.execute(sql.replace("{}", "?"), adapted).fetchall()
            connection.commit()
            return rows
        finally:
            connection.close()
    return asyncio.run(_ask_postgres(server.database_url, sql, values))


async def _ask_postgres(url: str, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    for number in range(len(values)):
        sql = sql.replace("{}", f"${number + 1}", 1)
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(sql, *values)]
    finally:
        await connection.close()


def plant(
    server: RunningServer,
    pseudonym: bytes,
    month: int,
    *,
    kind: str = "drift",
    severity: str = "act",
    size_days: int = 12,
    sector: int | None = None,
) -> str:
    """One alert of a month; its id. `sector`: a whole sector has shifted."""
    made = uuid.uuid4()
    published = TODAY.isoformat() if server.database_url.startswith("sqlite") else TODAY
    ask(
        server,
        "INSERT INTO alert (id, pseudonym, month, kind, detector, severity, size_days, shared_days,"
        " since_month, confidence, ends_at_days, may_be_larger, evidence, published_on, sector)"
        " VALUES ({}, {}, {}, {}, 'drift-4', {}, {}, 0, {}, 'likely', 10, {}, {}, {}, {})",
        made,
        pseudonym,
        month,
        kind,
        severity,
        size_days,
        month,
        False,
        json.dumps([[month, 30]]).encode(),
        published,
        sector,
    )
    return str(made)


def announce(server: RunningServer, month: int) -> None:
    """The event that a release writes beside its alerts."""
    ask(server, "DELETE FROM outbox_event WHERE month = {}", month)
    ask(
        server,
        "INSERT INTO outbox_event (month, created_at, done) VALUES ({}, 2000000000, {})",
        month,
        False,
    )


def eventually(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for something of the server's, looking ten times a second: a look costs a request or a query."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def expanded(server: RunningServer, month: int) -> bool:
    """Whether every firm has what the event means for it."""
    rows = ask(server, "SELECT done FROM outbox_event WHERE month = {}", month)
    return bool(rows and rows[0][0])
