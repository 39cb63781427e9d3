"""Appends in a process of their own: as if they were made here, and whatever happens to it is noticed."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from chat.envelope import voices_of
from chat.records import Side
from chat.refusals import Code, Refusal
from chat.relay import Head
from perf.chat_town import Pair, plant
from server import append_process
from server.append_chains import UNDECIDED, Said, Stored
from server.append_process import AppendFailed, AppendProcess, Ask, Opening, answer
from tests.faults.judge import Books
from tests.faults.test_schedules import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.settings import Settings

NOW, ORIGIN = 1_800_000_000, UUID(int=7)


def opening_of(settings: Settings) -> Opening:
    return Opening(None, settings.database) if settings.postgres else Opening(str(settings.sqlite_path), "")


@pytest.fixture
def settings(
    tmp_path: Path, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    return settings_of(database, tmp_path, request, monkeypatch)


@pytest.fixture
def pair(settings: Settings) -> Pair:
    (planted,) = asyncio.run(plant(settings, 1))
    return planted


@pytest.fixture
def process(settings: Settings) -> Iterator[AppendProcess]:
    one = AppendProcess(opening_of(settings), answer_seconds=60, rest_seconds=0)
    yield one
    one.end()


@pytest.fixture
def nowhere() -> Iterator[AppendProcess]:
    """One whose file nobody opens in this test."""
    one = AppendProcess(Opening("/nowhere/at.all", ""), answer_seconds=60, rest_seconds=0)
    yield one
    one.close()


def child(process: AppendProcess) -> subprocess.Popen[bytes]:
    assert process._child is not None
    return process._child


def begin(process: AppendProcess) -> subprocess.Popen[bytes]:
    until = time.monotonic() + 60
    while not process.is_ready(wanted=True):
        assert time.monotonic() < until
        time.sleep(0.01)
    return child(process)


def said(pair: Pair, count: int) -> list[Said]:
    """Further messages of the caller."""
    records = [base64.b64decode(json.loads(frame)["envelope"]) for frame in pair.frames(count)]
    return [Said(pair.conversation, one, voices_of(pair.session.link), Side.CALLER) for one in records]


def head(pair: Pair, counter: int = 0, id_: bytes = b"") -> dict[UUID, Head]:
    epoch = pair.session.epoch
    return {pair.conversation: Head(counter, id_ or pair.session.link.genesis, epoch.number, epoch.digest)}


def forged(one: Said) -> Said:
    return one._replace(record=one.record[:-1] + bytes([one.record[-1] ^ 1]))


def count(settings: Settings, pair: Pair) -> int:
    async def counted() -> int:
        books = Books(settings)
        try:
            return await books.count(pair.conversation)
        finally:
            await books.close()

    return asyncio.run(counted())


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_batches_are_stored_and_answered_in_the_order_in_which_they_were_asked(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    begin(process)
    messages = said(pair, 5)
    process.ask(Ask(NOW, ORIGIN, head(pair), messages[:3]))
    process.ask(Ask(NOW + 1, ORIGIN, {}, messages[3:]))
    assert process.under_way == 2
    first, second = process.answers(), process.answers()
    told = [
        (one.counter, one.record, one.received_at) for one in (*first, *second) if isinstance(one, Stored)
    ]
    assert told == [(n + 1, one.record, NOW + (n > 2)) for n, one in enumerate(messages)]
    assert count(settings, pair) == 5


def test_what_is_not_signed_is_refused_with_its_reason_and_the_rest_is_stored(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    begin(process)
    messages = said(pair, 2)
    process.ask(Ask(NOW, ORIGIN, head(pair), [messages[0], forged(messages[1]), messages[1]]))
    first, second, third = process.answers()
    assert isinstance(first, Stored)
    assert isinstance(second, Refusal)
    assert second.code is Code.BODY
    assert isinstance(third, Stored)
    assert count(settings, pair) == 2


def test_where_a_chain_stands_otherwise_than_remembered_nothing_is_stored_until_it_is_told(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    begin(process)
    messages = said(pair, 2)
    wrong = {pair.conversation: head(pair)[pair.conversation]._replace(epoch=9)}
    for heads in ({}, wrong):
        process.ask(Ask(NOW, ORIGIN, heads, messages))
        assert process.answers() == [UNDECIDED] * 2
    assert count(settings, pair) == 0
    process.ask(Ask(NOW, ORIGIN, head(pair), messages))
    assert all(isinstance(one, Stored) for one in process.answers())
    process.ask(Ask(NOW, ORIGIN, head(pair), messages))  # somebody else's guess: the counters are taken
    assert process.answers() == [UNDECIDED] * 2
    assert count(settings, pair) == 2


def test_what_the_database_refuses_is_said_and_the_process_goes_on(tmp_path: Path, pair: Pair) -> None:
    process = AppendProcess(Opening(str(tmp_path / "empty.sqlite"), ""), answer_seconds=60)
    try:
        begun, messages = begin(process), said(pair, 1)
        for _ in range(2):
            process.ask(Ask(NOW, ORIGIN, head(pair), messages))
            with pytest.raises(AppendFailed, match="OperationalError"):
                process.answers()
            assert process.under_way == 0
        assert begun.poll() is None
    finally:
        process.close()


def test_a_process_that_is_killed_is_noticed_and_followed_by_another(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    first = begin(process)
    messages = said(pair, 2)
    first.send_signal(signal.SIGSTOP)
    for batch in (messages[:1], messages[1:]):
        process.ask(Ask(NOW, ORIGIN, head(pair), batch))
    first.kill()
    with pytest.raises(AppendFailed, match="EOFError"):
        process.answers()
    assert process.under_way == 0
    assert begin(process).pid != first.pid
    assert count(settings, pair) == 0
    process.ask(Ask(NOW, ORIGIN, head(pair), messages))
    assert all(isinstance(one, Stored) for one in process.answers())


def test_a_process_that_has_died_is_not_asked(nowhere: AppendProcess) -> None:
    first = begin(nowhere)
    first.kill()
    first.wait()
    assert not nowhere.is_ready(wanted=False)


def test_a_process_that_hangs_is_ended_in_time(pair: Pair, settings: Settings) -> None:
    process = AppendProcess(opening_of(settings), answer_seconds=0.2, rest_seconds=0)
    try:
        hanging = begin(process)
        hanging.send_signal(signal.SIGSTOP)
        process.ask(Ask(NOW, ORIGIN, head(pair), said(pair, 2)))
        with pytest.raises(AppendFailed, match="TimeoutError"):
            process.answers()
        assert hanging.returncode == -signal.SIGKILL
        assert count(settings, pair) == 0
        hanging = begin(process)
        hanging.send_signal(signal.SIGSTOP)
        with pytest.raises(AppendFailed, match="TimeoutError"):  # more than its pipe holds
            process.ask(Ask(NOW, ORIGIN, {}, said(pair, 1) * 400))
        assert hanging.returncode == -signal.SIGKILL
    finally:
        process.close()


def test_signals_that_end_the_server_are_for_the_server_alone(
    settings: Settings, pair: Pair, process: AppendProcess
) -> None:
    begun = begin(process)
    for number in (signal.SIGINT, signal.SIGTERM):
        begun.send_signal(number)
    process.ask(Ask(NOW, ORIGIN, head(pair), said(pair, 1)))
    assert isinstance(process.answers()[0], Stored)
    assert begun.poll() is None


def test_the_process_ends_when_its_server_is_gone(nowhere: AppendProcess) -> None:
    begun = begin(nowhere)
    assert begun.stdin is not None
    begun.stdin.close()  # as the system does for a server that was killed
    assert begun.wait(60) == 0


def test_half_a_question_is_not_answered(tmp_path: Path) -> None:
    opening = append_process._ENCODER.encode(Opening(str(tmp_path / "x.sqlite"), ""))
    answered = io.BytesIO()
    whole = len(opening).to_bytes(4, "little") + opening
    answer(io.BytesIO(whole + (900).to_bytes(4, "little") + bytes(100)), answered)
    assert answered.getvalue() == append_process.READY
    answer(io.BytesIO(whole[:-1]), answered)
    assert answered.getvalue() == append_process.READY


def test_nobody_waits_for_a_process_that_is_still_starting(
    nowhere: AppendProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(silent))
    assert [nowhere.is_ready(wanted=True) for _ in range(3)] == [False] * 3
    assert child(nowhere).poll() is None


@pytest.mark.parametrize("missing", [True, False])
def test_a_process_that_fails_is_not_begun_again_with_every_batch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, missing: bool
) -> None:
    counting, begun = tmp_path / "python", tmp_path / "begun"
    if not missing:
        counting.write_text(f"#!/bin/sh\necho x >> {begun}\n")
        counting.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(counting))
    process = AppendProcess(Opening(str(tmp_path / "x.sqlite"), ""))
    until = time.monotonic() + 60
    while process._rests_until == 0:
        assert time.monotonic() < until
        assert not process.is_ready(wanted=True)
    assert [process.is_ready(wanted=True) for _ in range(5)] == [False] * 5
    assert missing or begun.read_text() == "x\n"


def test_a_process_is_begun_only_where_it_is_wanted_and_can_be_waited_for(
    nowhere: AppendProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not nowhere.is_ready(wanted=False)
    monkeypatch.setattr(append_process, "CAN_WAIT", False)
    assert not nowhere.is_ready(wanted=True)
    assert nowhere._child is None


def test_an_answer_is_never_taken_for_the_next_questions(
    settings: Settings, pair: Pair, process: AppendProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens between question and answer: the process that still owes one is not asked again."""
    first = begin(process)
    messages = said(pair, 1)
    process.ask(Ask(NOW, ORIGIN, head(pair), messages))
    with monkeypatch.context() as patched:
        patched.setattr(append_process, "_read", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            process.answers()
    assert first.returncode is not None
    begin(process)
    process.ask(Ask(NOW, ORIGIN, {}, messages))
    assert process.answers() == [UNDECIDED]


def test_restarts_leave_no_files_open_and_no_dead_processes(nowhere: AppendProcess) -> None:
    before, ended = open_files(), []
    for _ in range(3):
        ended.append(begin(nowhere))
        ended[-1].kill()
        nowhere.close()
    assert open_files() == before
    assert all(one.returncode is not None for one in ended)


def test_the_process_takes_nothing_from_the_folder_in_which_it_is_started(
    nowhere: AppendProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "__init__.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert begin(nowhere).poll() is None


def test_an_address_is_not_among_the_arguments_that_other_users_see(
    settings: Settings, process: AppendProcess
) -> None:
    begun = begin(process)
    arguments = Path(f"/proc/{begun.pid}/cmdline").read_bytes()
    assert os.fsencode(settings.database.rsplit("/", 1)[-1]) not in arguments
