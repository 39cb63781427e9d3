"""Random schedules of kills, lost connections and answers, duplicates, reorderings, slow readers; a judge.

The server's own code over a real SQLite file, and over PostgreSQL with two servers between which devices
change: appends, hub, fan-out, readers, the socket's handlers. Only the wire between a device and a server is
played. The judge reads the database by itself and knows three rules:
what was acknowledged is there; every text is there once, in its device's order; every device was shown the
whole chain, each message once and in order.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
import sqlite3
import subprocess
import sys
from collections import deque
from contextlib import closing
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from chat.contents import Text
from chat.envelope import message_id
from chat.outbox import Outbox
from chat.records import Side
from chat.refusals import Code, Refusal
from chat.session import Received
from perf.chat_town import Pair, plant
from server import live
from server.conversations import Conversations
from server.fanout import Fanout
from server.hub import Connection, Hub, LiveLimits
from server.network import RunningNetwork, open_network
from server.roles import Role, Who
from server.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from tests.conftest import Postgres

# A queue of four frames: whoever does not read for a moment is cut.
LIMITS = LiveLimits(queue_frames_max=4, appends_in_flight_max=4, beat_seconds=3600)
DEVICES = (Side.CALLER, Side.CALLER, Side.ANSWERER)
STEPS, TEXTS = 60, 4
PATIENCE_SECONDS = 120


@dataclass
class Server:
    """One process; `kill` ends it between any two of its steps, whatever was under way."""

    network: RunningNetwork
    conversations: Conversations = field(init=False)

    async def start(self) -> None:
        hub = Hub(LIMITS)
        fanout = Fanout(self.network.database, hub)
        self.network = dataclasses.replace(self.network, hub=hub, fanout=fanout)
        self.conversations = Conversations(self.network)
        await fanout.start(self.conversations.pass_on_stored)
        self.conversations.start()

    async def stop(self) -> None:
        await self.network.fanout.stop()
        await self.conversations.stop()

    def lose_answer(self) -> None:
        """The database does what it is asked next, and its answer does not arrive."""
        store = self.conversations.appends._store
        commit = store.commit

        def lost(*asked: Any) -> bool:
            store.commit = commit  # type: ignore[method-assign]
            commit(*asked)
            raise ConnectionResetError

        store.commit = lost  # type: ignore[method-assign]

    async def kill(self, devices: list[Device]) -> None:
        for device in devices:
            if device.server is self:
                device.lose()
        await self.stop()
        await self.start()


@dataclass(eq=False)
class Device:
    """A member's device: the member's own outbox and session, and a wire that does what the chance says."""

    name: int
    pair: Pair
    side: Side
    outbox: Outbox = field(init=False)
    connection: Connection | None = None
    hub: Hub | None = None
    server: Server | None = None
    wire: deque[bytes] = field(default_factory=deque)  # sent, not yet at the server
    sent: bytes | None = None
    shown: list[tuple[int, str, bytes]] = field(default_factory=list)
    acknowledged: set[bytes] = field(default_factory=set)
    written: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.pair.device(self.side))

    def lose(self) -> None:
        if self.connection is not None and self.hub is not None:
            self.hub.leave(self.connection)
            self.connection.end(live.NOT_A_FRAME)
        self.connection, self.server, self.sent = None, None, None
        self.wire.clear()

    async def connect(self, server: Server) -> None:
        self.lose()
        firm = self.pair.firms[self.side]
        self.server, self.hub = server, server.network.hub
        self.connection = Connection(firm, confers=True, limits=LIMITS)
        self.hub.join(self.connection)
        await self.resume()

    async def resume(self) -> None:
        asked = live.Resume(self.pair.conversation, self.outbox.session.counter)
        assert self.connection is not None
        assert self.server is not None
        await live._resume(self.connection, self.server.conversations, self.who, asked)

    @property
    def who(self) -> Who:
        return Who(Role.CREDIT_MANAGER, self.pair.firms[self.side], None, None, b"")

    def write(self, number: int) -> None:
        self.written.append(f"{self.name} {number}")
        self.outbox.put(Text(self.written[-1], 0))

    def send(self, copies: int = 1) -> None:
        due = self.outbox.due()
        assert not isinstance(due, Refusal)
        if due is not None and self.connection is not None and due is not self.sent:
            self.sent = due
            self.wire.extend([due] * copies)

    async def arrive(self, at: int) -> None:
        """One of the envelopes on the wire, not always the first, is at the server."""
        if not self.wire or self.connection is None or self.server is None:
            return
        self.wire.rotate(-(at % len(self.wire)))
        record = self.wire.popleft()
        asked = live.Append(self.pair.conversation, record)
        await live._append(self.connection, self.server.conversations, self.who, asked, lambda: None)

    async def read(self, count: int) -> None:
        """Up to so many frames; a cut connection is noticed."""
        for _ in range(count):
            if self.connection is None:
                return
            if self.connection.cut is not None:
                self.lose()
                return
            if not self.connection._frames:
                return
            text = await self.connection.next()
            assert text is not None
            await self.hear(msgspec.json.decode(text))

    async def hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "message":
                await self.take(msgspec.json.decode(f'"{frame["envelope"]}"', type=bytes))
            case "ack":
                identity = msgspec.json.decode(f'"{frame["id"]}"', type=bytes)
                self.acknowledged.add(identity)
                received = self.outbox.acknowledged(identity)
                if received is not None:
                    self.show(received)
            case "error" if frame["code"] in {"not-now", Code.BEHIND}:
                self.sent = None
                await self.resume()
            case "error":
                assert frame["code"] == Code.GAP, frame  # reordered: what comes before is on its way
                self.sent = None

    async def take(self, record: bytes) -> None:
        outcome = self.outbox.read(record)
        if isinstance(outcome, Received):
            self.show(outcome)
        elif isinstance(outcome, Refusal):
            assert outcome.code is Code.GAP, outcome
            await self.resume()

    def show(self, received: Received) -> None:
        assert isinstance(received.content, Text)
        self.shown.append((received.counter, received.content.text, received.id))


async def schedule(servers: list[Server], pair: Pair, seed: int) -> list[Device]:
    """One schedule, and then calm until everything is settled."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await _schedule(servers, pair, seed)


