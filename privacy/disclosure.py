"""The only road from what firms reported to what is published: `Tally` -> `Protected` -> `Release`.

Knows: the types on that road; who may be made of what is decided in `protect` and nowhere else.
Must not know: money, uploads, rows, the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

MISSING: Final = -32768
"""A field of a published cell that is not published itself."""

CELL_DTYPE: Final = np.dtype(
    [("pseudonym", "V32"), ("band", "u1"), ("days_late", "<i2"), ("spread", "<i2"), ("dso", "<i2")]
)
"""One published cell, whole days. band 1: 5-9, 2: 10-19, 3: 20 and more contributors, perturbed."""

Cells = NDArray[np.void]
"""Shape (cells,), dtype CELL_DTYPE, sorted by pseudonym; a suppressed cell is absent."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Raw: one value per client, group and field. Never leaves the release; never prints what it holds.

    Pairs (client, group) are sorted by client, then group, none twice.
    """

    month: int
    pseudonyms: NDArray[np.void] = field(repr=False)  # (clients,) V32, sorted
    groups: NDArray[np.void] = field(repr=False)  # (groups,) V16, sorted
    client: NDArray[np.int64] = field(repr=False)  # (pairs,) index in pseudonyms
    group: NDArray[np.int64] = field(repr=False)  # (pairs,) index in groups
    as_of: NDArray[np.int64] = field(repr=False)  # (pairs,) month index of the newest row
    values: NDArray[np.float64] = field(repr=False)  # (fields, pairs) days, in the profile's order; NaN: null


@dataclass(frozen=True, slots=True)
class NetworkCell:
    """The published cell of the whole network, whole days; None where not published."""

    days_late: int | None
    dso: int | None
    band: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What is published for one month under one profile. Immutable: `cells` cannot be written."""

    month: int
    profile: str
    window: tuple[int, ...]  # month indices, oldest first
    cells: Cells
    network: NetworkCell
