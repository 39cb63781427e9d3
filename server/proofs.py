"""What anybody may read of manifests, and each member's own part of them, proven.

A proof is made from the leaves that were stored with the manifest, of what the rows say today: a row that was
changed later has no proof, and that is left to the member to see. Of receipts a firm is shown its own, of
cells those of its open relations, as everywhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from benchmark.upload import month_text
from privacy import manifest as manifests
from privacy import manifest_trees, merkle
from privacy.disclosure import Cells
from privacy.manifest_trees import CELL, RECEIPT
from server.cells import open_cells, read_month
from server.manifest_tables import Countersignature, ManifestTrees
from server.manifests import entry_of, key_of, told_in
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who
from server.tables import Release

TREES_KEPT_BYTES_MAX: Final = 128 * 1024 * 1024


class CountersignatureListed(msgspec.Struct, frozen=True):
    """A witness's signature over the manifest; `key` is its Ed25519 key."""

    key: bytes
    signature: bytes


class ManifestListed(msgspec.Struct, frozen=True):
    """A release's manifest: the bytes that the network's release key and its witnesses signed."""

    month: str
    manifest: bytes
    signature: bytes
    countersignatures: list[CountersignatureListed]


class ReceiptLeaf(msgspec.Struct, frozen=True):
    """A receipt in a manifest: its salt, where it stands in the tree, and whether it was the current one."""

    digest: bytes
    current: bool
    salt: bytes
    place: int


class ReceiptProof(msgspec.Struct, frozen=True):
    """The firm's receipts in a manifest; `proof`: hashes from the leaves up, left to right."""

    month: str
    receipts: list[ReceiptLeaf]
    proof: bytes


class CellProof(msgspec.Struct, frozen=True):
    """Cells in a manifest: 32 bytes of each pseudonym and of its salt, its place (u32, little-endian)."""

    month: str
    pseudonyms: bytes
    salts: bytes
    places: bytes
    proof: bytes


async def tree_of(network: RunningNetwork, month: int, kind: str) -> list[bytes]:
    """The levels of one tree of a published month; raise not-found. The last ones asked for are kept."""
    kept, at = network.trees, (month, kind)
    if at not in kept:
        column = ManifestTrees.cells if kind == CELL else ManifestTrees.receipts
        row = await ManifestTrees.select(column).where(ManifestTrees.month == month).first()
        if row is None:
            raise Refused("not-found")
        (leaves,) = row.values()
        kept[at] = await asyncio.to_thread(merkle.levels, bytes(leaves))
    kept.move_to_end(at)
    found = kept[at]
    while len(kept) > 1 and sum(2 * len(one[0]) for one in kept.values()) > TREES_KEPT_BYTES_MAX:
        kept.popitem(last=False)
    return found


def places_of(tree: Sequence[bytes], leaves: Sequence[bytes]) -> list[int | None]:
    """Where each leaf hash stands in a tree whose leaves are sorted; None: it is not there."""
    if not leaves:
        return []
    hashes, wanted = np.frombuffer(tree[0], "V32"), np.frombuffer(b"".join(leaves), "V32")
    at = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
    return [int(one) if there else None for one, there in zip(at, hashes[at] == wanted, strict=True)]


@get("/api/manifests", summary="The transparency log: every manifest, with its signatures")
async def list_manifests() -> list[ManifestListed]:
    """Oldest first; for everybody: no figure, no firm and no client is in them."""
    signatures: dict[int, list[CountersignatureListed]] = {}
    for row in await Countersignature.select().order_by(Countersignature.month, Countersignature.key):
        signatures.setdefault(row["month"], []).append(
            CountersignatureListed(bytes(row["key"]), bytes(row["signature"]))
        )
    rows = await Release.select(Release.month, Release.header, Release.signature).order_by(Release.month)
    return [
        ManifestListed(
            month_text(row["month"]),
            bytes(row["header"]),
            bytes(row["signature"]),
            signatures.get(row["month"], []),
        )
        for row in rows
    ]


@get("/api/manifests/{month:str}/receipts", summary="The firm's receipts in a manifest, proven")
async def prove_receipts(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], month: FromPath[str]
) -> ReceiptProof:
    """All that the manifest has of the firm's."""
    index = read_month(month)
    month, key = month_text(index), key_of(network)
    tree = await tree_of(network, index, RECEIPT)
    told = await told_in(network.database, index, who.member)
    salts = [manifest_trees.salt(key, RECEIPT, month, bytes(row["digest"])) for row in told]
    leaves = [manifests.salted(salt, entry_of(month, row)) for salt, row in zip(salts, told, strict=True)]
    found = [
        ReceiptLeaf(bytes(row["digest"]), bool(row["current"]), salt, place)
        for row, salt, place in zip(told, salts, places_of(tree, leaves), strict=True)
        if place is not None
    ]
    return ReceiptProof(month, found, merkle.prove(tree, [one.place for one in found]))


@get("/api/manifests/{month:str}/cells", summary="A month's cells of open relations, proven")
async def prove_cells(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], month: FromPath[str]
) -> CellProof:
    """Of the same cells as /api/releases/{month}/cells."""
    index = read_month(month)
    cells = await open_cells(network, who, index)
    tree = await tree_of(network, index, CELL)
    return await asyncio.to_thread(_prove_cells, key_of(network), month_text(index), tree, cells)


def _prove_cells(key: bytes, month: str, tree: Sequence[bytes], cells: Cells) -> CellProof:
    names = [one.tobytes() for one in cells["pseudonym"]]
    salts = [manifest_trees.salt(key, CELL, month, name) for name in names]
    leaves = [
        manifests.salted(salt, manifests.cell_entry(month, row))
        for salt, row in zip(salts, manifests.packed_rows(cells), strict=True)
    ]
    there = [(at, place) for at, place in enumerate(places_of(tree, leaves)) if place is not None]
    return CellProof(
        month,
        b"".join(names[at] for at, _ in there),
        b"".join(salts[at] for at, _ in there),
        np.array([place for _, place in there], "<u4").tobytes(),
        merkle.prove(tree, [place for _, place in there]),
    )
