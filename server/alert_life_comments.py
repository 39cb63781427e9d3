"""Comments on alerts, inside the firm: sealed on the member's side, carried here as they came."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.alert_life_rows import continue_waiting, shown_to, tell, work_on, write
from server.alert_life_tables import AlertComment
from server.clock import moment_text
from server.hub import frame
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who

COMMENT_BYTES_MAX: Final = 16 * 1024
COMMENTS_MAX: Final = 1_000


class NewComment(msgspec.Struct, frozen=True):
    """`id`: chosen by the writer, for it is part of what the seal is bound to."""

    id: UUID
    sealed: bytes


class CommentListed(msgspec.Struct, frozen=True):
    """A comment that the firm's *notes* key opens. `author`: user:<id> or device:<id>."""

    id: UUID
    author: str
    at: str
    sealed: bytes


class CommentMade(msgspec.Struct, frozen=True):
    """The id that the writer chose."""

    id: UUID


@get("/api/alerts/{alert_id:uuid}/comments", summary="Comments on an alert")
async def list_comments(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], alert_id: FromPath[UUID]
) -> list[CommentListed]:
    """Sealed under the firm's *notes* key, oldest first; of the whole life that the alert belongs to."""
    (alert,) = await shown_to(network, who.member, [alert_id])
    work = await work_on(who.member, alert)
    rows = (
        await AlertComment.select()
        .where((AlertComment.firm == who.member) & (AlertComment.life == work.life))
        .order_by(AlertComment.at)
        .limit(COMMENTS_MAX)
    )
    return [CommentListed(row["id"], row["author"], moment_text(row["at"]), row["sealed"]) for row in rows]


@post("/api/alerts/{alert_id:uuid}/comments", summary="Comment on an alert")
async def comment(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    alert_id: FromPath[UUID],
    data: JSONBody[NewComment],
) -> CommentMade:
    """The same id again is a no-op."""
    if not 0 < len(data.sealed) <= COMMENT_BYTES_MAX:
        raise Refused("malformed", f"sealed: expected 1 to {COMMENT_BYTES_MAX} bytes")
    await continue_waiting(network, who.member, [alert_id])
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        (alert,) = await shown_to(network, who.member, [alert_id])
        work = await work_on(who.member, alert)
        before = await AlertComment.select(AlertComment.firm).where(AlertComment.id == data.id).first()
        if before is not None:
            if before["firm"] != who.member:
                raise Refused("not-found")
            return CommentMade(data.id)
        if await AlertComment.count().where(AlertComment.life == work.life) >= COMMENTS_MAX:
            raise Refused("malformed", f"at most {COMMENTS_MAX} comments")
        await AlertComment(
            id=data.id,
            firm=who.member,
            life=work.life,
            author=who.actor,
            at=network.clock.unix(),
            sealed=data.sealed,
        ).save()
        if not work.version:  # so that the life is there to be continued
            await write(network, who.member, work, work.stands)
        await tell(network, who.member, work.life, who.actor, "commented", comment=data.id)
        await network.fanout.announce(frame("alert-life"), [who.member], watches=True)
    return CommentMade(data.id)


ROUTES: Final = [list_comments, comment]
