"""Published cells of successive releases as dense arrays, client by month.

Knows: cells. Must not know: who may see them, what they were made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from privacy.disclosure import MISSING, Cells
from privacy.places import places, union


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Every client that was published at least once, over months without a gap, oldest first."""

    pseudonyms: NDArray[np.void] = field(repr=False)  # (clients,) V32, sorted
    months: NDArray[np.int64]  # (months,) month indices, consecutive
    days_late: NDArray[np.float64] = field(repr=False)  # (clients, months) days, NaN where not published
    band: NDArray[np.uint8] = field(repr=False)  # (clients, months), 0 where no cell is published


def series(history: Sequence[tuple[int, Cells]], month: int, months: int) -> Series:
    """The `months` months up to `month`; later and older releases are left out, missing ones are NaN.

    ValueError: a month comes twice (a chain never publishes it twice).
    """
    first = month - months + 1
    read = [(when, cells) for when, cells in history if first <= when <= month]
    if len({when for when, _ in read}) != len(read):
        raise ValueError("two releases of one month")
    names = union(*(cells["pseudonym"] for _, cells in read))
    days_late = np.full((len(names), months), np.nan)
    band = np.zeros((len(names), months), np.uint8)
    for when, cells in read:
        place = places(names, cells["pseudonym"])
        value = cells["days_late"].astype(np.float64)
        days_late[place, when - first] = np.where(cells["days_late"] == MISSING, np.nan, value)
        band[place, when - first] = cells["band"]
    return Series(names, np.arange(first, month + 1), days_late, band)
