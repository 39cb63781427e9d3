"""How long a conversation's contents stay, and for whom: retention, withdrawals, legal holds, silence.

Rules of order, whose guardian this is:
1. Erasing takes a ciphertext and leaves what was signed: the chain holds, both sides see that something was.
   The server cannot read a withdrawal; it knows that there is none where the message's own side has said
   nothing among the CHANGES_WITHIN messages after it, and that it is late once that side has said more
   than as many since. Then it erases nothing.
2. Each side says for how many months contents stay; the shorter counts, and both see both.
3. A firm's legal hold keeps what is withdrawn and what retention would erase, for that firm alone, and is
   nobody else's to know.
4. A side that has been silenced adds nothing more; the calls of its firm reach the silencing one no more,
   as long as one conversation of theirs is silenced.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from chat.contents import CHANGES_WITHIN
from chat.envelope import OVERHEAD_BYTES
from chat.records import Side
from server import append_rows, audit, moments
from server.conversations import Conversations
from server.database import Database
from server.hub import frame
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who

MONTHS_MAX: Final = 12
MONTH_SECONDS: Final = 30.44 * 86_400
HOLDS_MAX: Final = 2_000
AT_ONCE: Final = 100  # conversations that one transaction of the sweep locks
SIDES: Final = {Side.CALLER: "caller", Side.ANSWERER: "answerer"}
SIDE_AT: Final = 21  # where an envelope says which side speaks
NOT_HELD: Final = "caller_held_on IS NULL AND answerer_held_on IS NULL"
SHORTER: Final = (
    "CASE WHEN caller_keeps_months < answerer_keeps_months"
    " THEN caller_keeps_months ELSE answerer_keeps_months END"
)

Months = Annotated[int, msgspec.Meta(ge=1, le=MONTHS_MAX)]


class Keeping(msgspec.Struct, frozen=True):
    """What is agreed, and what this firm alone has set. `months` is the shorter of the two wishes."""

    months: int
    own_months: int
    peer_months: int
    held: bool
    silenced: bool  # by this firm
    silent: bool  # this side: by the other


class Wish(msgspec.Struct, frozen=True):
    """For how many months this side wants contents to stay."""

    months: Months


class Hold(msgspec.Struct, frozen=True):
    """Whether the firm keeps everything, whatever is withdrawn."""

    held: bool


class ConversationHeld(msgspec.Struct, frozen=True):
    """One of the firm's; `held_on`: since when it holds it, null where it does not."""

    id: UUID
    started_on: str
    held_on: str | None


class Silence(msgspec.Struct, frozen=True):
    """Whether the other side may write."""

    silenced: bool


@get("/api/conversations/{conversation_id:uuid}/keeping", summary="How long contents stay, and who may write")
async def read_keeping(
    conversations: NamedDependency[Conversations], who: NamedDependency[Who], conversation_id: FromPath[UUID]
) -> Keeping:
    """The other side's hold is not shown: it is its own."""
    row, side = await conversations.row_of(conversation_id, who.member)
    own, peer = (row[f"{SIDES[one]}_keeps_months"] for one in (side, side.other))
    return Keeping(
        min(own, peer),
        own,
        peer,
        row[f"{SIDES[side]}_held_on"] is not None,
        bool(row[f"{SIDES[side.other]}_silenced"]),
        bool(row[f"{SIDES[side]}_silenced"]),
    )


@put(
    "/api/conversations/{conversation_id:uuid}/retention",
    status_code=204,
    summary="Say how long contents stay",
)
async def set_retention(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[Wish],
) -> None:
    """The shorter of both sides' wishes counts; the other side is told."""
    network = conversations.network
    _, side = await conversations.row_of(conversation_id, who.member)
    async with network.database.writing():
        await network.database.run(
            f"UPDATE conversation SET {SIDES[side]}_keeps_months = {{}} WHERE id = {{}}",  # noqa: S608
            data.months,
            conversation_id,
        )
        firms = await moments.hearers_of(network, conversation_id, side)
        await network.fanout.announce(frame("keeping", conversation=conversation_id), firms, confers=True)


