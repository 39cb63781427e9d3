"""Random schedules: kills, lost connections and answers, duplicates, reorderings, slow readers, new keys.

The server's own code over a real SQLite file, and over PostgreSQL with two servers between which devices
change. Most schedules play on servers in this process (`servers.Here`): appends, hub, fan-out, readers,
routes, the socket's handlers; only the wire is played, so that queues are short and answers are lost on
purpose. Every fifth plays on real processes over real sockets, ended by SIGKILL and started again on
what is on the disk (`servers.There`). `judge` says what has to hold.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat.envelope import message_id
from chat.records import Side
from perf.chat_town import TODAY, Pair, plant
from server.network import open_network
from server.settings import Settings
from tests.faults.device import Device, settled
from tests.faults.judge import Books, Claims, judge
from tests.faults.servers import Here, Served, There

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher, Postgres, RunningServer

DEVICES = (Side.CALLER, Side.CALLER, Side.ANSWERER)
STEPS, TEXTS, MONTHS = 60, 4, 3
THERE_EVERY = 5  # schedules, of which one plays on real processes
PATIENCE_SECONDS = 120
AT_ONCE = {"VIGIED_TURN_WITHIN_SECONDS": "0"}  # new keys wait for a message, and no moment besides


@dataclass
class Tally:
    """What schedules came to: a play in which nothing happened proves nothing."""

    messages: int = 0
    epochs: int = 0  # beyond the first ones
    turns: int = 0  # in force
    kills: int = 0  # of processes
    kept: int = 0  # messages that a killed process had not answered, and had stored
    lost: int = 0  # and those that it had not, which were sent again


@dataclass
class World:
    """One database, the servers over it, and the business date."""

    settings: Settings
    here: list[Here]
    there: list[There]
    books: Books
    today: date = TODAY
    tally: Tally = field(default_factory=Tally)

    async def set_today(self, today: date) -> None:
        self.today = today
        await self.books.set_today(today)

    async def play(self, pair: Pair, seed: int) -> None:
        """One schedule and its judgement."""
        servers: list[Served] = [*self.there] if seed % THERE_EVERY == 0 and self.there else [*self.here]
        claims = Claims(self.books, pair.conversation)
        await self.set_today(TODAY)
        devices = [
            Device(number, pair, side, claims, lambda: self.today) for number, side in enumerate(DEVICES)
        ]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await schedule(self, servers, devices, random.Random(seed))
            stored = await self.books.read(pair)
            judge(stored, devices, claims)
        except Exception as error:
            raise AssertionError(f"schedule {seed}: {type(error).__name__} {error}") from error
        finally:
            for device in devices:
                device.lose()
        ids = {message_id(record) for _, record, _ in stored.messages}
        self.tally.messages += len(ids)
        self.tally.epochs += len(stored.epochs) - 1
        self.tally.turns += sum(one.after is not None for one in stored.turns)
        self.tally.kept += len(claims.in_doubt & ids)
        self.tally.lost += len(claims.in_doubt - ids)

    async def end(self) -> None:
        self.tally.kills = sum(one.kills for one in self.there)
        async with asyncio.timeout(PATIENCE_SECONDS):  # a connection that is never given back is waited for
            for server in (*self.here, *self.there):
                await server.end()
            await self.books.close()


async def schedule(world: World, servers: list[Served], devices: list[Device], chance: random.Random) -> None:
    """What chance says, and then calm until everything is settled."""
    left = dict.fromkeys(devices, TEXTS)
    for _ in range(STEPS):
        device = chance.choice(devices)
        what = chance.random()
        if what < 0.18 and left[device]:
            device.write(left[device])
            left[device] -= 1
        elif what < 0.42:
            device.send(chance.choice((1, 1, 2)))
        elif what < 0.62:
            await device.arrive(chance.randrange(3))
        elif what < 0.77:
            await device.read(chance.randrange(1, 6))
        elif what < 0.82:
            device.lose()
        elif what < 0.91:
            await device.connect(chance.choice(servers))
        elif what < 0.93:
            if world.today.month <= MONTHS:
                await world.set_today(world.today.replace(month=world.today.month + 1))
        elif what < 0.95:
            if device.link is not None and device.request is None:
                device.begin(device.turn)
        elif what < 0.97:
            await chance.choice(servers).kill(devices)
        elif what < 0.98:
            chance.choice(servers).lose_answer()
        await chance.choice(servers).rest(chance.randrange(4))
    while not settled(devices):
        for device in devices:
            if device.link is None:
                await device.connect(chance.choice(servers))
            device.send()
            await device.arrive(0)
            await device.read(8)
        await asyncio.sleep(0.001)


async def play(settings: Settings, processes: list[RunningServer], count: int) -> Tally:
    pairs = await plant(settings, count)
    here = [Here(await open_network(settings)) for _ in range(2 if settings.postgres else 1)]
    world = World(settings, here, [There(one) for one in processes], Books(settings))
    for server in here:
        await server.start()
    try:
        for seed, pair in enumerate(pairs):
            await world.play(pair, seed)
    finally:
        await world.end()
    return world.tally


async def catch_up(settings: Settings) -> None:
    """Sixty messages while nobody else is there, then one device that reads them through a short queue."""
    (pair,) = await plant(settings, 1)
    books = Books(settings)
    claims = Claims(books, pair.conversation)
    server = Here(await open_network(settings))
    await server.start()
    await books.set_today(TODAY)
    devices = [Device(number, pair, side, claims, lambda: TODAY) for number, side in enumerate(Side)]
    writer, reader = devices
    for number in range(60):
        writer.write(number)
    await writer.connect(server)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not settled(devices):
                writer.send()
                await writer.arrive(0)
                await writer.read(8)
                if not writer.outbox.waiting:
                    if reader.link is None:
                        await reader.connect(server)
                    await reader.read(8)
                await asyncio.sleep(0.001)
        judge(await books.read(pair), devices, claims)
    finally:
        await books.close()
        await server.end()


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


def processes_of(launch: Launcher, database: str, tmp_path: Path) -> list[RunningServer]:
    """Real servers over a database of this test's own: two where several may serve one."""
    first = launch(database, environment=AT_ONCE)
    if database == "sqlite":
        return [first]
    second = dataclasses.replace(first, folder=tmp_path, process=None, port=0)
    launch.started.append(second)
    second.start()
    return [first, second]


@pytest.mark.faults
def test_a_device_far_behind_catches_up_through_a_queue_of_four_frames(
    tmp_path: Path, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(catch_up(settings_of(database, tmp_path, request, monkeypatch)))


@pytest.mark.faults
def test_nothing_acknowledged_is_lost_and_nothing_is_shown_twice_or_out_of_order(
    tmp_path: Path, kills: int, database: str, launch: Launcher
) -> None:
    """A few schedules in `make test`, a thousand on each database in `make faults`."""
    processes = processes_of(launch, database, tmp_path)
    settings = Settings.from_environment(processes[0].settings)
    many = kills >= 30
    tally = asyncio.run(play(settings, processes, 1_000 if many else 20))
    print(tally)
    assert tally.messages
    assert tally.kills
    if many:
        assert min(dataclasses.astuple(tally)) > 0, tally
