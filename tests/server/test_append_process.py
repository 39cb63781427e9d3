"""Appends in a process of their own: as if they were made here, and whatever happens to it is noticed."""

from __future__ import annotations

import asyncio
import base64
import gc
import io
import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from chat.envelope import voices_of
from chat.records import Side
from chat.refusals import Code, Refusal
from chat.relay import Head
from perf.chat_town import Pair
from server import append_process
from server.append_chains import UNDECIDED, Said, Stored
from server.append_process import AppendFailed, AppendProcess, Ask, Opening, answer
from tests.faults.judge import Books

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from server.settings import Settings

NOW, ORIGIN = 1_800_000_000, UUID(int=7)


def opening_of(settings: Settings) -> Opening:
    return Opening(None, settings.database) if settings.postgres else Opening(str(settings.sqlite_path), "")


@pytest.fixture
async def process(settings: Settings) -> AsyncIterator[AppendProcess]:
    one = AppendProcess(opening_of(settings), answer_seconds=60, rest_seconds=0)
    yield one
    await one.end()


@pytest.fixture
async def nowhere() -> AsyncIterator[AppendProcess]:
    """One whose file nobody opens in this test."""
    one = AppendProcess(Opening("/nowhere/at.all", ""), answer_seconds=60, rest_seconds=0)
    yield one
    await one.end()


def child(process: AppendProcess) -> Process:
    assert process._child is not None
    return process._child


async def begin(process: AppendProcess) -> Process:
    async with asyncio.timeout(60):
        while not process.is_ready(wanted=True):
            assert process._starting is not None
            await process._starting
    return child(process)


def said(pair: Pair, count: int) -> list[Said]:
    """Further messages of the caller."""
    records = [base64.b64decode(json.loads(frame)["envelope"]) for frame in pair.frames(count)]
    return [Said(pair.conversation, one, voices_of(pair.session.link), Side.CALLER) for one in records]


def head(pair: Pair) -> dict[UUID, Head]:
    """Before its first message."""
    epoch = pair.session.epoch
    return {pair.conversation: Head(0, pair.session.link.genesis, epoch.number, epoch.digest)}


async def fates(process: AppendProcess, heads: dict[UUID, Head], batch: list[Said]) -> list[Any]:
    process.ask(Ask(NOW, ORIGIN, heads, batch))
    return await process.answers()


def forged(one: Said) -> Said:
    return one._replace(record=one.record[:-1] + bytes([one.record[-1] ^ 1]))


