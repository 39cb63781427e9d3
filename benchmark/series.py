"""Published cells of successive releases as dense arrays, month by client: what the detectors read.

Knows: cells. Must not know: who may see them, what they were made of.

Clients are those of the newest release, in its order: of a client that is not published now nothing is said.
The network's own cell and its sectors' are laid beside them, the network's as number 0.
Releases are laid in one at a time (45 bytes a cell go in, 4 stay), so that 24 months of a million clients
never lie in memory whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.disclosure import MISSING, Cells
from privacy.raw import SECTORS

Names = NDArray[np.void]
Wide = Mapping[int, tuple[int | None, int | None]]
"""Days late and count band of a release's wide cells: 0 the network's, then by sector's code."""

_ALL_FOUR: Final = 0x01010101  # four truths, read as one number


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The newest release's clients over months without a gap, oldest first; `lay` fills the arrays."""

    pseudonyms: Names = field(repr=False)  # (clients,) V32, sorted
    months: NDArray[np.int64]  # (months,) month indices, consecutive
    released: NDArray[np.bool_]  # (months,) whether the month's release was laid in
    days_late: NDArray[np.int16] = field(repr=False)  # (months, clients) whole days, MISSING where suppressed
    band: NDArray[np.uint8] = field(repr=False)  # (months, clients), 0 where no cell is published
    flagged: NDArray[np.bool_] = field(repr=False)  # (months, clients) the published incident flag
    sector: NDArray[np.uint8] = field(repr=False)  # (clients,) as the newest release publishes it, 0: none
    wide: NDArray[np.int16] = field(repr=False)  # (months, 1 + SECTORS) days late, MISSING where suppressed
    wide_band: NDArray[np.uint8] = field(repr=False)  # (months, 1 + SECTORS)


def series(
    history: Iterable[tuple[int, Cells]], month: int, months: int, wide: Mapping[int, Wide] | None = None
) -> Series:
    """The `months` months up to `month`; later and older releases are left out, missing ones are MISSING.

    `wide`: the releases' wide cells by month. ValueError: a month comes twice (a chain never does that).
    """
    read = [(when, cells) for when, cells in history if month - months < when <= month]
    if len({when for when, _ in read}) != len(read):
        raise ValueError("two releases of one month")
    newest = next((cells for when, cells in read if when == month), None)
    if newest is None:
        newest = read[0][1][:0] if read else np.zeros(0, [("pseudonym", "V32"), ("sector", "u1")])
    made = begin(newest, month, months)
    for when, cells in read:
        lay(made, when, cells, (wide or {}).get(when))
    return made


def begin(newest: Cells, month: int, months: int) -> Series:
    """Room for `months` months of the clients of the newest release; nothing is laid in yet, not even it."""
    clients = len(newest)
    return Series(
        np.ascontiguousarray(newest["pseudonym"]),
        np.arange(month - months + 1, month + 1),
        np.zeros(months, bool),
        np.full((months, clients), MISSING, np.int16),
        np.zeros((months, clients), np.uint8),
        np.zeros((months, clients), bool),
        np.ascontiguousarray(newest["sector"]),
        np.full((months, 1 + SECTORS), MISSING, np.int16),
        np.zeros((months, 1 + SECTORS), np.uint8),
    )


def lay(made: Series, when: int, cells: Cells, wide: Wide | None = None) -> None:
    """Lay one release in; of clients that the newest does not publish, nothing is kept."""
    at = when - int(made.months[0])
    made.released[at] = True
    for code, (days, band) in (wide or {}).items():
        made.wide[at, code] = MISSING if days is None else days
        made.wide_band[at, code] = band or 0
    ours, theirs = common(made.pseudonyms, np.ascontiguousarray(cells["pseudonym"]))
    made.days_late[at, ours] = np.ascontiguousarray(cells["days_late"])[theirs]
    made.band[at, ours] = np.ascontiguousarray(cells["band"])[theirs]
    made.flagged[at, ours] = cells["incident"][theirs] == 1


def common(left: Names, right: Names) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places in each of the names in both; both ascend.

    Pseudonyms are as random as a hash: the first 8 of 32 bytes find the pairs (two sorted runs are merged),
    all 32 decide. Only where names of one side agree in the first 8 are all bytes sorted.
    """
    ours, theirs = left.view(np.uint64).reshape(-1, 4), right.view(np.uint64).reshape(-1, 4)
    first = np.concatenate([_first(left), _first(right)])
    order = np.argsort(first, kind="stable")
    ascending = first[order]
    alike = np.nonzero(ascending[1:] == ascending[:-1])[0]
    place, there = order[alike], order[alike + 1] - len(left)
    if len(alike) and (place.max() >= len(left) or there.min() < 0):
        _, place, there = np.intersect1d(left, right, assume_unique=True, return_indices=True)
        return place.astype(np.int64), there.astype(np.int64)
    same = (ours.take(place, axis=0) == theirs.take(there, axis=0)).view(np.uint32)[:, 0] == _ALL_FOUR
    return (place, there) if same.all() else (place[same], there[same])


def _first(names: Names) -> NDArray[np.uint64]:
    """The first 8 bytes of each name as a number that compares as they do."""
    return names.view(">u8").reshape(-1, 4)[:, 0].astype(np.uint64)
