"""What a chain of releases remembers between two months, as bytes: panels, carried values, published centres.

Knows: the layout of those bytes. They are as secret as uploads: a carried value is one group's own.
Must not know: the rules (`privacy.panels`, `privacy.disclosure`), the time.

Layout, little-endian, no padding: HEADER, names (V32 each), groups (V16 each), then for the network, for the
sectors and regions and for the clients, for every field of the profile in order, and last for the terms:
counts (3 x u4) and the columns CELL, MEMBER and JOIN, one column after the other, a key being cell x groups +
group; then the codes of the clients whose incident flag is up (i4 each), and every client's published sector
(u1 each, 0: none).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from privacy.panels import Codes, Panels, members_of

MAGIC: Final = b"VIGIECH4"
HEADER: Final = np.dtype(
    [
        ("magic", "V8"),
        ("month", "<u4"),
        ("profile", "S32"),
        ("fingerprint", "V32"),
        ("names", "<u4"),
        ("groups", "<u4"),
        ("fields", "<u4"),
        ("flagged", "<u4"),
    ]
)
CODE: Final = np.dtype("<i4")
CELL: Final = {"cell": "<i4", "first": "<i4", "last": "<i4", "centre": "<i2", "held": "u1"}
MEMBER: Final = {"key": "<i8", "value": "<f8", "as_of": "<i4"}
JOIN: Final = {"key": "<i8", "since": "<i4"}


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The state after a release. Codes in the panels are places in `names` (clients) and `groups`.

    The network's panels have the one cell 0; `wide` are the sectors' and regions' (`privacy.wide`).
    """

    month: int
    profile: str
    fingerprint: bytes  # 32 bytes: the profile's numbers
    names: NDArray[np.void] = field(repr=False)  # (clients,) V32, sorted
    groups: NDArray[np.void] = field(repr=False)  # (groups,) V16, sorted
    network: tuple[Panels, ...] = field(repr=False)  # by field
    wide: tuple[Panels, ...] = field(repr=False)  # by field
    clients: tuple[Panels, ...] = field(repr=False)  # by field
    terms: Panels = field(repr=False)  # values are net days
    flagged: Codes = field(repr=False)  # codes of the clients whose incident flag is up, ascending
    sectors: NDArray[np.uint8] = field(repr=False)  # (clients,) published sector, 0: none


def no_panels() -> Panels:
    """A field that nothing was published of."""
    none = np.zeros(0, np.int64)
    return Panels(none, none, none, none, none.astype(bool), none, none.astype(np.float64), none, none, none)


def recode(panels: Panels, cells: Codes, groups: Codes, before: int, after: int) -> Panels:
    """The same panels under new codes: `cells[old]` and `groups[old]` are the new ones, both ascending.

    `before` and `after` are the numbers of group codes, which the keys are made with.
    """
    same = before == after and np.array_equal(groups, np.arange(before))
    moved = cells * after - np.arange(len(cells)) * before

    def keys(old: Codes) -> Codes:
        if same and len(old) > len(cells):
            return old + np.repeat(moved, members_of(old, len(cells), before))
        cell, group = np.divmod(old, max(1, before))
        return np.asarray(cells[cell] * after + groups[group])

    return Panels(
        cell=cells[panels.cell],
        first=panels.first,
        last=panels.last,
        centre=panels.centre,
        held=panels.held,
        member=keys(panels.member),
        value=panels.value,
        as_of=panels.as_of,
        pending=keys(panels.pending),
        since=panels.since,
    )


def encode(chain: Chain) -> bytes:
    """Bytes of the state; the same state gives the same bytes."""
    header = np.zeros((), HEADER)
    header["magic"] = np.frombuffer(MAGIC, "V8")[0]
    header["fingerprint"] = np.frombuffer(chain.fingerprint, "V32")[0]
    header["month"], header["profile"] = chain.month, chain.profile.encode("ascii")
    header["names"], header["groups"] = len(chain.names), len(chain.groups)
    header["fields"], header["flagged"] = len(chain.clients), len(chain.flagged)
    parts = [header.tobytes(), chain.names.tobytes(), chain.groups.tobytes()]
    for panels in (*chain.network, *chain.wide, *chain.clients, chain.terms):
        parts += _panels_bytes(panels)
    return b"".join([*parts, chain.flagged.astype(CODE).tobytes(), chain.sectors.astype("u1").tobytes()])


