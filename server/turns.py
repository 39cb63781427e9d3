"""A side's new keys after somebody left its firm: kept for a while, then in force with the next message.

Rules of order, whose guardian this is:
1. The keys are sealed for the firm's devices at once, and kept here until a moment of their own within a day,
   so that rotations of several conversations are not seen together.
2. They come into force when, after that moment, a side that may write sends a message: that message is
   refused (`chat-epoch`), its sender makes the epoch that is sealed to the new keys, and sends again. So the
   other side sees a rotation where it sees a message anyway, and nothing is said under the keys before it.
3. Until then nobody but the own firm knows of them.
"""

from __future__ import annotations

from uuid import UUID

from chat import relay
from chat.records import Side
from server.database import Database


async def in_force(database: Database, conversation: UUID) -> list[tuple[int, bytes]]:
    """Successions in force, in order: (number of epochs before it, record)."""
    rows = await database.run(
        "SELECT after, record FROM conversation_succession WHERE conversation = {} AND after IS NOT NULL"
        " ORDER BY place",
        conversation,
    )
    return [(row["after"], row["record"]) for row in rows]


async def apply(database: Database, conversation: UUID, head: relay.Head, now: int) -> relay.Head:
    """Bring into force what is due; the caller holds the transaction and the conversation's row."""
    rows = await database.run(
        "SELECT id, record FROM conversation_succession WHERE conversation = {} AND after IS NULL"
        " AND due_at <= {} ORDER BY side",
        conversation,
        now,
    )
    placed = len(await in_force(database, conversation))
    for place, row in enumerate(rows, start=placed + 1):
        head = relay.turn(head, row["record"])
        await database.run(
            "UPDATE conversation_succession SET after = {}, place = {} WHERE id = {}",
            head.epoch,
            place,
            row["id"],
        )
    await database.run(
        "UPDATE conversation SET epoch_digest = {}, turned = {} WHERE id = {}",
        head.epoch_digest,
        head.turned,
        conversation,
    )
    await set_moment(database, conversation)
    return head


async def waiting(database: Database, conversation: UUID, side: Side) -> bool:
    """Whether new keys of this side are kept."""
    return bool(
        await database.run(
            "SELECT 1 FROM conversation_succession WHERE conversation = {} AND side = {} AND after IS NULL",
            conversation,
            side,
        )
    )


async def set_moment(database: Database, conversation: UUID) -> None:
    """Say in the conversation's own row from when on there is something to bring into force."""
    await database.run(
        "UPDATE conversation SET turn_at = (SELECT MIN(due_at) FROM conversation_succession"
        " WHERE conversation = {} AND after IS NULL) WHERE id = {}",
        conversation,
        conversation,
    )
