"""Three key holders as processes of their own, made by their own commands; a member's requests to them."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import START_SECONDS
from tests.forked import Forked, Nursery, reserved


@dataclass
class HolderProcess:
    """One holder: its folder, its commands, its process."""

    number: int
    folder: Path
    nursery: Nursery
    place: socket.socket = field(default_factory=reserved, repr=False)
    process: Forked | None = None

    @property
    def port(self) -> int:
        port: int = self.place.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"VIGIED_HOLDER": str(self.folder), "PORT": str(self.port)}

    def run(self, *arguments: str | Path, ok: bool = True, cwd: Path | None = None) -> str:
        """One command to its end, in the folder where papers are exchanged; what it said."""
        asked = ["keyholder", *map(str, arguments)]
        ended = self.nursery.run(asked, self.environment, cwd or self.folder.parent)
        assert (ended.returncode == 0) == ok, ended.stdout + ended.stderr
        return ended.stdout if ok else ended.stderr

    def start(self) -> None:
        with (self.folder / "holder.log").open("a", encoding="utf-8") as log:
            self.process = self.nursery.start(["keyholder", "serve"], self.environment, log)

    def wait(self) -> None:
        """Until it listens."""
        assert self.process is not None
        guard = threading.Timer(START_SECONDS, self.process.kill)
        guard.start()
        line = self.process.stdout.readline()
        guard.cancel()
        assert line.startswith("vigied listening on "), (self.folder / "holder.log").read_text()

    def kill(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
            process.stdout.close()


@dataclass
class Holders:
    """Three of them, and the folder in which they exchange papers."""

    table: Path
    three: list[HolderProcess]

    @classmethod
    def seated(cls, table: Path, nursery: Nursery) -> Holders:
        """Three folders with keys to sign with, and no part yet."""
        from server.keyholder_folder import HolderFolder

        table.mkdir(parents=True, exist_ok=True)
        three = [HolderProcess(number, table / f"holder-{number}", nursery) for number in (1, 2, 3)]
        for one in three:
            HolderFolder.make(one.folder, one.number, f"Holder {one.number}", f"{one.url}/api/holder")
        return cls(table, three)

    @classmethod
    def make(cls, table: Path, nursery: Nursery) -> Holders:
        """The same with a key without a dealer: what the commands do, in this process."""
        made = cls.seated(table, nursery)
        made.hold("generate")
        return made

    @property
    def roster(self) -> Path:
        """The newest roster in force."""
        return max(self.table.glob("roster-?.json"))

    def hold(self, kind: str, before: Any = None) -> None:
        """A whole ceremony and its roster, installed everywhere."""
        from privacy import roster as rosters
        from server import keyholder_ceremony as work
        from server.clock import Clock
        from server.keyholder_folder import HolderFolder

        folders = [HolderFolder.open(one.folder) for one in self.three]
        cards = [work.card(one) for one in folders]
        packages = [work.begin(one, kind, cards, before) for one in folders]
        papers = [work.accept(one, [paper for paper in packages if paper]) for one in folders]
        signed = work.merge(papers)
        for one in folders:
            roster = one.install(signed, Clock().unix())
        (self.table / f"roster-{roster.epoch}.json").write_text(rosters.to_text(signed), encoding="utf-8")

    def admit(self, firm: Any, root_public: bytes, portfolio: int, since: Any = None) -> None:
        """On each holder's own list."""
        from server.clock import Clock
        from server.keyholder_book import Admitted, HolderBook

        for one in self.three:
            book = HolderBook(one.folder / "book.sqlite3")
            book.admit([Admitted(firm, "Firm (fictional)", root_public, portfolio, since or Clock().today())])
            book.close()

    def start(self) -> None:
        """All three at once."""
        for one in self.three:
            one.start()
        for one in self.three:
            one.wait()

    def end(self) -> None:
        for one in self.three:
            one.kill()
            one.place.close()


def client() -> httpx.Client:
    return httpx.Client(timeout=60, verify=False, trust_env=False)