async def count(settings: Settings, pair: Pair) -> int:
    books = Books(settings)
    try:
        return await books.count(pair.conversation)
    finally:
        await books.close()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_batches_are_stored_and_answered_in_the_order_in_which_they_were_asked(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    await begin(process)
    messages = said(pair, 5)
    process.ask(Ask(NOW, ORIGIN, head(pair), messages[:3]))
    process.ask(Ask(NOW + 1, ORIGIN, {}, messages[3:]))
    assert process.under_way == 2
    first, second = await process.answers(), await process.answers()
    told = [
        (one.counter, one.record, one.received_at) for one in (*first, *second) if isinstance(one, Stored)
    ]
    assert told == [(n + 1, one.record, NOW + (n > 2)) for n, one in enumerate(messages)]
    assert await count(settings, pair) == 5


async def test_what_is_not_signed_is_refused_with_its_reason_and_the_rest_is_stored(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    await begin(process)
    messages = said(pair, 2)
    batch = [messages[0], forged(messages[1]), messages[1]]
    first, second, third = await fates(process, head(pair), batch)
    assert isinstance(first, Stored)
    assert isinstance(second, Refusal)
    assert second.code is Code.BODY
    assert isinstance(third, Stored)
    assert await count(settings, pair) == 2


async def test_where_a_chain_stands_otherwise_than_remembered_nothing_is_stored_until_it_is_told(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    await begin(process)
    messages = said(pair, 2)
    wrong = {pair.conversation: head(pair)[pair.conversation]._replace(epoch=9)}
    for heads in ({}, wrong):
        assert await fates(process, heads, messages) == [UNDECIDED] * 2
    assert await count(settings, pair) == 0
    assert all(isinstance(one, Stored) for one in await fates(process, head(pair), messages))
    # Somebody else's guess: the counters are taken.
    assert await fates(process, head(pair), messages) == [UNDECIDED] * 2
    assert await count(settings, pair) == 2


async def test_what_the_database_refuses_is_said_and_the_process_goes_on(tmp_path: Path, pair: Pair) -> None:
    process = AppendProcess(Opening(str(tmp_path / "empty.sqlite"), ""), answer_seconds=60)
    try:
        begun, messages = await begin(process), said(pair, 1)
        for _ in range(2):
            process.ask(Ask(NOW, ORIGIN, head(pair), messages))
            with pytest.raises(AppendFailed, match="OperationalError"):
                await process.answers()
            assert process.under_way == 0
        assert begun.returncode is None
    finally:
        await process.end()


async def test_a_process_that_is_killed_is_noticed_and_followed_by_another(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    first = await begin(process)
    messages = said(pair, 2)
    first.send_signal(signal.SIGSTOP)
    for batch in (messages[:1], messages[1:]):
        process.ask(Ask(NOW, ORIGIN, head(pair), batch))
    first.kill()
    with pytest.raises(AppendFailed, match="IncompleteReadError"):
        await process.answers()
    assert process.under_way == 0
    assert (await begin(process)).pid != first.pid
    assert await count(settings, pair) == 0
    assert all(isinstance(one, Stored) for one in await fates(process, head(pair), messages))


async def test_a_process_that_has_died_is_not_asked(nowhere: AppendProcess) -> None:
    first = await begin(nowhere)
    first.kill()
    await first.wait()
    assert not nowhere.is_ready(wanted=False)


async def test_a_process_that_hangs_is_ended_in_time(pair: Pair, settings: Settings) -> None:
    process = AppendProcess(opening_of(settings), answer_seconds=0.2, rest_seconds=0)
    try:
        hanging = await begin(process)
        hanging.send_signal(signal.SIGSTOP)
        process.ask(Ask(NOW, ORIGIN, head(pair), said(pair, 2)))
        with pytest.raises(AppendFailed, match="TimeoutError"):
            await process.answers()
        assert await hanging.wait() == -signal.SIGKILL
        assert await count(settings, pair) == 0
        hanging = await begin(process)
        hanging.send_signal(signal.SIGSTOP)
        process.ask(Ask(NOW, ORIGIN, {}, said(pair, 1) * 400))  # more than its pipe holds
        with pytest.raises(AppendFailed, match="TimeoutError"):
            await process.answers()
        assert await hanging.wait() == -signal.SIGKILL
    finally:
        await process.end()


async def test_signals_that_end_the_server_are_for_the_server_alone(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    begun = await begin(process)
    for number in (signal.SIGINT, signal.SIGTERM):
        begun.send_signal(number)
    assert isinstance((await fates(process, head(pair), said(pair, 1)))[0], Stored)
    assert begun.returncode is None


async def test_the_process_ends_when_its_server_is_gone(nowhere: AppendProcess) -> None:
    begun = await begin(nowhere)
    assert begun.stdin is not None
    begun.stdin.close()  # as the system does for a server that was killed
    assert await asyncio.wait_for(begun.wait(), 60) == 0


def test_half_a_question_is_not_answered(tmp_path: Path) -> None:
    opening = append_process._ENCODER.encode(Opening(str(tmp_path / "x.sqlite"), ""))
    answered = io.BytesIO()
    whole = len(opening).to_bytes(4, "little") + opening
    answer(io.BytesIO(whole + (900).to_bytes(4, "little") + bytes(100)), answered)
    assert answered.getvalue() == append_process.READY
    answer(io.BytesIO(whole[:-1]), answered)
    assert answered.getvalue() == append_process.READY


async def test_nobody_waits_for_a_process_that_is_still_starting(
    nowhere: AppendProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(silent))
    assert not nowhere.is_ready(wanted=True)
    starting = nowhere._starting
    assert starting is not None
    done, _ = await asyncio.wait({starting}, timeout=0.5)
    assert not done
    assert not nowhere.is_ready(wanted=True)
    assert nowhere._starting is starting


@pytest.mark.parametrize("missing", [True, False])
async def test_a_process_that_fails_is_not_begun_again_with_every_batch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, missing: bool
) -> None:
    counting, begun = tmp_path / "python", tmp_path / "begun"
    if not missing:
        counting.write_text(f"#!/bin/sh\necho x >> {begun}\n")
        counting.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(counting))
    process = AppendProcess(Opening(str(tmp_path / "x.sqlite"), ""))
    assert not process.is_ready(wanted=True)
    assert process._starting is not None
    await process._starting
    assert [process.is_ready(wanted=True) for _ in range(5)] == [False] * 5
    assert process._starting is None
    assert missing or begun.read_text() == "x\n"
    await process.end()


async def test_a_process_is_begun_only_where_it_is_wanted(nowhere: AppendProcess) -> None:
    assert not nowhere.is_ready(wanted=False)
    assert nowhere._starting is None


async def test_an_answer_is_never_taken_for_the_next_questions(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    """Whatever happens between question and answer: the process that still owes one is not asked again."""
    first = await begin(process)
    messages = said(pair, 1)
    process.ask(Ask(NOW, ORIGIN, head(pair), messages))
    waiting = asyncio.create_task(process.answers())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await first.wait() == -signal.SIGKILL
    await begin(process)
    assert await fates(process, {}, messages) == [UNDECIDED]


async def test_an_answer_that_is_none_of_this_batch_is_not_taken(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    """Fewer fates than messages: the process is ended, and what it was asked may be stored or not."""
    begun = await begin(process)
    process.ask(Ask(NOW, ORIGIN, head(pair), said(pair, 1)))
    process._asked[0] = Ask(NOW, ORIGIN, {}, process._asked[0].said * 2)
    with pytest.raises(AppendFailed, match="EOFError"):
        await process.answers()
    assert await begun.wait() == -signal.SIGKILL
    assert await count(settings, pair) == 1


async def test_restarts_leave_no_files_open_and_no_dead_processes(nowhere: AppendProcess) -> None:
    gc.collect()  # what earlier tests have left is not closed while this one counts
    ended, opened = [], []
    for _ in range(4):
        ended.append(await begin(nowhere))
        nowhere._give_up("a test")
        await ended[-1].wait()
        await asyncio.sleep(0)
        opened.append(open_files())
    assert len(set(opened)) == 1, opened
    assert all(one.returncode is not None for one in ended)


async def test_the_process_takes_nothing_from_the_folder_in_which_it_is_started(
    nowhere: AppendProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "__init__.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert (await begin(nowhere)).returncode is None


def arguments_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


async def test_an_address_is_not_among_the_arguments_that_other_users_see(
    settings: Settings, process: AppendProcess
) -> None:
    begun = await begin(process)
    assert os.fsencode(settings.database.rsplit("/", 1)[-1]) not in arguments_of(begun.pid)


@pytest.mark.parametrize("said_instead", ["Hello, I am a library", ""])
async def test_a_process_that_does_not_say_that_it_is_there_is_ended_and_not_asked(
    nowhere: AppendProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said_instead: str
) -> None:
    other = tmp_path / "python"
    other.write_text(f"#!/bin/sh\nprintf '{said_instead}'\nexec sleep 600\n")
    other.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(other))
    monkeypatch.setattr(append_process, "START_SECONDS", 60 if said_instead else 0.2)
    assert not nowhere.is_ready(wanted=True)
    assert nowhere._starting is not None
    await asyncio.wait_for(nowhere._starting, 30)
    assert not nowhere.is_ready(wanted=False)
    (ended,) = nowhere._ended
    assert await ended.wait() == -signal.SIGKILL