async def _schedule(servers: list[Server], pair: Pair, seed: int) -> list[Device]:
    chance = random.Random(seed)
    devices = [Device(number, pair, side) for number, side in enumerate(DEVICES)]
    left = dict.fromkeys(devices, TEXTS)
    for _ in range(STEPS):
        device = chance.choice(devices)
        what = chance.random()
        if what < 0.2 and left[device]:
            device.write(left[device])
            left[device] -= 1
        elif what < 0.45:
            device.send(chance.choice((1, 1, 2)))
        elif what < 0.65:
            await device.arrive(chance.randrange(3))
        elif what < 0.8:
            await device.read(chance.randrange(1, 6))
        elif what < 0.86:
            device.lose()
        elif what < 0.95:
            await device.connect(chance.choice(servers))
        elif what < 0.96:
            await chance.choice(servers).kill(devices)
        elif what < 0.98:
            chance.choice(servers).lose_answer()
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
    while not settled(devices):
        for device in devices:
            if device.connection is None:
                await device.connect(chance.choice(servers))
            device.send()
            await device.arrive(0)
            await device.read(8)
        await asyncio.sleep(0.001)
    return devices


def settled(devices: list[Device]) -> bool:
    heads = {device.outbox.session.counter for device in devices}
    return len(heads) == 1 and not any(device.outbox.waiting for device in devices)


def judge(rows: list[tuple[int, bytes]], devices: list[Device]) -> None:
    """From the rows alone, by rules that know nothing of how the server works."""
    assert [counter for counter, _ in rows] == list(range(1, len(rows) + 1))
    ids = [message_id(record) for _, record in rows]
    for device in devices:
        assert device.acknowledged <= set(ids), "acknowledged, and not there"
        assert [counter for counter, _, _ in device.shown] == list(range(1, len(rows) + 1))
        assert [identity for _, _, identity in device.shown] == ids
    texts = [text for _, text, _ in devices[0].shown]
    assert len(texts) == len(set(texts)), "a text twice"
    for device in devices:
        assert [text for text in texts if text.startswith(f"{device.name} ")] == device.written


