"""What a firm is shown of releases: cells of its open relations, as far back as it sees; signed headers."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import msgspec
import numpy as np
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from numpy.typing import NDArray

from benchmark.upload import month_index, month_text
from privacy import manifest as manifests
from privacy.disclosure import CELL_DTYPE, TERMS, Cells
from server.manifests import NETWORK, WIDE, key_of, part_salt, read_manifest
from server.network import RunningNetwork
from server.problems import Refused
from server.relations import position, sight_of, visible_from
from server.releases import release
from server.roles import Who
from server.tables import Release

CELLS_KEPT_BYTES_MAX: Final = 256 * 1024 * 1024
MISSING: Final = -32768


class ReleaseListed(msgspec.Struct, frozen=True):
    """A release's signed header, which is its manifest; `cells_band`: how many cells it says, roughly."""

    month: str
    header: bytes
    signature: bytes
    published_on: date
    cells_band: str


class MonthCells(msgspec.Struct, frozen=True):
    """Cells as little-endian columns of `privacy.disclosure.CELL_DTYPE`: pseudonyms 32 bytes each, i2 or u1.

    `sectors` and `regions`: published cells by code, for every member. The salts: with them the network's own
    cell is the part "network" of the manifest, and {"regions": .., "sectors": ..} the part "wide".
    """

    month: str
    network: dict[str, int | None]
    network_salt: bytes
    sectors: dict[str, dict[str, int | None]]
    regions: dict[str, dict[str, int | None]]
    wide_salt: bytes
    count: int
    pseudonyms: bytes
    band: bytes
    days_late: bytes
    spread: bytes
    dso: bytes
    incident: bytes
    terms_30: bytes
    terms_45: bytes
    terms_60: bytes
    terms_more: bytes
    sector: bytes


class CellListed(msgspec.Struct, frozen=True):
    """One client in one release; null: that field is not published. `terms`: bands of four shares.

    `sector`: the NACE section that enough contributors name, 1 (A) to 21 (U).
    """

    month: str
    band: int
    days_late: int | None
    spread: int | None
    dso: int | None
    incident: bool
    terms: list[int] | None
    sector: int | None


class ClientCells(msgspec.Struct, frozen=True):
    """A client's published months, oldest first; suppressed ones are absent."""

    months: list[CellListed]


class ReleaseWanted(msgspec.Struct, frozen=True):
    """Which month to publish."""

    month: str


class ReleaseDone(msgspec.Struct, frozen=True):
    """Published; `fresh` is false when it was already."""

    month: str
    cells_band: str
    fresh: bool


def read_month(text: str) -> int:
    """The index of "2026-11"; 404 for anything else."""
    year, _, month = text.partition("-")
    if len(text) != 7 or not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12):
        raise Refused("not-found")
    return month_index(int(year), int(month))


async def cells_of_month(network: RunningNetwork, month: int) -> NDArray[np.void] | None:
    """A release's cells, sorted; None when there is none, or they served their time (`server.erasing`).

    Immutable, so kept in memory within a limit.
    """
    kept = network.cells
    if month in kept:
        kept.move_to_end(month)
        return kept[month]
    row = await Release.select(Release.cells, Release.cell_count).where(Release.month == month).first()
    if row is None or (row["cell_count"] and not row["cells"]):
        return None
    cells = np.frombuffer(bytes(row["cells"]), CELL_DTYPE)
    kept[month] = cells
    while sum(one.nbytes for one in kept.values()) > CELLS_KEPT_BYTES_MAX and len(kept) > 1:
        kept.popitem(last=False)
    return cells


@get(["/api/releases", "/api/operator/releases"], summary="The signed headers of the releases")
async def list_releases() -> list[ReleaseListed]:
    """Oldest first."""
    rows = await Release.select(
        Release.month, Release.header, Release.signature, Release.published_on
    ).order_by(Release.month)
    return [
        ReleaseListed(
            month_text(row["month"]),
            row["header"],
            row["signature"],
            row["published_on"],
            manifests.read(bytes(row["header"])).cells.band,
        )
        for row in rows
    ]


@get("/api/releases/{month:str}/cells", summary="A month's cells of the firm's open relations")
async def read_cells(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], month: FromPath[str]
) -> MonthCells:
    """Of months within sight; a relation that is not open shows nothing."""
    index = read_month(month)
    row = await Release.select(Release.network_cell, Release.wide_cells).where(Release.month == index).first()
    if row is None:
        raise Refused("not-found")
    shown = await open_cells(network, who, index)
    columns: dict[str, Any] = {
        name: shown[name].tobytes() for name in CELL_DTYPE.names or () if name != "pseudonym"
    }
    return MonthCells(
        month=month_text(index),
        network=msgspec.json.decode(row["network_cell"]),
        network_salt=part_salt(key_of(network), NETWORK, month_text(index)),
        **msgspec.json.decode(row["wide_cells"]),
        wide_salt=part_salt(key_of(network), WIDE, month_text(index)),
        count=len(shown),
        pseudonyms=shown["pseudonym"].tobytes(),
        **columns,
    )


async def open_cells(network: RunningNetwork, who: Who, index: int) -> Cells:
    """A published month's cells of the firm's open relations, sorted; raise not-found."""
    cells = await cells_of_month(network, index)
    if cells is None:
        raise Refused("not-found")
    relations, sight = await sight_of(network, who.member)
    mine = relations["pseudonym"][sight.open & (sight.earliest <= index)]
    at = np.searchsorted(cells["pseudonym"], mine)
    within = at < len(cells)
    at, mine = at[within], mine[within]
    shown: Cells = cells[at[cells["pseudonym"][at] == mine]]
    return shown


@get("/api/cells/{pseudonym:str}", summary="A client's published months")
async def read_client(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], pseudonym: FromPath[str]
) -> ClientCells:
    """404 without an open relation; an open one whose cells are suppressed shows an empty list."""
    wanted = read_pseudonym(pseudonym)
    (earliest,) = visible_from(*await sight_of(network, who.member), [wanted])
    if earliest is None:
        raise Refused("not-found")
    months = await Release.select(Release.month).where(Release.month >= earliest).order_by(Release.month)
    shown = []
    for row in months:
        cells = await cells_of_month(network, row["month"])
        if cells is not None and (place := position(cells, wanted)) is not None:
            shown.append(_listed(row["month"], cells[place]))
    return ClientCells(shown)


def read_pseudonym(text: str) -> bytes:
    """32 bytes in hexadecimal; 404 for anything else."""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        raise Refused("not-found") from None
    if len(found) != 32:
        raise Refused("not-found")
    return found


def _listed(month: int, cell: np.void) -> CellListed:
    def value(name: str) -> int | None:
        number = int(cell[name])
        return None if number == MISSING else number

    terms = [int(cell[name]) for name in TERMS]
    return CellListed(
        month_text(month),
        int(cell["band"]),
        value("days_late"),
        value("spread"),
        value("dso"),
        bool(cell["incident"]),
        terms if any(terms) else None,
        int(cell["sector"]) or None,
    )


@post("/api/operator/releases", status_code=200, summary="Publish a month")
async def publish(network: NamedDependency[RunningNetwork], data: JSONBody[ReleaseWanted]) -> ReleaseDone:
    """Once its day has come; each month once. Of the number of cells nothing is said but what is signed."""
    done = await release(network, read_month(data.month))
    return ReleaseDone(month_text(done.month), (await read_manifest(done.month)).cells.band, done.fresh)
