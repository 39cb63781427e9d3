"""Appends over PostgreSQL: a batch is one statement, and so one trip, on a line and a loop of its own.

On the network's loop an answer would wait for its turn behind whatever else has come. The statement locks
the conversations in one order, as `append_rows.lock_conversations` does, and does all or nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

import asyncpg

from chat.records import Side
from chat.relay import Head
from server.append_rows import Row, columns
from server.fanout import CHANNEL

OPEN_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 30.0
_APPEND: Final = """
WITH standing AS MATERIALIZED (
    SELECT c.id FROM conversation c JOIN unnest($1::uuid[], $2::integer[], $3::boolean[], $4::boolean[])
        AS v(id, epoch, caller_silenced, answerer_silenced) ON c.id = v.id
    WHERE c.epoch = v.epoch AND c.caller_silenced = v.caller_silenced
        AND c.answerer_silenced = v.answerer_silenced
        AND NOT c.turned AND (c.turn_at IS NULL OR c.turn_at > $5) AND c.shown_at IS NULL
    ORDER BY c.id FOR NO KEY UPDATE OF c
), complete AS MATERIALIZED (
    SELECT 1 WHERE (SELECT count(*) FROM standing) = cardinality($1::uuid[])
), stored AS (
    INSERT INTO message (conversation, counter, record, received_at)
    SELECT * FROM unnest($6::uuid[], $7::bigint[], $8::bytea[], $9::bigint[])
    WHERE EXISTS (SELECT 1 FROM complete)
)
SELECT pg_notify($10, told) FROM unnest($11::text[]) AS told WHERE EXISTS (SELECT 1 FROM complete)
"""


class AppendLine:
    """One for each process that appends over PostgreSQL. For one thread at a time."""

    def __init__(self, dsn: str, notifications: Callable[[Sequence[Row]], list[str]]) -> None:
        self._dsn = dsn
        self._notifications = notifications
        self._loop = asyncio.new_event_loop()
        self._line: asyncpg.Connection[Any] | None = None
        self._lost = False

    def lost(self) -> bool:
        """Whether the line has been lost since this was last asked."""
        if self._line is not None and self._line.is_closed():
            self._hang_up()
        lost, self._lost = self._lost, False
        return lost

    def commit(self, heads: Mapping[UUID, Head], rows: Sequence[Row], now_unix: int) -> bool:
        """Store the rows durably, and tell; False, and nothing is changed, where the heads are others."""
        told = self._notifications(rows)
        return self._loop.run_until_complete(
            self._append((*_wanted(heads), now_unix, *columns(rows), CHANNEL, told))
        )

    async def _append(self, arguments: tuple[Any, ...]) -> bool:
        try:
            if self._line is None:
                self._line = await asyncpg.connect(self._dsn, timeout=OPEN_SECONDS)
            return bool(await self._line.fetch(_APPEND, *arguments, timeout=ANSWER_SECONDS))
        except asyncpg.UniqueViolationError:  # a counter is taken: another process has appended
            return False
        except BaseException:  # whatever it is, the next batch gets another line, and perhaps another server
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.terminate()
            self._line, self._lost = None, True

    def close(self) -> None:
        """Hang up, and end the loop."""
        if self._line is not None:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):  # it is given up then
                self._loop.run_until_complete(self._line.close(timeout=OPEN_SECONDS))
        self._loop.close()


def _wanted(heads: Mapping[UUID, Head]) -> list[list[Any]]:
    return columns(
        [
            (id_, head.epoch, Side.CALLER in head.silenced, Side.ANSWERER in head.silenced)
            for id_, head in heads.items()
        ]
    )
