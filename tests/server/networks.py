"""A network whose key holders are processes of their own: three of them, and a server that holds no part."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import OPERATOR, TODAY, RunningServer, vigied
from tests.server.holders import Holders


def network_of(holders: Holders, folder: Path) -> RunningServer:
    """A demo's server over a fresh SQLite file, with the holders' roster; started."""
    server = RunningServer(
        f"sqlite:///{folder / 'vigie.sqlite3'}", folder / "keys", "demo", "", folder, holders.three[0].nursery
    )
    made = vigied(server.settings, "migrate", "--today", TODAY.isoformat(), "--roster", str(holders.roster))
    assert made.returncode == 0, made.stderr
    added = vigied(server.settings, "operator-add", OPERATOR, "--token")
    token = re.search(r"^token (\S+)$", added.stdout, re.MULTILINE)
    assert token
    server.operator_token = token[1]
    server.start()
    return server
