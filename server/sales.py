"""Tasks that the sales side has done. It cannot move the client book, so it leaves a sealed note here.

A credit manager's device takes the notes into the lights that it seals next, and erases them.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.clock import moment_text
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who
from server.sales_tables import TaskDone

NOTE_BYTES_MAX: Final = 8 * 1024
NOTES_MAX: Final = 5_000


class NewTaskDone(msgspec.Struct, frozen=True):
    """`id`: chosen by the writer, for it is part of what the seal is bound to."""

    id: UUID
    sealed: bytes


class TaskDoneListed(msgspec.Struct, frozen=True):
    """A note that the firm's *names* key opens. `author`: user:<id> or device:<id>."""

    id: UUID
    author: str
    at: str
    sealed: bytes


class TaskDoneMade(msgspec.Struct, frozen=True):
    """The id that the writer chose."""

    id: UUID


@get("/api/tasks/done", summary="Tasks that sales has done")
async def list_done(who: NamedDependency[Who]) -> list[TaskDoneListed]:
    """Sealed under the firm's *names* key, oldest first; those not taken into the lights yet."""
    rows = await TaskDone.select().where(TaskDone.firm == who.member).order_by(TaskDone.at)
    return [TaskDoneListed(row["id"], row["author"], moment_text(row["at"]), row["sealed"]) for row in rows]


@post("/api/tasks/done", summary="A task is done")
async def add_done(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[NewTaskDone]
) -> TaskDoneMade:
    """The same id again is a no-op."""
    if not 0 < len(data.sealed) <= NOTE_BYTES_MAX:
        raise Refused("malformed", f"sealed: expected 1 to {NOTE_BYTES_MAX} bytes")
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        before = await TaskDone.select(TaskDone.firm).where(TaskDone.id == data.id).first()
        if before is not None:
            if before["firm"] != who.member:
                raise Refused("not-found")
            return TaskDoneMade(data.id)
        if await TaskDone.count().where(TaskDone.firm == who.member) >= NOTES_MAX:
            raise Refused("malformed", f"at most {NOTES_MAX} notes")
        await TaskDone(
            id=data.id, firm=who.member, author=who.actor, at=network.clock.unix(), sealed=data.sealed
        ).save()
    return TaskDoneMade(data.id)


@delete("/api/tasks/done/{note_id:uuid}", status_code=204, summary="A note was taken into the lights")
async def take_done(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], note_id: FromPath[UUID]
) -> None:
    """404 when it is not the firm's, or was taken in already."""
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        mine = (TaskDone.id == note_id) & (TaskDone.firm == who.member)
        if not await TaskDone.delete().where(mine).returning(TaskDone.id):
            raise Refused("not-found")


ROUTES: Final = [list_done, add_done, take_done]
