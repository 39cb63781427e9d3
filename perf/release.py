"""One month's release of 1,000,000 relation-months through the whole policy, beside Polars' median of them.

The reference is the least that any engine does with these rows: group them by the client's 32-byte pseudonym
and take the median of their days late, columns being in memory as Polars keeps them. Ours begins with the
uploads as they were received and ends with what is published and what the chain remembers: one value per
group from three months of rows, sectors and regions, frozen panels in a quarter's revision, bounded centres,
keyed noise, bands, flags (not the terms, whose rows are a year older and none of these). One thread each, in
one process, in turn; medians of the processor's time, all threads of the process, so that what else runs on
the machine counts for neither.

The world: 70 firms with about 5,000 clients each and three months of them, one row in twenty missing, shared
as in the design's simulation: 54 % of the relations are with clients of 5 suppliers and more.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from perf.measure import Line

ROOT = Path(__file__).resolve().parent.parent
ROWS = 1_000_000
FIRMS = 70
ROUNDS = 25
BAR = 1.0
QUARTER = 2026 * 12  # January: a revision
MISSING_SHARE = 0.05
SHARING = 2.2  # exponent of the number of suppliers of a client
KEY = bytes(range(32))


def lines() -> list[Line]:
    """In a process of its own: threads and the processor's features are chosen before the libraries load."""
    from server.processor import SLOW_SORT, slow_sort

    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    if slow_sort():
        environment |= SLOW_SORT
    run = subprocess.run(
        [sys.executable, "-m", "perf.release"],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = json.loads(run.stdout)
    what = f"release of {found['rows']:,} relation-months, {found['cells']:,} cells / Polars, one median"
    return [Line(what, found["ours"], found["reference"], "s", BAR)]


def world(months: range) -> list[Any]:
    """Uploads of all firms for the months."""
    import numpy as np

    from benchmark.release import UploadInWindow
    from benchmark.upload import FIELD_BIT, FIELDS, ROW_DTYPE

    rng = np.random.default_rng(11)
    relations = int(ROWS / 3 / (1 - MISSING_SHARE))
    sharing = np.minimum(rng.zipf(SHARING, relations), FIRMS - 1).astype(np.int64)
    sharing = sharing[: np.searchsorted(np.cumsum(sharing), relations)]
    pairs = [
        np.stack([np.full(count, client), rng.choice(FIRMS, count, replace=False)])
        for client, count in enumerate(sharing.tolist())
    ]
    client, firm = np.concatenate(pairs, axis=1)
    names = np.sort(np.frombuffer(rng.bytes(32 * len(sharing)), "V32"))
    sector, region = rng.integers(1, 22, len(names)), rng.integers(1, 14, len(names))
    usual = rng.gamma(1.5, 8, len(names))[client] + rng.normal(0, 8, len(client))
    uploads = []
    for number in range(FIRMS):
        for month in months:
            mine = np.nonzero((firm == number) & (rng.random(len(firm)) >= MISSING_SHARE))[0]
            rows = np.zeros(len(mine), ROW_DTYPE)
            rows["pseudonym"] = names[client[mine]]
            rows["present"] = np.uint32((1 << len(FIELDS)) - 1) & ~FIELD_BIT["disputed"]
            rows["paid"] = rng.integers(10_000, 9_000_000, len(mine))
            rows["paid_days_late"] = np.rint(usual[mine] * rows["paid"]).astype(np.int64)
            rows["not_due"] = rng.integers(0, 5_000_000, len(mine))
            rows["late_1_30"] = rng.integers(0, 500_000, len(mine)) * (rng.random(len(mine)) < 0.4)
            rows["outstanding"] = rows["not_due"] + rows["late_1_30"]
            rows["open_late_days"] = rows["late_1_30"] * 10
            rows["dso"] = rng.integers(200, 900, len(mine))
            rows["terms_days"] = 45
            rows["incident"] = rng.random(len(mine)) < 0.01
            rows["sector"], rows["region"] = sector[client[mine]], region[client[mine]]
            packed = np.frombuffer(rows.tobytes(), ROW_DTYPE)  # as they come from the database
            group = (number + 1).to_bytes(16, "big")
            uploads.append(UploadInWindow(group, group, 0, month, packed))
    return uploads


def measure() -> dict[str, float]:
    """Seconds of ours and of the reference, rows and cells."""
    import numpy as np
    import polars as pl

    from benchmark.release import release_month
    from privacy.profiles import STANDARD

    assert pl.thread_pool_size() == 1
    uploads = world(range(QUARTER - 3, QUARTER + 1))
    windows = [[one for one in uploads if last - 3 < one.month <= last] for last in (QUARTER - 1, QUARTER)]
    state = release_month(QUARTER - 1, windows[0], None, STANDARD, KEY).state
    rows = np.concatenate([one.rows for one in windows[1]])
    frame = pl.DataFrame(
        {
            "client": pl.Series([name.tobytes() for name in rows["pseudonym"]], dtype=pl.Binary),
            "late": rows["paid_days_late"].astype(np.float64),
            "paid": rows["paid"].astype(np.float64),
        }
    )
    ours, reference = [], []
    result = None
    for number in range(ROUNDS + 1):
        begun = time.process_time()
        result = release_month(QUARTER, windows[1], state, STANDARD, KEY)
        seconds = time.process_time() - begun
        begun = time.process_time()
        frame.with_columns(days=pl.col("late") / pl.col("paid")).group_by("client").agg(
            pl.col("days").median()
        )
        if number:  # the first of each is not counted
            ours.append(seconds)
            reference.append(time.process_time() - begun)
    assert result is not None
    return {
        "rows": len(rows),
        "cells": len(result.release.cells),
        "ours": statistics.median(ours),
        "reference": statistics.median(reference),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
