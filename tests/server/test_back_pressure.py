"""A device hears of a message when it is durable, and is not read while too many of them are under way."""

from __future__ import annotations

import asyncio
import base64
import sqlite3
import subprocess
import sys
from collections import deque
from contextlib import closing, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest

from chat.contents import TEXT_BYTES_MAX, Text
from chat.envelope import BUCKET_BYTES, OVERHEAD_BYTES, TAG_BYTES
from chat.records import Side
from perf.chat_town import Pair, plant
from server import live
from server.conversations import Conversations
from server.database import WarmSQLiteEngine
from server.hub import ENDED, Connection, Hub, LiveLimits
from server.network import open_network
from server.roles import Role, Who
from server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMITS = LiveLimits()
MESSAGES = 40
PATIENCE_SECONDS = 60


class Wire:
    """The device's end of a socket: frames that wait to be read, and how many have been."""

    def __init__(self, frames: list[bytes]) -> None:
        self.frames, self.read = deque(frames), 0

    async def receive(self) -> dict[str, Any]:
        if not self.frames:
            await asyncio.get_running_loop().create_future()
        self.read += 1
        return {"type": "websocket.receive", "text": self.frames.popleft().decode()}


def frames_of(pair: Pair) -> list[bytes]:
    """The largest message that there is, then small ones."""
    large = pair.session.seal(Text("x" * TEXT_BYTES_MAX, 0))
    assert isinstance(large, bytes)
    assert len(large) == OVERHEAD_BYTES + BUCKET_BYTES[-1] + TAG_BYTES
    pair.session.receive(large)
    first = {
        "type": "append",
        "conversation": str(pair.conversation),
        "envelope": base64.b64encode(large).decode(),
    }
    return [msgspec.json.encode(first), *pair.frames(MESSAGES - 1)]


async def owed(connection: Connection, count: int) -> list[dict[str, Any]]:
    return [msgspec.json.decode(await connection.next() or b"") for _ in range(count)]


async def play(settings: Settings) -> None:
    (pair,) = await plant(settings, 1)
    network = await open_network(settings)
    conversations = Conversations(network)
    conversations.start()
    sender, reader = (Connection(firm, confers=True, limits=LIMITS) for firm in pair.firms)
    for connection in (sender, reader):
        network.hub.join(connection)
    wire = Wire(frames_of(pair))
    who = Who(Role.CREDIT_MANAGER, pair.firms[Side.CALLER], None, None, b"")
    engine = network.database.engine
    assert isinstance(engine, WarmSQLiteEngine)
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with engine.writer:  # somebody else writes
            reading = asyncio.create_task(live._read(wire, sender, network, conversations, who))  # type: ignore[arg-type]
            while wire.read <= LIMITS.appends_in_flight_max:  # noqa: ASYNC110 - a look at what a task does
                await asyncio.sleep(0)
            for _ in range(100):
                await asyncio.sleep(0)
            assert wire.read == LIMITS.appends_in_flight_max + 1, "one more was read, and waits for its place"
            assert not sender._frames, "acknowledged before it is stored"
            assert not reader._frames, "passed on before it is stored"
        with closing(sqlite3.connect(settings.sqlite_path)) as file:
            for counter in range(1, MESSAGES + 1):
                (ack,) = await owed(sender, 1)
                (stored,) = file.execute("SELECT COUNT(*) FROM message").fetchone()
                assert (ack["type"], ack["counter"]) == ("ack", counter)
                assert stored >= counter, "acknowledged, and not there"
        passed = await owed(reader, MESSAGES)
        assert [(one["type"], one["counter"]) for one in passed] == [
            ("message", counter) for counter in range(1, MESSAGES + 1)
        ]
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    await conversations.stop()
    await network.database.close()


@pytest.mark.parametrize("waits", [True, False])
async def test_what_waits_or_comes_when_the_session_has_ended_is_not_taken(*, waits: bool) -> None:
    """Until its socket is closed, which may take a while."""
    limits = LiveLimits(appends_in_flight_max=1 if waits else 2)
    connection = Connection(uuid4(), confers=True, limits=limits)
    conversation = uuid4()
    taken: list[Callable[[None], None]] = []
    envelope = base64.b64encode(bytes([1]) + conversation.bytes + bytes(100)).decode()
    text = msgspec.json.encode({"type": "append", "conversation": str(conversation), "envelope": envelope})

    class Ending(Wire):
        async def receive(self) -> dict[str, Any]:
            if self.read and not waits:
                connection.end(ENDED)
            return await super().receive()

    async def submit(*asked: Any) -> None:
        taken.append(asked[-1])
        if waits:
            asyncio.get_running_loop().call_soon(end)

    def end() -> None:
        connection.end(ENDED)
        taken[0](None)

    who = Who(Role.CREDIT_MANAGER, connection.firm, None, None, b"")
    wire, conversations, network = (
        Ending([text] * 2),
        SimpleNamespace(submit=submit),
        SimpleNamespace(hub=Hub()),
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        await live._read(wire, connection, network, conversations, who)  # type: ignore[arg-type]
    assert wire.read == 2
    assert len(taken) == 1


def test_a_device_is_not_read_while_too_many_of_its_messages_wait_and_hears_of_each_when_it_is_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        "VIGIED_DATABASE": f"sqlite:///{tmp_path}/waiting.sqlite",
        "VIGIED_KEYS": str(tmp_path / "keys"),
        "VIGIED_KIND": "demo",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    subprocess.run([sys.executable, "-m", "server", "migrate"], check=True, capture_output=True)
    asyncio.run(play(Settings.from_environment(environment)))
