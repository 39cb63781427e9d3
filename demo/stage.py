"""A real server for the demo or a replay: its own folder, database, keys, process; the operator's hand on it.

Knows: the operator's commands (`vigied`), as a person at a terminal would type them, and the operator's API.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx

from benchmark.upload import month_text

ROOT: Final = Path(__file__).resolve().parent.parent
VIGIED: Final = (sys.executable, "-m", "server")
OPERATOR: Final = "operator@vigie.example"
CALL_BATCH_SECONDS: Final = "0.5"  # a production network waits longer, so that nobody tells who answers
LISTENING: Final = "vigied listening on "
START_SECONDS_MAX: Final = 60.0
STOP_SECONDS_MAX: Final = 15.0
RELEASE_SECONDS_MAX: Final = 120.0


class StageRefused(RuntimeError):
    """The server could not be had; the text is for the person at the keyboard."""


def day_of(month: int, day: int) -> date:
    """A day of the month after `month` (index): members report a month in the first days of the next."""
    after = month + 1
    return date(after // 12, after % 12 + 1, day)


def first_of(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as attempt:
        if os.name == "posix":
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return False
    return True


@dataclass
class Stage:
    """A network in `folder`: database, keys, log. One process serves it between `start` and `stop`."""

    folder: Path
    kind: str
    name: str
    port: int = 0
    url: str = field(default="", init=False)
    operator_secrets: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _process: subprocess.Popen[str] | None = field(default=None, init=False, repr=False)
    _reader: threading.Thread | None = field(default=None, init=False, repr=False)
    _operator: httpx.Client | None = field(default=None, init=False, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """What `vigied` is told."""
        return os.environ | {
            "VIGIED_DATABASE": f"sqlite:///{self.folder / 'vigie.sqlite3'}",
            "VIGIED_KEYS": str(self.keys),
            "VIGIED_KIND": self.kind,
            "VIGIED_NETWORK_NAME": self.name,
            "VIGIED_CALL_BATCH_SECONDS": CALL_BATCH_SECONDS,
            "PORT": str(self.port),
        }

    @property
    def keys(self) -> Path:
        """The server's keys folder."""
        return self.folder / "keys"

    @property
    def log(self) -> Path:
        """Everything the server said."""
        return self.folder / "server.log"

    def create(self, today: date) -> None:
        """A fresh database whose business clock stands at `today`, with an operator."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._run("migrate", "--kind", self.kind, "--today", today.isoformat())
        self.add_operator()

    def add_operator(self) -> None:
        """Make the operator's account and keep what is shown this once."""
        for line in self._run("operator-add", OPERATOR, "--token").splitlines():
            name, _, value = line.rpartition(" ")
            self.operator_secrets[name] = value

    def migrate(self) -> None:
        """Bring an existing database up to date."""
        self._run("migrate")

    def start(self) -> str:
        """Serve; return the address once the process listens. Raise StageRefused with its last words."""
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [*VIGIED, "serve"],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        waiting = threading.Timer(START_SECONDS_MAX, self._process.kill)
        waiting.start()
        try:
            for line in self._process.stdout:
                if line.startswith(LISTENING):
                    self.url = line.removeprefix(LISTENING).strip()
                    break
        finally:
            waiting.cancel()
        if not self.url:
            self.stop()
            words = self.log.read_text(encoding="utf-8").strip().splitlines()
            raise StageRefused(words[-1] if words else "the server did not start")
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()
        return self.url

    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def wait(self) -> None:
        """Until the process ends by itself."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """An orderly end; a hard one where that takes too long."""
        if self._operator is not None:
            self._operator.close()
            self._operator = None
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._reader is not None:
            self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process, self._reader, self.url = None, None, ""

    def admit(self, name: str, declared_portfolio: int) -> str:
        """The operator admits a firm; its invitation."""
        answer = self.ask(
            "POST", "/api/operator/admissions", {"name": name, "declared_portfolio": declared_portfolio}
        )
        return str(answer["invitation"])

    def set_today(self, today: date) -> None:
        """Advance the business clock."""
        self.ask("POST", "/api/operator/clock", {"today": today.isoformat()})

    def release(self, month: int) -> None:
        """Publish a month on its day, the 12th of the month after."""
        self.set_today(day_of(month, 12))
        self.ask("POST", "/api/operator/releases", {"month": month_text(month)})

    def ask(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """One request as the operator. Raise StageRefused with the server's reason."""
        if self._operator is None:
            token = self.operator_secrets["token"]
            self._operator = httpx.Client(
                base_url=self.url,
                headers={"Authorization": f"Bearer {token}"},
                timeout=RELEASE_SECONDS_MAX,
                trust_env=False,
            )
        answer = self._operator.request(method, path, json=body)
        if answer.is_error:
            raise StageRefused(f"{path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def _run(self, *arguments: str) -> str:
        finished = subprocess.run(  # noqa: S603 - ourselves
            [*VIGIED, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if finished.returncode:
            words = finished.stderr.strip().splitlines()
            raise StageRefused(words[-1] if words else f"vigied {arguments[0]} failed")
        return finished.stdout

    def _drain(self) -> None:
        """Read on, so that a full pipe never stops the server."""
        process = self._process
        if process is not None and process.stdout is not None:
            with process.stdout as said:
                for _ in said:
                    pass


Progress = Callable[[str], None]


def silence(_: str) -> None:
    """No progress is shown."""
