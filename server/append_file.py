"""Appends over SQLite: a batch is one trip to a thread of its own, and each statement one step of SQLite's.

A thread that leaves SQLite waits for the interpreter while the loop is busy, once a step: a hundred rows one
by one wait a hundred times. So rows go in and out of few statements, whose texts are kept prepared.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar
from uuid import UUID

from server.append_rows import COLUMNS
from server.database import BUSY_TIMEOUT_SECONDS, PRAGMAS, WarmSQLiteEngine

STATEMENTS_KEPT: Final = 512
_BLOBS: Final = ("head", "epoch_digest")
_NAMES: Final = tuple(name.strip() for name in COLUMNS.split(","))
_HEADS: Final = (
    "SELECT json_group_array(json_array("  # noqa: S608 - columns of ours
    + ", ".join(f"hex({name})" if name in _BLOBS else name for name in _NAMES)
    + ")) FROM conversation WHERE id IN (SELECT value FROM json_each(?))"
)
T = TypeVar("T")


class AppendFile:
    """One for each process over SQLite. `work` is called in the thread, inside a transaction."""

    def __init__(self, engine: WarmSQLiteEngine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="appends")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[AppendFile], T]) -> T:
        """The work's result, when it is committed; whatever it raises, when it is rolled back."""
        async with self._engine.writer:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[AppendFile], T]) -> T:
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = work(self)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return done

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(
                self._engine.path,
                timeout=BUSY_TIMEOUT_SECONDS,
                isolation_level=None,
                cached_statements=STATEMENTS_KEPT,
            )
            for pragma in PRAGMAS:
                self._connection.execute(pragma)
        return self._connection

    def heads(self, conversations: Iterable[UUID]) -> list[dict[str, Any]]:
        """Rows as `append_rows.lock_heads` gives them; firms as their text."""
        ids = json.dumps([str(one) for one in conversations])
        (text,) = self._opened().execute(_HEADS, (ids,)).fetchone()
        rows = [dict(zip(_NAMES, row, strict=True)) for row in json.loads(text)]
        for row in rows:
            row["id"] = UUID(row["id"])
            for name in _BLOBS:
                row[name] = bytes.fromhex(row[name])
        return rows

    def insert(self, messages: Sequence[tuple[UUID, int, bytes, int]]) -> None:
        """Messages: conversation, counter, record, received at."""
        places = ", ".join(["(?, ?, ?, ?)"] * len(messages))
        values = [value for one in messages for value in (str(one[0]), *one[1:])]
        self._opened().execute(
            f"INSERT INTO message (conversation, counter, record, received_at) VALUES {places}",  # noqa: S608
            values,
        )

    def move(self, moves: Sequence[tuple[int, bytes, UUID, int, bytes]]) -> int:
        """As `append_rows.move`."""
        places = ", ".join(["(?, ?, ?, ?, ?)"] * len(moves))
        values = [value for one in moves for value in (*one[:2], str(one[2]), *one[3:])]
        return (
            self._opened()
            .execute(
                "UPDATE conversation SET counter = v.column1, head = v.column2"  # noqa: S608
                f" FROM (VALUES {places}) AS v WHERE conversation.id = v.column3"
                " AND conversation.counter = v.column4 AND conversation.head = v.column5",
                values,
            )
            .rowcount
        )

    def close(self) -> None:
        """End the thread and the connection."""

        def end() -> None:
            if self._connection is not None:
                self._connection.close()

        self._thread.submit(end).result()
        self._thread.shutdown()