@post(
    "/api/conversations/{conversation_id:uuid}/messages/{counter:int}/erasure",
    status_code=204,
    summary="Erase an own message's content",
)
async def erase_message(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    counter: FromPath[int],
) -> None:
    """The content of a message that its side has withdrawn. A firm that holds the conversation keeps it."""
    _, side = await conversations.row_of(conversation_id, who.member)
    database = conversations.network.database
    async with database.writing():
        await append_rows.lock_conversations(database, [conversation_id])
        rows = await database.run(
            "SELECT record, erased FROM message WHERE conversation = {} AND counter = {}",
            conversation_id,
            counter,
        )
        if not rows or rows[0]["record"][SIDE_AT] != side:
            raise Refused("not-found")
        if not rows[0]["erased"] and not await _may_be_withdrawn(database, conversation_id, side, counter):
            raise Refused("not-withdrawn")
        await database.run(
            "UPDATE message SET erased = {} WHERE conversation = {} AND counter = {}",
            True,
            conversation_id,
            counter,
        )
        await _cut_erased(database, [conversation_id])


@put(
    "/api/conversations/{conversation_id:uuid}/hold",
    status_code=204,
    summary="Hold a conversation, or let go",
)
async def set_hold(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[Hold],
) -> None:
    """Legal hold: withdrawals and retention erase nothing for this firm. Logged in the firm's audit log."""
    network = conversations.network
    _, side = await conversations.row_of(conversation_id, who.member)
    today = await network.read_today()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await network.database.run(
            f"UPDATE conversation SET {SIDES[side]}_held_on = {{}} WHERE id = {{}}",  # noqa: S608
            today if data.held else None,
            conversation_id,
        )
        await _cut_erased(network.database, [conversation_id])
        event = "conversation-held" if data.held else "conversation-released"
        await audit.append(network.clock, who.member, who.actor, event, conversation=conversation_id)


@get("/api/holds", summary="The firm's conversations, for who may hold them")
async def list_holds(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who]
) -> list[ConversationHeld]:
    """Newest first, at most HOLDS_MAX: that they exist and when they began, nothing of what is said."""
    rows = await network.database.run(
        "SELECT id, caller_firm, started_on, caller_held_on, answerer_held_on FROM conversation"
        " WHERE caller_firm = {} AND NOT late OR answerer_firm = {} ORDER BY started_on DESC, id LIMIT {}",
        who.member,
        who.member,
        HOLDS_MAX,
    )
    listed = []
    for row in rows:
        side = Side.CALLER if row["caller_firm"] == who.member else Side.ANSWERER
        since = row[f"{SIDES[side]}_held_on"]
        listed.append(ConversationHeld(row["id"], str(row["started_on"]), str(since) if since else None))
    return listed


@put("/api/conversations/{conversation_id:uuid}/silence", status_code=204, summary="Silence the other side")
async def set_silence(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[Silence],
) -> None:
    """It adds nothing more here, and its firm's calls do not reach this firm. Undone by the same route.

    Its calls arrive again when it is silenced in no other conversation of the two either.
    """
    network = conversations.network
    row, side = await conversations.row_of(conversation_id, who.member)
    other = row[f"{SIDES[side.other]}_firm"]
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await network.database.run(
            f"UPDATE conversation SET {SIDES[side.other]}_silenced = {{}} WHERE id = {{}}",  # noqa: S608
            data.silenced,
            conversation_id,
        )
        await settle_silence(network.database, who.member, other)
        event = "conversation-silenced" if data.silenced else "conversation-heard"
        await audit.append(network.clock, who.member, who.actor, event, conversation=conversation_id)
        firms = await moments.hearers_of(network, conversation_id, side)
        await network.fanout.announce(frame("keeping", conversation=conversation_id), firms, confers=True)


async def settle_silence(database: Database, firm: UUID, other: UUID) -> None:
    """Calls of `other` do not reach `firm` as long as it has silenced it in some conversation of theirs."""
    await database.run("DELETE FROM firm_silence WHERE firm = {} AND silenced = {}", firm, other)
    silenced = await database.run(
        "SELECT 1 FROM conversation WHERE (caller_firm = {} AND answerer_firm = {} AND answerer_silenced)"
        " OR (answerer_firm = {} AND caller_firm = {} AND caller_silenced) LIMIT 1",
        firm,
        other,
        firm,
        other,
    )
    if silenced:
        await database.run("INSERT INTO firm_silence (firm, silenced) VALUES ({}, {})", firm, other)


