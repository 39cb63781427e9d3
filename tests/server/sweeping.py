"""The hourly sweep, run beside a test's server as if so many days had passed."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from server.database import Database
from server.keeping import sweep
from server.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import RunningServer


def sweep_after(server: RunningServer, days: int) -> None:
    """Erase what both sides agreed to keep for less than that."""

    async def run() -> None:
        database = Database(Settings(database=server.database_url, pool_max=2))
        await database.start()
        try:
            await sweep(database, int(time.time()) + days * 86_400)
        finally:
            await database.close()

    asyncio.run(run())
