"""Order of pseudonyms, and dense codes for them: places among the distinct ones in ascending order of bytes.

Knows: that pseudonyms are 32 bytes as random as a hash: their first 64 bits, the head, decide almost every
comparison.
Must not know: whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.panels import Codes

Names = NDArray[np.void]
"""dtype V32."""
Heads = NDArray[np.uint64]
"""Native numbers that compare as the first 8 bytes do."""
Mask = NDArray[np.bool_]

MERGED_RUNS_MAX: Final = 16
BLOCK_ROWS: Final = 8_192  # pseudonyms that stay near the processor


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Rows in ascending order; rows that are the same keep their order."""

    order: NDArray[np.intp]  # (n,) row
    same: Mask  # (n - 1,) whether a row is the same as the one before it in that order


def heads_of(names: Names) -> Heads:
    """The first 64 bits of each pseudonym."""
    return np.ascontiguousarray(names).view(">u8").reshape(-1, 4)[:, 0].astype(np.uint64)


def by_head(heads: Heads, runs: int | None = None) -> Order:
    """Sort heads by one packed key, the first bits of each before the row's number.

    `runs`: of how many ascending ones the heads are made, one after the other, where that is known: a few of
    them are merged faster than sorted. The order is the same.

    Where those bits agree and the heads do not, which is seen, the rows concerned are sorted in full.
    """
    bits = np.uint64(max(1, (len(heads) - 1).bit_length()))
    mask = (np.uint64(1) << bits) - np.uint64(1)
    key = heads & ~mask
    key |= np.arange(len(heads), dtype=np.uint64)
    key.sort(kind="stable" if runs is not None and runs <= MERGED_RUNS_MAX else None)
    order = (key & mask).view(np.intp)
    ascending = heads[order]
    same = ascending[1:] == ascending[:-1]
    if (ascending[1:] >= ascending[:-1]).all():
        return Order(order, same)
    key >>= bits
    alike = key[1:] == key[:-1]
    mixed = _runs(alike, alike & ~same)
    rows = order[mixed]
    order[mixed] = rows[np.lexsort((rows, heads[rows]))]
    ascending = heads[order]
    return Order(order, ascending[1:] == ascending[:-1])


def by_name(names: Names) -> Order:
    """Sort pseudonyms, by heads unless two differ that agree in it."""
    found = by_head(heads_of(names))
    same = found.same & same_as_before(names, found.order)
    if np.array_equal(same, found.same):
        return found
    mixed = np.nonzero(_runs(found.same, found.same & ~same))[0]
    rows = found.order[mixed]
    words = np.ascontiguousarray(names[rows]).view(">u8").reshape(-1, 4).astype(np.uint64)
    found.order[mixed] = rows[np.lexsort((rows, *words.T[::-1]))]
    return Order(found.order, same_as_before(names, found.order))


def _runs(alike: Mask, asked: Mask) -> Mask:
    """The rows of those runs of alike ones in which something is asked; (n,) from (n - 1,) each."""
    run = np.cumsum(np.concatenate([[True], ~alike])) - 1
    wanted = np.zeros(int(run[-1]) + 1, bool)
    wanted[run[1:][asked]] = True
    return np.asarray(wanted[run])


def same_as_before(names: Names, order: NDArray[np.intp]) -> Mask:
    """Whether each pseudonym but the first is that of the row before it in that order; (n - 1,).

    Block by block: a copy of all of them in order is made nowhere.
    """
    same = np.empty(max(0, len(order) - 1), bool)
    for first in range(0, len(same), BLOCK_ROWS):
        block = names.take(order[first : first + BLOCK_ROWS + 1])
        words = block.view("<u8").reshape(-1, 4)
        alike = same[first : first + BLOCK_ROWS]
        np.equal(words[1:, 0], words[:-1, 0], out=alike)
        for word in range(1, 4):
            alike &= words[1:, word] == words[:-1, word]
    return same


def dense(names: Names) -> tuple[Names, Codes]:
    """Distinct names ascending, and each name's place among them."""
    found = by_name(names)
    first = np.concatenate([np.ones(min(1, len(names)), bool), ~found.same])
    codes = np.empty(len(names), np.int64)
    codes[found.order] = np.cumsum(first) - 1
    return names.take(found.order[first]), codes


def places(distinct: Names, names: Names) -> Codes:
    """Place of each name in `distinct`, which ascends and holds all of them."""
    first = heads_of(distinct)
    if (first[1:] == first[:-1]).any():
        return np.searchsorted(distinct, names).astype(np.int64)
    return np.searchsorted(first, heads_of(names)).astype(np.int64)


def find(distinct: Names, names: Names) -> tuple[Codes, Mask]:
    """Place of each name in `distinct`, which ascends, and whether it is there (else the place is void)."""
    if not len(distinct):
        return np.zeros(len(names), np.int64), np.zeros(len(names), bool)
    place = np.minimum(places(distinct, names), len(distinct) - 1)
    ours, theirs = (np.ascontiguousarray(one).view("<u8").reshape(-1, 4) for one in (distinct, names))
    return place, (ours[place] == theirs).all(axis=1)


def union(*several: Names) -> Names:
    """Distinct names of all, ascending."""
    different = [np.zeros(0, "V32")]
    for names in several:
        if not np.array_equal(names, different[-1]):  # two months' clients are mostly the same
            different.append(names)
    return dense(np.concatenate(different))[0]
