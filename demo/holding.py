"""Three key holders for the demo: their own folders, commands and processes, a key without a dealer.

Knows: the ceremony as three people would type it, each at a machine of her own; here the papers go through
one folder. Every step runs at the three holders at once.
"""

from __future__ import annotations

import base64
import csv
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from demo.serving import ROOT, VIGIED, Serving, StageRefused, free_port, port_is_free

NUMBERS: Final = (1, 2, 3)
NAMES: Final = {
    1: "Chambre des créanciers (fictive)",
    2: "Caisse mutuelle du crédit (fictive)",
    3: "Étude Lemoine, notaires (fictive)",
}
KNOWN_SINCE: Final = date(2020, 1, 1)
"""The demo lives through months in seconds: its holders have known its firms for long."""


class Admission(NamedTuple):
    """What a firm tells each holder: its id, its root's public key, how many clients it has, its name."""

    firm: UUID
    root_public: bytes
    portfolio: int
    name: str


Command = Callable[[Sequence[str], Mapping[str, str], Path], None]
"""Run `vigied` with these arguments and environment in a folder; raise StageRefused with its last words."""


def in_a_process(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
    """As a person at a terminal would."""
    finished = subprocess.run(  # noqa: S603 - ourselves
        [*VIGIED, *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        words = finished.stderr.strip().splitlines()
        raise StageRefused(words[-1] if words else " ".join(arguments[:2]))


@dataclass
class HolderStage:
    """Three holders in `folder`; `create` makes their key, `start` their processes."""

    folder: Path
    command: Command = in_a_process
    _processes: dict[int, Serving] = field(default_factory=dict, init=False, repr=False)

    @property
    def roster(self) -> Path:
        """The signed roster that the network is created with."""
        return self.folder / "roster-1.json"

    def create(self) -> None:
        """Folders, cards, packages, parts, signatures, the roster in force: by the holders' own commands."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / "ports").write_text(" ".join(str(free_port()) for _ in NUMBERS), encoding="utf-8")
        for number in NUMBERS:
            (self.folder / f"{number}").mkdir(mode=0o700)
        self._everywhere("init")
        self._everywhere("card")
        self._everywhere("generate", *(f"card-{number}.json" for number in NUMBERS))
        self._everywhere("accept", *(f"package-{number}.json" for number in NUMBERS))
        self._everywhere("install", *(f"roster-1-signed-{number}.json" for number in NUMBERS))

    def pin(self, release_key: bytes) -> None:
        """Each holder witnesses the manifests that are signed under this key, 32 bytes."""
        self._everywhere("pin", base64.b64encode(release_key).decode())

    def start(self) -> None:
        """One process each. Raise StageRefused."""
        for number, port in self._ports().items():
            if not port_is_free(port):
                raise StageRefused(f"the port of key holder {number}, {port}, is taken: use --fresh")
            self._processes[number] = Serving(self.folder / f"{number}" / "holder.log")
        with ThreadPoolExecutor(len(NUMBERS)) as pool:
            list(pool.map(self._start, NUMBERS))

    def _start(self, number: int) -> str:
        return self._processes[number].start(["keyholder", "serve"], self._environment(number))

    def admit(self, firms: Sequence[Admission]) -> None:
        """Each holder puts the firms on its own list."""
        path = self.folder / "admissions.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for one in firms:
                since = KNOWN_SINCE.isoformat()
                writer.writerow([one.firm, one.root_public.hex(), one.portfolio, one.name, since])
        self._everywhere("admit", "--file", path.name)

    def stop_one(self, number: int) -> None:
        """An orderly end of one: the other two suffice."""
        self._processes.pop(number).stop()

    def stop(self) -> None:
        """An orderly end of all."""
        for process in self._processes.values():
            process.stop()
        self._processes.clear()

    def _ports(self) -> dict[int, int]:
        found = (self.folder / "ports").read_text(encoding="utf-8").split()
        return dict(zip(NUMBERS, map(int, found), strict=True))

    def _environment(self, number: int) -> dict[str, str]:
        return os.environ | {
            "VIGIED_HOLDER": str(self.folder / f"{number}" / "holder"),
            "PORT": str(self._ports()[number]),
        }

    def _everywhere(self, *command: str) -> None:
        with ThreadPoolExecutor(len(NUMBERS)) as pool:
            list(pool.map(lambda number: self._run(number, command), NUMBERS))

    def _run(self, number: int, command: Sequence[str]) -> None:
        arguments = list(command)
        if command[0] == "init":
            url = f"http://127.0.0.1:{self._ports()[number]}/api/holder"
            arguments += ["--number", str(number), "--name", NAMES[number], "--url", url]
        try:
            self.command(["keyholder", *arguments], self._environment(number), self.folder)
        except StageRefused as refused:
            raise StageRefused(f"key holder {number}: {refused}") from None
