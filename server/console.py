"""The operator's console beside firms and releases: who was refused and why, and the operator's own log."""

from __future__ import annotations

from typing import Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody

from server import audit
from server.firms import NAME_CHARACTERS_MAX, REASON_CHARACTERS_MAX
from server.network import RunningNetwork
from server.people import AUDIT_PAGE, AuditEntry
from server.problems import Refused
from server.roles import Who


class AdmissionRefused(msgspec.Struct, frozen=True):
    """A firm that is not admitted; the reason is one of the published criteria, in words."""

    name: str
    reason: str


@post("/api/operator/refusals", status_code=201, summary="Refuse a firm, with a reason")
async def refuse_firm(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[AdmissionRefused]
) -> None:
    """Written in the operator's log, which cannot be rewritten unnoticed: what the firm is told."""
    name, reason = " ".join(data.name.split()), " ".join(data.reason.split())
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise Refused("malformed", f"name: expected 1 to {NAME_CHARACTERS_MAX} characters")
    if not 1 <= len(reason) <= REASON_CHARACTERS_MAX:
        raise Refused("malformed", f"reason: expected 1 to {REASON_CHARACTERS_MAX} characters")
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        await audit.append(
            network.clock, audit.OPERATOR_CHAIN, who.actor, "firm-refused", name=name, reason=reason
        )


@get("/api/operator/audit", summary="The operator's own audit log")
async def read_own_audit(after: FromQuery[int] = 0) -> list[AuditEntry]:
    """At most 500 entries after a sequence number, in order."""
    rows = await audit.read(audit.OPERATOR_CHAIN, after, AUDIT_PAGE)
    return [
        AuditEntry(
            row["sequence"],
            row["at"],
            row["actor"],
            row["event"],
            row["detail"],
            row["previous"],
            row["digest"],
        )
        for row in rows
    ]


ROUTES: Final = [refuse_firm, read_own_audit]
