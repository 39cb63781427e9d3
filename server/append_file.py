"""Appends over SQLite: a connection for one thread, where each statement is one step of SQLite's.

A thread that leaves SQLite waits for the interpreter while others are busy, once a step: a hundred rows one
by one wait a hundred times. So rows go in by two statements, whose texts are kept prepared.

What the log holds goes into the database's file in a second thread, so that no message waits for it: all but
what is committed meanwhile, which the first one sees to before it commits again. Then the log begins anew.
The second thread begins after a commit, when the log has something that is not in the file yet: SQLite before
3.51.3 may lose messages where a log begins anew while a checkpoint begins (sqlite.org/wal.html#walresetbug).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import UUID

from chat.records import Side
from chat.relay import Head
from server.append_rows import Row
from server.database import BUSY_TIMEOUT_SECONDS, PRAGMAS

STATEMENTS_KEPT: Final = 512
CHECKPOINT: Final = "PRAGMA wal_checkpoint(PASSIVE)"
CHECKPOINT_MESSAGES: Final = 3_000  # some 16 MiB of log


class AppendFile:
    """One for each process that appends to an SQLite file. Nobody else of the process writes meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._second = ThreadPoolExecutor(1, thread_name_prefix="checkpoints")
        self._since_checkpoint = 0
        self._rest_is_due = False

    def commit(self, heads: Mapping[UUID, Head], rows: Sequence[Row], now_unix: int) -> bool:
        """Store the rows durably; False, and nothing is changed, where the heads are others."""
        wanted: list[object] = [value for id_, head in heads.items() for value in _wanted(id_, head)]
        stored: list[object] = [value for one in rows for value in (str(one[0]), *one[1:])]
        connection = self._opened()
        self._check_point_rest(connection)
        connection.execute("BEGIN IMMEDIATE")
        try:
            (standing,) = connection.execute(_count(len(heads)), [*wanted, now_unix]).fetchone()
            if standing < len(heads):
                return False
            connection.execute(_insert(len(rows)), stored)
            connection.execute("COMMIT")
        except sqlite3.IntegrityError:  # a counter is taken: another process has appended
            return False
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        self._check_point(len(rows))
        return True

    def lost(self) -> bool:
        """A file is not."""
        return False

    def _check_point_rest(self, connection: sqlite3.Connection) -> None:
        if self._rest_is_due:
            connection.execute(CHECKPOINT)
            self._rest_is_due = False
            self._since_checkpoint = 0

    def _check_point(self, count: int) -> None:
        before = self._since_checkpoint
        self._since_checkpoint += count
        if before < CHECKPOINT_MESSAGES <= self._since_checkpoint:
            self._second.submit(self._check_point_most)

    def _check_point_most(self) -> None:
        try:
            with closing(self._open()) as connection:
                connection.execute(CHECKPOINT)
        finally:
            self._rest_is_due = True

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_TIMEOUT_SECONDS,
            isolation_level=None,
            cached_statements=STATEMENTS_KEPT,
        )
        # The journal of a statement with many rows: in memory, or each batch opens and writes a file more.
        for pragma in (*PRAGMAS, "PRAGMA wal_autocheckpoint = 0", "PRAGMA temp_store = MEMORY"):
            connection.execute(pragma)
        return connection

    def close(self) -> None:
        """End the connection, in the thread that has committed."""
        self._second.shutdown()
        if self._connection is not None:
            self._connection.close()


def _wanted(conversation: UUID, head: Head) -> tuple[object, ...]:
    return str(conversation), head.epoch, Side.CALLER in head.silenced, Side.ANSWERER in head.silenced


def _count(count: int) -> str:
    return (
        f"SELECT count(*) FROM (VALUES {', '.join(['(?, ?, ?, ?)'] * count)}) AS v"  # noqa: S608
        " JOIN conversation c ON c.id = v.column1 AND c.epoch = v.column2"
        " AND c.caller_silenced = v.column3 AND c.answerer_silenced = v.column4"
        " AND NOT c.turned AND (c.turn_at IS NULL OR c.turn_at > ?) AND c.shown_at IS NULL"
    )


def _insert(count: int) -> str:
    return (
        "INSERT INTO message (conversation, counter, record, received_at) VALUES "  # noqa: S608
        + ", ".join(["(?, ?, ?, ?)"] * count)
    )
