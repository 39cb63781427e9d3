"""Signatures in a process of their own: the same answers, whatever happens to the process."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from chat.envelope import SIGNED_BYTES, Claim, Header
from chat.records import Side
from privacy import signing
from server.signature_process import FEW, SignatureProcess, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 4 * FEW


@pytest.fixture
def process() -> Iterator[SignatureProcess]:
    one = SignatureProcess()
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


def test_each_of_many_signatures_is_judged_by_itself(process: SignatureProcess) -> None:
    for count in (FEW, MANY, MANY + 1):
        asked, holds = claims(count)
        assert process.verify(asked) == holds


def test_few_are_judged_without_a_process(process: SignatureProcess) -> None:
    asked, holds = claims(FEW - 1)
    assert process.verify(asked) == holds
    assert process._child is None


def test_a_process_that_is_killed_changes_no_answer_and_is_followed_by_another(
    process: SignatureProcess,
) -> None:
    asked, holds = claims(MANY)
    process.verify(asked)
    first = child(process)
    first.kill()
    first.wait()
    assert process.verify(asked) == holds
    assert process.verify(asked) == holds
    assert child(process).pid != first.pid


def test_where_no_process_can_be_started_the_answers_are_the_same(
    process: SignatureProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    asked, holds = claims(MANY)
    assert process.verify(asked) == holds


def test_ctrl_c_is_for_the_server_alone(process: SignatureProcess) -> None:
    asked, holds = claims(MANY)
    process.verify(asked)
    child(process).send_signal(signal.SIGINT)
    assert process.verify(asked) == holds
    assert child(process).poll() is None


def test_the_process_ends_when_its_server_is_gone(process: SignatureProcess) -> None:
    process.verify(claims(MANY)[0])
    begun = child(process)
    assert begun.stdin is not None
    begun.stdin.close()  # as the system does for a server that was killed
    assert begun.wait(60) == 0


def test_half_a_question_is_not_answered() -> None:
    answered = io.BytesIO()
    answer(io.BytesIO((1).to_bytes(4, "little") + bytes(100)), answered)
    assert answered.getvalue() == b""
