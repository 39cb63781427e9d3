"""200,000 invoice lines of a CSV file to contributions, beside what Polars needs to read and group them.

The reference reads the same file with dates and decimals as the file writes them, and groups it by client and
month into three of the sums that a contribution holds: sales, amount x days late, amount x days to pay. It
checks nothing, knows no client and says nothing of what is open. One thread each, in turn in one process of
its own; medians. (On further cores Polars gains more than we do, most of ours being one thread's work.)
Memory is the peak of another fresh process, its libraries included.
"""

from __future__ import annotations

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
        measured = child(f"from perf.importing import seconds; print(seconds({str(path)!r}))")
        ours, reference = (float(part) for part in measured.strip("()").split(","))
        peak = memory_mib(path)
    return [
        Line(
            f"import of {LINES:,} invoice lines / Polars reads and groups them, a thread each",
            ours,
            reference,
            "s",
            BAR,
        ),
        Line(f"peak memory of an import of {LINES:,} invoice lines", peak, None, "MiB", MEMORY_BAR_MIB),
    ]


def child(code: str) -> str:
    """What a fresh process prints, with one thread for Polars."""
    return subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
    ).stdout.strip()


def seconds(path: str) -> tuple[float, float]:
    """Median seconds of an import and of the reference, in turn, after one of each that is not counted."""
    assert pl.thread_pool_size() == 1
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
    return statistics.median(ours), statistics.median(reference)


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
    peak = float(child(_MEMORY.format(path=str(path), today=TODAY.isoformat())))
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
