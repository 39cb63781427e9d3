"""200,000 invoice lines of a CSV file to contributions, beside what Polars needs to read and group them.

The reference reads the same file with dates and decimals as the file writes them, and groups it by client and
month into three of the sums that a contribution holds: sales, amount x days late, amount x days to pay. It
checks nothing, knows no client and says nothing of what is open. Both in turn in one process of its own, with
the threads that Polars takes by itself (one a core), and once more with one thread for Polars; medians.
Memory is the peak of another fresh process, its libraries included.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from demo.sirens import siren
from member.import_file import Options, read_file
from perf.measure import Line

LINES = 200_000
CLIENTS = 3_000
MONTHS = 24
ROUNDS = 9
BAR = 3.0
MEMORY_BAR_MIB = 500.0
TODAY = date(2026, 2, 1)
HEADINGS = (
    "N° client;Raison sociale;SIREN;N° facture;Date facture;Échéance;Montant TTC;Date de règlement;Litige"
)


def lines() -> list[Line]:
    """Median seconds of both, and the peak of a process that imports the file."""
    with tempfile.TemporaryDirectory(prefix="vigie-perf-") as folder:
        path = Path(folder) / "invoices.csv"
        write(path)
        asked = f"import json; from perf.importing import seconds; print(json.dumps(seconds({str(path)!r})))"
        cores, by_itself = json.loads(child(asked, None))
        _, alone = json.loads(child(asked, 1))
        peak = memory_mib(path)
    what = f"import of {LINES:,} invoice lines / Polars reads and groups them"
    return [
        Line(f"{what}, Polars on its {cores} threads", *by_itself, "s", BAR),
        Line(f"{what}, on one", *alone, "s", BAR),
        Line(f"peak memory of an import of {LINES:,} invoice lines", peak, None, "MiB", MEMORY_BAR_MIB),
    ]


def child(code: str, threads: int | None) -> str:
    """What a fresh process prints, with so many threads for Polars; None: as many as it takes by itself."""
    kept = {name: value for name, value in os.environ.items() if name != "POLARS_MAX_THREADS"}
    return subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
        env=kept if threads is None else kept | {"POLARS_MAX_THREADS": str(threads)},
    ).stdout.strip()


def seconds(path: str) -> tuple[int, tuple[float, float]]:
    """Polars' threads; median seconds of an import and of the reference, in turn, the first not counted."""
    ours, reference = [], []
    for number in range(ROUNDS + 1):
        begun = time.perf_counter()
        bare(Path(path))
        grouped = time.perf_counter()
        imported = read_file(path, None, Options(today=TODAY))
        ended = time.perf_counter()
        assert imported.ok, "the file was not imported"
        assert imported.summary["invoices"] == LINES
        assert len(imported.months) == MONTHS
        if number:
            reference.append(grouped - begun)
            ours.append(ended - grouped)
    return pl.thread_pool_size(), (statistics.median(ours), statistics.median(reference))


def bare(path: Path) -> pl.DataFrame:
    """What Polars is asked: read, group once."""
    read = pl.read_csv(path, separator=";", try_parse_dates=True, decimal_comma=True)
    amount, settled = pl.col("Montant TTC"), pl.col("Date de règlement")
    late = (settled - pl.col("Échéance")).dt.total_days()
    waited = (settled - pl.col("Date facture")).dt.total_days()
    month = pl.col("Date facture").dt.truncate("1mo")
    return read.group_by("N° client", month).agg(
        amount.sum(), (amount * late).sum().alias("late"), (amount * waited).sum().alias("waited")
    )


def write(path: Path, seed: int = 20_260_201) -> None:
    """A fictional firm's two years, as a French system exports them."""
    random = np.random.default_rng(seed)
    client = random.integers(0, CLIENTS, LINES)
    invoiced = np.datetime64("2024-01-01") + random.integers(0, 731, LINES)
    due = invoiced + np.array([30, 45, 60])[client % 3]
    settled = due + np.maximum(-5, random.normal(8, 15, LINES).astype(int))
    cents = random.integers(5_000, 5_000_000, LINES).tolist()
    days = [np.datetime_as_string(column).tolist() for column in (invoiced, due, settled)]
    end = str(np.datetime64("2025-12-31"))
    sirens = [siren(place) for place in range(CLIENTS)]

    def french(day: str) -> str:
        return f"{day[8:]}/{day[5:7]}/{day[:4]}"

    with path.open("w", encoding="utf-8") as file:
        file.write(HEADINGS + "\n")
        for at, (place, on, by, paid) in enumerate(zip(client.tolist(), *days, strict=True)):
            amount = f"{cents[at] // 100},{cents[at] % 100:02d}"
            settlement = french(paid) if paid <= end else ""
            dispute = "oui" if at % 50 == 0 else ""
            file.write(
                f"C{place:05d};Client fictif {place};{sirens[place]};F{at:07d};{french(on)};{french(by)};"
                f"{amount};{settlement};{dispute}\n"
            )


_MEMORY = """
import resource
from datetime import date
import polars
from member.import_file import Options, read_file
imported = read_file({path!r}, None, Options(today=date.fromisoformat({today!r})))
assert imported.ok
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory_mib(path: Path) -> float:
    """The peak of a fresh process that imports the file, everything counted."""
    peak = float(child(_MEMORY.format(path=str(path), today=TODAY.isoformat()), None))
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
