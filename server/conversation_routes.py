"""Calls and conversations over HTTP: shapes in, shapes out. What they mean is in docs/conversations.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server import calls, epochs
from server.clock import moment_text
from server.conversation_lists import LISTED_MAX
from server.conversations import SECRET_BYTES_MAX, SECRET_COLUMN, Conversations
from server.network import RunningNetwork
from server.roles import Who

MESSAGES_MAX: Final = 200
RECORD_BYTES_MAX: Final = 4_096

Record = Annotated[bytes, msgspec.Meta(min_length=1, max_length=RECORD_BYTES_MAX)]
Secret = Annotated[bytes, msgspec.Meta(min_length=1, max_length=SECRET_BYTES_MAX)]


class SignedRecord(msgspec.Struct, frozen=True):
    """A signed record, and its private keys sealed under the firm's *conversations* key."""

    record: Record
    secret: Secret


class CallRaised(msgspec.Struct, frozen=True):
    """A call is open until the end of this day (business date)."""

    id: UUID
    closes_on: date


class AnswerListed(msgspec.Struct, frozen=True):
    """An answer to an own call; `opened`: some device of the firm has opened the conversation."""

    conversation: UUID
    record: bytes
    opened: bool


class OwnCall(msgspec.Struct, frozen=True):
    """A call of the own firm. `secret` is empty once the call key is of no use any more."""

    id: UUID
    record: bytes
    secret: bytes
    closes_on: date
    closed: bool
    answers: list[AnswerListed]


class ReceivedCall(msgspec.Struct, frozen=True):
    """A call of a firm that is not named, on a client of a seasoned relation of this firm."""

    id: UUID
    record: bytes
    received_on: date


class Calls(msgspec.Struct, frozen=True):
    """What the firm has raised and what has reached it."""

    raised: list[OwnCall]
    received: list[ReceivedCall]


class Answered(msgspec.Struct, frozen=True):
    """The conversation that the answer begins."""

    conversation: UUID


class EpochRecord(msgspec.Struct, frozen=True):
    """An epoch to be added."""

    record: Record


class MessageListed(msgspec.Struct, frozen=True):
    """A stored envelope."""

    counter: int
    record: bytes
    received_at: str


class Messages(msgspec.Struct, frozen=True):
    """Messages in order, and where the conversation stands."""

    counter: int
    messages: list[MessageListed]


class SealedSecret(msgspec.Struct, frozen=True):
    """The own side's private keys, sealed; null before the caller has opened."""

    secret: bytes | None


class NewSecret(msgspec.Struct, frozen=True):
    """The same keys sealed again; `replaces`: SHA-256 of the secret that the server holds now."""

    secret: Secret
    replaces: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


@get("/api/calls", summary="Calls raised and received")
async def list_calls(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    raised_after: Annotated[UUID | None, QueryParameter()] = None,
    received_after: Annotated[UUID | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=LISTED_MAX)] = LISTED_MAX,
) -> Calls:
    """A caller sees answers, never who was asked or whether anybody was.

    Both lists go on after a call's id; where neither is full, they have ended.
    """
    own = await calls.raised(network, who.member, raised_after, limit)
    came = await calls.received(network, who.member, received_after, limit)
    return Calls(
        [
            OwnCall(
                row["id"],
                row["record"],
                row["secret"],
                row["closes_on"],
                bool(row["closed"]),
                [
                    AnswerListed(one["id"], one["answer"], one["opening"] is not None)
                    for one in row["answers"]
                ],
            )
            for row in own
        ],
        [ReceivedCall(row["id"], row["record"], row["delivered_on"]) for row in came],
    )


@post("/api/calls", summary="Raise a call on a client of a seasoned relation")
async def raise_call(
    network: NamedDependency[RunningNetwork],
    policy: NamedDependency[calls.CallPolicy],
    who: NamedDependency[Who],
    data: JSONBody[SignedRecord],
) -> CallRaised:
    """Takes as long whether a thousand firms are asked or nobody."""
    return CallRaised(*await calls.raise_call(network, policy, who, data.record, data.secret))


@post("/api/calls/{call_id:uuid}/answer", summary="Answer a call")
async def answer_call(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    call_id: FromPath[UUID],
    data: JSONBody[SignedRecord],
) -> Answered:
    """The caller is told; the conversation can begin when the caller has opened it."""
    return Answered(await calls.answer(network, who, call_id, data.record, data.secret))


@post("/api/calls/{call_id:uuid}/decline", status_code=204, summary="Decline a call")
async def decline_call(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], call_id: FromPath[UUID]
) -> None:
    """Nobody is told."""
    await calls.decline(network, who.member, call_id)


@post("/api/calls/{call_id:uuid}/close", status_code=204, summary="Close an own call")
async def close_call(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], call_id: FromPath[UUID]
) -> None:
    """No further answers; conversations that exist go on."""
    await calls.close(network, who, call_id)


@put("/api/calls/{call_id:uuid}/secret", status_code=204, summary="Seal an own call's key again")
async def put_call_secret(
    network: NamedDependency[RunningNetwork],
    who: NamedDependency[Who],
    call_id: FromPath[UUID],
    data: JSONBody[NewSecret],
) -> None:
    """After the firm has rotated its *conversations* key."""
    await calls.replace_secret(network, who.member, call_id, data.secret, data.replaces)


@get("/api/conversations/{conversation_id:uuid}/messages", summary="Messages after a cursor")
async def list_messages(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    after: Annotated[int, QueryParameter(ge=0, le=2**53)] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=MESSAGES_MAX)] = MESSAGES_MAX,
) -> Messages:
    """In the order of the chain."""
    row, _ = await conversations.row_of(conversation_id, who.member)
    stored = await conversations.page(conversation_id, after, limit, who.member)
    listed = [MessageListed(one.counter, one.record, moment_text(one.received_at)) for one in stored]
    return Messages(max([row["counter"], *(one.counter for one in stored)]), listed)


@post("/api/conversations/{conversation_id:uuid}/epochs", summary="Add the next epoch")
async def add_epoch(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[EpochRecord],
) -> None:
    """Of two made at once the first is kept. So many a day for each side, beside those that new keys want."""
    await epochs.add_epoch(conversations, conversation_id, who.member, data.record)


@get("/api/conversations/{conversation_id:uuid}/secret", summary="The own side's sealed private keys")
async def get_secret(
    conversations: NamedDependency[Conversations], who: NamedDependency[Who], conversation_id: FromPath[UUID]
) -> SealedSecret:
    """For the firm's other devices."""
    row, side = await conversations.row_of(conversation_id, who.member)
    return SealedSecret(row[SECRET_COLUMN[side]])


@put(
    "/api/conversations/{conversation_id:uuid}/secret", status_code=204, summary="Seal the private keys again"
)
async def put_secret(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[NewSecret],
) -> None:
    """After the firm has rotated its *conversations* key."""
    await conversations.replace_secret(conversation_id, who.member, data.secret, data.replaces)


ROUTES: Final = [
    list_calls,
    raise_call,
    answer_call,
    decline_call,
    close_call,
    put_call_secret,
    list_messages,
    add_epoch,
    get_secret,
    put_secret,
]
