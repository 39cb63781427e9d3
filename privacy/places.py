"""Dense codes for pseudonyms: places among the distinct ones in ascending order of bytes.

Knows: that pseudonyms are 32 bytes as random as a hash, so that the first 8 decide almost every comparison.
Must not know: whose they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from privacy.panels import Codes

Names = NDArray[np.void]
"""dtype V32."""


def dense(names: Names) -> tuple[Names, Codes]:
    """Distinct names ascending, and each name's place among them.

    Sorting the first 8 bytes is enough unless two names agree in them, which is then seen and sorted out.
    """
    words = _words(names)
    order = np.argsort(words[:, 0].astype(np.uint64), kind="stable")
    ascending = words[order]
    changes = (ascending[1:] != ascending[:-1]).any(axis=1)
    if (changes & (ascending[1:, 0] == ascending[:-1, 0])).any():
        distinct, codes = np.unique(names, return_inverse=True)
        return distinct, codes.reshape(-1).astype(np.int64)
    begins = np.concatenate([np.ones(min(1, len(names)), bool), changes])
    codes = np.empty(len(names), np.int64)
    codes[order] = np.cumsum(begins) - 1
    return names[order[begins]], codes


def places(distinct: Names, names: Names) -> Codes:
    """Place of each name in `distinct`, which ascends and holds all of them."""
    first = _words(distinct)[:, 0].astype(np.uint64)
    if (first[1:] == first[:-1]).any():
        return np.searchsorted(distinct, names).astype(np.int64)
    return np.searchsorted(first, _words(names)[:, 0].astype(np.uint64)).astype(np.int64)


def union(*several: Names) -> Names:
    """Distinct names of all, ascending."""
    different = [np.zeros(0, "V32")]
    for names in several:
        if not np.array_equal(names, different[-1]):  # two months' clients are mostly the same
            different.append(names)
    return dense(np.concatenate(different))[0]


def _words(names: Names) -> NDArray[np.uint64]:
    """Each name as four numbers that compare as its bytes do; shape (n, 4)."""
    return np.ascontiguousarray(names).view(">u8").reshape(-1, 4)
