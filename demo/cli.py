"""`python -m demo`: makes the fictional network, plays its months, prints how to enter, serves until Ctrl-C.

Knows: what a person at a terminal needs to be told, in French and in English. A finished demo in `.demo/` is
served again as it is; anything else there is begun afresh.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, Final

from demo.holding import HolderStage
from demo.links import Account, link
from demo.stage import ROOT, Stage, StageRefused, port_is_free

FOLDER: Final = Path(".demo")
MONTHS: Final = 24
THREE: Final = 3
MONTHS_MIN: Final = 3  # fewer, and no cell could be published yet
OWN: Final = {
    "vigie.sqlite3",
    "keys",
    "holders",
    "server.log",
    "members",
    "files",
    "newcomer",
    "ready.json",
    "ready.json.new",
}
NETWORK_NAME: Final = "Vigie, démonstration"


class Stopped(Exception):
    """The person at the keyboard has had enough."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; the exit code."""
    asked = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        return _demo(asked)
    except StageRefused as refused:
        print(f"demo: {refused}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Stopped):
        print()
        return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="demo", description="A fictional Vigie network on this machine.")
    parser.add_argument("--port", type=int, help="the page's port (default: PORT, else a free one)")
    parser.add_argument("--months", type=int, default=MONTHS, help=f"months to play (default {MONTHS})")
    parser.add_argument(
        "--holders", help="1: the server holds the key; 3: three processes, any two serve (default: HOLDERS)"
    )
    parser.add_argument("--fresh", action="store_true", help="begin again, whatever is in the folder")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the demo lives (default: .demo)")
    parser.add_argument("--exit-when-ready", action="store_true", help="print how to enter, then end")
    return parser


def _demo(asked: argparse.Namespace) -> int:
    port = _port(asked.port)
    if asked.months < MONTHS_MIN or asked.months > MONTHS:
        raise StageRefused(f"--months: {MONTHS_MIN} to {MONTHS}, not {asked.months}")
    holders = _holders(asked.holders)
    folder = asked.folder.resolve()
    _build_page()
    beside = HolderStage(folder / "holders") if holders == THREE else None
    stage = Stage(folder, "demo", NETWORK_NAME, port, beside)
    ready = None if asked.fresh else read_ready(folder, asked.months, holders)
    try:
        if ready is None:
            ready = _make(stage, asked.months)
        else:
            stage.migrate()
            stage.start()
        _tell(stage.url, folder, ready)
        if not asked.exit_when_ready:
            print("\n  Ctrl-C arrête / stops", flush=True)
            stage.wait()
            raise StageRefused(f"the server ended by itself: {stage.log}")
    finally:
        stage.stop()
    return 0


def _port(asked: int | None) -> int:
    """The port asked for, checked before a minute of work is spent on it."""
    text = os.environ.get("PORT", "") if asked is None else str(asked)
    if not text:
        return 0
    if not text.isdigit() or int(text) > 65_535:
        raise StageRefused(f"PORT is {text!r}: a number from 0 to 65535 is expected (0: a free port)")
    port = int(text)
    if port and not port_is_free(port):
        raise StageRefused(
            f"port {port} is taken / le port {port} est pris: PORT=0 finds a free one, or name another one"
        )
    return port


def _holders(asked: str | None) -> int:
    text = os.environ.get("HOLDERS", "") if asked is None else asked
    if text not in {"", "1", "3"}:
        raise StageRefused(f"HOLDERS is {text!r}: 1 (the server) or 3 (processes of their own) is expected")
    return int(text or 1)


def _build_page() -> None:
    """The page as its sources are now; hatch_build says what is missing. A wheel brings it built."""
    path = ROOT / "hatch_build.py"
    if not path.exists():
        return
    found = importlib.util.spec_from_file_location("hatch_build", path)
    assert found is not None
    assert found.loader is not None
    builder: ModuleType = importlib.util.module_from_spec(found)
    found.loader.exec_module(builder)
    builder.build()


