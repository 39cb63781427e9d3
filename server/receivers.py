"""Which firms may be asked about a client: those whose relation is seasoned, by `privacy.visibility` alone.

Relations are packed per firm. The database looks for the pseudonym's bytes and hands over only the few firms
that have it, so that asking costs a scan and no transfer.
"""

from __future__ import annotations

from uuid import UUID

from server.network import RunningNetwork
from server.relations import position, sight_of


async def is_seasoned(network: RunningNetwork, firm: UUID, pseudonym: bytes) -> bool:
    """Whether this firm may call, or be called, about this client today."""
    relations, sight = await sight_of(network, firm)
    at = position(relations, pseudonym)
    return at is not None and bool(sight.seasoned[at])


async def firms_with(network: RunningNetwork, pseudonym: bytes, besides: UUID) -> list[UUID]:
    """Every other corporate group's firms with a seasoned relation to the client."""
    contains = "position({} IN r.packed) > 0" if network.database.postgres else "instr(r.packed, {}) > 0"
    rows = await network.database.run(
        "SELECT f.id FROM relations r JOIN firm f ON f.id = r.firm"  # noqa: S608 - one of two fixed conditions
        f" WHERE {contains} AND NOT f.expelled AND f.group_id <> (SELECT group_id FROM firm WHERE id = {{}})"
        " AND NOT EXISTS (SELECT 1 FROM firm_silence s WHERE s.firm = f.id AND s.silenced = {})"
        " ORDER BY f.id",
        pseudonym,
        besides,
        besides,
    )
    return [row["id"] for row in rows if await is_seasoned(network, row["id"], pseudonym)]
