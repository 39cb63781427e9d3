"""Signatures in a process of their own: the same answers, whatever happens to the process."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from chat.envelope import SIGNED_BYTES, Claim, Header
from chat.records import Side
from privacy import signing
from server import signature_process
from server.signature_process import FEW, SignatureProcess, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 4 * FEW


@pytest.fixture
def process() -> Iterator[SignatureProcess]:
    one = SignatureProcess(answer_seconds=60, rest_seconds=0)
    yield one
    one.close()


def claims(count: int) -> tuple[list[Claim], list[bool]]:
    """Some signed, some not, and which."""
    key = signing.from_seed(bytes(32))
    header = Header(1, bytes(16), 1, Side.CALLER, 1, bytes(32), bytes(32))
    made, holds = [], []
    for number in range(count):
        signed = os.urandom(SIGNED_BYTES)
        signature = signing.sign(key, "message", signed)
        if number % 3 == 0:
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        if number % 3 == 1:
            signed = signed[:-1] + bytes([signed[-1] ^ 1])
        made.append(Claim(header, signing.public_bytes(key), signed, signature, b"", b""))
        holds.append(number % 3 == 2)
    order = random.Random(count).sample(range(count), count)
    return [made[at] for at in order], [holds[at] for at in order]


def child(process: SignatureProcess) -> subprocess.Popen[bytes]:
    assert process._child is not None
    return process._child


def begin(process: SignatureProcess) -> subprocess.Popen[bytes]:
    """Messages come until the process answers."""
    until = time.monotonic() + 60
    while not process._ready:
        assert time.monotonic() < until
        asked, holds = claims(FEW)
        assert process.verify(asked) == holds
    return child(process)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_each_of_many_signatures_is_judged_by_itself(process: SignatureProcess) -> None:
    first = begin(process)
    for count in (FEW, MANY, MANY + 1, 600):  # the last more than a pipe holds
        asked, holds = claims(count)
        assert process.verify(asked) == holds
    assert child(process) is first


def test_few_are_judged_without_a_process(process: SignatureProcess) -> None:
    asked, holds = claims(FEW - 1)
    assert process.verify(asked) == holds
    assert process._child is None


def test_a_process_that_is_killed_changes_no_answer_and_is_followed_by_another(
    process: SignatureProcess,
) -> None:
    asked, holds = claims(MANY)
    first = begin(process)
    first.kill()
    first.wait()
    assert process.verify(asked) == holds
    assert process.verify(asked) == holds
    assert begin(process).pid != first.pid


def test_where_no_process_can_be_started_the_answers_are_the_same(
    process: SignatureProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    asked, holds = claims(MANY)
    assert process.verify(asked) == holds


def test_ctrl_c_is_for_the_server_alone(process: SignatureProcess) -> None:
    asked, holds = claims(MANY)
    begin(process).send_signal(signal.SIGINT)
    assert process.verify(asked) == holds
    assert child(process).poll() is None


def test_the_process_ends_when_its_server_is_gone(process: SignatureProcess) -> None:
    begun = begin(process)
    assert begun.stdin is not None
    begun.stdin.close()  # as the system does for a server that was killed
    assert begun.wait(60) == 0


def test_half_a_question_is_not_answered() -> None:
    answered = io.BytesIO()
    answer(io.BytesIO((1).to_bytes(4, "little") + bytes(100)), answered)
    assert answered.getvalue() == b""


def test_a_process_that_hangs_is_ended_in_time_and_changes_no_answer() -> None:
    process = SignatureProcess(answer_seconds=0.2, rest_seconds=0)
    try:
        for count in (MANY, 600):  # the second does not even fit into the pipe
            hanging = begin(process)
            hanging.send_signal(signal.SIGSTOP)
            asked, holds = claims(count)
            assert process.verify(asked) == holds
            assert hanging.returncode == -signal.SIGKILL
            assert process._child is None
    finally:
        process.close()


def test_nobody_waits_for_a_process_that_is_still_starting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexec sleep 600\n")
    silent.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(silent))
    process = SignatureProcess()
    try:
        asked, holds = claims(MANY)
        assert [process.verify(asked) for _ in range(3)] == [holds] * 3
        assert child(process).poll() is None
    finally:
        process.close()


def test_a_process_that_fails_is_not_begun_again_with_every_batch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counting, begun = tmp_path / "python", tmp_path / "begun"
    counting.write_text(f"#!/bin/sh\necho x >> {begun}\n")
    counting.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(counting))
    process = SignatureProcess()
    asked, holds = claims(MANY)
    until = time.monotonic() + 60
    while process._rests_until == 0:
        assert time.monotonic() < until
        assert process.verify(asked) == holds
    assert [process.verify(asked) for _ in range(5)] == [holds] * 5
    assert begun.read_text() == "x\n"


def test_an_answer_is_never_taken_for_the_next_questions(
    process: SignatureProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens between question and answer: the process that still owes one is not asked again."""
    begin(process)
    forged, holds = claims(MANY)
    signed = [claim for claim, held in zip(forged, holds, strict=True) if held]
    with monkeypatch.context() as patched:
        patched.setattr(signature_process, "_read", Mock(side_effect=MemoryError))
        with pytest.raises(MemoryError):
            process.verify(signed)
    assert process.verify(forged) == holds
    begin(process)
    assert process.verify(forged) == holds


def test_restarts_leave_no_files_open_and_no_dead_processes(process: SignatureProcess) -> None:
    before, ended = open_files(), []
    for _ in range(3):
        ended.append(begin(process))
        ended[-1].kill()
        process.verify(claims(MANY)[0])
        process.close()
    assert open_files() == before
    assert all(one.returncode is not None for one in ended)


def test_the_process_takes_nothing_from_the_folder_in_which_it_is_started(
    process: SignatureProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "__init__.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    begun = begin(process)
    assert begun.poll() is None


def test_where_a_pipe_cannot_be_waited_for_no_process_is_begun(
    process: SignatureProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.signature_process.CAN_WAIT", False)
    asked, holds = claims(MANY)
    assert process.verify(asked) == holds
    assert process._child is None
