"""Order of pseudonyms, and dense codes for them: places among the distinct ones in ascending order of bytes.

Knows: that pseudonyms are 32 bytes as random as a hash: their first bits decide almost every comparison.
Must not know: whose they are.

A pseudonym is four words here: native numbers that compare, first to last, as its bytes do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from privacy.panels import Codes

Names = NDArray[np.void]
"""dtype V32."""
Words = NDArray[np.uint64]
"""Shape (4, n)."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Rows in the ascending order of their pseudonyms; rows of one pseudonym keep their order."""

    order: NDArray[np.intp]  # (n,) row
    same: NDArray[np.bool_]  # (n - 1,) whether a row's pseudonym is that of the row before


def words_of(names: Names) -> Words:
    """Each pseudonym as four numbers."""
    return np.ascontiguousarray(np.ascontiguousarray(names).view(">u8").reshape(-1, 4).T).astype(np.uint64)


def names_of(words: Words) -> Names:
    """Four numbers as a pseudonym each."""
    return np.ascontiguousarray(words.T).astype(">u8").view("V32").reshape(-1)


def by_name(words: Words) -> Order:
    """Sort pseudonyms by one packed key, the first bits before the row's number.

    Where those bits agree and the pseudonyms do not, which is seen, the rows concerned are sorted in full.
    """
    count = words.shape[1]
    bits = np.uint64(max(1, (count - 1).bit_length()))
    mask = (np.uint64(1) << bits) - np.uint64(1)
    key = words[0] & ~mask
    key |= np.arange(count, dtype=np.uint64)
    key.sort()
    order = (key & mask).astype(np.intp)
    alike = (key[1:] ^ key[:-1]) <= mask
    same = _same(words, order)
    if (alike != same).any():
        begins = np.concatenate([[True], ~alike])
        run = np.cumsum(begins) - 1
        mixed = np.zeros(int(run[-1]) + 1, bool)
        mixed[run[1:][alike & ~same]] = True
        places_ = np.nonzero(mixed[run])[0]
        rows = order[places_]
        order[places_] = rows[np.lexsort((rows, *(words[word][rows] for word in (3, 2, 1, 0))))]
        same = _same(words, order)
    return Order(order, same)


def _same(words: Words, order: NDArray[np.intp]) -> NDArray[np.bool_]:
    same = np.ones(max(0, len(order) - 1), bool)
    for word in words:
        ascending = word[order]
        same &= ascending[1:] == ascending[:-1]
    return same


def dense(names: Names) -> tuple[Names, Codes]:
    """Distinct names ascending, and each name's place among them."""
    words = words_of(names)
    found = by_name(words)
    begins = np.concatenate([np.ones(min(1, len(names)), bool), ~found.same])
    codes = np.empty(len(names), np.int64)
    codes[found.order] = np.cumsum(begins) - 1
    return names[found.order[begins]], codes


def places(distinct: Names, names: Names) -> Codes:
    """Place of each name in `distinct`, which ascends and holds all of them."""
    first = _first(distinct)
    if (first[1:] == first[:-1]).any():
        return np.searchsorted(distinct, names).astype(np.int64)
    return np.searchsorted(first, _first(names)).astype(np.int64)


def find(distinct: Names, names: Names) -> tuple[Codes, NDArray[np.bool_]]:
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


def _first(names: Names) -> NDArray[np.uint64]:
    return np.ascontiguousarray(names).view(">u8").reshape(-1, 4)[:, 0].astype(np.uint64)
