"""The parts of the pseudonym key: k = k12 + k13 + k23, each known to two of three holders.

Knows: scalars and their sums, who holds which part, which holder is asked for which. Any two holders have all
three parts; one alone lacks one. Randomness is an argument. The other half, public: `privacy.roster`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import rbcl

from privacy.evaluate import sum_of_parts
from privacy.oprf import add, is_element, multiply_base

SINGLE: Final = "single"
THREE: Final = "three"
WHOLE: Final = "k"
HOLDERS: Final = (1, 2, 3)
PARTS: Final[Mapping[str, tuple[int, int]]] = {"k12": (1, 2), "k13": (1, 3), "k23": (2, 3)}
MADE_AT: Final[Mapping[int, str]] = {1: "k12", 2: "k23", 3: "k13"}
"""Without a dealer each holder makes one part and seals it to the other holder of that part."""
THRESHOLD: Final[Mapping[str, int]] = {SINGLE: 1, THREE: 2}
"""How many holders have to work together before anybody can evaluate."""


class Unserved(ValueError):
    """The holders that are up do not have every part."""


def parts_of(holder: int) -> tuple[str, ...]:
    """The names of the two parts that a holder (1 to 3) knows."""
    return tuple(name for name, pair in PARTS.items() if holder in pair)


def pair_of(part: str, holder: int) -> int:
    """The other holder of a part."""
    one, other = PARTS[part]
    return other if holder == one else one


def split(key: bytes, draw: Callable[[], bytes]) -> dict[str, bytes]:
    """A key as three numbers that add up to it: whoever does this has known the key ("dealt")."""
    one, other = draw(), draw()
    minus = rbcl.crypto_core_ristretto255_scalar_sub
    return {"k12": one, "k13": other, "k23": bytes(minus(minus(key, one), other))}


def zero_sum(draw: Callable[[], bytes]) -> dict[str, bytes]:
    """Three numbers whose sum is zero: one holder's contribution to a refresh."""
    return split(bytes(32), draw)


def shifted(part: bytes, deltas: Sequence[bytes]) -> bytes:
    """A part after a refresh, or any sum of scalars; raise ValueError where nothing is left."""
    return sum_of_parts([part, *deltas])


def public_parts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Public keys (32 bytes each) of parts."""
    return {name: multiply_base(part) for name, part in parts.items()}


def public_sum(elements: Sequence[bytes]) -> bytes:
    """The sum of public keys; zeros (the identity) where they cancel out. Raise ValueError for no element."""
    if not elements or not all(is_element(element) for element in elements):
        raise ValueError("a public key is an element of the group")
    total = elements[0]
    for element in elements[1:]:
        total = add(total, element)
    return total


def who_answers(up: Sequence[int], wanted: Collection[str]) -> dict[int, tuple[str, ...]]:
    """For each holder asked, in the order of preference `up`, the parts asked of it: each part once.

    Raise Unserved naming the parts that nobody who is up holds.
    """
    left = set(wanted)
    asked: dict[int, tuple[str, ...]] = {}
    for holder in up:
        own = tuple(part for part in parts_of(holder) if part in left)
        if own:
            asked[holder] = own
            left -= set(own)
    if left:
        raise Unserved(", ".join(sorted(left)))
    return asked
