"""`python -m demo` as a person runs it: in its own process, up to the links, and ended by Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from demo import cli
from demo.stage import ROOT

MONTHS = "3"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "network"


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "demo", "--folder", str(folder), "--months", MONTHS, *arguments],
        cwd=ROOT,
        env={**os.environ, "PORT": "", **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def _uploads(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "vigie.sqlite3")) as database:
        (count,) = database.execute("SELECT COUNT(*) FROM upload").fetchone()
    return int(count)


@pytest.fixture(scope="module")
def first(folder: Path) -> subprocess.CompletedProcess[str]:
    return _run(folder, "--exit-when-ready")


def test_the_demo_is_made_and_says_how_to_enter(
    first: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert first.returncode == 0, first.stderr
    assert len(re.findall(r"http://127\.0\.0\.1:\d+/#demo=\S+", first.stdout)) == 4
    assert "fictif" in first.stdout
    assert "fictional" in first.stdout
    assert folder.stat().st_mode & 0o077 == 0, "it holds keys and passwords"


def test_a_finished_demo_is_served_again_and_ends_with_ctrl_c(
    first: subprocess.CompletedProcess[str], folder: Path
) -> None:
    before = _uploads(folder)
    assert before
    again = subprocess.Popen(
        [sys.executable, "-m", "demo", "--folder", str(folder), "--months", MONTHS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert again.stdout is not None
    url = ""
    for line in again.stdout:
        url = url or "".join(re.findall(r"^  (http://127\.0\.0\.1:\d+)$", line))
        if "Ctrl-C" in line:
            break
    assert _uploads(folder) == before, "nothing was played again"
    assert httpx.get(f"{url}/health").json() == {"status": "ok"}
    assert httpx.get(f"{url}/api/network").json()["kind"] == "demo"
    again.send_signal(signal.SIGINT)
    assert again.wait(30) == 0
    again.stdout.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/health")


def test_another_number_of_months_is_another_demo(
    first: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert cli.read_ready(folder, int(MONTHS)) is not None
    assert cli.read_ready(folder, 24) is None


def test_a_broken_note_or_a_missing_database_is_no_finished_demo(tmp_path: Path) -> None:
    assert cli.read_ready(tmp_path, 24) is None
    (tmp_path / "ready.json").write_text("{")
    assert cli.read_ready(tmp_path, 24) is None
    (tmp_path / "ready.json").write_text(json.dumps({"made_from": cli.made_from(), "months": 24}))
    assert cli.read_ready(tmp_path, 24) is None, "the database is missing"


def test_a_demo_of_another_version_is_played_again(
    first: subprocess.CompletedProcess[str], folder: Path, tmp_path: Path
) -> None:
    ready = json.loads((folder / "ready.json").read_text(encoding="utf-8"))
    (tmp_path / "keys").mkdir()
    (tmp_path / "vigie.sqlite3").touch()
    (tmp_path / "ready.json").write_text(json.dumps(ready))
    assert cli.read_ready(tmp_path, int(MONTHS)) == ready
    (tmp_path / "ready.json").write_text(json.dumps(ready | {"made_from": "another"}))
    assert cli.read_ready(tmp_path, int(MONTHS)) is None


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("--months", "99"), {}, "--months"),
        ((), {"PORT": "many"}, "PORT"),
        (("--port", "70000"), {}, "65535"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    refused = _run(tmp_path / "none", *arguments, **environment)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_taken_port_is_said_before_anything_is_played(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = _run(tmp_path / "none", PORT=str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "is taken" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("keep")
    refused = _run(tmp_path, "--fresh")
    assert refused.returncode == 1
    assert (tmp_path / "precious.txt").read_text() == "keep"
