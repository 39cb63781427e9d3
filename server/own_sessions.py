"""A person's own sessions: where she is logged in, and an end to what she does not know.

A session's id is the beginning of what is kept of its token, which opens nothing.
"""

from __future__ import annotations

from typing import Final

import msgspec
from litestar import delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from server import audit
from server.clock import moment_text
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who
from server.tables import Session

ID_BYTES: Final = 16


class SessionListed(msgspec.Struct, frozen=True):
    """One of the person's own; `current` is the one that asks.

    `described`: program and system, from `server.programs`, empty where unknown; `seen_at`: to the hour.
    """

    session_id: str
    created_at: str
    expires_at: str
    current: bool
    described: str
    seen_at: str


def id_of(token_hash: bytes) -> str:
    """How a session is named, 32 hexadecimal digits."""
    return token_hash[:ID_BYTES].hex()


@get("/api/me/sessions", summary="Where I am logged in")
async def list_sessions(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who]
) -> list[SessionListed]:
    """Newest first; what has expired is not listed."""
    rows = (
        await Session.select()
        .where((Session.person == who.person) & (Session.expires_at >= network.clock.unix()))
        .order_by(Session.created_at, ascending=False)
    )
    return [
        SessionListed(
            id_of(bytes(row["token_hash"])),
            moment_text(row["created_at"]),
            moment_text(row["expires_at"]),
            bytes(row["token_hash"]) == who.token_hash,
            row["described"],
            moment_text(max(row["seen_at"], row["created_at"])),
        )
        for row in rows
    ]


@delete("/api/me/sessions/{session_id:str}", status_code=204, summary="End one of my sessions")
async def end_session(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], session_id: FromPath[str]
) -> None:
    """Its token is worth nothing from here on; its live connections end with it."""
    async with network.database.writing():
        if who.firm is not None:
            await network.database.lock_firm(who.firm)
        rows = await Session.select(Session.token_hash).where(Session.person == who.person)
        found = [bytes(row["token_hash"]) for row in rows if id_of(bytes(row["token_hash"])) == session_id]
        if not found:
            raise Refused("not-found")
        await Session.delete().where(Session.token_hash == found[0])
        await network.fanout.tell_ended()
        if who.firm is not None:
            await audit.append(network.clock, who.firm, who.actor, "session-ended")


ROUTES: Final = [list_sessions, end_session]