def made_from() -> str:
    """Hash of what decides how a demo looks inside: another one is played again, not taken up."""
    state = hashlib.sha256()
    for folder in ("demo", "migrations"):
        for path in sorted((ROOT / folder).glob("*.py")):
            state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()


def read_ready(folder: Path, months: int, holders: int = 1) -> dict[str, Any] | None:
    """What a finished demo wrote down at its end; None where there is none that fits."""
    try:
        ready = json.loads((folder / "ready.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(ready, dict) or ready.get("made_from") != made_from():
        return None
    if (ready.get("months"), ready.get("holders")) != (months, holders):
        return None
    return ready if (folder / "vigie.sqlite3").exists() and (folder / "keys").is_dir() else None


def _make(stage: Stage, months: int) -> dict[str, Any]:
    """Play the whole network in an empty folder; what is written down at the end."""
    from demo.play import play
    from demo.progress import Line
    from demo.world import build, full

    _clear(stage.folder)
    began = time.perf_counter()
    print(f"demo: un réseau fictif, {months} mois / a fictional network, {months} months", flush=True)
    with Line() as line:
        played = play(build(full(months)), stage, line)
    ready = {
        "made_from": made_from(),
        "months": months,
        "holders": THREE if stage.holders else 1,
        "accounts": [asdict(account) for account in played.accounts],
        "stories": played.stories,
        "files": [(who, str(path.relative_to(stage.folder))) for who, path in played.files],
        "figures": played.figures,
        "newcomer": played.newcomer,
    }
    fresh = stage.folder / "ready.json.new"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(ready, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(stage.folder / "ready.json")
    seconds = time.perf_counter() - began
    print(f"demo: {played.summary('fr')}\n      {played.summary('en')} ({seconds:.0f} s)", flush=True)
    return ready


def _clear(folder: Path) -> None:
    """Empty a demo's folder; refuse to empty one that holds anything else."""
    if not folder.exists():
        return
    names = (path.name.removesuffix("-wal").removesuffix("-shm") for path in folder.iterdir())
    strange = sorted(set(names) - OWN)
    if strange:
        raise StageRefused(f"{folder} holds something else ({strange[0]}): name another folder with --folder")
    shutil.rmtree(folder)


def _tell(url: str, folder: Path, ready: dict[str, Any]) -> None:
    print(f"\n  {url}\n")
    if ready.get("holders") == THREE:
        print("  Trois détenteurs de clé, deux suffisent, aucun ne l'a jamais eue entière")
        print("  Three key holders, any two serve, nobody ever had the whole key\n")
    print("  Entrer en un clic / log in with one click\n")
    for found in ready["accounts"]:
        account = Account(**found)
        print(f"  {account.who}\n    {link(url, account)}\n")
    print("  À regarder / what to look at\n")
    for client, french, english in ready["stories"]:
        print(f"  {client}\n    {french}\n    {english}")
    print("\n  Un envoi à essayer dans la page / an upload to try in the page\n")
    for who, name in ready["files"]:
        print(f"  {who}\n    {folder / name}")
    if ready.get("newcomer"):
        _tell_newcomer(url, folder, ready["newcomer"])
    sys.stdout.flush()


def _tell_newcomer(url: str, folder: Path, told: dict[str, str]) -> None:
    """How a firm that is not in yet comes from its ledger to its first comparison, at another terminal."""
    from demo.newcomer import NAME, Newcomer, commands

    files = {name: folder / told[name] for name in ("fec", "master", "sirene")}
    print("\n  Adhérer avec un FEC, dans un autre terminal / join with a FEC, at another terminal\n")
    print(f"  {NAME}\n    export PATH={Path(sys.executable).parent}:$PATH VIGIE_HOME={folder / 'newcomer'}")
    for command in commands(url, told["invitation"], Newcomer(**files, clients=0)):
        print(f"    {command}")
