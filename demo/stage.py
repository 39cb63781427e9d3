"""A real server for the demo or a replay: its own folder, database, keys, process; the operator's hand on it.

Knows: the operator's commands (`vigied`), as a person at a terminal would type them, and the operator's API.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx

from benchmark.upload import month_text
from demo.holding import HolderStage
from demo.serving import ROOT, VIGIED, Serving, StageRefused, port_is_free
from privacy import signing

__all__ = ["OPERATOR", "ROOT", "Stage", "StageRefused", "day_of", "first_of", "port_is_free", "silence"]

OPERATOR: Final = "operator@vigie.example"
CALL_BATCH_SECONDS: Final = "0.5"  # a production network waits longer, so that nobody tells who answers
SHOWN_WITHIN_SECONDS: Final = (
    20  # a production network takes a day: a visitor of two firms sees that it waits
)
RELEASE_SECONDS_MAX: Final = 120.0


def day_of(month: int, day: int) -> date:
    """A day of the month after `month` (index): members report a month in the first days of the next."""
    after = month + 1
    return date(after // 12, after % 12 + 1, day)


def first_of(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


@dataclass
class Stage:
    """A network in `folder`: database, keys, log. One process serves it between `start` and `stop`.

    `holders`: three key holders beside it, as processes of their own; None: the server is the only one.
    `shown_within_seconds`: how long at most an opening is kept from the answerer.
    """

    folder: Path
    kind: str
    name: str
    port: int = 0
    holders: HolderStage | None = None
    shown_within_seconds: int = SHOWN_WITHIN_SECONDS
    operator_secrets: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _serving: Serving | None = field(default=None, init=False, repr=False)
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
            "VIGIED_SHOWN_WITHIN_SECONDS": str(self.shown_within_seconds),
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
        made = ["migrate", "--kind", self.kind, "--today", today.isoformat()]
        if self.holders is not None:
            self.holders.create()
            made += ["--roster", str(self.holders.roster)]
        self._run(*made)
        if self.holders is not None:
            seed = (self.keys / "release-signing.key").read_bytes()
            self.holders.pin(signing.public_bytes(signing.from_seed(seed)))
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
        if self.holders is not None:
            self.holders.start()
        self._serving = Serving(self.log)
        return self._serving.start(["serve"], self.environment)

    @property
    def url(self) -> str:
        """The server's address while it runs."""
        return self._serving.url if self._serving is not None else ""

    def running(self) -> bool:
        """Whether the server's process lives."""
        return self._serving is not None and self._serving.running()

    def wait(self) -> None:
        """Until the process ends by itself."""
        if self._serving is not None:
            self._serving.wait()

    def stop(self) -> None:
        """An orderly end; a hard one where that takes too long."""
        if self._operator is not None:
            self._operator.close()
            self._operator = None
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
        if self.holders is not None:
            self.holders.stop()

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


Progress = Callable[[str], None]


def silence(_: str) -> None:
    """No progress is shown."""