async def stored(settings: Settings, conversation: UUID) -> list[tuple[int, bytes]]:
    """The conversation's rows, read beside the server's own code."""
    if not settings.postgres:
        with closing(sqlite3.connect(settings.sqlite_path)) as file:
            asked = "SELECT counter, record FROM message WHERE conversation = ? ORDER BY counter"
            return file.execute(asked, (str(conversation),)).fetchall()
    line = await asyncpg.connect(settings.database)
    try:
        asked = "SELECT counter, record FROM message WHERE conversation = $1 ORDER BY counter"
        return [tuple(row) for row in await line.fetch(asked, conversation)]
    finally:
        await line.close()


async def play(settings: Settings, count: int) -> None:
    pairs = await plant(settings, count)
    servers = [Server(await open_network(settings)) for _ in range(2 if settings.postgres else 1)]
    for server in servers:
        await server.start()
    try:
        for seed, pair in enumerate(pairs):
            devices = await schedule(servers, pair, seed)
            rows = await stored(settings, pair.conversation)
            try:
                judge(rows, devices)
            except AssertionError as error:
                raise AssertionError(f"schedule {seed}: {error}") from error
            for device in devices:
                device.lose()
    finally:
        async with asyncio.timeout(PATIENCE_SECONDS):  # a connection that is never given back is waited for
            for server in servers:
                await server.stop()
                await server.network.database.close()


async def catch_up(settings: Settings) -> None:
    """One side says what fills its reader's queue three times over, before anybody reads."""
    (pair,) = await plant(settings, 1)
    server = Server(await open_network(settings))
    await server.start()
    writer, reader = devices = [Device(number, pair, side) for number, side in enumerate(Side)]
    try:
        await writer.connect(server)
        for number in range(3 * LIMITS.queue_frames_max):
            writer.write(number)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not settled(devices):
                writer.send()
                await writer.arrive(0)
                await writer.read(8)
                if not writer.outbox.waiting:
                    if reader.connection is None:
                        await reader.connect(server)
                    await reader.read(8)
                await asyncio.sleep(0.001)
        judge(await stored(settings, pair.conversation), devices)
    finally:
        await server.stop()
        await server.network.database.close()


def settings_of(
    database: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A migrated database of this test's own."""
    url = f"sqlite:///{tmp_path}/schedules.sqlite"
    if database == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        name = f"schedules_{uuid4().hex}"
        postgres.run(f"CREATE DATABASE {name}")
        url = postgres.uri(name)
    environment = {"VIGIED_DATABASE": url, "VIGIED_KEYS": str(tmp_path / "keys"), "VIGIED_KIND": "demo"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    subprocess.run([sys.executable, "-m", "server", "migrate"], check=True, capture_output=True)
    return Settings.from_environment(environment)


@pytest.mark.faults
def test_a_device_far_behind_catches_up_through_a_queue_of_four_frames(
    tmp_path: Path, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(catch_up(settings_of(database, tmp_path, request, monkeypatch)))


@pytest.mark.faults
def test_nothing_acknowledged_is_lost_and_nothing_is_shown_twice_or_out_of_order(
    tmp_path: Path, kills: int, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few schedules in `make test`, a thousand on each database in `make faults`."""
    settings = settings_of(database, tmp_path, request, monkeypatch)
    asyncio.run(play(settings, 1_000 if kills >= 30 else 20))


def test_the_judge_finds_what_was_lost_doubled_or_shown_out_of_order() -> None:
    """The control: a model that lets everything pass proves nothing."""

    rows = [(1, b"a" * 222), (2, b"b" * 222)]
    shown = SimpleNamespace(
        name=0,
        acknowledged={message_id(rows[0][1])},
        written=["0 1", "0 2"],
        shown=[(counter, f"0 {counter}", message_id(record)) for counter, record in rows],
    )
    judge(rows, [shown])  # type: ignore[list-item]
    for bad in (rows[1:], rows[::-1], [*rows, rows[1]], rows[:1]):
        with pytest.raises(AssertionError):
            judge(bad, [shown])  # type: ignore[list-item]
    shown.written = ["0 2", "0 1"]
    with pytest.raises(AssertionError):
        judge(rows, [shown])  # type: ignore[list-item]
