"""What a firm may learn before it joins: how much of its outstanding amount would be compared, roughly, once.

Knows: weights, which of them met a published cell, one normal draw. Must not know: identifiers, the time.

A set of at least `IDENTIFIERS_MIN` clients is answered with one band. No client weighs more than
1 / IDENTIFIERS_MIN of the whole, so that one client moves the share by at most 2 points; the normal noise of
`NOISE_SD_POINTS` is keyed by the set itself (`privacy.noise`), so that asking again averages nothing; what is
said is a band of `BAND_POINTS`. Whoever knows all clients of a set but one guesses whether that one is
published with an advantage of at most 2 Phi(2 / (2 x 4)) - 1 = 0.197 over a coin, and asks once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

IDENTIFIERS_MIN: Final = 50
IDENTIFIERS_MAX: Final = 5_000
WEIGHT_TOTAL: Final = 1_000_000
"""Weights are whole millionths of the set's whole."""
NOISE_SD_POINTS: Final = 4.0
BAND_POINTS: Final = 10
PURPOSE: Final = "overlap"

Weights = NDArray[np.uint32]


class OverlapRefused(ValueError):
    """A set that cannot be answered: `field`, what was found and what was expected."""

    def __init__(self, field: str, found: str, expected: str) -> None:
        super().__init__(f"{field}: found {found}, expected {expected}")
        self.field, self.found, self.expected = field, found, expected


def cap(amounts: Sequence[int]) -> int:
    """The amount up to which each counts, so that none holds more than 1 / IDENTIFIERS_MIN of what counts.

    0 where fewer than IDENTIFIERS_MIN amounts are positive: then amounts cannot be asked about. It is the
    largest t with t <= sum(min(a, t)) / IDENTIFIERS_MIN: with k amounts above it and `rest` the sum of the
    others, t = rest / (IDENTIFIERS_MIN - k).
    """
    descending = sorted((amount for amount in amounts if amount > 0), reverse=True)
    if len(descending) < IDENTIFIERS_MIN:
        return 0
    rest = sum(descending)
    for above, amount in enumerate(descending[:IDENTIFIERS_MIN]):
        if amount * (IDENTIFIERS_MIN - above) <= rest:
            return rest // (IDENTIFIERS_MIN - above) if above else amount
        rest -= amount
    raise AssertionError  # the last of them always holds


def weights_of(amounts: Sequence[int]) -> Weights:
    """Whole millionths of the capped amounts, (n,) uint32; equal ones where too few amounts are positive."""
    most = cap(amounts)
    counted = np.array([min(max(amount, 0), most) if most else 1 for amount in amounts], np.float64)
    weights: Weights = np.floor(counted * WEIGHT_TOTAL / counted.sum()).astype(np.uint32)
    return weights


def check(pseudonyms: NDArray[np.void], weights: Weights) -> None:
    """Raise OverlapRefused: too few or too many, one twice, one that weighs too much, nothing weighed.

    `pseudonyms` (n,) V32, ascending; `weights` (n,) uint32.
    """
    count = len(pseudonyms)
    if not IDENTIFIERS_MIN <= count <= IDENTIFIERS_MAX:
        raise OverlapRefused("pseudonyms", str(count), f"{IDENTIFIERS_MIN} to {IDENTIFIERS_MAX}")
    words = pseudonyms.view(">u8").reshape(-1, 4)
    before, after = words[:-1], words[1:]
    differ = before != after
    first = differ.argmax(axis=1)
    rows = np.arange(count - 1)
    if not (differ.any(axis=1) & (before[rows, first] < after[rows, first])).all():
        raise OverlapRefused("pseudonyms", "another order, or one twice", "ascending, each once")
    if len(weights) != count:
        raise OverlapRefused("weights", str(len(weights)), str(count))
    whole = int(weights.sum(dtype=np.uint64))
    most = int(weights.max())
    # Each weight was rounded down, so that the whole may lack as many millionths as there are weights, and no
    # more: of a whole of one millionth a single client would be all.
    if not WEIGHT_TOTAL - count <= whole <= WEIGHT_TOTAL:
        raise OverlapRefused("weights", f"{whole} in all", f"{WEIGHT_TOTAL - count} to {WEIGHT_TOTAL}")
    if most * IDENTIFIERS_MIN > WEIGHT_TOTAL:
        raise OverlapRefused("weights", str(most), f"at most {WEIGHT_TOTAL // IDENTIFIERS_MIN} each")


def share_points(weights: Weights, covered: NDArray[np.bool_]) -> float:
    """0 to 100: the part of the weight that met a published cell."""
    return 100.0 * float(weights[covered].sum(dtype=np.uint64)) / float(weights.sum(dtype=np.uint64))


def band(points: float, normal: float) -> int:
    """The band said: its lower end in points, 0 to 90. `normal`: one standard normal, keyed by the set."""
    noisy = min(max(points + NOISE_SD_POINTS * normal, 0.0), 99.9)
    return int(noisy // BAND_POINTS) * BAND_POINTS
