"""Moderation without reading: a firm may disclose its own transcript; it is checked outside the server.

The server keeps the transcript as it came and opens nothing: whether it proves what it says is checked by
`vigie transcript`, on the desk of whoever decides.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from server import audit
from server.clock import moment_text
from server.conversations import Conversations
from server.network import RunningNetwork
from server.problems import Refused
from server.roles import Who

TRANSCRIPT_BYTES_MAX: Final = 32 * 1024 * 1024
REPORTS_MAX: Final = 500


class Reported(msgspec.Struct, frozen=True):
    """The report has come."""

    id: UUID


class ReportListed(msgspec.Struct, frozen=True):
    """A report as the operator sees it before fetching the transcript."""

    id: UUID
    conversation: UUID
    reporting_firm: UUID
    reported_firm: UUID
    reported_at: str
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
    """Body: a transcript. It discloses both sides' messages to the operator, and nothing else does."""
    network = conversations.network
    row, _ = await conversations.row_of(conversation_id, who.member)
    transcript = await request.body()
    if not transcript:
        raise Refused("malformed", "found nothing, expected a transcript")
    other = row["answerer_firm"] if row["caller_firm"] == who.member else row["caller_firm"]
    identity = uuid4()
    async with network.database.writing():
        await network.database.lock_firm(who.member)
        await network.database.run(
            "INSERT INTO conversation_report (id, conversation, firm, reported, reported_at, transcript)"
            " VALUES ({}, {}, {}, {}, {}, {})",
            identity,
            conversation_id,
            who.member,
            other,
            network.clock.unix(),
            transcript,
        )
        await audit.append(
            network.clock, who.member, who.actor, "conversation-reported", conversation=conversation_id
        )
    return Reported(identity)


@get("/api/operator/reports", summary="Reports, newest first")
async def list_reports(network: NamedDependency[RunningNetwork]) -> list[ReportListed]:
    """Who reports whom."""
    rows = await network.database.run(
        "SELECT id, conversation, firm, reported, reported_at, length(transcript) AS size"
        " FROM conversation_report ORDER BY reported_at DESC, id LIMIT {}",
        REPORTS_MAX,
    )
    return [
        ReportListed(
            row["id"],
            row["conversation"],
            row["firm"],
            row["reported"],
            moment_text(row["reported_at"]),
            row["size"],
        )
        for row in rows
    ]


@get("/api/operator/reports/{report_id:uuid}", media_type="application/json", summary="A reported transcript")
async def read_report(network: NamedDependency[RunningNetwork], report_id: FromPath[UUID]) -> Response[bytes]:
    """As it came. Check it with `vigie transcript`."""
    rows = await network.database.run("SELECT transcript FROM conversation_report WHERE id = {}", report_id)
    if not rows:
        raise Refused("not-found")
    return Response(bytes(rows[0]["transcript"]), media_type="application/json")


ROUTES: Final = [report, list_reports, read_report]
