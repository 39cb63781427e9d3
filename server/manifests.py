"""Manifests: made with each release, in its transaction, from trees that were made before it.

Rules of order, whose guardian this is:
1. The trees are made before the release's transaction: what they hold is settled once the window is closed.
2. The manifest is put together, signed and stored with its trees inside of it, withdrawals that were decided
   since the one before included. Nothing of it is ever written again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from benchmark.upload import month_index, month_text
from privacy import disclosure, manifest_trees, merkle, signing
from privacy import manifest as manifests
from privacy.manifest import CellTree, Manifest, Tree
from privacy.manifest_trees import PART, RECEIPT
from server import audit
from server.clock import moment_text
from server.database import Database
from server.manifest_tables import ManifestTrees, Withdrawal
from server.network import RunningNetwork
from server.problems import Refused
from server.tables import Release
from server.uploads import receipt_payload

NETWORK: Final = b"network"
WIDE: Final = b"wide"
ALWAYS: Final = 0  # receipts since the beginning of time


@dataclass(frozen=True, slots=True)
class Planted:
    """The trees of one release: leaf hashes, joined. `closed`: unix time at which its window closed."""

    closed: int
    cells: bytes = field(repr=False)
    receipts: bytes = field(repr=False)
    cell_root: str
    receipt_root: str


async def plant(
    network: RunningNetwork, published: disclosure.Release, latest: int | None, closed: int
) -> Planted:
    """The trees of a release that is about to be published after the one of month `latest`."""
    since = ALWAYS if latest is None else _unix((await read_manifest(latest)).closed)
    told = await receipts_told(network.database, published.window, since, closed)
    return await asyncio.to_thread(_plant, key_of(network), published, told, closed)


def key_of(network: RunningNetwork) -> bytes:
    """What salts are made with."""
    return manifest_trees.salts_key(network.keys.release)


def _plant(
    key: bytes, published: disclosure.Release, told: Sequence[Mapping[str, Any]], closed: int
) -> Planted:
    month = month_text(published.month)
    cell_leaves = manifest_trees.cell_leaves(key, month, published.cells)
    receipt_leaves = manifest_trees.leaves(
        key, RECEIPT, month, [bytes(row["digest"]) for row in told], [entry_of(month, row) for row in told]
    )
    return Planted(
        closed,
        cell_leaves,
        receipt_leaves,
        merkle.root(cell_leaves).hex(),
        merkle.root(receipt_leaves).hex(),
    )


async def receipts_told(
    database: Database, window: Sequence[int], since: int, closed: int, firm: UUID | None = None
) -> list[dict[str, Any]]:
    """The receipts that a manifest tells of: firm, month, digest, replaces, received_at, current.

    All that were received in since <= t < closed (unix times), and the current one of each firm and month in
    the window at `closed`; of every firm, or of one.
    """
    of_firm = "" if firm is None else " AND firm = {}"
    own = [] if firm is None else [firm]
    return await database.run(
        "SELECT u.firm, u.month, u.digest, u.replaces, u.received_at, n.newest IS NOT NULL AS current"  # noqa: S608 - fixed texts
        " FROM upload u LEFT JOIN"
        " (SELECT firm, month, MAX(sequence) AS newest FROM upload"
        f"  WHERE month >= {{}} AND month <= {{}} AND received_at < {{}}{of_firm} GROUP BY firm, month) n"
        " ON n.firm = u.firm AND n.month = u.month AND n.newest = u.sequence"
        " WHERE (n.newest IS NOT NULL OR (u.received_at >= {} AND u.received_at < {}))"
        f"{of_firm.replace('firm', 'u.firm')} ORDER BY u.firm, u.sequence",
        window[0],
        window[-1],
        closed,
        *own,
        since,
        closed,
        *own,
    )


def entry_of(month: str, row: Mapping[str, Any]) -> bytes:
    """What the leaf of a receipt says in the manifest of `month`."""
    signed = receipt_payload(
        row["firm"],
        row["month"],
        bytes(row["digest"]),
        bytes(row["replaces"]),
        moment_text(row["received_at"]),
    )
    return manifests.receipt_entry(month, signed, current=bool(row["current"]))


async def sign_manifest(
    network: RunningNetwork,
    published: disclosure.Release,
    planted: Planted,
    today: date,
    parts: Mapping[bytes, bytes],
) -> tuple[bytes, bytes]:
    """The manifest's bytes and the operator's signature; stores its trees. In the release's transaction.

    `parts`: by name, the JSON in which what every member may see is stored and shown.
    """
    month, key = month_text(published.month), key_of(network)
    before = await _newest_manifest()
    decided = await Withdrawal.select().where(Withdrawal.told_in.is_null()).order_by(Withdrawal.month)
    encoded = manifests.encode(
        Manifest(
            version=manifests.VERSION,
            month=month,
            profile=published.profile,
            window=(month_text(published.window[0]), month_text(published.window[-1])),
            closed=moment_text(planted.closed),
            published_on=today.isoformat(),
            cells=CellTree(
                planted.cell_root,
                len(planted.cells) // merkle.HASH_BYTES,
                manifest_trees.count_band(key, month, len(published.cells)),
                manifests.columns_of(published.cells.dtype),
            ),
            uploads=Tree(planted.receipt_root, len(planted.receipts) // merkle.HASH_BYTES),
            parts={name.decode(): part_hash(key, name, month, parts[name]) for name in sorted(parts)},
            withdrawn=[
                manifests.Withdrawal(month_text(one["month"]), one["decided_on"].isoformat(), one["reason"])
                for one in decided
            ],
            previous=manifests.NO_PREVIOUS if before is None else manifests.digest(before),
        )
    )
    await ManifestTrees(month=published.month, cells=planted.cells, receipts=planted.receipts).save()
    await Withdrawal.update({Withdrawal.told_in: published.month}).where(Withdrawal.told_in.is_null())
    return encoded, signing.sign(network.keys.release_signing, manifests.PURPOSE, encoded)


def part_salt(key: bytes, name: bytes, month: str) -> bytes:
    """The salt of what every member may see of a month."""
    return manifest_trees.salt(key, PART, month, name)


def part_hash(key: bytes, name: bytes, month: str, content: bytes) -> str:
    """What the manifest says of it, in hexadecimal."""
    entry = manifests.part_entry(name.decode(), month, content)
    return manifests.salted(part_salt(key, name, month), entry).hex()


async def _newest_manifest() -> bytes | None:
    row = await Release.select(Release.header).order_by(Release.month, ascending=False).first()
    return None if row is None else bytes(row["header"])


async def read_manifest(month: int) -> Manifest:
    """A published month's; raise not-found."""
    row = await Release.select(Release.header).where(Release.month == month).first()
    if row is None:
        raise Refused("not-found")
    return manifests.read(bytes(row["header"]))


