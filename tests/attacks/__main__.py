"""`python -m tests.attacks`: every attack on every profile; exit code 1 if a bound does not hold.

Knows: the command line, where results are written. Must not know: how anything is measured.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from privacy.profiles import PROFILES
from tests.attacks import document
from tests.attacks.costs import costs
from tests.attacks.frontier import frontier
from tests.attacks.plan import FULL, SMOKE, attack
from tests.attacks.report import as_json, failures, lines
from tests.simulation.policies import Published


def main(arguments: list[str] | None = None) -> int:
    """Attack, print, write, judge."""
    parser = argparse.ArgumentParser(prog="make attacks", description="The attack harness, in full.")
    parser.add_argument(
        "--smoke", action="store_true", help="small worlds, a minute; judges lower bounds only"
    )
    parser.add_argument("--profile", action="append", choices=sorted(PROFILES), help="default: all")
    parser.add_argument("--out", type=Path, default=None, help="where the results go (full: docs/attacks)")
    parser.add_argument("--frontier", action="store_true", help="other policies and the rules' costs instead")
    parser.add_argument(
        "--document", action="store_true", help="write docs/attacks.md again from the results"
    )
    chosen = parser.parse_args(arguments)
    if chosen.frontier:
        _keep(document.FRONTIER, frontier())
        _keep(document.COSTS, [row for name in sorted(PROFILES) for row in costs(PROFILES[name])])
    if chosen.frontier or chosen.document:
        document.write()
        return 0
    effort = SMOKE if chosen.smoke else FULL
    results, failed = [], False
    for name in chosen.profile or sorted(PROFILES):
        profile, began = PROFILES[name], time.monotonic()
        outcome = attack(Published(profile), effort)
        print(f"\n{name}, {effort.name}: {time.monotonic() - began:.0f} s")
        print("\n".join(lines(outcome)))
        broken = failures(outcome, len(profile.fields), strict=not chosen.smoke)
        print("\n".join(f"FAILS  {one}" for one in broken) or "holds")
        failed |= bool(broken)
        print_of = {"fingerprint": profile.fingerprint().hex()}
        results.append(as_json(outcome) | print_of | {"failures": broken})
    out = chosen.out or (None if chosen.smoke or chosen.profile else document.RESULTS)
    if out:
        _keep(out, results)
        if out == document.RESULTS:
            document.write()
    return int(failed)


def _keep(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
