"""The epochs that sides add after the first, and how many. The rules of order are `chat.relay`'s.

An epoch is stored for good and listed to both sides, so that there are few: those that new keys call for, and
so many besides for a side and a day. A client makes one when the month has changed, and one more where the
newest does not open for it.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from chat import relay
from chat.records import Side, read_epoch
from chat.refusals import Code
from chat.succession import read_links
from server.appends import read_heads
from server.conversations import Conversations, granted, insert_epoch
from server.database import Database
from server.problems import Refused
from server.turns import in_force

EPOCHS_PER_DAY_MAX: Final = 8
DAY_SECONDS: Final = 86_400
_MAKER_PLACE: Final = 22  # of the byte in an epoch's record that says who made it, counted from 1


async def add_epoch(conversations: Conversations, conversation: UUID, firm: UUID, record: bytes) -> None:
    """The next epoch, made by this firm's side; of two made at once the first is kept."""
    parties, side = await conversations.parties(conversation, firm)
    network = conversations.network
    today = await network.read_today()
    database = network.database
    async with database.writing():
        found = await read_heads(database, [conversation])
        if conversation not in found:
            raise Refused("not-found")
        before = found[conversation]
        links = read_links(parties.links.at(1), await in_force(database, conversation))
        epoch = granted(read_epoch(record, granted(links).newest))
        if epoch.maker is not side:
            raise Refused(Code.SIDE.value, "the epoch is made by the other side")
        head = granted(relay.extend(before, epoch))
        if not before.turned and await _made(database, conversation, side, today) >= EPOCHS_PER_DAY_MAX:
            wait = DAY_SECONDS - network.clock.unix() % DAY_SECONDS
            raise Refused("epoch-limit", headers={"Retry-After": str(wait)})
        await database.run(
            "UPDATE conversation SET epoch = {}, epoch_digest = {}, turned = {} WHERE id = {}",
            head.epoch,
            head.epoch_digest,
            head.turned,
            conversation,
        )
        await insert_epoch(database, conversation, epoch.number, record, today)
        await conversations.tell_of(side, "epoch", conversation, epoch=epoch.number)


async def _made(database: Database, conversation: UUID, side: Side, today: date) -> int:
    """How many epochs this side has made today that no new keys called for."""
    rows = await database.run(
        f"SELECT COUNT(*) AS n FROM conversation_epoch e WHERE e.conversation = {{}} AND e.made_on = {{}}"  # noqa: S608
        f" AND substr(e.record, {_MAKER_PLACE}, 1) = {{}} AND NOT EXISTS (SELECT 1 FROM"
        " conversation_succession s WHERE s.conversation = e.conversation AND s.after = e.number - 1)",
        conversation,
        today,
        bytes([side]),
    )
    return int(rows[0]["n"])
