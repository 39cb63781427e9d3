"""`python -m demo.walk`: a newcomer's walk from the install line to the first compared portfolio, timed.

Knows: the commands that a person types, as the demo prints them; each is a process of its own, as at a
terminal. What it shows is what they took on this machine; reading and typing come on top. It fails where a
step fails, or where nothing is compared at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VIGIE: Final = [sys.executable, "-c", "from member.cli import main; main()"]
COMMANDS_MAX: Final = 12
READY_SECONDS_MAX: Final = 900.0
PASSWORD: Final = "a fictional password"  # noqa: S105 - of a firm that does not exist


class WalkFailed(RuntimeError):
    """A step that did not do what it should; the text is its last words."""


@dataclass
class Walk:
    """Steps taken so far: what was typed, seconds, what came of it in a few words."""

    steps: list[tuple[str, float, str]] = field(default_factory=list)

    def table(self) -> str:
        """As the README shows it."""
        lines = ["| | typed | seconds | gives |", "| --- | --- | --- | --- |"]
        for number, (typed, seconds, gives) in enumerate(self.steps, 1):
            lines.append(f"| {number} | `{typed}` | {seconds:.1f} | {gives} |")
        total = sum(seconds for _, seconds, _ in self.steps)
        return "\n".join([*lines, f"| | **{len(self.steps)} commands** | **{total:.0f}** | |"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk; the exit code."""
    parser = argparse.ArgumentParser(
        prog="walk", description="From the install line to a compared portfolio."
    )
    parser.add_argument("--months", type=int, default=24, help="months of the fictional network (default 24)")
    parser.add_argument("--install", action="store_true", help="begin with a fresh environment")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vigie-walk-") as folder:
        try:
            walk = take(Path(folder), asked.months, install=asked.install)
        except WalkFailed as failed:
            print(f"walk: {failed}", file=sys.stderr)
            return 1
    print(walk.table())
    return 0


def take(folder: Path, months: int, *, install: bool = False) -> Walk:
    """Every step in an empty folder. Raise WalkFailed."""
    walk = Walk()
    if install:
        _install(walk, folder)
    demo, lines = _demo(walk, folder, months)
    try:
        home, typed = _to_type(lines)
        walk.steps.append(("export PATH=… VIGIE_HOME=…", 0.0, "`vigie` in a second terminal"))
        for command in typed:
            _type(walk, command, home)
        _check(home)
    finally:
        demo.terminate()  # an interrupt is ignored by what a shell started in the background
        demo.wait(60)
    if len(walk.steps) > COMMANDS_MAX:
        raise WalkFailed(f"{len(walk.steps)} commands, expected at most {COMMANDS_MAX}")
    return walk


def _install(walk: Walk, folder: Path) -> None:
    environment = {**os.environ, "VIGIE_VENV": str(folder / "environment")}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "start.py", "page"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise WalkFailed(done.stderr.decode(errors="replace")[-400:])
    walk.steps.append(("python3 start.py page", time.perf_counter() - began, "the environment, and the page"))
    shutil.rmtree(folder / "environment")


def _demo(walk: Walk, folder: Path, months: int) -> tuple[subprocess.Popen[str], list[str]]:
    """The network, serving; what it printed until it was ready."""
    began = time.perf_counter()
    demo = subprocess.Popen(  # noqa: S603 - ourselves
        [
            sys.executable,
            "-m",
            "demo",
            "--folder",
            str(folder / "demo"),
            "--months",
            str(months),
            "--port",
            "0",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert demo.stdout is not None
    guard = threading.Timer(READY_SECONDS_MAX, demo.kill)
    guard.start()
    lines: list[str] = []
    for line in demo.stdout:
        lines.append(line.strip())
        if line.strip().startswith("Ctrl-C"):
            break
    guard.cancel()
    if demo.poll() is not None:
        raise WalkFailed("the demo did not start: " + " ".join(lines[-3:]))
    walk.steps.append(
        ("make demo", time.perf_counter() - began, f"a network of 14 firms, {months} months lived")
    )
    return demo, lines


def _to_type(lines: Sequence[str]) -> tuple[Path, list[str]]:
    """The newcomer's home, and the commands that the demo prints for it."""
    home = next((found[1] for line in lines if (found := re.search(r"VIGIE_HOME=(\S+)", line))), None)
    typed = [line for line in lines if line.startswith("vigie ")]
    if home is None or not typed:
        raise WalkFailed("the demo told nothing about a newcomer")
    return Path(home), typed


def _type(walk: Walk, command: str, home: Path) -> None:
    words = shlex.split(command)
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - ourselves
        [*VIGIE, *words[1:]],
        cwd=ROOT,
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    # A preview of a ledger without numbers ends with 3: it says what is missing.
    if done.returncode not in ({0, 3} if words[1] == "preview" else {0}):
        raise WalkFailed(f"{words[1]}: {done.stderr.strip() or done.stdout.strip()}")
    walk.steps.append((shortened(words), seconds, _gives(words[1], done.stdout)))


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "VIGIE_HOME": str(home), "VIGIE_PASSWORD": PASSWORD, "VIGIE_LANG": "en"}


def shortened(words: Sequence[str]) -> str:
    """A command without the parts that are long and of no interest."""
    told = []
    for word in words:
        if word.startswith("http"):
            told.append("ADDRESS")
        elif re.match(r"[0-9a-f-]{36}\.", word):
            told.append("INVITATION")
        elif "/" in word:
            told.append("FEC" if "FEC" in word else Path(word).name)
        else:
            told.append(f'"{word}"' if " " in word else word)
    return " ".join(told)


def _gives(command: str, said: str) -> str:
    """The line of the answer that matters."""
    wanted = {
        "enrol": r"Enrolled at [^.]*",
        "preview": r"\d+ client accounts, \d+ invoices",
        "identify": r"\d+ accounts: \d+ sure \(\d+% of the outstanding amount\)",
        "push": r"Sent: \d+ months, \d+ rows",
        "portfolio": r"\d+ .*compared.*",
    }
    found = re.search(wanted.get(command, r"^.*$"), said)
    return found[0].strip() if found else said.strip().splitlines()[-1]


def _check(home: Path) -> None:
    """Something is compared: the point of it all."""
    done = subprocess.run(  # noqa: S603 - ourselves
        [*VIGIE, "portfolio", "--json"],
        cwd=ROOT,
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not json.loads(done.stdout).get("compared"):
        raise WalkFailed("nothing is compared at the end")


if __name__ == "__main__":
    sys.exit(main())
