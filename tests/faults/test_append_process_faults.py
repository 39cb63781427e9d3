"""What becomes of messages when the process that appends them dies, or the server beside it."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chat.envelope import message_id
from chat.records import Side
from perf.chat_town import Pair, plant
from perf.chat_wire import Wire, connect
from server import appends
from server.append_process import AppendFailed, AppendProcess, Ask
from server.settings import Settings
from tests.faults.judge import Books
from tests.faults.servers import Here
from tests.faults.test_schedules import play, settings_of

if TYPE_CHECKING:
    from tests.conftest import Launcher, RunningServer

pytestmark = pytest.mark.faults

SCHEDULES = 4
PAIRS = 30
LONG = 300 * PAIRS  # a tenth of what these firms may send at once


@dataclasses.dataclass
class Deaths:
    """How often the process was asked, and died: before, or after it had stored what was asked."""

    asked: int = 0
    before: int = 0
    after: int = 0


def dying(monkeypatch: pytest.MonkeyPatch) -> Deaths:
    """Every process of these servers is begun at once, and dies at some of its batches."""
    deaths = Deaths()
    ask, answers, start = AppendProcess.ask, AppendProcess.answers, Here.start

    def asked(process: AppendProcess, batch: Ask) -> None:
        deaths.asked += 1
        if deaths.asked % 9 == 2:
            deaths.before += 1
            assert process._child is not None
            process._child.kill()
        ask(process, batch)

    async def answered(process: AppendProcess) -> list[Any]:
        found = await answers(process)
        if deaths.asked % 7 == 4:
            deaths.after += 1
            process._give_up("a test")
            raise AppendFailed("a test")
        return found

    async def started(server: Here) -> None:
        await start(server)
        process = server.conversations.appends._process
        process._rest_seconds = 0
        async with asyncio.timeout(60):
            while not process.is_ready(wanted=True):
                assert process._starting is not None
                await process._starting

    monkeypatch.setattr(appends, "MANY", 1)
    monkeypatch.setattr(AppendProcess, "ask", asked)
    monkeypatch.setattr(AppendProcess, "answers", answered)
    monkeypatch.setattr(Here, "start", started)
    return deaths


def test_nothing_acknowledged_is_lost_when_the_process_that_appends_dies(
    tmp_path: Path, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(database, tmp_path, request, monkeypatch)
    deaths = dying(monkeypatch)
    tally = asyncio.run(play(settings, [], SCHEDULES))
    print(tally, deaths)
    assert tally.messages
    assert min(dataclasses.astuple(deaths)) > 0, deaths


@dataclasses.dataclass(eq=False)
class Speaker:
    """One side of a pair, that sends each message when the one before is acknowledged."""

    pair: Pair
    wire: Wire
    heard: asyncio.Event
    acknowledged: list[bytes] = dataclasses.field(default_factory=list)

    def say(self) -> None:
        self.wire.send(*self.pair.frames(1))

    def hear(self, _wire: Wire, payload: bytes) -> None:
        told = json.loads(payload)
        if told["type"] == "ack":
            self.acknowledged.append(base64.b64decode(told["id"]))
            self.say()
            self.heard.set()


def appending(server: int) -> list[int]:
    """The processes beside a server that append."""
    children: list[str] = []
    for thread in Path(f"/proc/{server}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended since
            children += (thread / "children").read_text("ascii").split()
    return [int(one) for one in children if is_appending(int(one))]


def is_appending(process: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"server.append_process" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def opened_by(process: int) -> set[Path]:
    opened: set[Path] = set()
    for one in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # one that was closed since
            opened.add(one.readlink())
    return opened


async def has_appended(books: Books, process: int) -> bool:
    """Whether it has begun to: it connects to the database for its first batch; the server's thread too."""
    if not books.settings.postgres:
        return books.settings.sqlite_path in opened_by(process)
    ((lines,),) = await books.run(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND query LIKE '%standing AS MATERIALIZED%'"
    )
    return int(lines) > 1


async def interrupt(server: RunningServer, settings: Settings) -> tuple[list[Speaker], int]:
    """Many talk at once until a process appends for them and has answered; then the server is killed."""
    pairs = await plant(settings, PAIRS)
    heard = asyncio.Event()
    speakers = []
    for pair in pairs:
        wire = await connect(server.url, "/api/live", lambda *_: None, pair.tokens[Side.CALLER])
        speakers.append(Speaker(pair, wire, heard))
    for speaker in speakers:
        speaker.wire.hear = speaker.hear
        speaker.say()
    assert server.process is not None
    books, beside, appends = Books(settings), list[int](), False
    more = 5 * PAIRS
    try:
        async with asyncio.timeout(120):
            while more > 0:
                before = said(speakers)
                await heard.wait()
                heard.clear()
                beside = beside or appending(server.process.pid)
                # Where the process was there before the server's thread had stored anything, one line is all.
                long = said(speakers) > LONG
                appends = appends or (bool(beside) and (long or await has_appended(books, beside[0])))
                more -= said(speakers) - before if appends else 0
    finally:
        await books.close()
        os.kill(server.process.pid, 9)
        await asyncio.to_thread(server.process.wait)
    return speakers, beside[0]


def said(speakers: list[Speaker]) -> int:
    return sum(len(one.acknowledged) for one in speakers)


def test_what_was_acknowledged_is_stored_when_a_server_is_killed_that_had_others_append(
    launch: Launcher, database: str
) -> None:
    server = launch(database)
    settings = Settings.from_environment(server.settings)
    speakers, beside = asyncio.run(interrupt(server, settings))
    until = time.monotonic() + 60
    while is_appending(beside):
        assert time.monotonic() < until, "the process has not ended with its server"
        time.sleep(0.01)
    asyncio.run(check(settings, speakers))


async def check(settings: Settings, speakers: list[Speaker]) -> None:
    books = Books(settings)
    try:
        for speaker in speakers:
            stored = [message_id(record) for _, record, _ in (await books.read(speaker.pair)).messages]
            assert stored[: len(speaker.acknowledged)] == speaker.acknowledged
            assert len(stored) <= len(speaker.acknowledged) + 1
    finally:
        await books.close()
