"""Appends over SQLite: durable or not at all, and a log that begins anew while messages go on coming."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from chat.relay import Head
from perf.chat_town import Pair, plant
from server import append_file
from server.append_file import AppendFile
from server.append_rows import Row
from server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BATCH, BATCHES = 20, 60


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Pair]:
    environment = {
        "VIGIED_DATABASE": f"sqlite:///{tmp_path}/appends.sqlite",
        "VIGIED_KEYS": str(tmp_path / "keys"),
        "VIGIED_KIND": "demo",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    subprocess.run([sys.executable, "-m", "server", "migrate"], check=True, capture_output=True)
    (pair,) = asyncio.run(plant(Settings.from_environment(environment), 1))
    return tmp_path / "appends.sqlite", pair


@pytest.fixture
def file(place: tuple[Path, Pair]) -> Iterator[AppendFile]:
    opened = AppendFile(place[0])
    yield opened
    opened.close()


def rows(pair: Pair, first: int) -> list[Row]:
    return [(pair.conversation, first + number, os.urandom(494), 1) for number in range(BATCH)]


def commit(file: AppendFile, head: Head, pair: Pair, first: int) -> bool:
    return file.commit({pair.conversation: head}, rows(pair, first), 1)


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("SELECT COUNT(*) FROM message").fetchone()
    return int(found)


def test_what_does_not_stand_as_guessed_changes_nothing(place: tuple[Path, Pair], file: AppendFile) -> None:
    path, pair = place
    right = Head(0, pair.session.link.genesis, 1, b"")
    assert not commit(file, right._replace(epoch=2), pair, 1)
    assert commit(file, right, pair, 1)
    assert not commit(file, right, pair, BATCH), "the first counter is taken"
    assert count(path) == BATCH


def test_the_log_begins_anew_while_messages_go_on_coming(
    place: tuple[Path, Pair], file: AppendFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append_file, "CHECKPOINT_MESSAGES", 5 * BATCH)
    path, pair = place
    log = path.with_name(path.name + "-wal")
    head, sizes = Head(0, pair.session.link.genesis, 1, b""), []
    for number in range(BATCHES):
        assert commit(file, head, pair, 1 + number * BATCH)
        file._second.submit(int).result()  # the checkpoint that may have begun is over
        sizes.append(log.stat().st_size)
    assert sizes[-1] < 2 * sizes[9], "a log that is never begun anew has six times the length"
    assert count(path) == BATCH * BATCHES


def test_a_checkpoint_begins_when_the_log_has_something_that_the_file_has_not(
    place: tuple[Path, Pair], file: AppendFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append_file, "CHECKPOINT_MESSAGES", BATCH)
    path, pair = place
    there: list[int] = []
    monkeypatch.setattr(file._second, "submit", lambda _work: there.append(count(path)))
    assert commit(file, Head(0, pair.session.link.genesis, 1, b""), pair, 1)
    assert there == [BATCH], "what is being committed might begin the log anew"
