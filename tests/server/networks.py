"""A network whose key holders are processes of their own, and `vigied`'s commands run in this process."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from typer.testing import CliRunner

from server.cli import app
from tests.conftest import OPERATOR, TODAY, RunningServer
from tests.server.holders import Holders

RUNNER = CliRunner()


def vigied(environment: Mapping[str, str], *arguments: str, cwd: Path | None = None, code: int = 0) -> str:
    """One command to its end, as in a process of its own but without importing everything again."""
    # In a thread: an open browser holds this one's event loop, and commands bring their own.
    with contextlib.chdir(cwd) if cwd else contextlib.nullcontext(), ThreadPoolExecutor(1) as thread:
        ended = thread.submit(RUNNER.invoke, app, list(arguments), env=dict(environment)).result()
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    assert ended.exit_code == code, ended.output
    return ended.stdout if code == 0 else ended.stderr


def network_of(holders: Holders, folder: Path) -> RunningServer:
    """A demo's server over a fresh SQLite file, with the holders' roster; started."""
    nursery = holders.three[0].nursery
    server = RunningServer(
        f"sqlite:///{folder / 'vigie.sqlite3'}", folder / "keys", "demo", "", folder, nursery
    )
    vigied(server.settings, "migrate", "--today", TODAY.isoformat(), "--roster", str(holders.roster))
    added = vigied(server.settings, "operator-add", OPERATOR, "--token")
    token = re.search(r"^token (\S+)$", added, re.MULTILINE)
    assert token
    server.operator_token = token[1]
    server.start()
    return server
