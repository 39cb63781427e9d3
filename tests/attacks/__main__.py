"""`python -m tests.attacks`: every attack on every profile; exit code 1 if a bound does not hold.

Knows: the command line, where results are written. Must not know: how anything is measured.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from privacy.profiles import PROFILES
from tests.attacks.plan import FULL, SMOKE, attack
from tests.attacks.report import as_json, failures, lines
from tests.simulation.policies import Published

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "attacks" / "results.json"


def main(arguments: list[str] | None = None) -> int:
    """Attack, print, write, judge."""
    parser = argparse.ArgumentParser(prog="make attacks", description="The attack harness, in full.")
    parser.add_argument(
        "--smoke", action="store_true", help="small worlds, a minute; judges lower bounds only"
    )
    parser.add_argument("--profile", action="append", choices=sorted(PROFILES), help="default: all")
    parser.add_argument("--out", type=Path, default=None, help="where the results go (full: docs/attacks)")
    chosen = parser.parse_args(arguments)
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
        results.append(as_json(outcome) | {"failures": broken})
    out = chosen.out or (None if chosen.smoke or chosen.profile else RESULTS)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
