"""A release's manifest: what the operator signs, witnesses counter-sign and members check their own part of.

Knows: the manifest's bytes, what a leaf of its trees says, how manifests follow each other. It holds no
figure, no firm and no client: figures are leaves and parts behind secret salts, which come with the figures
to those who may see them. Must not know: how salts are made (`privacy.manifest_trees`), rows, the time.

    leaf of a cell     salt (32) || "cell" 0 || month || the cell's packed row, columns as the manifest lists
    leaf of a receipt  salt (32) || "receipt" 0 || month || current (1) || what the receipt key signed
    part               salt (32) || its name 0 || month || its bytes; for what every member may see

`month` is the manifest's, as text ("2026-01"). A hash is RFC 6962's of a leaf.
Twin: web/src/network/manifest.ts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from privacy import signing
from privacy.merkle import leaf_hash

NO_PREVIOUS: Final = "0" * 64
VERSION: Final = 1
PURPOSE: Final = "release"
REASON_LENGTH_MAX: Final = 500

_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DAY: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_MOMENT: Final = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class Tree(msgspec.Struct, frozen=True):
    """A Merkle root (hexadecimal) and how many leaves it stands on, padding included."""

    root: str
    size: int


class CellTree(Tree, frozen=True):
    """The tree of the cells published; `band`: roughly how many; `columns`: a row's fields and kinds."""

    band: str
    columns: list[tuple[str, str]]


class Withdrawal(msgspec.Struct, frozen=True):
    """A release that was found defective: it stays as it was signed, and nobody should rely on it."""

    month: str
    decided_on: str
    reason: str


class Manifest(msgspec.Struct, frozen=True):
    """What is signed of one release. Months are "2026-01", days and times ISO 8601 (UTC), hashes hexadecimal.

    `closed`: receipts from before it are in this manifest or in an earlier one. `uploads`: all receipts since
    the previous manifest, and the current one of each firm and month of the window. `parts`: a salted hash of
    each thing that every member may see. `withdrawn`: what was decided since the previous manifest.
    `previous`: SHA-256 of the previous manifest's bytes, zeros for the first.
    """

    version: int
    month: str
    profile: str
    window: tuple[str, str]
    closed: str
    published_on: str
    cells: CellTree
    uploads: Tree
    parts: dict[str, str]
    withdrawn: list[Withdrawal]
    previous: str


def encode(manifest: Manifest) -> bytes:
    """The bytes that are signed, canonical JSON. They are kept as they are, never made again."""
    return canonical(msgspec.to_builtins(manifest))


def canonical(value: Any) -> bytes:
    """JSON in ASCII, keys sorted, no spaces: one value, one text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def read(encoded: bytes) -> Manifest:
    """ValueError: these bytes are no manifest that this program knows."""
    try:
        found = msgspec.json.decode(encoded, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    if found.version != VERSION:
        raise ValueError(f"version {found.version}")
    months = [found.month, *found.window, *(one.month for one in found.withdrawn)]
    trees = (found.cells, found.uploads)
    if not (
        all(_MONTH.fullmatch(month) for month in months)
        and _DAY.fullmatch(found.published_on)
        and _MOMENT.fullmatch(found.closed)
        and all(_HASH.fullmatch(tree.root) and tree.size > 0 for tree in trees)
        and _HASH.fullmatch(found.previous)
    ):
        raise ValueError("a month, a day, a hash or a size is none")
    if not found.window[0] <= found.window[1] == found.month:  # else no upload would be current in it
        raise ValueError("the window does not end in the month")
    return found


def digest(encoded: bytes) -> str:
    """A manifest's fingerprint: SHA-256 of its bytes, in hexadecimal."""
    return hashlib.sha256(encoded).hexdigest()


def next_month(text: str) -> str:
    """The month after "2026-12" is "2027-01"."""
    year, month = int(text[:4]), int(text[5:])
    return f"{year + month // 12:04d}-{month % 12 + 1:02d}"


def earliest_close(month: str) -> str:
    """When the window of "2026-01" closes, at the earliest: day 11 of the month after, 00:00 UTC."""
    return f"{next_month(month)}-11T00:00:00Z"


# ---- a chain


@dataclass(frozen=True, slots=True)
class Signed:
    """A manifest's bytes and the operator's signature over them."""

    manifest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain is not one, as a value. `code`: signature, shape, link, closed; `place` from 0."""

    code: str
    place: int


def follow(
    chain: Sequence[Signed], release_key: bytes, previous: str = NO_PREVIOUS, month: str | None = None
) -> list[Manifest] | Broken:
    """The manifests of a chain, oldest first; or the first place where it is none.

    `previous` and `month`: fingerprint and month of the manifest that the first one must follow, where there
    is one. Every signature is the release key's, every manifest names the fingerprint of the one before it,
    months follow each other, and no window closed before its time: else receipts could wait for ever.
    """
    found: list[Manifest] = []
    for place, one in enumerate(chain):
        if not signing.verify(release_key, PURPOSE, one.manifest, one.signature):
            return Broken("signature", place)
        try:
            manifest = read(one.manifest)
        except ValueError:
            return Broken("shape", place)
        if manifest.previous != previous or (month is not None and manifest.month != next_month(month)):
            return Broken("link", place)
        if manifest.closed < earliest_close(manifest.month):
            return Broken("closed", place)
        found.append(manifest)
        month, previous = manifest.month, digest(one.manifest)
    return found


# ---- leaves and parts


def packed_rows(rows: NDArray[Any]) -> list[bytes]:
    """Each row of a structured array as its bytes, without padding; shape (n,)."""
    packed = np.ascontiguousarray(rows).tobytes()
    width = rows.dtype.itemsize
    return [packed[at : at + width] for at in range(0, len(packed), width)]


def columns_of(dtype: np.dtype[Any]) -> list[tuple[str, str]]:
    """Name and kind (as "u1", "<i2", "V32") of each field of a packed dtype, in order."""
    assert dtype.fields is not None
    kinds = [(name, dtype.fields[name][0]) for name in dtype.names or ()]
    assert sum(kind.itemsize for _, kind in kinds) == dtype.itemsize, "rows are packed"
    return [(name, kind.str.lstrip("|")) for name, kind in kinds]


def cell_entry(month: str, row: bytes) -> bytes:
    """What a cell's leaf says behind its salt."""
    return b"cell\0" + month.encode("ascii") + row


def receipt_entry(month: str, signed: bytes, *, current: bool) -> bytes:
    """What a receipt's leaf says behind its salt: `signed` is what the receipt key signed.

    `current`: the newest of its firm and month when the window closed, and the month is in the window.
    """
    return b"receipt\0" + month.encode("ascii") + bytes([current]) + signed


def part_entry(name: str, month: str, content: bytes) -> bytes:
    """What a part's hash says behind its salt."""
    return name.encode("ascii") + b"\0" + month.encode("ascii") + content


def salted(salt: bytes, entry: bytes) -> bytes:
    """The hash of a leaf or a part, 32 bytes."""
    return leaf_hash(salt + entry)