async def told_in(database: Database, month: int, firm: UUID) -> list[dict[str, Any]]:
    """`receipts_told` of one firm, as the manifest of a published month has it."""
    manifest = await read_manifest(month)
    earlier = await Release.exists().where(Release.month == month - 1)
    since = _unix((await read_manifest(month - 1)).closed) if earlier else ALWAYS
    window = [_index(text) for text in manifest.window]
    return await receipts_told(database, window, since, _unix(manifest.closed), firm)


def _unix(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _index(month: str) -> int:
    return month_index(int(month[:4]), int(month[5:]))


async def withdraw(network: RunningNetwork, month: int, reason: str) -> None:
    """Say in the next manifest that a release is defective; raise withdrawal-refused.

    It stays as it was signed: a withdrawal adds, nothing is edited.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= manifests.REASON_LENGTH_MAX:
        expected = f"1 to {manifests.REASON_LENGTH_MAX} characters"
        raise Refused("withdrawal-refused", f"reason: found {len(reason)} characters, expected {expected}")
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        if not await Release.exists().where(Release.month == month):
            raise Refused("withdrawal-refused", f"{month_text(month)} is not published")
        if await Withdrawal.exists().where(Withdrawal.month == month):
            raise Refused("withdrawal-refused", f"{month_text(month)} was withdrawn before")
        await Withdrawal(month=month, decided_on=await network.read_today(), reason=reason).save()
        await audit.append(
            network.clock, audit.OPERATOR_CHAIN, "vigied", "release-withdrawn", month=month_text(month)
        )
