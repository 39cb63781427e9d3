"""A key holder's own book: which firms it admits, what each has asked, nonces, the signed log of evaluations.

One SQLite file. An evaluation's cost, nonce and log entry are one transaction, committed before it is
answered. The log says which firm asked how many on which day, and nothing else; each entry covers the digest
of the one before and is signed by the holder, so that it cannot be rewritten unnoticed.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privacy import signing
from server.keyholder_request import (
    CLOCK_SKEW_SECONDS,
    NETWORK_EVALUATIONS_MAX,
    EvaluationRequest,
    limit,
    refuse_over_budget,
)
from server.problems import Refused

GENESIS: Final = bytes(32)
ANSWERED: Final = "nonce: this request was answered already"
BUSY_TIMEOUT_SECONDS: Final = 60
TABLES: Final = """
CREATE TABLE IF NOT EXISTS firm (
    firm BLOB PRIMARY KEY, name TEXT NOT NULL, root_public BLOB NOT NULL,
    declared_portfolio INTEGER NOT NULL, admitted_on TEXT NOT NULL, expelled INTEGER NOT NULL DEFAULT 0,
    until TEXT);
CREATE TABLE IF NOT EXISTS spent (
    firm BLOB NOT NULL, key_id BLOB NOT NULL, evaluated INTEGER NOT NULL, PRIMARY KEY (firm, key_id));