async def sweep(database: Database, now_unix: int) -> None:
    """Erase what has stayed as long as both sides agreed to."""
    for months in range(1, MONTHS_MAX + 1):
        before = int(now_unix - months * MONTH_SECONDS)
        await database.run(
            "UPDATE message SET erased = {} WHERE NOT erased AND received_at < {} AND conversation IN"  # noqa: S608
            f" (SELECT id FROM conversation WHERE {SHORTER} = {{}})",
            True,
            before,
            months,
        )
        old = await database.run(
            "SELECT DISTINCT c.id FROM conversation_file f JOIN conversation c ON c.id = f.conversation"  # noqa: S608
            f" WHERE f.begun_at < {{}} AND {SHORTER} = {{}} AND {NOT_HELD}",
            before,
            months,
        )
        for some in _batches([row["id"] for row in old]):
            async with database.writing():
                for conversation in await lock_free(database, some):
                    await erase_files(database, "conversation = {} AND begun_at < {}", conversation, before)
    uncut = await database.run(
        f"SELECT id FROM conversation c WHERE {NOT_HELD} AND EXISTS (SELECT 1 FROM message m"  # noqa: S608
        f" WHERE m.conversation = c.id AND m.erased AND length(m.record) > {OVERHEAD_BYTES})"
    )
    for some in _batches([row["id"] for row in uncut]):
        async with database.writing():
            await _cut_erased(database, some)


def _batches(conversations: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [conversations[at : at + AT_ONCE] for at in range(0, len(conversations), AT_ONCE)]


async def lock_free(database: Database, conversations: Sequence[UUID]) -> list[UUID]:
    """Those that nobody holds: until this transaction ends, nobody does. One order, as in `append_rows`."""
    places, lock = ", ".join(["{}"] * len(conversations)), " FOR NO KEY UPDATE" if database.postgres else ""
    rows = await database.run(
        f"SELECT id FROM conversation WHERE id IN ({places}) AND {NOT_HELD} ORDER BY id{lock}",  # noqa: S608
        *conversations,
    )
    return [row["id"] for row in rows]


async def erase_files(database: Database, which: str, *arguments: object) -> None:
    """Files, then their chunks: one that comes meanwhile has locked its file, or finds it gone."""
    for file in await database.run(f"DELETE FROM conversation_file WHERE {which} RETURNING id", *arguments):  # noqa: S608
        await database.run("DELETE FROM file_chunk WHERE file = {}", file["id"])


async def _may_be_withdrawn(database: Database, conversation: UUID, side: Side, counter: int) -> bool:
    """Whether the side has said something since that can be a withdrawal, and not too much after it."""
    rows = await database.run(
        "SELECT count(*) AS said, min(counter) AS first FROM message"  # noqa: S608 - fixed text
        f" WHERE conversation = {{}} AND counter > {{}} AND substr(record, {SIDE_AT + 1}, 1) = {{}}",
        conversation,
        counter,
        bytes([side]),
    )
    said, first = rows[0]["said"], rows[0]["first"]
    return bool(1 <= said <= CHANGES_WITHIN and first - counter <= CHANGES_WITHIN)


async def _cut_erased(database: Database, conversations: Sequence[UUID]) -> None:
    """Take the ciphertexts of erased messages where nobody holds the conversation."""
    if not (free := await lock_free(database, conversations)):
        return
    places = ", ".join(["{}"] * len(free))
    await database.run(
        f"UPDATE message SET record = substr(record, 1, {OVERHEAD_BYTES}) WHERE erased"  # noqa: S608 - fixed text
        f" AND length(record) > {OVERHEAD_BYTES} AND conversation IN ({places})",
        *free,
    )


ROUTES: Final = [read_keeping, set_retention, erase_message, list_holds, set_hold, set_silence]
