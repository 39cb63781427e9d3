"""What the network publishes, verified before it is shown: signed headers in one chain, and own cells.

Knows: the header's canonical JSON, the columns of a month's cells. A header commits to all of a month's
cells; a member gets those of its own relations, so it checks the network's cell and the shape of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmark.comparison import Cell
from member.answers import MonthCells, Release
from member.home import write_file
from member.receipts import read_month
from member.refusals import NetworkRefused, Untrusted
from privacy import signing
from privacy.disclosure import CELL_DTYPE, MISSING

if TYPE_CHECKING:
    from member.keystore import Member

SEEN: Final = "seen.json"
NO_PREVIOUS: Final = "0" * 64
SPAN_MONTHS: Final = 24


class Header(msgspec.Struct, frozen=True):
    """A release's signed header; `cells` and `previous` are SHA-256 in hexadecimal."""

    month: str
    profile: str
    published_on: str
    cells: str
    network: dict[str, int | None]
    previous: str


class Seen(msgspec.Struct, frozen=True):
    """The newest header that this device has verified."""

    month: str
    digest: str


@dataclass(frozen=True, slots=True)
class Published:
    """Releases in order, months (index) as keys: headers, and own cells (CELL_DTYPE, sorted)."""

    headers: dict[int, Header]
    cells: dict[int, NDArray[np.void]]

    @property
    def latest(self) -> int | None:
        """The newest released month."""
        return max(self.headers, default=None)


def by_pseudonym(cells: NDArray[np.void]) -> Iterator[tuple[bytes, Cell]]:
    """Each cell with its client's pseudonym."""
    for pseudonym, band, *days in cells[["pseudonym", "band", "days_late", "spread", "dso"]].tolist():
        late, spread, dso = (None if value == MISSING else value for value in days)
        yield pseudonym, Cell(band, late, spread, dso)


def verify_chain(releases: Sequence[Release], release_key: bytes, seen: Seen | None) -> dict[int, Header]:
    """Headers by month. Raise Untrusted: a signature, a broken link, or another chain than the one seen."""
    headers: dict[int, Header] = {}
    previous = NO_PREVIOUS
    met = seen is None
    for release in releases:
        if not signing.verify(release_key, "release", release.header, release.signature):
            raise Untrusted("release-signature", month=release.month)
        try:
            header = msgspec.json.decode(release.header, type=Header)
        except msgspec.MsgspecError:
            raise Untrusted("release-signature", month=release.month) from None
        month = read_month(header.month)
        out_of_order = headers and month != max(headers) + 1
        if header.month != release.month or header.previous != previous or out_of_order:
            raise Untrusted("release-chain", month=release.month)
        headers[month] = header
        previous = hashlib.sha256(release.header).hexdigest()
        met = met or (seen is not None and seen.month == header.month and seen.digest == previous)
    if not met:
        assert seen is not None
        raise Untrusted("release-forked", month=seen.month)
    return headers


def read_cells(answer: MonthCells, header: Header) -> NDArray[np.void]:
    """A month's own cells, shape (n,), CELL_DTYPE. Raise Untrusted where they do not fit the header."""
    if answer.month != header.month or answer.network != header.network:
        raise Untrusted("cells", month=header.month, why="network")
    columns = {
        "pseudonym": (answer.pseudonyms, "V32"),
        "band": (answer.band, "u1"),
        "days_late": (answer.days_late, "<i2"),
        "spread": (answer.spread, "<i2"),
        "dso": (answer.dso, "<i2"),
    }
    cells = np.zeros(answer.count, CELL_DTYPE)
    for name, (packed, kind) in columns.items():
        if len(packed) != answer.count * np.dtype(kind).itemsize:
            raise Untrusted("cells", month=header.month, why=name)
        cells[name] = np.frombuffer(packed, kind)
    if answer.count and not ((cells["band"] >= 1) & (cells["band"] <= 3)).all():
        raise Untrusted("cells", month=header.month, why="band")
    return np.sort(cells, order="pseudonym")


def read_headers(member: Member) -> dict[int, Header]:
    """All headers by month, verified as one chain, and remembered as seen."""
    releases = member.session.releases()
    headers = verify_chain(releases, member.pins.release_key, read_seen(member))
    if releases:
        digest = hashlib.sha256(releases[-1].header).hexdigest()
        _remember(member, Seen(releases[-1].month, digest))
    return headers


def read_published(member: Member, months: int = SPAN_MONTHS) -> Published:
    """The newest `months` releases with own cells, verified."""
    headers = read_headers(member)
    cells = {}
    for month in sorted(headers)[-months:]:
        try:
            cells[month] = read_cells(member.session.cells(headers[month].month), headers[month])
        except NetworkRefused as refused:
            if refused.code != "not-found":  # a month out of sight is a hole, not a failure
                raise
    return Published(headers, cells)


def read_seen(member: Member) -> Seen | None:
    """What this home has seen of the chain."""
    if member.home is None:
        return None
    try:
        return msgspec.json.decode((member.home.path / SEEN).read_bytes(), type=Seen)
    except (OSError, msgspec.MsgspecError):
        return None


def _remember(member: Member, seen: Seen) -> None:
    if member.home is not None and read_seen(member) != seen:
        write_file(member.home.path / SEEN, msgspec.json.encode(seen))
