"""What a chain of releases remembers between two months, as bytes: panels, carried values, published centres.

Knows: the layout of those bytes. They are as secret as uploads: a carried value is one group's own.
Must not know: the rules (`privacy.panels`, `privacy.disclosure`), the time.

Layout, little-endian, no padding: HEADER, names (V32 each), groups (V16 each), then for the network and for
the clients, for every field of the profile in order: counts (3 x u4), CELL, MEMBER and JOIN rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from privacy.panels import Codes, Panels

MAGIC: Final = b"VIGIECH1"
HEADER: Final = np.dtype(
    [
        ("magic", "V8"),
        ("month", "<u4"),
        ("profile", "S32"),
        ("names", "<u4"),
        ("groups", "<u4"),
        ("fields", "<u4"),
    ]
)
CELL: Final = np.dtype(
    [("cell", "<i4"), ("first", "<i4"), ("last", "<i4"), ("centre", "<i2"), ("held", "u1")]
)
MEMBER: Final = np.dtype([("cell", "<i4"), ("group", "<i4"), ("value", "<f8"), ("as_of", "<i4")])
JOIN: Final = np.dtype([("cell", "<i4"), ("group", "<i4"), ("since", "<i4")])


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """The state after a release. Codes in the panels are places in `names` (clients) and `groups`.

    The network's panels have the one cell 0.
    """

    month: int
    profile: str
    names: NDArray[np.void] = field(repr=False)  # (clients,) V32, sorted
    groups: NDArray[np.void] = field(repr=False)  # (groups,) V16, sorted
    network: tuple[Panels, ...] = field(repr=False)  # by field
    clients: tuple[Panels, ...] = field(repr=False)  # by field


def no_panels() -> Panels:
    """A field that nothing was published of."""
    none = np.zeros(0, np.int64)
    return Panels(none, none, none, none, none.astype(bool), none, none.astype(np.float64), none, none, none)


def recode(panels: Panels, cells: Codes, groups: Codes, before: int, after: int) -> Panels:
    """The same panels under new codes: `cells[old]` and `groups[old]` are the new ones, both ascending.

    `before` and `after` are the numbers of group codes, which the keys are made with.
    """
    return Panels(
        cell=cells[panels.cell],
        first=panels.first,
        last=panels.last,
        centre=panels.centre,
        held=panels.held,
        member=cells[panels.member // before] * after + groups[panels.member % before],
        value=panels.value,
        as_of=panels.as_of,
        pending=cells[panels.pending // before] * after + groups[panels.pending % before],
        since=panels.since,
    )


def encode(chain: Chain) -> bytes:
    """Bytes of the state; the same state gives the same bytes."""
    header = np.zeros((), HEADER)
    header["magic"] = np.frombuffer(MAGIC, "V8")[0]
    header["month"], header["profile"] = chain.month, chain.profile.encode("ascii")
    header["names"], header["groups"] = len(chain.names), len(chain.groups)
    header["fields"] = len(chain.clients)
    parts = [header.tobytes(), chain.names.tobytes(), chain.groups.tobytes()]
    for panels in (*chain.network, *chain.clients):
        parts += _panels_bytes(panels, max(1, len(chain.groups)))
    return b"".join(parts)


def decode(state: bytes) -> Chain:
    """Read `encode`'s bytes back. ValueError: they are of another version or damaged."""
    if len(state) < HEADER.itemsize or state[: len(MAGIC)] != MAGIC:
        raise ValueError("the chain's state does not begin as one of this version")
    header = np.frombuffer(state, HEADER, count=1)[0]
    reader = _Reader(state, HEADER.itemsize)
    names = reader.take(np.dtype("V32"), int(header["names"]))
    groups = reader.take(np.dtype("V16"), int(header["groups"]))
    width = max(1, len(groups))
    fields = int(header["fields"])
    panels = tuple(_read_panels(reader, width) for _ in range(2 * fields))
    if reader.at != len(state):
        raise ValueError("the chain's state is longer than it says")
    return Chain(
        month=int(header["month"]),
        profile=bytes(header["profile"]).decode("ascii"),
        names=names,
        groups=groups,
        network=panels[:fields],
        clients=panels[fields:],
    )


def _panels_bytes(panels: Panels, width: int) -> list[bytes]:
    cells = np.zeros(len(panels.cell), CELL)
    for name in ("cell", "first", "last", "centre", "held"):
        cells[name] = getattr(panels, name)
    members = np.zeros(len(panels.member), MEMBER)
    members["cell"], members["group"] = panels.member // width, panels.member % width
    members["value"], members["as_of"] = panels.value, panels.as_of
    joins = np.zeros(len(panels.pending), JOIN)
    joins["cell"], joins["group"] = panels.pending // width, panels.pending % width
    joins["since"] = panels.since
    counts = np.array([len(cells), len(members), len(joins)], "<u4")
    return [counts.tobytes(), cells.tobytes(), members.tobytes(), joins.tobytes()]


def _read_panels(reader: _Reader, width: int) -> Panels:
    counts = reader.take(np.dtype("<u4"), 3)
    cells = reader.take(CELL, int(counts[0]))
    members = reader.take(MEMBER, int(counts[1]))
    joins = reader.take(JOIN, int(counts[2]))

    def wide(column: NDArray[Any]) -> Codes:
        return np.asarray(column, np.int64)

    return Panels(
        cell=wide(cells["cell"]),
        first=wide(cells["first"]),
        last=wide(cells["last"]),
        centre=wide(cells["centre"]),
        held=cells["held"] == 1,
        member=wide(members["cell"]) * width + wide(members["group"]),
        value=members["value"].astype(np.float64),
        as_of=wide(members["as_of"]),
        pending=wide(joins["cell"]) * width + wide(joins["group"]),
        since=wide(joins["since"]),
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
