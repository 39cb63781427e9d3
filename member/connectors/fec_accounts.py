"""Whose a ledger's line is: by its auxiliary account, its own account, or the name beside a collective one.

Knows: that some ledgers book every client on one account and tell them apart by name alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from member.values import label

if TYPE_CHECKING:
    from member.connectors.fec_lines import Gathered

Ints = NDArray[np.int64]


def accounts_of(found: Gathered) -> tuple[list[str], list[str], Ints]:
    """Client accounts by their auxiliary number, or else by their own; a name for each."""
    size = len(found.own)
    empty = [""] * size
    auxiliary = found.cells["auxiliary"] or empty
    payer = found.cells["payer"] or empty
    names = found.cells["auxiliary_name"] or empty
    general_names = found.cells["general_name"] or empty
    places: dict[str, int] = {}
    keys: list[str] = []
    shown: list[str] = []
    account = np.empty(size, np.int64)
    collective = _collective(found.generals, auxiliary, payer, names)
    for at in range(size):
        key = auxiliary[at] or payer[at] or (names[at] if found.generals[at] in collective else "")
        key = key or found.generals[at]
        place = places.setdefault("".join(key.split()), len(keys))
        account[at] = place
        name = names[at] or ("" if auxiliary[at] else general_names[at])
        if place == len(keys):
            keys.append(label(key))
            shown.append(name)
        elif not shown[place]:
            shown[place] = name
    return keys, [name or key for name, key in zip(shown, keys, strict=True)], account


def _collective(generals: list[str], auxiliary: list[str], payer: list[str], names: list[str]) -> set[str]:
    """Accounts that stand for several clients, told apart by their names alone."""
    named: dict[str, set[str]] = {}
    for general, number, other, name in zip(generals, auxiliary, payer, names, strict=True):
        if name and not number and not other:
            named.setdefault(general, set()).add(name)
    return {general for general, several in named.items() if len(several) > 1}
