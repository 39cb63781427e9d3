"""Alerts: found from published cells at each release, told to firms with an open relation, to nobody else."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import date
from itertools import islice
from typing import Any, Final
from uuid import UUID

import msgspec
import numpy as np
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from numpy.typing import NDArray

from benchmark import alerts as detectors
from benchmark.series import Wide, begin, lay
from benchmark.upload import month_index, month_text
from privacy.disclosure import CELL_DTYPE
from server.hub import frame
from server.network import RunningNetwork
from server.problems import Refused
from server.relations import sight_of, visible_from
from server.roles import Who
from server.tables import Alert, Firm, Release

RAISED_MONTHS: Final = 24
ALERTS_MAX: Final = 5_000
INSERTED_AT_ONCE: Final = 500
TOLD_MAX: Final = 25  # in one frame: a notification of PostgreSQL holds 8,000 bytes


class AlertListed(msgspec.Struct, frozen=True):
    """What was seen on a client, over what time, how sure.

    `id` is the same whenever the same releases are looked at again; what `severity` (info, watch, act,
    urgent) is for is said in `benchmark.alerts`. `size_days` is without the `shared_days` by which the
    client's `sector` moved itself, or the whole network where that is null. Of kind sector it is the sector
    that has shifted, and the pseudonym is no client's. `ends_at_days`: the first published centre at or below
    it ends the alert; null: no number does. `evidence`: month, days late.
    """

    id: UUID
    pseudonym: bytes
    month: str
    kind: str
    severity: str
    size_days: int
    shared_days: int
    since: str
    confidence: str
    detector: str
    ends_at_days: int | None
    may_be_larger: bool
    evidence: list[tuple[str, int]]
    sector: int | None


class _Cell(msgspec.Struct, frozen=True):
    days_late: int | None
    band: int | None


class _WideCells(msgspec.Struct, frozen=True):
    sectors: dict[str, _Cell]


def _wide(network_cell: bytes, wide_cells: bytes) -> Wide:
    """A release's wide cells as the detectors read them, from the bytes that it publishes."""
    cells = {0: msgspec.json.decode(network_cell, type=_Cell)}
    below = msgspec.json.decode(wide_cells, type=_WideCells).sectors
    cells |= {int(code): cell for code, cell in below.items()}
    return {code: (cell.days_late, cell.band) for code, cell in cells.items()}


async def detect_alerts(
    month: int, latest: int | None, cells: NDArray[np.void], network_cell: bytes, wide_cells: bytes
) -> list[detectors.Alert]:
    """The detectors over the history up to `latest` and the cells about to be published."""
    laid = await asyncio.to_thread(begin, cells, month, detectors.HISTORY_MONTHS)
    for when in range(month - detectors.HISTORY_MONTHS + 1, (latest or 0) + 1):
        row = (
            await Release.select(Release.cells, Release.network_cell, Release.wide_cells)
            .where(Release.month == when)
            .first()
        )
        if row is not None:  # one release at a time: 24 of a large network would fill the memory
            wide = _wide(row["network_cell"], row["wide_cells"])
            await asyncio.to_thread(lay, laid, when, np.frombuffer(row["cells"], CELL_DTYPE), wide)
    await asyncio.to_thread(lay, laid, month, cells, _wide(network_cell, wide_cells))
    return await asyncio.to_thread(detectors.detect_in, laid, await _raised(month))


async def _raised(month: int) -> NDArray[np.void]:
    rows = await Alert.select(
        Alert.pseudonym, Alert.kind, Alert.month, Alert.size_days, Alert.ends_at_days
    ).where(
        (Alert.month > month - RAISED_MONTHS)
        & (Alert.month < month)
        & Alert.kind.is_in(["drift", "shock", "recovery", "sector"])
    )
    return np.array(
        [
            (
                row["pseudonym"],
                detectors.KINDS.index(row["kind"]),
                row["month"],
                row["size_days"],
                row["ends_at_days"] or 0,
            )
            for row in rows
        ],
        detectors.RAISED_DTYPE,
    )


async def store_alerts(found: list[detectors.Alert], published_on: date) -> None:
    """Inside the release's transaction."""
    for start in range(0, len(found), INSERTED_AT_ONCE):
        await Alert.insert(*(_row(one, published_on) for one in found[start : start + INSERTED_AT_ONCE]))


