"""A firm's client book: sealed segments under a signed head, moved by compare-and-swap. Nothing here is read.

The head is JSON that the member's side signs (purpose book): {"sequence", "previous", "segments": {name:
SHA-256 of the sealed segment}, "device"}. The server checks what it can: the signature, that the head follows
the current one, and that every segment that it names is here or in the request. Segments that no head names
any more are erased.
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

import msgspec
from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from privacy import signing
from privacy.delegation import Scope
from server import audit
from server.devices import acting_device
from server.network import RunningNetwork
from server.problems import Fault, Refused
from server.roles import Role, Who
from server.tables import BookHead, BookSegment

BOOK_BYTES_MAX: Final = 96 * 1024 * 1024
HEAD_BYTES_MAX: Final = 256 * 1024
SEGMENTS_MAX: Final = 400
NAME_CHARACTERS_MAX: Final = 80
LEDGER_PREFIX: Final = "ledger/"


class Head(msgspec.Struct, frozen=True):
    """What the signed bytes say."""

    sequence: int
    previous: str
    segments: dict[str, str]
    device: UUID


class Book(msgspec.Struct, frozen=True):
    """The current head; null before the first."""

    head: bytes | None
    signature: bytes | None
    device_id: UUID | None
    segments: list[str]


class BookChange(msgspec.Struct, frozen=True):
    """A new head, and the segments that the server does not hold yet."""

    head: bytes
    signature: bytes
    segments: dict[str, bytes]


class BookMoved(msgspec.Struct, frozen=True):
    """Stored."""

    sequence: int


@get("/api/book", summary="The book's signed head")
async def read_book(who: NamedDependency[Who]) -> Book:
    """And the names of its segments; sales sees no ledger."""
    row = await BookHead.select().where(BookHead.firm == who.member).first()
    if row is None:
        return Book(None, None, None, [])
    names = msgspec.json.decode(row["head"], type=Head).segments
    readable = [name for name in names if _may_read(who, name)]
    return Book(row["head"], row["signature"], row["device"], sorted(readable))


def _may_read(who: Who, name: str) -> bool:
    return who.role is not Role.SALES or not name.startswith(LEDGER_PREFIX)


@get("/api/book/segments/{name:path}", media_type="application/octet-stream", summary="A sealed segment")
async def read_segment(who: NamedDependency[Who], name: FromPath[str]) -> Response[bytes]:
    """The bytes as they were sealed."""
    wanted = name.removeprefix("/")
    row = (
        await BookSegment.select(BookSegment.sealed)
        .where((BookSegment.firm == who.member) & (BookSegment.name == wanted))
        .first()
    )
    if row is None or not _may_read(who, wanted):
        raise Refused("not-found")
    return Response(bytes(row["sealed"]), media_type="application/octet-stream")


@put("/api/book", request_max_body_size=BOOK_BYTES_MAX, summary="Move the book on")
async def move_book(
    network: NamedDependency[RunningNetwork], who: NamedDependency[Who], data: JSONBody[BookChange]
) -> BookMoved:
    """409 when another device was first: read, merge on your side, sign again."""
    head = _read_head(data.head)
    if who.device is not None and head.device != who.device:
        raise Refused("device-refused", "the session is another device's")
    device = await acting_device(network, who.member, head.device, Scope.BOOK)
    if not signing.verify(device["public_key"], "book", data.head, data.signature):
        raise Refused(
            "signature", errors=[Fault(None, "signature", "another", "the device's, over the head")]
        )
    for name, sealed in data.segments.items():
        if head.segments.get(name) != hashlib.sha256(sealed).hexdigest():
            raise Refused("book-refused", f"segment {name}: its SHA-256 is not the one in the head")
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await _follow(who.member, head)
        held = {
            row["name"]: row["digest"].hex()
            for row in await BookSegment.select(BookSegment.name, BookSegment.digest).where(
                BookSegment.firm == who.member
            )
        }
        for name, digest in head.segments.items():
            if name not in data.segments and held.get(name) != digest:
                raise Refused("book-refused", f"segment {name}: neither here nor in the request")
        await _replace_segments(network, who.member, head, data.segments, set(held))
        await BookHead.delete().where(BookHead.firm == who.member)
        await BookHead(
            firm=who.member,
            sequence=head.sequence,
            head=data.head,
            signature=data.signature,
            device=head.device,
        ).save()
        await audit.append(network.clock, who.member, who.actor, "book-moved", sequence=head.sequence)
    return BookMoved(head.sequence)


def _read_head(encoded: bytes) -> Head:
    if len(encoded) > HEAD_BYTES_MAX:
        raise Refused("book-refused", f"head: at most {HEAD_BYTES_MAX} bytes")
    try:
        head = msgspec.json.decode(encoded, type=Head)
    except msgspec.MsgspecError as error:
        raise Refused("book-refused", f"head: {error}") from None
    if len(head.segments) > SEGMENTS_MAX:
        raise Refused("book-refused", f"at most {SEGMENTS_MAX} segments")
    if not all(0 < len(name) <= NAME_CHARACTERS_MAX and name.isascii() for name in head.segments):
        raise Refused("book-refused", f"segment names: 1 to {NAME_CHARACTERS_MAX} ASCII characters")
    return head


async def _follow(firm: UUID, head: Head) -> None:
    row = await BookHead.select(BookHead.sequence, BookHead.head).where(BookHead.firm == firm).first()
    sequence = 0 if row is None else row["sequence"]
    previous = "0" * 64 if row is None else hashlib.sha256(row["head"]).hexdigest()
    if head.sequence != sequence + 1:
        raise Refused("book-moved", errors=[Fault(None, "sequence", str(head.sequence), str(sequence + 1))])
    # A first head may say null-like "" or zeros: nothing was before it.
    if head.previous != previous and not (row is None and not head.previous.strip("0")):
        raise Refused("book-moved", errors=[Fault(None, "previous", head.previous[:64], previous)])


async def _replace_segments(
    network: RunningNetwork, firm: UUID, head: Head, sent: dict[str, bytes], held: set[str]
) -> None:
    for name in sorted((held - set(head.segments)) | (held & set(sent))):
        await BookSegment.delete().where((BookSegment.firm == firm) & (BookSegment.name == name))
    for name, sealed in sent.items():
        await network.database.run(
            "INSERT INTO book_segment (firm, name, digest, sealed) VALUES ({}, {}, {}, {})",
            firm,
            name,
            bytes.fromhex(head.segments[name]),
            sealed,
        )
