"""Rows: Piccolo on SQLite through warm connections of our own, or on PostgreSQL through its pool.

Piccolo's own SQLite engine opens a connection and a thread for every query and sets neither WAL nor a busy
timeout; this one keeps a few open (WAL, full synchronisation, foreign keys) and its transactions take the
write lock at once, so that none fails half-way because another process wrote meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, Final
from uuid import UUID

import aiosqlite
import asyncpg
from piccolo.engine import Engine
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.querystring import QueryString
from piccolo.table import Table

from server.settings import Settings

BUSY_TIMEOUT_SECONDS: Final = 60
WARM_CONNECTIONS: Final = 4
PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 4000",
)


class ImmediateTransaction(SQLiteTransaction):
    """Takes the write lock when it begins; gives its connection back to the engine whatever happens."""

    engine: WarmSQLiteEngine

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            return self._parent
        await self.engine.writer.acquire()
        try:
            self.connection = await self.engine.lease()
            try:
                await self.begin()  # type: ignore[no-untyped-call]
            except BaseException:
                await self.engine.give_back(self.connection, certain=False)
                raise
        except BaseException:
            self.engine.writer.release()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if exception is None and not self._rolled_back:
                await self.commit()  # type: ignore[no-untyped-call]
        finally:
            self.engine.current_transaction.reset(self.context)
            try:
                await self.engine.give_back(self.connection)
            finally:
                self.engine.writer.release()
        return exception is None


class WarmSQLiteEngine(SQLiteEngine):
    """A few warm connections to one file; one writer at a time within the process."""

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path), timeout=BUSY_TIMEOUT_SECONDS)
        self.writer = asyncio.Lock()
        self._idle: list[aiosqlite.Connection] = []
        self._places = asyncio.Semaphore(WARM_CONNECTIONS)

    async def get_connection(self) -> aiosqlite.Connection:
        """Open one more connection, with the right pragmas."""
        connection: aiosqlite.Connection = await aiosqlite.connect(**self.connection_kwargs)
        try:
            connection.row_factory = dict_factory  # type: ignore[assignment]
            for pragma in PRAGMAS:
                await _patiently(connection, pragma)
        except BaseException:  # its thread would outlive whoever did not wait for it, and keep the process
            await connection.close()
            raise
        return connection

    async def lease(self) -> aiosqlite.Connection:
        """A connection for one transaction or query; waits while all are out."""
        await self._places.acquire()
        try:
            return self._idle.pop() if self._idle else await self.get_connection()
        except BaseException:
            self._places.release()
            raise

    async def give_back(self, connection: aiosqlite.Connection, *, certain: bool = True) -> None:
        """End what a cancelled transaction left open, and keep the connection warm.

        Not `certain`: its thread may still be about to begin one, and whatever is asked now comes after that.
        """
        try:
            if connection.in_transaction or not certain:
                await connection.rollback()
        except BaseException:
            await connection.close()
            raise
        else:
            self._idle.append(connection)
        finally:
            self._places.release()

    async def close(self) -> None:
        """Close the warm connections."""
        while self._idle:
            await self._idle.pop().close()

    async def _fetch(self, sql: str, arguments: Sequence[Any]) -> list[dict[str, Any]]:
        current = self.current_transaction.get()
        if current is not None:
            return list(await current.connection.execute_fetchall(sql, arguments))
        connection = await self.lease()
        try:
            return list(await connection.execute_fetchall(sql, arguments))  # type: ignore[arg-type]
        finally:
            await self.give_back(connection)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:  # noqa: ARG002
        """One query, in the current transaction when there is one."""
        sql, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self._fetch(sql, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:  # noqa: ARG002
        """One statement of the data definition language."""
        return await self._fetch(ddl, [])

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,
    ) -> ImmediateTransaction:
        """A transaction; inside another one it joins it."""
        return ImmediateTransaction(self, transaction_type=transaction_type, allow_nested=allow_nested)


async def _patiently(connection: aiosqlite.Connection, pragma: str) -> None:
    # Switching to WAL does not honour the busy timeout when two processes open a new file together.
    for _ in range(200):
        try:
            await connection.execute_fetchall(pragma)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            await asyncio.sleep(0.05)
        else:
            return
    raise TimeoutError(pragma)


class ReturnedTransaction(PostgresTransaction):
    """Piccolo's transaction, which gives its connection back to the pool whatever happens."""

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.get_connection()  # type: ignore[no-untyped-call]
        try:
            self.transaction = self.connection.transaction()
            await self.begin()  # type: ignore[no-untyped-call]
        except BaseException:
            # Begun or not, nobody knows: the pool gets the place back, and opens another one.
            with suppress(asyncpg.InterfaceError):  # it had been lost, and is the pool's again
                self.connection.terminate()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if exception is not None and not self._rolled_back:
                await self.rollback()  # type: ignore[no-untyped-call]
            elif not self._committed and not self._rolled_back:
                await self.commit()  # type: ignore[no-untyped-call]
        finally:
            self.engine.current_transaction.reset(self.context)
            if self.engine.pool:
                await self.engine.pool.release(self.connection)
            else:
                await self.connection.close()
        return exception is None


