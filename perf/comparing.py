"""A portfolio of 20,000 clients compared with its published cells, 24 months of both: the agent's own work.

Bar: a second.
"""

from __future__ import annotations

import time

import numpy as np

from benchmark.comparison import Balance
from benchmark.comparison_many import Histories, compare_many, empty
from perf.measure import Line

CLIENTS, MONTHS, ROUNDS = 20_000, 24, 3
SECONDS_MAX = 1.0


def portfolio() -> tuple[Histories, list[Balance]]:
    """Own values and cells of every client and month, a tenth of each unknown."""
    numbers = np.random.default_rng(5)
    shape = CLIENTS, MONTHS
    own = numbers.normal(12, 10, (CLIENTS, 1)) + numbers.normal(0, 6, shape)
    own[numbers.random(shape) < 0.1] = np.nan
    of = empty(own, own + 40)
    there = numbers.random(shape) < 0.9
    of.band[:] = np.where(there, numbers.integers(1, 4, shape), 0)
    for column in (of.centre, of.spread, of.centre_dso):
        column[there] = numbers.integers(3, 40, int(there.sum()))
    return of, [Balance(50_000, 150_000, 0)] * CLIENTS


def lines() -> list[Line]:
    """Seconds, the least of a few rounds."""
    of, balances = portfolio()
    at_once = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert len(compare_many(of, balances)) == CLIENTS
        at_once.append(time.perf_counter() - begun)
    return [Line(f"{CLIENTS:,} clients compared, {MONTHS} months", min(at_once), None, "s", SECONDS_MAX)]
