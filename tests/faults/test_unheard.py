"""Stored, and the process is not told, or has forgotten whose it is: its devices get it all the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from chat.records import Side
from perf.chat_town import TODAY, plant
from server.network import open_network
from tests.faults.device import Device, settled
from tests.faults.judge import Books, Claims, judge
from tests.faults.servers import Here
from tests.faults.test_schedules import PATIENCE_SECONDS, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from server.appends import Waiting
    from server.settings import Settings


def lose_the_answer(server: Here) -> None:
    server.lose_answer()


def forget_whose(server: Here) -> None:
    submit = server.conversations.appends.submit

    def forgetful(one: Waiting) -> None:
        submit(one)
        server.conversations._parties.clear()

    server.conversations.appends.submit = forgetful  # type: ignore[method-assign]


async def play(settings: Settings, fault: Callable[[Here], None]) -> None:
    """One message, the fault, another message; nobody connects again."""
    (pair,) = await plant(settings, 1)
    server = Here(await open_network(settings))
    await server.start()
    books = Books(settings)
    claims = Claims(books, pair.conversation)
    await books.set_today(TODAY)
    devices = [Device(number, pair, side, claims, lambda: TODAY) for number, side in enumerate(Side)]
    try:
        for device in devices:
            await device.connect(server)
        connections = [device.link for device in devices]
        for number in range(2):
            devices[0].write(number)
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not settled(devices):
                    for device in devices:
                        device.send()
                        await device.arrive(0)
                        await device.read(8)
                    await asyncio.sleep(0.001)
            fault(server)
        assert [device.link for device in devices] == connections
        judge(await books.read(pair), devices, claims)
    finally:
        await books.close()
        await server.end()


@pytest.mark.faults
@pytest.mark.parametrize("fault", [lose_the_answer, forget_whose])
def test_what_is_stored_reaches_every_device_also_where_nobody_was_told(
    fault: Any,
    database: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asyncio.run(play(settings_of(database, tmp_path, request, monkeypatch), fault))