class PooledPostgresEngine(PostgresEngine):
    """Piccolo's engine on a URL; the pool is started by `Database.start`."""

    def transaction(self, allow_nested: bool = True) -> ReturnedTransaction:
        """A transaction; inside another one it joins it."""
        return ReturnedTransaction(engine=self, allow_nested=allow_nested)

    async def check_version(self) -> None:
        """Nothing: a server that cannot be reached is reported by the first query, in one line."""


class Database:
    """The rows of one network, and the locks that its stations take."""

    def __init__(self, settings: Settings) -> None:
        self.postgres = settings.postgres
        self.dsn = settings.database
        self._pool_max = settings.pool_max
        self._after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after commit", default=None)
        self.engine: WarmSQLiteEngine | PooledPostgresEngine = (
            PooledPostgresEngine({"dsn": settings.database})
            if settings.postgres
            else WarmSQLiteEngine(settings.sqlite_path)
        )

    async def start(self) -> None:
        """Open the pool."""
        if isinstance(self.engine, PooledPostgresEngine):
            await self.engine.start_connection_pool(min_size=1, max_size=self._pool_max)

    async def close(self) -> None:
        """Close every connection."""
        if isinstance(self.engine, WarmSQLiteEngine):
            await self.engine.close()
        elif self.engine.pool:
            await self.engine.close_connection_pool()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """One transaction: all of it or nothing. Queries inside join it."""
        outermost = not self.engine.transaction_exists()
        waiting: list[Callable[[], None]] = []
        token = self._after.set(waiting) if outermost else None
        try:
            async with self.engine.transaction():
                yield
        finally:
            if token is not None:
                self._after.reset(token)
        for tell in waiting:
            tell()

    def after_commit(self, tell: Callable[[], None]) -> None:
        """Call this when the current transaction has committed, never if it fails; without one, at once."""
        waiting = self._after.get()
        if waiting is None:
            tell()
        else:
            waiting.append(tell)

    async def run(self, sql: str, *arguments: Any) -> list[dict[str, Any]]:
        """A statement in SQL with {} where an argument goes."""
        found = await self.engine.run_querystring(QueryString(sql, *arguments))
        return self.engine.transform_response_to_dicts(found) if found else []

    async def fetch(self, sql: str, *arguments: Any) -> Sequence[Any]:
        """A statement in the database's own placeholders, inside a transaction; prepared once."""
        connection = self._connection()
        if self.postgres:
            return list(await connection.fetch(sql, *arguments))
        return list(await connection.execute_fetchall(sql, arguments))

    async def change_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """SQLite: one statement for every row, in one go; how many rows it has changed."""
        async with self._connection().executemany(sql, rows) as cursor:
            return int(cursor.rowcount)

    def _connection(self) -> Any:
        transaction = self.engine.current_transaction.get()
        assert transaction is not None, "outside a transaction"
        return transaction.connection

    async def lock_firm(self, firm: UUID) -> None:
        """Until the transaction ends, nobody else writes for this firm; SQLite has one writer anyway."""
        if self.postgres:
            await self.run("SELECT id FROM firm WHERE id = {} FOR UPDATE", firm)

    async def lock_firms(self) -> None:
        """The same for every firm, always in one order."""
        if self.postgres:
            await self.run("SELECT id FROM firm ORDER BY id FOR UPDATE")

    async def lock_person(self, person: UUID) -> None:
        """Until the transaction ends, nobody else changes how this person logs in, or begins her session."""
        if self.postgres:
            await self.run("SELECT id FROM person WHERE id = {} FOR NO KEY UPDATE", person)

    async def lock_network(self, *, to_change: bool) -> None:
        """Hold the network's row: its business date and its newest release stand still."""
        if self.postgres:
            await self.run("SELECT id FROM network FOR " + ("UPDATE" if to_change else "SHARE"))  # noqa: S608


def bind(engine: Engine[Any], tables: Sequence[type[Table]]) -> None:
    """Give the tables their engine: a process serves one database."""
    for table in tables:
        table._meta.db = engine  # noqa: SLF001 - Piccolo's documented way is a configuration module
