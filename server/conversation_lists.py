"""A firm's conversations over HTTP: everything needed to read them but the messages, page by page."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from chat.records import Side
from server import moments
from server.conversations import COUNTER, SECRET_COLUMN, Conversations
from server.database import Database
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who

LISTED_MAX: Final = 500


class EpochListed(msgspec.Struct, frozen=True):
    """An epoch and the business date on which it was added."""

    record: bytes
    made_on: date


class SuccessionListed(msgspec.Struct, frozen=True):
    """One side's new keys, and how many epochs came before them."""

    record: bytes
    after: int


class ConversationListed(msgspec.Struct, frozen=True):
    """A conversation as one side needs it. `side`: 0 caller, 1 answerer; `opening` null until opened.

    `successions`: in force, in order. `turning`: new keys of the own side are kept until their moment.
    `shown_within_seconds`: the caller's: by when the answerer sees the opening, or with the first
    message; 0: it does.
    """

    id: UUID
    side: int
    call: bytes
    answer: bytes
    opening: bytes | None
    epochs: list[EpochListed]
    counter: int
    secret: bytes | None
    started_on: date
    successions: list[SuccessionListed]
    turning: bool
    shown_within_seconds: int


def _listed(
    network: RunningNetwork,
    whole: dict[str, Any],
    side: Side,
    epochs: list[dict[str, Any]],
    turned: list[dict[str, Any]],
) -> ConversationListed:
    row = moments.seen_by(whole, side)
    opened = row["opening"] is not None
    return ConversationListed(
        row["id"],
        side,
        row["call_record"],
        row["answer"],
        row["opening"],
        [EpochListed(one["record"], one["made_on"]) for one in epochs if opened],
        row["counter"],
        row[SECRET_COLUMN[side]],
        row["started_on"],
        [
            SuccessionListed(one["record"], one["after"])
            for one in turned
            # Those of epochs that came after the epochs were read make a state that never was.
            if opened and one["after"] is not None and one["after"] <= len(epochs)
        ],
        any(one["after"] is None and one["side"] == side for one in turned),
        moments.seconds_left(network, row) if opened else 0,
    )


@get("/api/conversations", summary="The firm's conversations, newest first")
async def list_conversations(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    after: Annotated[UUID | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=LISTED_MAX)] = LISTED_MAX,
) -> list[ConversationListed]:
    """After a conversation's id, the ones that are older; a page that is not full is the last."""
    database, firm = network.database, who.member
    rows = await _page(database, firm, after, limit)
    ids = [row["id"] for row in rows]
    by_epoch = await _of_each(
        database, "SELECT conversation, record, made_on FROM conversation_epoch", "number", ids
    )
    by_turn = await _of_each(
        database, "SELECT conversation, record, after, side FROM conversation_succession", "place", ids
    )
    sides = [Side.CALLER if row["caller_firm"] == firm else Side.ANSWERER for row in rows]
    return [
        _listed(network, row, side, by_epoch[row["id"]], by_turn[row["id"]])
        for row, side in zip(rows, sides, strict=True)
    ]


async def _page(database: Database, firm: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    own = "(c.caller_firm = {} AND NOT c.late OR c.answerer_firm = {})"
    place: list[Any] = []
    if after is not None:
        found = await database.run(
            f"SELECT started_on FROM conversation c WHERE c.id = {{}} AND {own}",  # noqa: S608
            after,
            firm,
            firm,
        )
        if not found:
            raise Refused("not-found")
        place = [found[0]["started_on"], found[0]["started_on"], after]
    beyond = " AND (c.started_on < {} OR c.started_on = {} AND c.id > {})" if place else ""
    return await database.run(
        f"SELECT c.*, k.record AS call_record, {COUNTER} FROM conversation c JOIN call k ON k.id = c.call"  # noqa: S608
        f" WHERE {own}{beyond} ORDER BY c.started_on DESC, c.id LIMIT {{}}",
        firm,
        firm,
        *place,
        limit,
    )


async def _of_each(
    database: Database, select: str, order: str, ids: list[UUID]
) -> defaultdict[UUID, list[dict[str, Any]]]:
    grouped: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    if ids:
        listed = ", ".join("{}" for _ in ids)
        for row in await database.run(f"{select} WHERE conversation IN ({listed}) ORDER BY {order}", *ids):
            grouped[row["conversation"]].append(row)
    return grouped


@get("/api/conversations/{conversation_id:uuid}", summary="One conversation of the firm")
async def get_conversation(
    network: NamedDependency[RunningNetwork],
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
) -> ConversationListed:
    """404 for every other firm's."""
    row, side = await conversations.row_of(conversation_id, who.member)
    epochs = await network.database.run(
        "SELECT record, made_on FROM conversation_epoch WHERE conversation = {} ORDER BY number",
        conversation_id,
    )
    turned = await network.database.run(
        "SELECT record, after, side FROM conversation_succession WHERE conversation = {} ORDER BY place",
        conversation_id,
    )
    return _listed(network, row, side, epochs, turned)


ROUTES: Final = [list_conversations, get_conversation]
