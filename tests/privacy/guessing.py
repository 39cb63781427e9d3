"""An attacker who tests guesses of identifiers against a copy of the database, with whatever keys it got.

For each guess it computes every sum of the numbers that it knows, with any signs, times the guess's element,
with and without public keys added, and looks whether the output stands anywhere in the copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import product

import rbcl

from privacy.oprf import IDENTITY, add, hash_to_group, multiply, prefixed


def sums(known: Sequence[bytes]) -> set[bytes]:
    """Every sum of the scalars with coefficients -1, 0 and 1, except zero."""
    found = set()
    for signs in product((-1, 0, 1), repeat=len(known)):
        total = bytes(32)
        for sign, scalar in zip(signs, known, strict=True):
            if sign > 0:
                total = bytes(rbcl.crypto_core_ristretto255_scalar_add(total, scalar))
            elif sign < 0:
                total = bytes(rbcl.crypto_core_ristretto255_scalar_sub(total, scalar))
        if any(total):
            found.add(total)
    return found


def confirmed(
    copy: bytes, known: Sequence[bytes], public: Iterable[bytes], guesses: Iterable[str]
) -> set[str]:
    """The guesses that the attacker can tell to be clients in the copy."""
    scalars = sums(known)
    beside = [IDENTITY, *public]
    found = set()
    for guess in guesses:
        data = guess.encode()
        element = hash_to_group(data)
        points = [multiply(scalar, element) for scalar in scalars] + [element]
        for point in [add(one, other) for one in points for other in beside]:
            output = hashlib.sha512(prefixed(data) + prefixed(point) + b"Finalize").digest()[:32]
            if output in copy:
                found.add(guess)
    return found