def decode(state: bytes) -> Chain:
    """Read `encode`'s bytes back. ValueError: they are of another version or damaged."""
    if len(state) < HEADER.itemsize or state[: len(MAGIC)] != MAGIC:
        raise ValueError("the chain's state does not begin as one of this version")
    header = np.frombuffer(state, HEADER, count=1)[0]
    reader = _Reader(state, HEADER.itemsize)
    names = reader.take(np.dtype("V32"), int(header["names"]))
    groups = reader.take(np.dtype("V16"), int(header["groups"]))
    fields = int(header["fields"])
    panels = tuple(_read_panels(reader) for _ in range(3 * fields + 1))
    flagged = reader.take(CODE, int(header["flagged"]))
    sectors = reader.take(np.dtype("u1"), int(header["names"]))
    if reader.at != len(state):
        raise ValueError("the chain's state is longer than it says")
    return Chain(
        month=int(header["month"]),
        profile=bytes(header["profile"]).decode("ascii"),
        fingerprint=header["fingerprint"].tobytes(),
        names=names,
        groups=groups,
        network=panels[:fields],
        wide=panels[fields : 2 * fields],
        clients=panels[2 * fields : 3 * fields],
        terms=panels[3 * fields],
        flagged=flagged.astype(np.int64),
        sectors=sectors,
    )


def groups_of(state: bytes) -> NDArray[np.void]:
    """The groups of `encode`'s bytes, V16 ascending, and nothing else of them. ValueError as in `decode`."""
    if len(state) < HEADER.itemsize or state[: len(MAGIC)] != MAGIC:
        raise ValueError("the chain's state does not begin as one of this version")
    header = np.frombuffer(state, HEADER, count=1)[0]
    reader = _Reader(state, HEADER.itemsize)
    reader.take(np.dtype("V32"), int(header["names"]))
    return reader.take(np.dtype("V16"), int(header["groups"]))


def _panels_bytes(panels: Panels) -> list[bytes]:
    cells = [panels.cell, panels.first, panels.last, panels.centre, panels.held]
    members = [panels.member, panels.value, panels.as_of]
    joins = [panels.pending, panels.since]
    counts = np.array([len(panels.cell), len(panels.member), len(panels.pending)], "<u4")
    parts = [counts.tobytes()]
    for layout, columns in ((CELL, cells), (MEMBER, members), (JOIN, joins)):
        for kind, column in zip(layout.values(), columns, strict=True):
            parts.append(column.astype(kind, copy=False).tobytes())
    return parts


def _read_panels(reader: _Reader) -> Panels:
    counts = reader.take(np.dtype("<u4"), 3).tolist()
    cell, member, join = (
        {name: reader.take(np.dtype(kind), count) for name, kind in layout.items()}
        for layout, count in zip((CELL, MEMBER, JOIN), counts, strict=True)
    )
    return Panels(
        cell=cell["cell"].astype(np.int64),
        first=cell["first"].astype(np.int64),
        last=cell["last"].astype(np.int64),
        centre=cell["centre"].astype(np.int64),
        held=cell["held"] == 1,
        member=member["key"].astype(np.int64),
        value=member["value"].astype(np.float64),
        as_of=member["as_of"].astype(np.int64),
        pending=join["key"].astype(np.int64),
        since=join["since"].astype(np.int64),
    )


class _Reader:
    """Takes arrays off the front of the bytes; refuses to read past their end."""

    def __init__(self, octets: bytes, at: int) -> None:
        self.octets, self.at = octets, at

    def take(self, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        size = dtype.itemsize * count
        if self.at + size > len(self.octets):
            raise ValueError("the chain's state ends too early")
        taken = np.frombuffer(self.octets, dtype, count=count, offset=self.at)
        self.at += size
        return taken
