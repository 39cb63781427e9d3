"""What a firm's devices tell each other about a conversation: read up to where, drafts. Carried sealed.

One row for each firm and conversation, moved by compare-and-swap, so that of two devices the second reads
what the first wrote before it writes. The other side hears nothing of it.
"""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.conversation_state_tables import ConversationState
from server.conversations import Conversations
from server.hub import frame
from server.problems import Refused
from server.roles import Who

STATE_BYTES_MAX: Final = 64 * 1024


class StateListed(msgspec.Struct, frozen=True):
    """A sealed state and how often it has been written."""

    conversation: UUID
    version: int
    sealed: bytes


class NewState(msgspec.Struct, frozen=True):
    """`replaces`: the version that was read, 0 where there was none."""

    replaces: Annotated[int, msgspec.Meta(ge=0)]
    sealed: Annotated[bytes, msgspec.Meta(min_length=1, max_length=STATE_BYTES_MAX)]


class StateKept(msgspec.Struct, frozen=True):
    """The version that is stored now."""

    version: int


@get("/api/conversation-states", summary="What the firm has read of its conversations, sealed")
async def list_states(who: NamedDependency[Who]) -> list[StateListed]:
    """For the firm's own devices."""
    rows = await ConversationState.select().where(ConversationState.firm == who.member)
    return [StateListed(row["conversation"], row["version"], row["sealed"]) for row in rows]


@put("/api/conversations/{conversation_id:uuid}/state", summary="Keep what the firm has read")
async def put_state(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[NewState],
) -> StateKept:
    """409 when another device was first: read, merge on your side, write again."""
    await conversations.row_of(conversation_id, who.member)
    network = conversations.network
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        mine = (ConversationState.firm == who.member) & (ConversationState.conversation == conversation_id)
        row = await ConversationState.select(ConversationState.version).where(mine).first()
        version = 0 if row is None else row["version"]
        if data.replaces != version:
            raise Refused("state-moved")
        if row is None:
            await ConversationState(
                conversation=conversation_id, firm=who.member, version=1, sealed=data.sealed
            ).save()
        else:
            await ConversationState.update(
                {ConversationState.version: version + 1, ConversationState.sealed: data.sealed}
            ).where(mine)
        event = frame("state", conversation=conversation_id)
        await network.fanout.announce(event, (who.member,), confers=True)
    return StateKept(version + 1)


ROUTES: Final = [list_states, put_state]
