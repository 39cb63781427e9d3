"""What the network publishes, verified before it is shown: signed manifests in one chain, and own cells.

Knows: the chain that the home keeps, the columns of a month's cells. Twin: web/src/network/releases.ts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmark.comparison import Cell
from member.answers import ManifestListed, MonthCells
from member.home import write_file
from member.receipts import read_month
from member.refusals import HomeRefused, NetworkRefused, Untrusted
from privacy.disclosure import CELL_DTYPE, MISSING
from privacy.manifest import (
    Broken,
    Manifest,
    Signed,
    canonical,
    columns_of,
    follow,
    part_entry,
    read,
    salted,
)

if TYPE_CHECKING:
    from member.keystore import Member

KEPT: Final = "manifests.json"
SPAN_MONTHS: Final = 24


class Kept(msgspec.Struct, frozen=True):
    """A manifest verified on this device, with the operator's signature: proof, should it be rewritten."""

    manifest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Published:
    """Releases by month (index): manifests, own cells (CELL_DTYPE, sorted), the network's own cells.

    `sectors`: published sectors' cells by code, 1..21 (NACE sections A..U).
    """

    manifests: dict[int, Manifest]
    cells: dict[int, NDArray[np.void]]
    network: dict[int, dict[str, int | None]]
    sectors: dict[int, dict[int, dict[str, int | None]]] = field(default_factory=dict)

    @property
    def latest(self) -> int | None:
        """The newest released month."""
        return max(self.manifests, default=None)


def by_pseudonym(cells: NDArray[np.void]) -> Iterator[tuple[bytes, Cell]]:
    """Each cell with its client's pseudonym."""
    for pseudonym, band, *days in cells[["pseudonym", "band", "days_late", "spread", "dso"]].tolist():
        late, spread, dso = (None if value == MISSING else value for value in days)
        yield pseudonym, Cell(band, late, spread, dso)


def verify_chain(
    listed: Sequence[ManifestListed], release_key: bytes, kept: Sequence[Kept]
) -> dict[int, Manifest]:
    """Manifests by month. Raise Untrusted: a signature, a broken link, or another chain than the one kept."""
    chain = follow([Signed(one.manifest, one.signature) for one in listed], release_key)
    if isinstance(chain, Broken):
        codes = {"link": "release-chain", "closed": "release-closed"}
        code = codes.get(chain.code, "release-signature")
        raise Untrusted(code, month=listed[chain.place].month)
    for one, manifest in zip(listed, chain, strict=True):
        if one.month != manifest.month:
            raise Untrusted("release-chain", month=one.month)
    for place, before in enumerate(kept):
        if place >= len(listed) or listed[place].manifest != before.manifest:
            raise Untrusted("release-forked", month=read(before.manifest).month)
    return {read_month(manifest.month): manifest for manifest in chain}


def read_cells(answer: MonthCells, manifest: Manifest) -> NDArray[np.void]:
    """A month's own cells, shape (n,), CELL_DTYPE. Raise Untrusted where they do not fit the manifest.

    What every member may see is compared with the manifest here, cells of clients in `member.proofs`.
    """
    if answer.month != manifest.month:
        raise Untrusted("cells", month=manifest.month, why="month")
    for name, salt, shown in (
        ("network", answer.network_salt, answer.network),
        ("wide", answer.wide_salt, {"regions": answer.regions, "sectors": answer.sectors}),
    ):
        entry = part_entry(name, manifest.month, canonical(shown))
        if manifest.parts.get(name) != salted(salt, entry).hex():
            raise Untrusted("cells", month=manifest.month, why=name)
    cells = np.zeros(answer.count, CELL_DTYPE)
    for name, kind in columns_of(CELL_DTYPE):
        packed: bytes = getattr(answer, "pseudonyms" if name == "pseudonym" else name)
        if len(packed) != answer.count * np.dtype(kind).itemsize:
            raise Untrusted("cells", month=manifest.month, why=name)
        cells[name] = np.frombuffer(packed, kind)
    if answer.count and not ((cells["band"] >= 1) & (cells["band"] <= 3)).all():
        raise Untrusted("cells", month=manifest.month, why="band")
    return np.sort(cells, order="pseudonym")


def read_manifests(member: Member) -> dict[int, Manifest]:
    """All manifests by month, verified as one chain that goes on from the one kept at home, and kept."""
    return believe(member, member.session.manifests())


def believe(member: Member, listed: Sequence[ManifestListed]) -> dict[int, Manifest]:
    """These manifests by month, verified and kept. Raise Untrusted."""
    kept = read_kept(member)
    found = verify_chain(listed, member.pins.release_key, kept)
    if len(listed) > len(kept) and member.home is not None:
        chain = [Kept(one.manifest, one.signature) for one in listed]
        write_file(member.home.path / KEPT, msgspec.json.encode(chain))
    return found


def read_published(member: Member, months: int = SPAN_MONTHS) -> Published:
    """The newest `months` releases with own cells, verified; a withdrawn one is a hole."""
    manifests = read_manifests(member)
    cells, network, sectors = {}, {}, {}
    for month in sorted(set(manifests) - withdrawn(manifests))[-months:]:
        try:
            answer = member.session.cells(manifests[month].month)
            cells[month], network[month] = read_cells(answer, manifests[month]), answer.network
            sectors[month] = {int(code): cell for code, cell in answer.sectors.items()}
        except NetworkRefused as refused:
            if refused.code != "not-found":  # a month out of sight is a hole, not a failure
                raise
    return Published(manifests, cells, network, sectors)


def withdrawn(manifests: Mapping[int, Manifest]) -> set[int]:
    """Months whose release a later manifest says nobody should rely on."""
    return {read_month(one.month) for manifest in manifests.values() for one in manifest.withdrawn}


def read_kept(member: Member) -> list[Kept]:
    """The chain that this home has verified, oldest first. Raise HomeRefused where the file is damaged."""
    if member.home is None:
        return []
    place = member.home.path / KEPT
    try:
        return msgspec.json.decode(place.read_bytes(), type=list[Kept])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.MsgspecError):
        raise HomeRefused("home-damaged", path=place) from None
