"""Sealed files beside conversations: chunks that come and go piece by piece, and are never opened here.

The side that begins a file sends its chunks, in any order and as often as it likes; both sides fetch them.
What a file is and which key opens it is said in a message.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from chat.files import CHUNKS_MAX, SEALED_CHUNK_BYTES
from chat.records import Side
from server.conversations import Conversations
from server.keeping import erase_files, lock_free
from server.problems import Refused
from server.roles import Who

CHUNKS_OF_SIDE_MAX: Final = 10 * CHUNKS_MAX
MEDIA_TYPE: Final = "application/octet-stream"


class Beginning(msgspec.Struct, frozen=True):
    """A file of so many chunks. `id`: 16 random bytes, as a UUID."""

    id: UUID
    chunks: Annotated[int, msgspec.Meta(ge=1, le=CHUNKS_MAX)]


class Progress(msgspec.Struct, frozen=True):
    """Which chunks have come. `side`: who began it."""

    side: int
    chunks: int
    received: list[int]


@post("/api/conversations/{conversation_id:uuid}/files", status_code=201, summary="Begin a file")
async def begin_file(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    data: JSONBody[Beginning],
) -> Progress:
    """The same again changes nothing. A side that has been silenced begins none."""
    database, clock = conversations.network.database, conversations.network.clock
    parties, side = await conversations.parties(conversation_id, who.member)
    async with database.writing():
        await database.lock_firm(who.member)
        await conversations.check_heard(conversation_id, side)
        known = await database.run("SELECT * FROM conversation_file WHERE id = {}", data.id)
        if not known:
            used = await database.run(
                "SELECT COALESCE(SUM(chunks), 0) AS n FROM conversation_file"
                " WHERE conversation = {} AND side = {}",
                parties.id,
                int(side),
            )
            if used[0]["n"] + data.chunks > CHUNKS_OF_SIDE_MAX:
                raise Refused("files-full")
            await database.run(
                "INSERT INTO conversation_file (id, conversation, side, chunks, begun_at)"
                " VALUES ({}, {}, {}, {}, {})",
                data.id,
                parties.id,
                int(side),
                data.chunks,
                clock.unix(),
            )
        elif (known[0]["conversation"], known[0]["side"], known[0]["chunks"]) != (
            parties.id,
            side,
            data.chunks,
        ):
            raise Refused("malformed", "this file id has been used")
    return await _progress(conversations, conversation_id, data.id)


@get("/api/conversations/{conversation_id:uuid}/files/{file_id:uuid}", summary="Which chunks have come")
async def read_file(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    file_id: FromPath[UUID],
) -> Progress:
    """Where to go on after an interruption."""
    await conversations.row_of(conversation_id, who.member)
    return await _progress(conversations, conversation_id, file_id)


@put(
    "/api/conversations/{conversation_id:uuid}/files/{file_id:uuid}/{number:int}",
    status_code=204,
    summary="Send a chunk",
)
async def put_chunk(  # noqa: PLR0917 - a place in the path, who, and the bytes
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    file_id: FromPath[UUID],
    number: FromPath[int],
    request: Request[Any, Any, Any],
) -> None:
    """The same chunk again is no fault, another one in its place is."""
    database = conversations.network.database
    _, side = await conversations.parties(conversation_id, who.member)
    begun = await _begun(conversations, conversation_id, file_id)
    if begun["side"] != side or not 0 <= number < begun["chunks"]:
        raise Refused("not-found")
    sealed = await request.body()
    if len(sealed) != SEALED_CHUNK_BYTES:
        raise Refused("malformed", f"found {len(sealed)} bytes, expected {SEALED_CHUNK_BYTES}")
    async with database.writing():
        await database.lock_firm(who.member)
        await conversations.check_heard(conversation_id, side)
        await _begun(conversations, conversation_id, file_id, stays=True)  # it may be gone meanwhile
        there = await database.run(
            "SELECT sealed FROM file_chunk WHERE file = {} AND number = {}", file_id, number
        )
        if there and bytes(there[0]["sealed"]) != sealed:
            raise Refused("chunk-taken")
        if not there:
            await database.run(
                "INSERT INTO file_chunk (file, number, sealed) VALUES ({}, {}, {})", file_id, number, sealed
            )


@get(
    "/api/conversations/{conversation_id:uuid}/files/{file_id:uuid}/{number:int}",
    media_type=MEDIA_TYPE,
    summary="Fetch a chunk",
)
async def get_chunk(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    file_id: FromPath[UUID],
    number: FromPath[int],
) -> Response[bytes]:
    """404 while it has not come."""
    await conversations.row_of(conversation_id, who.member)
    await _begun(conversations, conversation_id, file_id)
    rows = await conversations.network.database.run(
        "SELECT sealed FROM file_chunk WHERE file = {} AND number = {}", file_id, number
    )
    if not rows:
        raise Refused("not-found")
    return Response(bytes(rows[0]["sealed"]), media_type=MEDIA_TYPE)


@delete("/api/conversations/{conversation_id:uuid}/files/{file_id:uuid}", summary="Erase an own file")
async def erase_file(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    file_id: FromPath[UUID],
) -> None:
    """Where a firm holds the conversation it stays, until it is let go and retention has passed."""
    database = conversations.network.database
    _, side = await conversations.row_of(conversation_id, who.member)
    if (await _begun(conversations, conversation_id, file_id))["side"] != side:
        raise Refused("not-found")
    async with database.writing():
        if await lock_free(database, [conversation_id]):
            await erase_files(database, "id = {}", file_id)


async def _begun(
    conversations: Conversations, conversation: UUID, file: UUID, *, stays: bool = False
) -> dict[str, Any]:
    """`stays`: until the transaction ends nobody erases it."""
    database = conversations.network.database
    lock = " FOR SHARE" if stays and database.postgres else ""
    rows = await database.run(
        f"SELECT side, chunks FROM conversation_file WHERE id = {{}} AND conversation = {{}}{lock}",  # noqa: S608
        file,
        conversation,
    )
    if not rows:
        raise Refused("not-found")
    return rows[0] | {"side": Side(rows[0]["side"])}


async def _progress(conversations: Conversations, conversation: UUID, file: UUID) -> Progress:
    begun = await _begun(conversations, conversation, file)
    rows = await conversations.network.database.run(
        "SELECT number FROM file_chunk WHERE file = {} ORDER BY number", file
    )
    return Progress(begun["side"], begun["chunks"], [row["number"] for row in rows])


ROUTES: Final = [begin_file, read_file, put_chunk, get_chunk, erase_file]
