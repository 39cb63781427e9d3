"""The route by which a caller opens the conversation of an answer; `server.moments` says when it is seen."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from chat import relay
from chat.records import Side, read_answer, read_call, read_epoch, read_opening
from chat.refusals import Code
from server import moments
from server.conversation_routes import Record, Secret
from server.conversations import Conversations, forget_spent_call_key, granted, insert_epoch
from server.problems import Refused
from server.roles import Who


class Opening(msgspec.Struct, frozen=True):
    """The caller's keys for one answer, the first epoch, and the private keys sealed."""

    record: Record
    epoch: Record
    secret: Secret


@post("/api/conversations/{conversation_id:uuid}/opening", summary="Open the conversation of an answer")
async def open_conversation(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[Opening],
) -> None:
    """The caller's; once. The answerer sees it with the first message, or at a random moment."""
    await open_answer(conversations, who.member, conversation_id, data)


async def open_answer(conversations: Conversations, firm: UUID, conversation: UUID, opening: Opening) -> None:
    """The caller's keys for one answer, and the first epoch: all of it or nothing, once."""
    network = conversations.network
    row, side = await conversations.row_of(conversation, firm)
    if side is not Side.CALLER:
        raise Refused("not-found")
    call = granted(read_call(row["call_record"]))
    link = granted(read_opening(opening.record, call, granted(read_answer(row["answer"], call))))
    first = granted(read_epoch(opening.epoch, link))
    head = granted(relay.extend(relay.start(link), first))
    if first.maker is not Side.CALLER:
        raise Refused(Code.SIDE.value, "the first epoch is made by the caller")
    today = await network.read_today()
    async with network.database.writing():
        # Locked: of two last answers opened at once the later one finds the other opened.
        held = await network.database.run(
            "UPDATE call SET closed = closed WHERE id = {} RETURNING secret", row["call"]
        )
        if not held or held[0]["secret"] == b"":
            raise Refused("call-closed")
        moved = await network.database.run(
            "UPDATE conversation SET opening = {}, caller_secret = {}, genesis = {}, epoch = {},"
            " epoch_digest = {}, shown_at = {} WHERE id = {} AND opening IS NULL RETURNING id",
            opening.record,
            opening.secret,
            head.id,
            head.epoch,
            head.epoch_digest,
            moments.draw(network),
            conversation,
        )
        if not moved:
            raise Refused("conversation-open")
        await insert_epoch(network.database, conversation, first.number, opening.epoch, today)
        await forget_spent_call_key(network.database, row["call"])
        await conversations.tell_of(side, "opened", conversation)


ROUTES: Final = [open_conversation]
