"""Moderation without reading: a firm may disclose its own transcript, and it is kept if it is a true copy.

Rules of order, whose guardian this is:
1. A transcript is taken from the side that brings it, signed by that side's keys, with the epochs' keys that
   were committed to (`chat.bundle`).
2. Every record and every envelope in it is the one that this server holds, from the first on; what came after
   the transcript was taken may be missing. A ciphertext is missing only where it has been erased here; one
   that has been erased here since is the signed one.
3. Nothing is opened: what was said is for `vigie transcript`, on the desk of whoever decides.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from chat.bundle import Bundle, read_bundle
from chat.envelope import HEADER_BYTES, OVERHEAD_BYTES, without_body
from chat.records import DIGEST_BYTES, Side
from chat.refusals import Code
from server import audit
from server.clock import moment_text
from server.conversations import Conversations, granted
from server.database import Database
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who
from server.turns import in_force

TRANSCRIPT_BYTES_MAX: Final = 32 * 1024 * 1024
REPORTS_MAX: Final = 500
PAGE_MESSAGES: Final = 200


class Reported(msgspec.Struct, frozen=True):
    """The report has come."""

    id: UUID


class ReportListed(msgspec.Struct, frozen=True):
    """A report as the operator sees it before fetching the transcript.

    It is listed because it matched what this server held when it came: its `messages` are the first ones of
    the `of_messages` that there were.
    """

    id: UUID
    conversation: UUID
    reporting_firm: UUID
    reporting_name: str
    reported_firm: UUID
    reported_name: str
    reported_at: str
    messages: int
    of_messages: int
    transcript_bytes: int


@post(
    "/api/conversations/{conversation_id:uuid}/reports",
    status_code=201,
    request_max_body_size=TRANSCRIPT_BYTES_MAX,
    summary="Report a conversation by disclosing its transcript",
)
async def report(
    conversations: NamedDependency[Conversations],
    who: NamedDependency[Who],
    conversation_id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Reported:
    """Body: a transcript. It discloses both sides' messages to the operator, and nothing else does.

    Compared with what is stored here. A firm's newer report on a conversation replaces the one before.
    """
    network = conversations.network
    row, side = await conversations.row_of(conversation_id, who.member)
    conversations.reporting.take(who.member)
    transcript = await request.body()
    messages = await _compare(network.database, row, side, transcript)
    identity = uuid4()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await network.database.run(
            "DELETE FROM conversation_report WHERE conversation = {} AND firm = {}",
            conversation_id,
            who.member,
        )
        await network.database.run(
            "INSERT INTO conversation_report (id, conversation, firm, reported, reported_at, messages,"
            " of_messages, transcript) VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
            identity,
            conversation_id,
            who.member,
            row["answerer_firm"] if side is Side.CALLER else row["caller_firm"],
            network.clock.unix(),
            messages,
            max(messages, row["counter"]),
            transcript,
        )
        await audit.append(
            network.clock, who.member, who.actor, "conversation-reported", conversation=conversation_id
        )
    return Reported(identity)


async def _compare(database: Database, row: dict[str, Any], side: Side, transcript: bytes) -> int:
    """How many messages of this conversation it has, each as it is stored here; or Refused."""
    found = granted(await asyncio.to_thread(read_bundle, transcript))
    bundle = found.bundle
    if found.link.conversation != row["id"].bytes:
        raise Refused(Code.ELSEWHERE.value, "the transcript is of another conversation")
    if found.side is not side:
        raise Refused(Code.SIDE.value, "the transcript was taken by the other side")
    told = {"call": bundle.call, "answer": bundle.answer, "opening": bundle.opening}
    held = {"call": row["call_record"], "answer": row["answer"], "opening": row["opening"]}
    for what, record in told.items():
        if record != held[what]:
            raise _differs(what)
    await _compare_keys(database, row["id"], bundle)
    for start in range(0, len(bundle.messages), PAGE_MESSAGES):
        await _compare_messages(database, row["id"], bundle, start)
    return len(bundle.messages)


async def _compare_keys(database: Database, conversation: UUID, bundle: Bundle) -> None:
    epochs = await database.run(
        "SELECT record FROM conversation_epoch WHERE conversation = {} ORDER BY number LIMIT {}",
        conversation,
        len(bundle.epochs),
    )
    if [row["record"] for row in epochs] != [epoch.record for epoch in bundle.epochs]:
        raise _differs("epochs")
    turns = await in_force(database, conversation)
    if turns[: len(bundle.successions)] != [(turn.after, turn.record) for turn in bundle.successions]:
        raise _differs("successions")


async def _compare_messages(database: Database, conversation: UUID, bundle: Bundle, start: int) -> None:
    rows = await database.run(
        "SELECT record, erased FROM message WHERE conversation = {} AND counter > {} AND counter <= {}"
        " ORDER BY counter",
        conversation,
        start,
        start + PAGE_MESSAGES,
    )
    page = bundle.messages[start : start + PAGE_MESSAGES]
    for number, record in enumerate(page, start=start + 1):
        row = rows[number - start - 1] if number - start <= len(rows) else None
        if row is None or not is_copy(record, row["record"], erased=bool(row["erased"])):
            raise _differs(f"message {number}")


def is_copy(record: bytes, stored: bytes, *, erased: bool) -> bool:
    """Whether an envelope is the stored one. `erased`: its ciphertext may be gone on either side."""
    if without_body(record) != without_body(stored):
        return False
    body = record[OVERHEAD_BYTES:]
    if not body:
        return erased
    return hashlib.sha256(body).digest() == record[HEADER_BYTES : HEADER_BYTES + DIGEST_BYTES]


def _differs(what: str) -> Refused:
    return Refused("report-differs", f"{what}: found another than the one that is stored here")


@get("/api/operator/reports", summary="Reports, newest first")
async def list_reports(network: NamedDependency[RunningNetwork]) -> list[ReportListed]:
    """Who reports whom. Each has been compared with what this server held when it came."""
    rows = await network.database.run(
        "SELECT r.id, r.conversation, r.firm, f.name, r.reported, o.name AS other, r.reported_at, r.messages,"
        " r.of_messages, length(r.transcript) AS size FROM conversation_report r JOIN firm f ON f.id = r.firm"
        " JOIN firm o ON o.id = r.reported ORDER BY r.reported_at DESC, r.id LIMIT {}",
        REPORTS_MAX,
    )
    return [
        ReportListed(
            row["id"],
            row["conversation"],
            row["firm"],
            row["name"],
            row["reported"],
            row["other"],
            moment_text(row["reported_at"]),
            row["messages"],
            row["of_messages"],
            row["size"],
        )
        for row in rows
    ]


@get("/api/operator/reports/{report_id:uuid}", media_type="application/json", summary="A reported transcript")
async def read_report(network: NamedDependency[RunningNetwork], report_id: FromPath[UUID]) -> Response[bytes]:
    """As it came. What was said is for `vigie transcript`, which checks the messages' signatures too."""
    rows = await network.database.run("SELECT transcript FROM conversation_report WHERE id = {}", report_id)
    if not rows:
        raise Refused("not-found")
    return Response(bytes(rows[0]["transcript"]), media_type="application/json")


ROUTES: Final = [report, list_reports, read_report]
