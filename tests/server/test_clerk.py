"""The clerk of calls: what fails or takes long holds nothing else up, and who was silenced is not let in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from server import calls, moments
from server.calls import CallPolicy, Clerk
from server.network import RunningNetwork
from tests.server.kit import Network, pseudonyms
from tests.server.test_relations import inside

CLOSES = date(2026, 2, 1)


def test_a_step_that_fails_or_takes_long_keeps_no_other_from_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work() -> None:
        delivered, passed, never = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def long(_: Clerk) -> None:
            await never.wait()

        async def failing(_: Clerk) -> None:
            delivered.set()
            raise RuntimeError

        async def passing(_: RunningNetwork) -> None:
            passed.set()

        monkeypatch.setattr(Clerk, "distribute", long)
        monkeypatch.setattr(Clerk, "deliver", failing)
        monkeypatch.setattr(moments, "pass_due", passing)
        clerk = Clerk(network=None, policy=CallPolicy(batch_seconds=0))  # type: ignore[arg-type]
        clerk.start()
        try:
            async with asyncio.timeout(60):
                await delivered.wait()
                await passed.wait()
        finally:
            await clerk.stop()

    asyncio.run(work())


def alone(network: Network, work: Callable[[RunningNetwork, Clerk], Awaitable[Any]]) -> None:
    """With the clerk's hands alone: the server's own one has gone home."""
    network.server.stop()
    inside(network.server, lambda running: work(running, Clerk(running, CallPolicy(batch_seconds=0))))


async def raised(running: RunningNetwork, firm: UUID, pseudonym: bytes, *, distributed: bool) -> UUID:
    call = uuid4()
    await running.database.run(
        "INSERT INTO call (id, firm, pseudonym, record, secret, raised_at, closes_on, closed, distributed)"
        " VALUES ({}, {}, {}, {}, {}, 0, {}, {}, {})",
        call,
        firm,
        pseudonym,
        b"record",
        b"secret",
        CLOSES,
        False,
        distributed,
    )
    return call


def test_a_call_whose_receivers_cannot_be_found_holds_up_no_other(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = network.firm()
    one, other = pseudonyms("one", "other")

    async def firms_with(_: RunningNetwork, pseudonym: bytes, besides: UUID) -> list[UUID]:
        if pseudonym == one:
            raise RuntimeError
        return [besides]

    async def work(running: RunningNetwork, clerk: Clerk) -> None:
        monkeypatch.setattr(calls, "firms_with", firms_with)
        made = {name: await raised(running, firm.id, name, distributed=False) for name in (one, other)}
        await clerk.distribute()
        left = await running.database.run("SELECT id FROM call WHERE NOT distributed")
        assert [row["id"] for row in left] == [made[one]]

    alone(network, work)


def test_a_call_on_its_way_does_not_reach_a_firm_that_silenced_its_caller_meanwhile(network: Network) -> None:
    caller, silencing, other = (network.firm() for _ in range(3))

    async def work(running: RunningNetwork, clerk: Clerk) -> None:
        call = await raised(running, caller.id, b"p" * 32, distributed=True)
        for firm in (silencing, other):
            await running.database.run(
                "INSERT INTO call_delivery (call, firm, deliver_after, declined) VALUES ({}, {}, 0, {})",
                call,
                firm.id,
                False,
            )
        await running.database.run(
            "INSERT INTO firm_silence (firm, silenced) VALUES ({}, {})", silencing.id, caller.id
        )
        reached = "SELECT firm FROM call_delivery WHERE delivered_on IS NOT NULL"
        await clerk.deliver()
        assert [row["firm"] for row in await running.database.run(reached)] == [other.id]
        await running.database.run("DELETE FROM firm_silence")
        await clerk.deliver()
        assert len(await running.database.run(reached)) == 2

    alone(network, work)
