"""The operator's half of a manifest: secret salts, and trees that show neither an order nor a count.

Knows: a key, names and entries. Must not know: what they say. Rules:

1. Every leaf has a salt of its own, HMAC-SHA-256 under a key derived from the release key, so that no leaf
   can be guessed from its hash, and one leaf's salt says nothing of another's.
2. Leaves are sorted by their own hash: a permutation that is keyed, since the salts are.
3. Padding leaves are keyed random bytes, which nobody tells from hashes. The number of leaves is a power of
   two, at least LEAVES_MIN and at least the count times a factor between 1 and 2 drawn anew for every month
   and tree: where a count meets a power of two is nowhere sharp, and nobody reads a count by adding leaves
   until the tree doubles.
4. The band of the published cells is that of a perturbed count, for the same reason.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from privacy.disclosure import Cells
from privacy.manifest import cell_entry, packed_rows
from privacy.merkle import HASH_BYTES

CELL: Final = "cell"
RECEIPT: Final = "receipt"
PART: Final = "part"
LEAVES_MIN: Final = 1024
COUNT_NOISE: Final = 0.25
"""A count is moved by at most this share and COUNT_NOISE_CELLS before it is put in a band."""
COUNT_NOISE_CELLS: Final = 3.0


def salts_key(release_key: bytes) -> bytes:
    """32 bytes: the salts' own key, so that neither tells of the other."""
    return hmac.digest(release_key, b"vigie/manifest-salts/v1", "sha256")


def salt(key: bytes, kind: str, month: str, name: bytes) -> bytes:
    """The salt of one leaf or part, 32 bytes; `name`: what it is about (a pseudonym, a digest)."""
    return hmac.digest(key, f"{kind}\0{month}\0".encode("ascii") + name, "sha256")


def _draw(key: bytes, what: str, kind: str, month: str) -> float:
    """Uniform in [0, 1), the same for the same arguments."""
    drawn = hmac.digest(key, f"{what}\0{kind}\0{month}".encode("ascii"), "sha256")
    return int.from_bytes(drawn[:6], "big") / 2**48


def padded_size(key: bytes, kind: str, month: str, count: int) -> int:
    """How many leaves the tree of `count` entries has."""
    wanted = max(LEAVES_MIN, int(count * (1.0 + _draw(key, "size", kind, month))) + 1)
    return 1 << (wanted - 1).bit_length()


def leaves(key: bytes, kind: str, month: str, names: Sequence[bytes], entries: Sequence[bytes]) -> bytes:
    """The tree's leaf hashes, joined and sorted, padding among them.

    `names` are those of `salt`, one for each entry, none twice.
    """
    digest, sha256, start = hmac.digest, hashlib.sha256, f"{kind}\0{month}\0".encode("ascii")
    found = [
        sha256(
            b"\0" + digest(key, start + name, "sha256") + entry
        ).digest()  # `salted`, inline: they are many
        for name, entry in zip(names, entries, strict=True)
    ]
    absent = padded_size(key, kind, month, len(found)) - len(found)
    padding = hashlib.shake_256(salt(key, f"padding-{kind}", month, b"")).digest(absent * HASH_BYTES)
    return np.sort(np.frombuffer(b"".join(found) + padding, "V32")).tobytes()


def cell_leaves(key: bytes, month: str, cells: Cells) -> bytes:
    """The leaves of a release's cells: each packed row, whatever its columns, under its pseudonym's salt."""
    names = cells["pseudonym"].tobytes()
    return leaves(
        key,
        CELL,
        month,
        [names[at : at + 32] for at in range(0, len(names), 32)],
        [cell_entry(month, row) for row in packed_rows(cells)],
    )


def places(tree_leaves: bytes) -> Mapping[bytes, int]:
    """Where each leaf hash stands."""
    return {
        tree_leaves[at : at + HASH_BYTES]: at // HASH_BYTES for at in range(0, len(tree_leaves), HASH_BYTES)
    }


def count_band(key: bytes, month: str, count: int) -> str:
    """A count of cells in bands, perturbed before: 0-9, 10-19, 20-49, 50-99, 100-199 and so on."""
    away = 2.0 * _draw(key, "band", "cell", month) - 1.0
    moved = count + away * (COUNT_NOISE * count + COUNT_NOISE_CELLS)
    low, scale = 0, 10
    while True:
        for step in (1, 2, 5):
            if moved < step * scale:
                return f"{low}-{step * scale - 1}"
            low = step * scale
        scale *= 10
