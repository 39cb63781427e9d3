"""A firm's relations: read, folded in the upload's and the release's transaction, asked who sees what.

What a relation is and when it opens is decided in `privacy.visibility` alone; here are its facts and bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from privacy import visibility
from privacy.visibility import RELATION_DTYPE, FirmFacts, Sight
from server.clock import day_number, last_closed_month
from server.network import RunningNetwork
from server.tables import Firm, Relations

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
    return FirmFacts(admitted_on=day_number(joined), first_portfolio_limit=row["declared_portfolio"])


async def read_relations(firm: UUID) -> Packed:
    """Shape (n,), dtype RELATION_DTYPE, sorted by pseudonym."""
    row = await Relations.select(Relations.packed).where(Relations.firm == firm).first()
    return np.frombuffer(row["packed"] if row else b"", RELATION_DTYPE)


async def write_relations(network: RunningNetwork, firm: UUID, relations: Packed) -> None:
    """Replace a firm's relations; the caller holds its lock."""
    await network.database.run(
        "INSERT INTO relations (firm, packed) VALUES ({}, {})"
        " ON CONFLICT (firm) DO UPDATE SET packed = EXCLUDED.packed",
        firm,
        np.ascontiguousarray(relations).tobytes(),
    )


async def fold_uploads(
    network: RunningNetwork, firm: UUID, months: Mapping[int, Packed], received_on: date
) -> None:
    """Take the pseudonyms of freshly stored months into the firm's relations."""
    if not months:
        return
    facts = await facts_of(firm)
    relations = await read_relations(firm)
    folded, _ = await asyncio.to_thread(
        visibility.fold_uploads, relations, facts, months, day_number(received_on)
    )
    await write_relations(network, firm, folded)


async def fold_release(network: RunningNetwork, month: int, used: dict[UUID, Packed]) -> None:
    """Count a release for the relations whose rows went into it; the caller holds every firm's lock."""
    for firm, pseudonyms in used.items():
        relations = await read_relations(firm)
        folded = await asyncio.to_thread(visibility.fold_release, relations, month, pseudonyms)
        await write_relations(network, firm, folded)


async def sight_of(network: RunningNetwork, firm: UUID) -> tuple[Packed, Sight]:
    """The firm's relations and what it sees today: the one answer for cells, alerts and calls."""
    today = await network.read_today()
    relations = await read_relations(firm)
    facts = await facts_of(firm)
    sight = visibility.see(relations, facts, last_closed_month(today))
    return relations, sight


def position(relations: Packed, pseudonym: bytes) -> int | None:
    """Where a pseudonym is among sorted relations; None: it is not."""
    wanted = np.frombuffer(pseudonym, "V32")
    at = int(np.searchsorted(relations["pseudonym"], wanted)[0])
    return at if at < len(relations) and relations["pseudonym"][at] == wanted[0] else None
