"""What a firm does not want to be told: a client, a kind, or a kind of one client."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID, uuid4

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from benchmark.alerts import KINDS
from server.alert_life_rows import tell
from server.alert_life_tables import AlertMute
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who

MUTES_MAX: Final = 5_000


class NewMute(msgspec.Struct, frozen=True):
    """A client (pseudonym), a kind, or both. `until`: the last day; null: until it is lifted."""

    pseudonym: bytes | None = None
    kind: str | None = None
    until: date | None = None


class MuteListed(msgspec.Struct, frozen=True):
    """What the firm is not told of."""

    id: UUID
    pseudonym: bytes | None
    kind: str | None
    until: date | None


class MuteMade(msgspec.Struct, frozen=True):
    """What lifts it again."""

    id: UUID


@get("/api/alerts/mutes", summary="What the firm is not told of")
async def list_mutes(who: NamedDependency[Who]) -> list[MuteListed]:
    """Oldest first."""
    rows = await AlertMute.select().where(AlertMute.firm == who.member).order_by(AlertMute.at)
    return [MuteListed(row["id"], row["pseudonym"], row["kind"], row["until"]) for row in rows]


@post("/api/alerts/mutes", summary="Do not tell the firm of a client or a kind")
async def mute(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[NewMute]
) -> MuteMade:
    """Muted alerts stay in the list; neither mail nor webhook tells of them."""
    if data.pseudonym is None and data.kind is None:
        raise Refused("malformed", "expected a pseudonym, a kind, or both")
    if data.pseudonym is not None and len(data.pseudonym) != 32:
        raise Refused("malformed", "pseudonym: expected 32 bytes")
    if data.kind is not None and data.kind not in KINDS:
        raise Refused("malformed", f"kind: expected one of {', '.join(KINDS)}")
    made = uuid4()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        if await AlertMute.count().where(AlertMute.firm == who.member) >= MUTES_MAX:
            raise Refused("malformed", f"at most {MUTES_MAX} mutes")
        await AlertMute(
            id=made,
            firm=who.member,
            pseudonym=data.pseudonym,
            kind=data.kind,
            until=data.until,
            actor=who.actor,
            at=network.clock.unix(),
        ).save()
        await tell(network, who.member, None, who.actor, "muted", mute=made)
    return MuteMade(made)


@delete("/api/alerts/mutes/{mute_id:uuid}", status_code=204, summary="Lift a mute")
async def unmute(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], mute_id: FromPath[UUID]
) -> None:
    """404 when it is not the firm's."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        mine = (AlertMute.id == mute_id) & (AlertMute.firm == who.member)
        if not await AlertMute.delete().where(mine).returning(AlertMute.id):
            raise Refused("not-found")
        await tell(network, who.member, None, who.actor, "unmuted", mute=mute_id)


ROUTES: Final = [list_mutes, mute, unmute]
