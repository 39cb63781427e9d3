"""The sessions that this process's connections rest on, and the one watcher that ends those that ended.

It wakes when a session ends in any process (`Fanout.tell_ended`), and looks now and then besides: sessions
expire by the clock, and an operator's command beside a process over SQLite can wake nobody. A look is one
query for 500 sessions, however many devices are connected.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from contextlib import suppress
from typing import Final

from server.hub import ENDED, Connection
from server.network import RunningNetwork
from server.roles import Who
from server.sessions import whose

LOG: Final = logging.getLogger("vigied")

LOOK_SECONDS: Final = 15.0


class Watcher:
    """One for each process."""

    def __init__(self, network: RunningNetwork, look_seconds: float = LOOK_SECONDS) -> None:
        self._network = network
        self._look_seconds = look_seconds
        self._held: defaultdict[bytes, dict[Connection, Who]] = defaultdict(dict)
        self._task: asyncio.Task[None] | None = None

    def hold(self, who: Who, connection: Connection) -> None:
        """From here on the connection lasts as long as its session, as it was when it began."""
        self._held[who.token_hash][connection] = who

    def drop(self, who: Who, connection: Connection) -> None:
        """The connection is gone."""
        mine = self._held[who.token_hash]
        mine.pop(connection, None)
        if not mine:
            del self._held[who.token_hash]

    def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.create_task(self._watch(), name="sessions")

    async def stop(self) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        doubt = self._network.hub.doubt
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(doubt.wait(), self._look_seconds)
            doubt.clear()
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the database is away: the next look sees the same
                LOG.error("sessions: %s", type(error).__name__)  # noqa: TRY400 - a trace would name rows

    async def look(self) -> None:
        """End the connections whose session has ended, or whose person is another than she was."""
        hashes = list(self._held)
        standing = await whose(self._network, hashes)
        for hashed in hashes:
            for connection, who in list(self._held.get(hashed, {}).items()):
                if standing.get(hashed) != who:
                    connection.end(ENDED)
