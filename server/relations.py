"""A firm's relations: what follows from its uploads and the releases, and the answer to who sees what.

What a relation is and when it opens is decided in `privacy.visibility` alone; here are its facts and bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from benchmark.alerts import sector_of
from benchmark.upload import HEADER_DTYPE, ROW_DTYPE, tells
from privacy import visibility
from privacy.profiles import PROFILES
from privacy.visibility import RELATION_DTYPE, FirmFacts, Sight
from server.clock import day_number, last_closed_month
from server.network import RunningNetwork
from server.payloads import payload_of
from server.problems import LOG
from server.rosters import rekeyed_on
from server.tables import Firm, Relations, Upload

Packed = NDArray[np.void]


async def facts_of(firm: UUID) -> FirmFacts:
    """What visibility needs to know of a firm."""
    row = (
        await Firm.select(Firm.declared_portfolio, Firm.admitted_on, Firm.enrolled_on)
        .where(Firm.id == firm)
        .first()
    )
    assert row is not None
    joined: date = row["enrolled_on"] or row["admitted_on"]
    # Under another key every relation is new: the whole portfolio may come back as a newcomer's first one.
    if (rekeyed := await rekeyed_on()) is not None:
        joined = max(joined, rekeyed)
    return FirmFacts(admitted_on=day_number(joined), first_portfolio_limit=row["declared_portfolio"])


async def read_relations(network: RunningNetwork, firm: UUID) -> Packed:
    """Shape (n,), dtype RELATION_DTYPE, sorted by pseudonym; caught up with every upload."""
    row = await Relations.select(Relations.packed, Relations.folded).where(Relations.firm == firm).first()
    if await _newest_upload(firm) == (row["folded"] if row else 0):
        return np.frombuffer(row["packed"] if row else b"", RELATION_DTYPE)
    return await catch_up(network, firm)


async def _newest_upload(firm: UUID) -> int:
    row = (
        await Upload.select(Upload.sequence)
        .where(Upload.firm == firm)
        .order_by(Upload.sequence, ascending=False)
        .first()
    )
    return 0 if row is None else int(row["sequence"])


async def catch_up(network: RunningNetwork, firm: UUID) -> Packed:
    """Take the uploads that are not folded yet into the firm's relations, batch by batch as they came.

    An upload is a fact and relations follow from it, so they need not be written in its transaction: storing
    200,000 rows would take twice as long. Whoever needs them first, or the task after the upload, does this.
    """
    async with network.database.writing():
        await network.database.lock_firm(firm)
        row = await Relations.select().where(Relations.firm == firm).first()
        relations = np.frombuffer(row["packed"] if row else b"", RELATION_DTYPE)
        folded = row["folded"] if row else 0
        newest = await _newest_upload(firm)
        if folded == newest:
            return relations
        facts = await facts_of(firm)
        while (batch := await _next_batch(network, firm, folded)) is not None:
            months, received_on, folded = batch
            relations, _ = await asyncio.to_thread(
                visibility.fold_uploads,
                relations,
                facts,
                months,
                received_on,
                profile=PROFILES[network.profile],
            )
        await write_relations(firm, relations, folded)
    return relations


async def _next_batch(
    network: RunningNetwork, firm: UUID, after: int
) -> tuple[dict[int, Packed], int, int] | None:
    """Months with their pseudonyms, the day of receipt and the last sequence of the batch after `after`."""
    first = (
        await Upload.select(Upload.batch)
        .where((Upload.firm == firm) & (Upload.sequence > after))
        .order_by(Upload.sequence)
        .first()
    )
    if first is None:
        return None
    rows = await network.database.run(
        f"SELECT u.month, u.sequence, u.received_at, {payload_of(network.database, 'u')} AS bytes"  # noqa: S608
        " FROM upload u WHERE u.firm = {} AND u.batch = {}",
        firm,
        first["batch"],
    )
    months = {row["month"]: _pseudonyms(row["bytes"]) for row in rows}
    return months, rows[0]["received_at"] // 86_400, max(row["sequence"] for row in rows)


def _pseudonyms(payload: bytes | None) -> Packed:
    """Clients of whom something is said: a row without a figure contributes nothing, and opens nothing."""
    if payload is None:  # erased
        return np.zeros(0, ROW_DTYPE)["pseudonym"]
    rows = np.frombuffer(payload, ROW_DTYPE, offset=HEADER_DTYPE.itemsize)
    return np.ascontiguousarray(rows["pseudonym"][tells(rows)])


def catch_up_soon(network: RunningNetwork, firm: UUID) -> None:
    """Do it in a task of its own, after the answer."""
    task = asyncio.create_task(_catch_up_quietly(network, firm))
    network.tasks.add(task)
    task.add_done_callback(network.tasks.discard)


async def _catch_up_quietly(network: RunningNetwork, firm: UUID) -> None:
    try:
        await catch_up(network, firm)
    except Exception as error:  # noqa: BLE001 - whoever reads them next tries again
        LOG.error("relations: %s", type(error).__name__)


async def write_relations(firm: UUID, relations: Packed, folded: int) -> None:
    """Replace a firm's relations; the caller holds its lock."""
    await Relations.delete().where(Relations.firm == firm)
    await Relations.insert(Relations(firm=firm, folded=folded, packed=relations.tobytes()))


async def fold_release(network: RunningNetwork, month: int, used: dict[UUID, Packed]) -> None:
    """Count a release for the relations whose rows went into it; the caller holds every firm's lock."""
    for firm, pseudonyms in used.items():
        relations = await catch_up(network, firm)
        ripened = await asyncio.to_thread(visibility.fold_release, relations, month, pseudonyms)
        await write_relations(firm, ripened, await _newest_upload(firm))


async def sight_of(network: RunningNetwork, firm: UUID) -> tuple[Packed, Sight]:
    """The firm's relations and what it sees today: the one answer for cells, alerts and calls."""
    today = await network.read_today()
    relations = await read_relations(network, firm)
    facts = await facts_of(firm)
    sight = visibility.see(relations, facts, last_closed_month(today), PROFILES[network.profile])
    return relations, sight


def visible_from(relations: Packed, sight: Sight, pseudonyms: Sequence[bytes]) -> list[int | None]:
    """For each client the first month whose cells the firm sees; None without an open relation.

    A sector's cells are every member's, as far back as they go: whoever has an open relation hears of them.
    """
    if not pseudonyms:
        return []
    rows, known = visibility.find(relations, np.frombuffer(b"".join(pseudonyms), "V32"))
    if not len(relations):
        return [None] * len(pseudonyms)
    shown = known & sight.open[rows]
    some = bool(sight.open.any())
    return [
        0 if some and sector_of(name) is not None else int(month) if seen else None
        for name, month, seen in zip(pseudonyms, sight.earliest[rows], shown, strict=True)
    ]


def position(relations: Packed, pseudonym: bytes) -> int | None:
    """Where a pseudonym is among sorted relations; None: it is not."""
    wanted = np.frombuffer(pseudonym, "V32")
    at = int(np.searchsorted(relations["pseudonym"], wanted)[0])
    return at if at < len(relations) and relations["pseudonym"][at] == wanted[0] else None
