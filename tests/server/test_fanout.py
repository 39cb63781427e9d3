"""Several processes over one PostgreSQL are one network to its devices, also when one of them goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from chat.records import Reason
from member.conversing import Cursors, Desk
from member.line import Line
from server.database import Database
from server.fanout import Fanout, Span
from server.hub import Hub
from server.settings import Settings
from tests.conftest import Launcher, Postgres, RunningServer, wait_until
from tests.server.kit import Network
from tests.server.parties import BATCH, SHARED, Asking, Party, connect, live_through, party

pytestmark = pytest.mark.postgres


@dataclass
class Scene:
    """Two firms in conversation, and two processes that serve them."""

    caller: Party
    answerer: Party
    conversation: UUID
    today: date
    one: RunningServer
    two: RunningServer

    def at(self, who: Party, server: RunningServer, **more: Any) -> Line:
        url = server.url.replace("http", "ws", 1) + "/api/live"
        return Line(who.desk, url, lambda: who.member.token, **more)


@pytest.fixture(scope="module")
def scene(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    one = launch_for_module("postgres", environment=BATCH)
    folder: Path = tmp_path_factory.mktemp("second")
    two = replace(one, folder=folder, process=None, port=0)
    launch_for_module.started.append(two)
    two.start()
    network = Network(one)
    try:
        caller, answerer = (party(network.firm(), folder) for _ in range(2))
        today = live_through(network, [caller, answerer], one)
        yield Scene(caller, answerer, connect(caller, answerer, today), today, one, two)
    finally:
        network.close()


def texts(line: Line, conversation: UUID, count: int) -> list[str]:
    return [one.content.text for one in islice(line.arrived(conversation, 60), count)]


def test_what_one_process_stores_reaches_the_devices_of_another_at_once_and_in_order(scene: Scene) -> None:
    with scene.at(scene.caller, scene.one) as near, scene.at(scene.answerer, scene.two) as far:
        for line in (near, far):
            line.follow(scene.conversation)
        said = [f"message {number}" for number in range(20)]
        for text in said:
            near.say(scene.conversation, text)
        assert texts(far, scene.conversation, 20) == said
        far.say(scene.conversation, "heard")
        assert texts(near, scene.conversation, 21)[-1] == "heard"


def test_a_call_is_announced_wherever_the_device_is_connected(scene: Scene) -> None:
    heard: list[str] = []
    listening = scene.at(scene.answerer, scene.two, on_event=lambda event: heard.append(event["type"]))
    with listening:
        wait_until(lambda: listening._socket is not None)
        scene.caller.free_to_call()
        scene.caller.desk.raise_call(SHARED, Reason.LATE, scene.today)
        wait_until(lambda: "call" in heard)


def test_a_database_that_restarts_loses_nothing_and_the_processes_hear_of_each_other_again(
    scene: Scene, postgres: Postgres
) -> None:
    with scene.at(scene.caller, scene.one) as near, scene.at(scene.answerer, scene.two) as far:
        far.follow(scene.conversation)
        near.follow(scene.conversation)
        before = len(scene.caller.desk.history(scene.conversation)[1])
        near.say(scene.conversation, "before the restart")
        postgres.restart()
        near.say(scene.conversation, "after the restart", timeout_seconds=60)
        read = texts(far, scene.conversation, before + 2)
        assert read[-2:] == ["before the restart", "after the restart"]
        wait_until(lambda: "listening again" in scene.one.log and "listening again" in scene.two.log)
        far.say(scene.conversation, "and back", timeout_seconds=60)
        assert texts(near, scene.conversation, before + 3)[-1] == "and back"


def test_a_device_of_a_killed_process_goes_on_at_another(scene: Scene, tmp_path: Path) -> None:
    its = scene.answerer.desk
    with scene.at(scene.caller, scene.one) as near:
        near.follow(scene.conversation)
        near.say(scene.conversation, "last words here")
        count = len(scene.caller.desk.history(scene.conversation)[1])
    scene.one.kill()
    with scene.two.client(scene.answerer.member.token) as client:
        desk = Desk(Asking(client), its.firm, its.seal, its.unseal, Cursors(tmp_path / "read.json"))
        with scene.at(replace(scene.answerer, desk=desk), scene.two) as far:
            far.follow(scene.conversation)
            assert texts(far, scene.conversation, count)[-1] == "last words here"
    scene.one.start()


async def test_who_listens_goes_on_whatever_a_line_ends_with(postgres: Postgres, monkeypatch) -> None:
    real, failures = asyncpg.connect, [asyncpg.InternalClientError("unknown state"), LookupError()]

    async def connect(*where: Any, **how: Any) -> Any:
        if failures:
            raise failures.pop()
        return await real(*where, **how)

    async def read(_spans: list[Span]) -> None:
        """Nothing is told here."""

    monkeypatch.setattr(asyncpg, "connect", connect)
    fanout = Fanout(Database(Settings(database=postgres.uri("postgres"))), Hub())
    async with asyncio.timeout(60):
        await fanout.start(read)
    await fanout.stop()
    assert not failures
