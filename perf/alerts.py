"""The newest month's alerts over 24 months of cells, beside NumPy reading and sorting the same cells once.

Bars: at most 3 times the reference for 1,000,000 clients, within 2 GiB, and a cost per client that does not
grow by more than what falls out of the processor's caches. Both read the same 24 files, each a release's
cells as the database keeps them; the reference then sorts one 8-byte key per cell. What is timed runs in a
process of its own, whose highest memory is the system's word.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmark.alerts import HISTORY_MONTHS, RAISED_DTYPE, detect_in
from benchmark.series import begin, lay
from perf.measure import Line
from privacy.disclosure import CELL_DTYPE

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = (10_000, 100_000, 1_000_000)
ROUNDS = 3
RATIO_MAX = 3.0
MEMORY_MIB_MAX = 2048.0
GROWTH_MAX = 2.0
LAST = 2026 * 12
TURNOVER = 0.02
JUMPING = 0.001


def write_releases(folder: Path, clients: int) -> None:
    """24 releases of about so many cells: clients appear and vanish each month, a few jump in the last."""
    numbers = np.random.default_rng(11)
    everybody = np.sort(np.frombuffer(numbers.bytes(32 * int(clients * 1.25)), "V32"))
    level = numbers.gamma(1.5, 8, len(everybody))
    there = numbers.random(len(everybody)) < 0.8
    for month in range(LAST - HISTORY_MONTHS + 1, LAST + 1):
        there ^= numbers.random(len(everybody)) < TURNOVER
        place = np.nonzero(there)[0]
        cells = np.zeros(len(place), CELL_DTYPE)
        cells["pseudonym"] = everybody[place]
        cells["band"] = 1 + place % 3
        cells["sector"] = place % 22
        days = level[place] + numbers.normal(0, 3, len(place))
        days += 40 * ((month == LAST) & (numbers.random(len(place)) < JUMPING))
        cells["days_late"] = np.rint(days)
        cells.tofile(folder / str(month))


def detection(folder: Path) -> int:
    """What the server does at a release: lay 24 months in, one at a time, and detect. Returns the alerts."""

    def read(month: int) -> np.ndarray:
        return np.fromfile(folder / str(month), CELL_DTYPE)

    newest = read(LAST)
    laid = begin(newest, LAST, HISTORY_MONTHS)
    for month in range(LAST - HISTORY_MONTHS + 1, LAST):
        lay(laid, month, read(month))
    lay(laid, LAST, newest)
    return len(detect_in(laid, np.zeros(0, RAISED_DTYPE)))


def reference(folder: Path) -> int:
    """Read the same files and sort one key of 8 bytes per cell. Returns the cells."""
    keys = []
    for month in range(LAST - HISTORY_MONTHS + 1, LAST + 1):
        cells = np.fromfile(folder / str(month), CELL_DTYPE)
        first = np.ndarray(len(cells), "<u8", cells.data, strides=(CELL_DTYPE.itemsize,))
        keys.append(first.copy())
    return len(np.sort(np.concatenate(keys)))


def run(what: str, folder: Path) -> tuple[float, float]:
    """Seconds and highest MiB of one of the two, in a process of its own."""
    command = [sys.executable, "-m", "perf.alerts", what, str(folder)]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    seconds, mebibytes = json.loads(answer)
    return seconds, mebibytes


def measure(clients: int, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """The least seconds of detection and of the reference, in turn, and the detection's highest MiB."""
    with tempfile.TemporaryDirectory(prefix="vigie-perf-") as name:
        folder = Path(name)
        write_releases(folder, clients)
        ours, theirs = zip(
            *((run("detection", folder), run("reference", folder)) for _ in range(rounds)), strict=True
        )
    return min(one[0] for one in ours), min(one[0] for one in theirs), max(one[1] for one in ours)


def lines() -> list[Line]:
    """The ratio at the largest size, its memory, and how the cost per client grows up to it."""
    found = {clients: measure(clients) for clients in CLIENTS}
    seconds, reference_seconds, mebibytes = found[CLIENTS[-1]]
    largest = f"{CLIENTS[-1]:,}"
    return [
        Line(
            f"alerts of {largest} clients, {HISTORY_MONTHS} months / the same cells read and sorted",
            seconds,
            reference_seconds,
            "s",
            RATIO_MAX,
        ),
        Line("  highest memory of the process", mebibytes, None, "MiB", MEMORY_MIB_MAX),
        *(
            Line(
                f"  a client's share among {largest} / among {small:,}",
                1e6 * seconds / CLIENTS[-1],
                1e6 * found[small][0] / small,
                "us",
                GROWTH_MAX,
            )
            for small in CLIENTS[:-1]
        ),
    ]


def main(what: str, folder: str) -> None:
    """Print seconds and MiB as JSON."""
    begun = time.perf_counter()
    done = {"detection": detection, "reference": reference}[what](Path(folder))
    seconds = time.perf_counter() - begun
    assert done
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
