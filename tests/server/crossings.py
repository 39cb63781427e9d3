"""Two requests that cross: one is held at a point of its work while the other is done, never by timing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
import httpx

from server.app import create_app
from server.conversations import Conversations
from tests.server.test_relations import inside

if TYPE_CHECKING:
    from types import ModuleType

    import pytest

    from server.network import RunningNetwork
    from tests.conftest import RunningServer

T = TypeVar("T")
Statements = Callable[[asyncpg.Connection], Awaitable[Any]]


def held_after(
    monkeypatch: pytest.MonkeyPatch, at: tuple[ModuleType, str], meanwhile: Callable[[], object]
) -> None:
    """Once: what awaits this function goes on when it has ended and the other has been done."""
    module, name = at
    awaited = getattr(module, name)

    async def holding(*arguments: Any, **named: Any) -> Any:
        found = await awaited(*arguments, **named)
        monkeypatch.setattr(module, name, awaited)
        await asyncio.to_thread(meanwhile)
        return found

    monkeypatch.setattr(module, name, holding)


def ask(server: RunningServer, token: str, method: str, path: str, body: object) -> httpx.Response:
    """Ask the same network's application in this process, where functions can be held."""

    async def work(network: RunningNetwork) -> httpx.Response:
        app: Any = create_app(network.settings, network)
        conversations = Conversations(network)  # to be read alone: nothing is begun
        app.state.conversations = conversations
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), base_url="http://vigie.test", timeout=60
            ) as client:
                return await client.request(method, path, json=body, headers=headers)
        finally:
            await conversations.stop()

    return inside(server, work)


def code(answer: httpx.Response) -> tuple[int, str]:
    """Its status and which problem it tells."""
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def while_held(server: RunningServer, hold: Statements, other: Callable[[], T], then: Statements) -> T:
    """PostgreSQL: what `other` comes to, which meets a transaction of ours between `hold` and `then`.

    It has ended or waits for us when `then` is run; we commit after that.
    """

    async def run() -> T:
        ours, beside = [await asyncpg.connect(server.database_url) for _ in range(2)]
        try:
            async with ours.transaction():
                await hold(ours)
                asked = asyncio.create_task(asyncio.to_thread(other))
                blocked = "SELECT pid FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))"
                while not asked.done() and not await beside.fetch(blocked, ours.get_server_pid()):
                    await asyncio.wait([asked], timeout=0.02)
                await then(ours)
            return await asked
        finally:
            await ours.close()
            await beside.close()

    return asyncio.run(run())


async def nothing(_: asyncpg.Connection) -> None:
    """No statement."""
