"""The audit log: appended in the transaction of what it tells, one hash chain for each firm and the operator.

An entry's digest covers the one before it, so that a removed or changed entry shows. Details hold ids of
firms, users, devices and months; never a client, never a secret.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final
from uuid import UUID

import msgspec

from server.clock import Clock
from server.tables import Audit

OPERATOR_CHAIN: Final = UUID(int=0)
GENESIS: Final = bytes(32)


def entry_digest(  # noqa: PLR0917 - in the order in which they are hashed
    previous: bytes, chain: UUID, sequence: int, at: int, actor: str, event: str, detail: str
) -> bytes:
    """SHA-256 over the entry and the digest before it: what an auditor recomputes."""
    told = msgspec.json.encode([chain, sequence, at, actor, event, detail])
    return hashlib.sha256(b"vigie/audit/v1\0" + previous + told).digest()


async def append(clock: Clock, chain: UUID, actor: str, event: str, **detail: Any) -> None:
    """Add one entry; the caller holds the transaction and the chain's lock (the firm's row)."""
    last = (
        await Audit.select(Audit.sequence, Audit.digest)
        .where(Audit.chain == chain)
        .order_by(Audit.sequence, ascending=False)
        .first()
    )
    sequence = 1 if last is None else last["sequence"] + 1
    previous = GENESIS if last is None else last["digest"]
    at = clock.unix()
    text = msgspec.json.encode(detail, order="sorted").decode()
    await Audit(
        chain=chain,
        sequence=sequence,
        at=at,
        actor=actor,
        event=event,
        detail=text,
        previous=previous,
        digest=entry_digest(previous, chain, sequence, at, actor, event, text),
    ).save()


async def read(chain: UUID, after: int, limit: int) -> list[dict[str, Any]]:
    """Entries in order."""
    return (
        await Audit.select()
        .where((Audit.chain == chain) & (Audit.sequence > after))
        .order_by(Audit.sequence)
        .limit(limit)
    )


def broken_at(entries: list[dict[str, Any]], previous: bytes = GENESIS) -> int | None:
    """The sequence number of the first entry that does not follow from the one before it; None: all do."""
    for entry in entries:
        digest = entry_digest(
            previous,
            entry["chain"],
            entry["sequence"],
            entry["at"],
            entry["actor"],
            entry["event"],
            entry["detail"],
        )
        if entry["previous"] != previous or entry["digest"] != digest:
            return int(entry["sequence"])
        previous = digest
    return None
