"""Merkle trees in the shape of RFC 6962, section 2.1 (RFC 9162 has the same), and proofs for many leaves.

Knows: hashes. Must not know: what a leaf says. A level is its hashes joined, 32 bytes each; the last
hash of an odd level goes up as it is, which gives exactly the RFC's tree. For one leaf a proof is the RFC's
audit path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Final

HASH_BYTES: Final = 32
_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry), 32 bytes."""
    return hashlib.sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), 32 bytes."""
    return hashlib.sha256(_NODE + left + right).digest()


def levels(leaves: bytes) -> list[bytes]:
    """Every level of the tree over leaf hashes (joined), the leaves first and the root last.

    ValueError: no leaves, or a length that is no multiple of 32.
    """
    if not leaves or len(leaves) % HASH_BYTES:
        raise ValueError("a tree has one leaf hash of 32 bytes at least")
    sha256, pair = hashlib.sha256, 2 * HASH_BYTES
    found = [leaves]
    while len(level := found[-1]) > HASH_BYTES:
        even = len(level) - len(level) % pair
        above = b"".join([sha256(_NODE + level[at : at + pair]).digest() for at in range(0, even, pair)])
        found.append(above + level[even:])
    return found


def root(leaves: bytes) -> bytes:
    """The tree's root, 32 bytes; of no leaves SHA-256 of nothing, as in the RFC."""
    return levels(leaves)[-1] if leaves else hashlib.sha256().digest()


def prove(tree: Sequence[bytes], places: Collection[int]) -> bytes:
    """What `root_from` needs beside the leaves at `places`: hashes, from the leaves' level up, left to right.

    `tree` as `levels` gives it. IndexError: a place outside of it.
    """
    known = sorted(set(places))
    if known and not 0 <= known[0] <= known[-1] < len(tree[0]) // HASH_BYTES:
        raise IndexError("no such leaf")
    proof = []
    for level in tree[:-1]:
        count, here = len(level) // HASH_BYTES, set(known)
        for place in known:
            beside = place ^ 1
            if beside < count and beside not in here:
                proof.append(level[beside * HASH_BYTES : (beside + 1) * HASH_BYTES])
        known = sorted({place >> 1 for place in known})
    return b"".join(proof)


def root_from(size: int, leaves: Mapping[int, bytes], proof: bytes) -> bytes | None:
    """The root of a tree of `size` leaves that has these leaf hashes at these places; None: no such proof.

    `proof` must be used up exactly. Whether the root is the one that was signed is the caller's to compare.
    """
    if not leaves or min(leaves) < 0 or max(leaves) >= size:
        return None
    known, count, at = dict(leaves), size, 0
    while count > 1:
        above = {}
        for place in sorted(known):
            beside = place ^ 1
            if beside >= count:
                above[place >> 1] = known[place]
                continue
            if beside in known:
                if place & 1:
                    continue  # its pair was made from the left
                other = known[beside]
            else:
                other, at = proof[at : at + HASH_BYTES], at + HASH_BYTES
            pair = (other, known[place]) if place & 1 else (known[place], other)
            above[place >> 1] = node_hash(*pair)
        known, count = above, (count + 1) // 2
    return known[0] if at == len(proof) else None
