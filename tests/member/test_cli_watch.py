"""The agent as a service: on a real network, killed, without an answer, held, and found by nobody's name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from member.keystore import Member
from member.one_at_a_time import only_one
from member.refusals import HomeRefused
from tests.conftest import ROOT, wait_until
from tests.leaks.search import Search
from tests.leaks.spellings import of_identifier, of_name
from tests.member.conftest import HASTY, Firms, Network, siren
from tests.member.test_cli import Keyboard, enrolled, ledger_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher

VIGIE = [sys.executable, "-c", "from member.cli import main; main()"]


@pytest.fixture(scope="module")
def network(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    made = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield made
    made.close()


def arrived(folder: Path, numbers: list[int], amount: str = "1000,00", name: str = "ledger.csv") -> Path:
    """A ledger that has rested for a minute."""
    folder.mkdir(exist_ok=True)
    path = ledger_file(folder, numbers, amount, name)
    before = time.time() - 60
    os.utime(path, (before, before))
    return path


def clients_sent(network: Firms, keyboard: Keyboard) -> set[str]:
    """As the network has them: read by another process of the device."""
    member = Member.load(keyboard.home, network=Network(network.server.url, patience=HASTY))
    member.shelf.sync(member)
    found = {one.identifier for one in member.book.clients.values() if one.pseudonym}
    member.close()
    return found


def identifiers(numbers: list[int]) -> set[str]:
    return {f"fr.siren:{siren(number)}" for number in numbers}


def test_from_a_schedule_it_sends_what_arrived_and_says_one_line(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network)
    folder = tmp_path / "exports"
    arrived(folder, [1, 2], name="Client 1 (fictional).csv")
    first = keyboard.type("watch", folder, "--once")
    assert first.exit_code == 0, first.output
    (line,) = first.stdout.splitlines()
    assert "files=1 sent=1 months=3 rows=6 past=0 problems=0" in line
    assert line.endswith("exit=0")
    again = keyboard.type("watch", folder, "--once")
    assert "files=0 sent=0" in again.stdout
    assert clients_sent(network, keyboard) == identifiers([1, 2])
    # A wrong file is said by its exit code and its count, and tried no more until it changes.
    (folder / "wrong.csv").write_text("no headings\n1\n", encoding="utf-8")
    os.utime(folder / "wrong.csv", (time.time() - 60,) * 2)
    wrong = keyboard.type("watch", folder, "--once")
    assert (wrong.exit_code, "problems=1" in wrong.stdout) == (3, True)
    log = (keyboard.home / "watch.log").read_text(encoding="ascii")
    assert len(log.splitlines()) == 3
    kept = (log + (keyboard.home / "watch.json").read_text(encoding="utf-8")).encode()
    search = Search(of_identifier(siren(1)) | of_name("Client 1 (fictional)"))
    assert search.look(kept, "log and state") == []
    assert search.look(kept + siren(1).encode(), "planted")


def test_what_changes_a_month_sent_before_is_written_down_first_and_can_be_held(
    network: Firms, tmp_path: Path
) -> None:
    keyboard = enrolled(network)
    folder = tmp_path / "exports"
    arrived(folder, [1])
    keyboard.type("watch", folder, "--once")
    arrived(folder, [1], amount="2500,00")
    held = keyboard.type("watch", folder, "--once", "--hold")
    assert (held.exit_code, "past=3" in held.stdout, "held=1" in held.stdout) == (9, True, True)
    (report,) = (keyboard.home / "changes").iterdir()
    assert "Client 1 (fictional): invoiced 1,000.00 EUR → 2,500.00 EUR" in report.read_text(encoding="utf-8")
    assert report.stat().st_mode & 0o077 == 0
    again = keyboard.type("watch", folder, "--once", "--hold")
    assert (again.exit_code, "files=0" in again.stdout) == (9, True)
    arrived(folder, [1], amount="3000,00", name="another.csv")
    sent = keyboard.type("watch", folder, "--once")
    assert (sent.exit_code, "months=3" in sent.stdout) == (9, True)  # the held one still stands
    (folder / "ledger.csv").unlink()
    assert keyboard.type("watch", folder, "--once").exit_code == 0
    assert len(list((keyboard.home / "changes").iterdir())) == 2


def serving(keyboard: Keyboard, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*VIGIE, "watch", str(folder), "--every", "1s"],
        cwd=ROOT,
        env={**os.environ, **keyboard.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_as_a_service_it_survives_a_kill_and_ends_when_told(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network)
    folder = tmp_path / "exports"
    folder.mkdir()
    first = serving(keyboard, folder)
    assert first.stdout is not None
    arrived(folder, [1, 2])
    guard = threading.Timer(120, first.kill)
    guard.start()
    assert "sent=1" in first.stdout.readline()
    guard.cancel()
    second = keyboard.type("watch", folder, "--once")
    assert (second.exit_code, "Another `vigie watch`" in second.stderr) == (7, True)
    # Between any two instructions, with a file just arrived: whether it was sent or not, nothing is lost.
    arrived(folder, [3], name="third.csv")
    wait_until((keyboard.home / "watch.lock").exists, 60)
    first.kill()
    first.communicate(timeout=60)
    after = serving(keyboard, folder)
    arrived(folder, [4], name="fourth.csv")
    assert after.stdout is not None
    wait_until(lambda: clients_sent(network, keyboard) == identifiers([1, 2, 3, 4]), 60)
    after.send_signal(signal.SIGTERM)
    said, wrong = after.communicate(timeout=60)
    assert after.returncode == 0, wrong
    assert all("exit=0" in line for line in said.splitlines())


def test_without_an_answer_it_waits_and_sends_when_there_is_one(network: Firms, tmp_path: Path) -> None:
    keyboard = enrolled(network)
    folder = tmp_path / "exports"
    arrived(folder, [1])
    network.server.stop()
    silent = keyboard.type("watch", folder, "--once")
    assert (silent.exit_code, "waiting=1" in silent.stdout) == (5, True)
    network.server.start()
    # Its time has not come; a file that changed is taken at once.
    not_yet = keyboard.type("watch", folder, "--once")
    assert (not_yet.exit_code, "files=0" in not_yet.stdout) == (5, True)
    arrived(folder, [1, 2])
    assert keyboard.type("watch", folder, "--once").exit_code == 0
    assert clients_sent(network, keyboard) == identifiers([1, 2])


def test_a_lock_ends_with_the_process_that_held_it(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(HomeRefused) as refused, only_one(tmp_path):
        raise AssertionError
    assert refused.value.code == "watch-running"
    with only_one(tmp_path):
        pass


@pytest.mark.parametrize("words", [["--every", "soon"], ["--every", "0s"], ["--at", "25:00"]])
def test_a_time_that_is_none_is_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    assert Keyboard(tmp_path / "home").type("watch", tmp_path, *words).exit_code == 2
