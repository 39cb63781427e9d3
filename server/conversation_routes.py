"""Calls and conversations over HTTP: shapes in, shapes out. What they mean is in docs/conversations.md."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from chat.records import Side
from server import calls, epochs, moments
from server.clock import moment_text
from server.conversations import COUNTER, SECRET_BYTES_MAX, SECRET_COLUMN, Conversations
from server.network import RunningNetwork
from server.roles import Who

MESSAGES_MAX: Final = 200
CONVERSATIONS_MAX: Final = 1_000
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
    policy: NamedDependency[calls.CallPolicy],
    who: NamedDependency[Who],
) -> Calls:
    """A caller sees answers, never who was asked or whether anybody was."""
    own = await calls.raised(network, policy, who.member)
    came = await calls.received(network, policy, who.member)
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
            if opened and one["after"] is not None
        ],
        any(one["after"] is None and one["side"] == side for one in turned),
        moments.seconds_left(network, row) if opened else 0,
    )


@get("/api/conversations", summary="The firm's conversations, newest first")
async def list_conversations(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who]
) -> list[ConversationListed]:
    """Everything needed to read them but the messages."""
    rows = await network.database.run(
        f"SELECT c.*, k.record AS call_record, {COUNTER} FROM conversation c JOIN call k ON k.id = c.call"  # noqa: S608
        " WHERE c.caller_firm = {} AND NOT c.late OR c.answerer_firm = {}"
        " ORDER BY c.started_on DESC, c.id LIMIT {}",
        who.member,
        who.member,
        CONVERSATIONS_MAX,
    )
    epochs = await network.database.run(
        "SELECT e.conversation, e.record, e.made_on FROM conversation_epoch e"
        " JOIN conversation c ON c.id = e.conversation"
        " WHERE c.caller_firm = {} OR c.answerer_firm = {} ORDER BY e.conversation, e.number",
        who.member,
        who.member,
    )
    turned = await network.database.run(
        "SELECT s.conversation, s.record, s.after, s.side FROM conversation_succession s"
        " JOIN conversation c ON c.id = s.conversation"
        " WHERE c.caller_firm = {} OR c.answerer_firm = {} ORDER BY s.conversation, s.place",
        who.member,
        who.member,
    )
    sides = [Side.CALLER if row["caller_firm"] == who.member else Side.ANSWERER for row in rows]
    by_epoch, by_turn = _grouped(epochs), _grouped(turned)
    return [
        _listed(network, row, side, by_epoch[row["id"]], by_turn[row["id"]])
        for row, side in zip(rows, sides, strict=True)
    ]


def _grouped(rows: list[dict[str, Any]]) -> defaultdict[UUID, list[dict[str, Any]]]:
    grouped: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
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
    list_conversations,
    get_conversation,
    list_messages,
    add_epoch,
    get_secret,
    put_secret,
]