CREATE TABLE IF NOT EXISTS refused_device (public_key BLOB PRIMARY KEY);
CREATE TABLE IF NOT EXISTS nonce (nonce BLOB PRIMARY KEY, requested_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS log (
    sequence INTEGER PRIMARY KEY, day TEXT NOT NULL, firm BLOB NOT NULL, evaluations INTEGER NOT NULL,
    previous BLOB NOT NULL, digest BLOB NOT NULL, signature BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A firm on the holder's list: its root's public key (32 bytes), its portfolio, since when it counts.

    `until`: of a candidate, that asks before it joins; it may ask for its portfolio up to that day, no more.
    """

    firm: UUID
    name: str
    root_public: bytes
    declared_portfolio: int
    admitted_on: date
    until: date | None = None

    def limit(self, today: date) -> int:
        """How many evaluations it may have had by today."""
        if self.until is None:
            return limit(self.declared_portfolio, self.admitted_on, today)
        return self.declared_portfolio if today <= self.until else 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One evaluation in the log: on this day this firm asked for so many."""

    sequence: int
    day: str
    firm: UUID
    evaluations: int
    previous: bytes
    digest: bytes
    signature: bytes


def entry_digest(previous: bytes, sequence: int, day: str, firm: UUID, evaluations: int) -> bytes:
    """SHA-256 over the entry and the digest before it: what anybody who is shown the log recomputes."""
    told = msgspec.json.encode([sequence, day, str(firm), evaluations])
    return hashlib.sha256(b"vigie/evaluations/v1\0" + previous + told).digest()


def broken_at(entries: Sequence[Entry], public: bytes, previous: bytes = GENESIS) -> int | None:
    """The number of the first entry that does not follow, or is not signed; None: all do."""
    for entry in entries:
        digest = entry_digest(previous, entry.sequence, entry.day, entry.firm, entry.evaluations)
        follows = (entry.previous, entry.digest) == (previous, digest)
        if not follows or not signing.verify(public, "evaluation-log", digest, entry.signature):
            return entry.sequence
        previous = digest
    return None


class HolderBook:
    """The holder's rows. Its methods may be called from several threads: one writer at a time."""

    def __init__(self, path: Path, network_cap: int = NETWORK_EVALUATIONS_MAX) -> None:
        self.network_cap = network_cap
        path.touch(mode=0o600)
        self._rows = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
        )
        self._lock = threading.Lock()
        with self._lock:
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                self._rows.execute(f"PRAGMA {pragma}")
            self._rows.executescript(TABLES)

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._rows.execute("BEGIN IMMEDIATE")
            try:
                yield self._rows
            except BaseException:
                self._rows.execute("ROLLBACK")
                raise
            self._rows.execute("COMMIT")

    # ---- the list

    def admit(self, firms: Sequence[Admitted]) -> None:
        """Put firms on the list, or change what it says of them; what they have asked stays."""
        with self._writing() as rows:
            rows.executemany(
                "INSERT INTO firm (firm, name, root_public, declared_portfolio, admitted_on, until) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (firm) DO UPDATE SET name = excluded.name, "
                "root_public = excluded.root_public, declared_portfolio = excluded.declared_portfolio, "
                "admitted_on = excluded.admitted_on, until = excluded.until, expelled = 0",
                [
                    (
                        one.firm.bytes,
                        one.name,
                        one.root_public,
                        one.declared_portfolio,
                        one.admitted_on.isoformat(),
                        one.until.isoformat() if one.until else None,
                    )
                    for one in firms
                ],
            )

    def expel(self, firm: UUID) -> bool:
        """Evaluate nothing for a firm any more; False for one that is not on the list."""
        with self._writing() as rows:
            return rows.execute("UPDATE firm SET expelled = 1 WHERE firm = ?", [firm.bytes]).rowcount > 0

    def refuse_device(self, public_key: bytes) -> None:
        """A device key that was lost: its signatures count no more, whatever its delegation says."""
        with self._writing() as rows:
            rows.execute("INSERT OR IGNORE INTO refused_device VALUES (?)", [public_key])

    def root_of(self, firm: UUID) -> bytes:
        """The root key that the holder knows the firm by; raise Refused for a firm that it does not admit."""
        return self._firm(firm).root_public

    def member_root_of(self, firm: UUID) -> bytes:
        """The same of a firm that is no mere candidate: what the holder gives its word for."""
        found = self._firm(firm)
        if found.until is not None:
            raise Refused("holder-unknown-firm")
        return found.root_public

    def _firm(self, firm: UUID) -> Admitted:
        with self._lock:
            row = self._rows.execute(
                "SELECT name, root_public, declared_portfolio, admitted_on, until FROM firm "
                "WHERE firm = ? AND expelled = 0",
                [firm.bytes],
            ).fetchone()
        if row is None:
            raise Refused("holder-unknown-firm")
        return _admitted(firm, row)

    def is_refused(self, device: bytes) -> bool:
        """Whether a device key was refused."""
        with self._lock:
            found = self._rows.execute("SELECT 1 FROM refused_device WHERE public_key = ?", [device])
            return found.fetchone() is not None

    def firms(self, key_id: bytes, today: date) -> list[tuple[Admitted, int, int]]:
        """Every firm on the list, with what it has asked under a key and what it may ask by today."""
        with self._lock:
            rows = self._rows.execute(
                "SELECT f.firm, COALESCE(evaluated, 0), name, root_public, declared_portfolio, admitted_on, "
                "until FROM firm f LEFT JOIN spent s ON s.firm = f.firm AND s.key_id = ? WHERE expelled = 0 "
                "ORDER BY admitted_on, name",
                [key_id],
            ).fetchall()
        found = [(_admitted(UUID(bytes=row[0]), row[2:]), row[1]) for row in rows]
        return [(one, used, one.limit(today)) for one, used in found]

    # ---- evaluations

    def refuse_early(self, request: EvaluationRequest, count: int, key_id: bytes, today: date) -> None:
        """Raise Refused, before anything is computed, for what `spend` would refuse now."""
        firm = self._firm(request.firm_id)
        with self._lock:
            seen = self._rows.execute("SELECT 1 FROM nonce WHERE nonce = ?", [request.nonce]).fetchone()
            if seen is not None:
                raise Refused("evaluation-refused", ANSWERED)
            self._refuse_spent(self._rows, firm, count, key_id, today)

    def _refuse_spent(
        self, rows: sqlite3.Connection, firm: Admitted, count: int, key_id: bytes, today: date
    ) -> None:
        used = rows.execute(
            "SELECT evaluated FROM spent WHERE firm = ? AND key_id = ?", [firm.firm.bytes, key_id]
        ).fetchone()
        everybody = rows.execute(
            "SELECT COALESCE(SUM(evaluated), 0) FROM spent WHERE key_id = ?", [key_id]
        ).fetchone()
        refuse_over_budget(used[0] if used else 0, count, firm.limit(today), everybody[0], self.network_cap)

    def spend(  # noqa: PLR0917 - a request, under which key, counted when, signed by whom
        self,
        request: EvaluationRequest,
        count: int,
        key_id: bytes,
        now: int,
        today: date,
        signer: Ed25519PrivateKey,
    ) -> None:
        """Count a request against the budgets and log it, once; raise Refused and change nothing."""
        firm = self._firm(request.firm_id)
        with self._writing() as rows:
            rows.execute("DELETE FROM nonce WHERE requested_at < ?", [now - 2 * CLOCK_SKEW_SECONDS])
            inserted = rows.execute(
                "INSERT OR IGNORE INTO nonce VALUES (?, ?)", [request.nonce, request.requested_at]
            )
            if not inserted.rowcount:
                raise Refused("evaluation-refused", ANSWERED)
            self._refuse_spent(rows, firm, count, key_id, today)
            rows.execute(
                "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT (firm, key_id) "
                "DO UPDATE SET evaluated = evaluated + excluded.evaluated",
                [firm.firm.bytes, key_id, count],
            )
            self._log(rows, today.isoformat(), firm.firm, count, signer)

    def _log(
        self,
        rows: sqlite3.Connection,
        day: str,
        firm: UUID,
        count: int,
        signer: Ed25519PrivateKey,
    ) -> None:
        last = rows.execute("SELECT sequence, digest FROM log ORDER BY sequence DESC LIMIT 1").fetchone()
        sequence, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
        digest = entry_digest(previous, sequence, day, firm, count)
        signature = signing.sign(signer, "evaluation-log", digest)
        rows.execute(
            "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)",
            [sequence, day, firm.bytes, count, previous, digest, signature],
        )

    def log(self, after: int = 0, count: int = 100_000) -> list[Entry]:
        """Entries in order."""
        with self._lock:
            rows = self._rows.execute(
                "SELECT sequence, day, firm, evaluations, previous, digest, signature FROM log "
                "WHERE sequence > ? ORDER BY sequence LIMIT ?",
                [after, count],
            ).fetchall()
        return [Entry(row[0], row[1], UUID(bytes=row[2]), *row[3:]) for row in rows]

    def newest(self) -> Entry | None:
        """The log's last entry."""
        with self._lock:
            row = self._rows.execute("SELECT MAX(sequence) FROM log").fetchone()
        return self.log(row[0] - 1, 1)[0] if row[0] else None


def _admitted(firm: UUID, row: Sequence[Any]) -> Admitted:
    """From name, root_public, declared_portfolio, admitted_on, until."""
    name, root_public, portfolio, since, until = row
    last = date.fromisoformat(until) if until else None
    return Admitted(firm, name, root_public, portfolio, date.fromisoformat(since), last)
