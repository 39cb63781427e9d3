"""The route by which a side gives its new keys: `server.turns` says what becomes of them."""

from __future__ import annotations

import secrets
from typing import Annotated, Final
from uuid import UUID, uuid4

import msgspec
from litestar import put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from chat.refusals import Code
from chat.succession import read_links, read_succession
from server import audit
from server.appends import read_heads
from server.conversations import SECRET_BYTES_MAX, Conversations, granted
from server.problems import Refused
from server.roles import Who
from server.turns import in_force, set_moment

RECORD_BYTES_MAX: Final = 4_096


class Turn(msgspec.Struct, frozen=True):
    """New keys of the own side, and all of its private keys sealed, from the first on.

    `replaces`: SHA-256 of the ones sealed before.
    """

    succession: Annotated[bytes, msgspec.Meta(min_length=1, max_length=RECORD_BYTES_MAX)]
    secret: Annotated[bytes, msgspec.Meta(min_length=1, max_length=SECRET_BYTES_MAX)]
    replaces: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


@put(
    "/api/conversations/{conversation_id:uuid}/turn",
    status_code=204,
    summary="New keys for the own side, after somebody left",
)
async def turn_keys(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[Turn],
) -> None:
    """Sealed anew at once; in force with the first message after a moment within a day."""
    await keep(conversations, who, conversation_id, data)


async def keep(conversations: Conversations, who: Who, conversation: UUID, turn: Turn) -> None:
    """Keep a side's new keys until their moment; the sealed private keys are replaced at once."""
    network = conversations.network
    database = network.database
    parties, side = await conversations.parties(conversation, who.member)
    async with database.writing():
        await database.lock_firm(who.member)
        await read_heads(database, [conversation])  # locked: what is in force stands still
        await conversations.replace_secret(conversation, who.member, turn.secret, turn.replaces)
        links = granted(read_links(parties.links.at(1), await in_force(database, conversation)))
        succession = granted(read_succession(turn.succession, links.newest))
        if succession.side is not side:
            raise Refused(Code.SIDE.value, "the succession is of the other side's keys")
        replaced = await database.run(
            "DELETE FROM conversation_succession WHERE conversation = {} AND side = {} AND after IS NULL"
            " RETURNING due_at",
            conversation,
            side,
        )
        now = network.clock.unix()
        # A moment that is still to come is kept: who could draw again and again would draw an early one.
        due = next((row["due_at"] for row in replaced if row["due_at"] > now), None)
        if due is None:
            due = now + secrets.randbelow(max(network.settings.turn_within_seconds, 1))
        await database.run(
            "INSERT INTO conversation_succession (id, conversation, side, record, due_at)"
            " VALUES ({}, {}, {}, {}, {})",
            uuid4(),
            conversation,
            side,
            turn.succession,
            due,
        )
        await set_moment(database, conversation)
        await audit.append(
            network.clock, who.member, who.actor, "conversation-keys-turned", conversation=conversation
        )


ROUTES: Final = [turn_keys]
