"""What a key holder of its own remembers as a witness: the network's release key, and what it signed last.

One SQLite file in the holder's folder, written and on the disk before a signature leaves: of two requests at
once the second finds what the first one signed. Without a pinned release key it signs nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy.manifest_witness import Witnessed
from server.problems import Fault, Refused
from server.witness import WitnessAnswer, WitnessRequest, answer

FILE: Final = "witness.sqlite3"
BUSY_TIMEOUT_SECONDS: Final = 60
TABLE: Final = """
CREATE TABLE IF NOT EXISTS witness (
    id INTEGER PRIMARY KEY CHECK (id = 1), release_key BLOB NOT NULL, month TEXT, digest TEXT)
"""
_LOCK: Final = threading.Lock()


def _open(folder: Path) -> sqlite3.Connection:
    (folder / FILE).touch(mode=0o600)
    connection = sqlite3.connect(folder / FILE, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(TABLE)
    return connection


def pin(folder: Path, release_key: bytes) -> None:
    """The network whose manifests this holder witnesses, once; raise Refused for another one later."""
    with _LOCK, closing(_open(folder)) as connection:
        connection.execute("INSERT OR IGNORE INTO witness (id, release_key) VALUES (1, ?)", (release_key,))
        (pinned,) = connection.execute("SELECT release_key FROM witness").fetchone()
    if pinned != release_key:
        faults = [Fault(None, "release key", release_key.hex(), pinned.hex())]
        raise Refused("witness-refused", f"this holder witnesses the network of {pinned.hex()}", faults)


def newest(folder: Path) -> Witnessed | None:
    """What it signed last."""
    with closing(_open(folder)) as connection:
        row = connection.execute("SELECT month, digest FROM witness WHERE month IS NOT NULL").fetchone()
    return None if row is None else Witnessed(*row)


def _memory(connection: sqlite3.Connection) -> tuple[bytes, Witnessed | None]:
    row = connection.execute("SELECT release_key, month, digest FROM witness").fetchone()
    if row is None:
        raise Refused("witness-refused", "this holder has pinned no network's release key")
    release_key, month, digest = row
    return release_key, None if month is None else Witnessed(month, digest)


def witness(folder: Path, private: Ed25519PrivateKey, request: WitnessRequest) -> WitnessAnswer:
    """Sign what extends the history signed so far; raise witness-refused."""
    with _LOCK, closing(_open(folder)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            release_key, last = _memory(connection)
            signed, kept = answer(private, release_key, last, request)
            connection.execute("UPDATE witness SET month = ?, digest = ?", (kept.month, kept.digest))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return signed
