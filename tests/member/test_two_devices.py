"""Two devices of one firm push at once, each in a process of its own: nothing that either sent is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from benchmark.upload import decode, digest
from member.device_invitation import invite_device, take_device
from tests.conftest import ROOT
from tests.member.conftest import DECEMBER, PASSWORD, Firms, client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher

ROUNDS = 2
# Waits until both are there, then pushes clients of its own, the same months each time.
PUSHING = f"""
import sys
from pathlib import Path
from member.keystore import Member
from member.push import push
from tests.member.conftest import ledger
home, first = Path(sys.argv[1]), int(sys.argv[2])
member = Member.load(home)
member.shelf.sync(member)
print("ready", flush=True)
sys.stdin.readline()
for round in range({ROUNDS}):
    push(member, ledger([first + round], euros=first + round))
member.close()
print("done", flush=True)
"""


def pushing(home: Path, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PUSHING, str(home), str(first)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def firms(launch: Launcher, tmp_path: Path) -> Iterator[Firms]:
    """On PostgreSQL, where two transactions really are at work at once."""
    made = Firms(launch("postgres"), tmp_path)
    yield made
    made.close()


@pytest.mark.postgres
def test_two_processes_at_once_lose_nothing(firms: Firms) -> None:
    member = firms.firm()
    content, code = invite_device(member, PASSWORD)
    file = firms.place("device")
    file.write_bytes(content)
    other = take_device(file, code, firms.place(), network=firms.network()[0])
    firms.members.append(other)
    running = [pushing(member.home.path, 100), pushing(other.home.path, 200)]
    guards = [threading.Timer(120, one.kill) for one in running]
    for guard, one in zip(guards, running, strict=True):
        guard.start()
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n", one.communicate()
        guard.cancel()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in running:
        said, wrong = one.communicate(timeout=120)
        assert (one.returncode, said) == (0, "done\n"), wrong
    # A third look, from the network alone.
    loaded, _ = firms.again(member)
    loaded.shelf.sync(loaded)
    numbers = {first + turn for first in (100, 200) for turn in range(ROUNDS)}
    assert set(loaded.book.clients) == {client(number).identifier for number in numbers}
    assert all(one.pseudonym for one in loaded.book.clients.values())
    by_pseudonym = loaded.book.by_pseudonym()
    for month in (DECEMBER - 2, DECEMBER - 1, DECEMBER):
        rows = decode(loaded.book.sent[month]).rows
        sent = {by_pseudonym[row["pseudonym"].tobytes()].accounts[0]: int(row["sales"]) for row in rows}
        assert sent == {f"C{number}": number * 100 for number in numbers}
        current = next(
            one
            for one in loaded.session.receipts()
            if one.current and one.digest == digest(loaded.book.sent[month])
        )
        assert current.rows == len(numbers)
