"""`make leadtime`: lead time of the alerts and of the rules people use today, in simulated networks.

Prints the tables; with --write also puts them and the plot into docs/alerts.md and docs/alerts-leadtime.svg.
Exit status 1 where a naive rule is not beaten, or false onsets are more than stated.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.leadtime import real
from tests.leadtime.measure import FALSE_PER_THOUSAND, Played, play
from tests.leadtime.report import Scored, beaten, by_grace, by_shape, calm, interval, plot, score, table
from tests.leadtime.world import SECTORS, USUAL, Size

DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN, END = "<!-- make leadtime: begin -->", "<!-- make leadtime: end -->"
LIMITS = ((10.0, 10.0), (20.0, 20.0), (30.0, 30.0))


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="make leadtime")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/")
    asked = parser.parse_args()
    every = [play(seed) for seed in range(asked.first, asked.first + asked.seeds)]
    scored = score(every)
    limits = [(rise, ours(asked.seeds // 2, Size(rise_days=rise))) for rise in LIMITS]
    at_once = ours(asked.seeds // 2, USUAL, together=True)
    text = "\n\n".join(
        [
            size_text(every, scored[0]),
            table(scored),
            by_shape(scored[0]),
            by_grace(every, scored),
            calm(every),
            shifts_text(every),
            limits_table(limits, at_once),
        ]
    )
    print(text)
    if asked.write:
        page = DOCS / "alerts.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
        (DOCS / "alerts-leadtime.svg").write_text(plot(scored), encoding="utf-8")
    print(real.report())
    short = beaten(scored)
    rate = scored[0].false_rate()
    if rate.mean > FALSE_PER_THOUSAND:
        short.append(f"false onsets: {rate.text(2)} per 1,000 client-months")
    for line in short:
        print("SHORT:", line)
    return 1 if short else 0


def size_text(every: list[Played], ours: Scored) -> str:
    """How much was measured."""
    relations = sum(len(one.world.client) for one in every)
    declines = sum(len(one.caught) for one in ours.judged)
    return (
        f"{len(every)} seeds, {relations:,} relations, {declines:,} of them with a decline and a published "
        "client; means over seeds ± half a 95 % interval."
    )


def shifts_text(every: list[Played]) -> str:
    """Sectors told of, in worlds whose sectors move by a standard deviation of a day and a half."""
    months = sum((one.world.size.months - 16) * SECTORS for one in every)
    told = sum(one.shifts for one in every)
    return f"Sector shifts told, where none is of note: {told} in {months:,} sector-months."


def ours(seeds: int, size: Size, *, together: bool = False) -> Scored:
    """Vigie alone in other worlds."""
    every = [play(1000 + seed, size, together=together) for seed in range(seeds)]
    return score(every)[0]


def limits_table(limits: list[tuple[tuple[float, float], Scored]], at_once: Scored) -> str:
    """What cannot be detected: small rises; and warnings where all suppliers are hit at once."""
    rows = [
        "| a client slows by | recall of drifts | of stops | of recoveries |",
        "| --- | --- | --- | --- |",
    ]
    for (low, _), scored in limits:
        cells = " | ".join(scored.recall_of(shape).text(2) for shape in ("drift", "stop", "recovery"))
        rows.append(f"| {low:g} days | {cells} |")
    warned = interval(at_once.warnings()).text(0)
    rows += [
        "",
        (
            f"Reaching all suppliers at once: recall {at_once.recall().text(2)}, median warning "
            f"{warned} days, heard before {at_once.warned().text(2)}."
        ),
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
