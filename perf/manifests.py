"""A release's manifest: 100,000 cells planted in a tree, beside the bare hashes that it needs; a proof.

The reference is what no manifest can do without: one HMAC and one hash a cell for its salt and leaf, one hash
a node, by hashlib in a plain loop. Both in turn, one thread each, in the process's own time.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable

import numpy as np

from perf.measure import Line
from privacy import manifest as manifests
from privacy import manifest_trees, merkle
from privacy.disclosure import CELL_DTYPE

CELLS = 100_000
OWN = 5_000
RUNS = 3
MONTH = "2026-01"
KEY = manifest_trees.salts_key(bytes(32))


def _cells() -> np.ndarray:
    chance = np.random.default_rng(20_260_101)
    cells = np.zeros(CELLS, CELL_DTYPE)
    cells["pseudonym"] = np.sort(np.frombuffer(chance.bytes(32 * CELLS), "V32"))
    cells["band"], cells["days_late"] = 1, chance.integers(-20, 60, CELLS)
    return cells


def _seconds(*works: Callable[[], object]) -> list[float]:
    """The best of each, in turn."""
    best = [float("inf")] * len(works)
    for _ in range(RUNS):
        for place, work in enumerate(works):
            began = time.process_time()
            work()
            best[place] = min(best[place], time.process_time() - began)
    return best


def _bare(nodes: int) -> None:
    row, pair = bytes(32 + 12 + CELL_DTYPE.itemsize), bytes(65)
    for at in range(CELLS):
        salt = hmac.digest(KEY, at.to_bytes(32, "big"), "sha256")
        hashlib.sha256(salt + row).digest()
    for _ in range(nodes):
        hashlib.sha256(pair).digest()


def lines() -> list[Line]:
    """Two lines: a manifest's tree, and 5,000 of its cells proven and checked."""
    cells = _cells()
    tree = merkle.levels(manifest_trees.cell_leaves(KEY, MONTH, cells))
    size = len(tree[0]) // merkle.HASH_BYTES
    rows = manifests.packed_rows(cells)[:: CELLS // OWN]
    salts = [manifest_trees.salt(KEY, "cell", MONTH, row[:32]) for row in rows]
    places = manifest_trees.places(tree[0])

    def prove() -> None:
        leaves = {
            places[leaf]: leaf
            for leaf in (
                manifests.salted(salt, manifests.cell_entry(MONTH, row))
                for salt, row in zip(salts, rows, strict=True)
            )
        }
        assert merkle.root_from(size, leaves, merkle.prove(tree, leaves)) == tree[-1]

    planted, bare, proven = _seconds(
        lambda: merkle.levels(manifest_trees.cell_leaves(KEY, MONTH, cells)), lambda: _bare(size - 1), prove
    )
    return [
        Line(f"a manifest's tree of {CELLS:,} cells beside its bare hashes", planted, bare, "s", 2.0),
        Line(f"{OWN:,} of them proven and checked", proven, None, "s", 1.0),
    ]