def _row(one: detectors.Alert, published_on: date) -> Alert:
    return Alert(
        id=UUID(one.id),
        pseudonym=one.pseudonym,
        month=one.month,
        kind=one.kind,
        detector=one.detector,
        severity=one.severity,
        size_days=one.size_days,
        shared_days=one.shared_days,
        since_month=one.since_month,
        confidence=one.confidence,
        ends_at_days=one.ends_at_days,
        may_be_larger=one.may_be_larger,
        evidence=msgspec.json.encode(one.evidence),
        sector=one.sector,
        published_on=published_on,
    )


async def announce_alerts(network: RunningNetwork, found: list[detectors.Alert]) -> None:
    """Inside the release's transaction: tell connected devices, each firm of its own open relations alone.

    They hear it when that is committed, whatever becomes of this process. The one frame is a hint, with the
    first TOLD_MAX alerts and how many of all are for information: a device reads the list again. Firms that
    are told of the same alerts are told together.
    """
    if not found:
        return
    together: defaultdict[tuple[int, ...], list[UUID]] = defaultdict(list)
    for row in await Firm.select(Firm.id).where(Firm.root_public.is_not_null() & Firm.expelled.eq(False)):
        seen = visible_from(*await sight_of(network, row["id"]), [one.pseudonym for one in found])
        mine = tuple(
            place
            for place, (one, earliest) in enumerate(zip(found, seen, strict=True))
            if earliest is not None and earliest <= one.month
        )
        if mine:
            together[mine].append(row["id"])
    for places, firms in together.items():
        told = [
            {"id": found[place].id, "pseudonym": found[place].pseudonym, "severity": found[place].severity}
            for place in places[:TOLD_MAX]
        ]
        month = month_text(found[0].month)
        info = sum(found[place].severity == "info" for place in places)
        event = frame("alert", month=month, count=len(places), info=info, alerts=told)
        await network.fanout.announce(event, firms, watches=True)


def _listed(row: dict[str, Any], earliest: int) -> AlertListed:
    """What a firm is told that sees the client's cells from month `earliest` on: evidence goes no further."""
    evidence = msgspec.json.decode(row["evidence"], type=list[tuple[int, int]])
    return AlertListed(
        row["id"],
        row["pseudonym"],
        month_text(row["month"]),
        row["kind"],
        row["severity"],
        row["size_days"],
        row["shared_days"],
        month_text(row["since_month"]),
        row["confidence"],
        row["detector"],
        row["ends_at_days"],
        row["may_be_larger"],
        [(month_text(month), days) for month, days in evidence if month >= earliest],
        row["sector"],
    )


@get("/api/alerts", summary="Alerts on clients of open relations")
async def list_alerts(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], since: FromQuery[str | None] = None
) -> list[AlertListed]:
    """Newest first; `since`: a month such as 2026-11, itself included. Only of months within sight."""
    query = Alert.select().order_by(Alert.month, ascending=False)
    if since is not None:
        query = query.where(Alert.month >= _month(since))
    rows = await query
    seen = visible_from(*await sight_of(network, who.member), [row["pseudonym"] for row in rows])
    shown = (
        _listed(row, earliest)
        for row, earliest in zip(rows, seen, strict=True)
        if earliest is not None and earliest <= row["month"]
    )
    return list(islice(shown, ALERTS_MAX))


def _month(text: str) -> int:
    year, _, month = text[:7].partition("-")
    if not (year.isdecimal() and month.isdecimal() and len(year) == 4 and 1 <= int(month) <= 12):
        raise Refused("malformed", "since: expected a month such as 2026-11")
    return month_index(int(year), int(month))


@get("/api/alerts/{alert_id:uuid}", summary="One alert")
async def read_alert(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], alert_id: FromPath[UUID]
) -> AlertListed:
    """404 unless the firm is exposed to the client."""
    row = await Alert.select().where(Alert.id == alert_id).first()
    if row is not None:
        (earliest,) = visible_from(*await sight_of(network, who.member), [row["pseudonym"]])
        if earliest is not None and earliest <= row["month"]:
            return _listed(row, earliest)
    raise Refused("not-found")
